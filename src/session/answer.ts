import type { Row } from './record.ts'

/** Some rows of a list. */
export interface Page {
  readonly kind: 'page'
  readonly rows: readonly Row[]
  /** Rows of the list before the first one looked at. */
  readonly before: number
  /** Rows looked at up to the last of the first `shown` of `rows`: more than those where only some are kept. */
  readonly scannedBy: (shown: number) => number
  /** Rows of the whole list; absent where Qualys does not say. */
  readonly total?: number
  /** Fields that are not as documented. */
  readonly drift: readonly string[]
  /** Why rows beyond cannot be reached, where that is so. */
  readonly wall?: string
  /** The token that goes on behind the first `shown` of `rows`; undefined at the end of the list. */
  readonly continuation: (shown: number) => string | undefined
}

/** One record. */
export interface Single {
  readonly kind: 'record'
  readonly record: Row
  readonly drift: readonly string[]
}

/** A file, as Qualys sent it. */
export interface Download {
  readonly kind: 'file'
  readonly bytes: Buffer
  readonly mediaType: string
  readonly filename?: string
}

export type Answer = Page | Single | Download
