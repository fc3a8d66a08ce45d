/**
 * One row or record as the assistant sees it: Qualys' fields, parsed and under their corrected names. Unknown
 * fields are kept.
 */
export type Row = Readonly<Record<string, unknown>>

/** One page of a list. */
export interface Page {
  readonly kind: 'page'
  readonly rows: readonly Row[]
  /** Number of rows of the list before the first one scanned. */
  readonly offset: number
  /**
   * Number of rows scanned up to the last of the first `shown` of `rows`; larger than `shown` if a filter
   * drops rows.
   */
  readonly scannedUpTo: (shown: number) => number
  /** Number of rows of the whole list; absent if Qualys does not report it. */
  readonly total?: number
  /** Fields that are not as documented. */
  readonly drift: readonly string[]
  /** Why further rows cannot be reached; absent if they can. */
  readonly resultLimit?: string
  /** The token that continues after the first `shown` of `rows`; undefined at the end of the list. */
  readonly continuationAfter: (shown: number) => string | undefined
}

/** One record. */
export interface SingleRecord {
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

export type Answer = Page | SingleRecord | Download
