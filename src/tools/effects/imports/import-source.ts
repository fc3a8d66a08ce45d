import type { Input } from '../../../operations/operation.ts'

/** Which rows of a file a call takes, counted from 1. */
export interface RowRange {
  readonly from: number
  readonly to: number
  readonly total: number
}

/** The file that a part of the arguments came from. */
export interface ImportSource {
  readonly name: string
  /** Of the bytes that were read: the approval is bound to it. */
  readonly sha256: string
  /** Undefined if the file is one object. */
  readonly rows: RowRange | undefined
  /** How many rows an object was made of, such as `40 rows`. */
  readonly count?: string
  /** What a person and the assistant must know of the file, one sentence each. */
  readonly warnings: readonly string[]
}

/** The arguments of a call, with what a file gives. */
export interface CompleteCall {
  readonly args: Input
  /** Undefined if no file is named. */
  readonly source: ImportSource | undefined
}
