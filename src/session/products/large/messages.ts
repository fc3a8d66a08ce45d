import type { LeftOut } from '../../answer.ts'
import type { Reading, Slice } from './slices.ts'

// What the thread that reads large answers and the main thread post to each other. One answer is read at a time.

/** The bytes of an answer to read, or the wish for its next slice. */
export type ToWorker = { readonly bytes: Uint8Array; readonly reading: Reading } | 'next'

/** First the answer without its rows, then a slice for each wish, then the end. */
export type FromWorker =
  | { readonly answer: unknown; readonly leftOut?: LeftOut }
  | { readonly slice: Slice }
  | 'end'
