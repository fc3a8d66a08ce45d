import type { DerivedRows } from '../operations/reads/derived-rows.ts'

/**
 * One row or record as the assistant sees it: Qualys' fields, parsed and under their corrected names. Unknown
 * fields are kept.
 */
export type Row = Readonly<Record<string, unknown>>

/**
 * A cursor: a position in a list. First the number of rows before it, then what the kind of paging needs (an
 * id, or sort values with their types).
 */
export type Cursor = readonly [offset: number, ...rest: readonly unknown[]]

/** What a continuation token is bound to: it is valid only for the same tool, account and arguments. */
export interface Binding {
  readonly tool: string
  readonly account: string
  readonly query: Row
}

/** What is left out of one row, or of several, because they are too large. */
export interface LeftOut {
  readonly fields: number
  readonly values: number
  readonly isTooDeep: boolean
}

/** How rows differ from what Qualys documents, and from what it sent. */
export interface Deviations {
  /** Fields that are not as documented, each as `operation: field (what)`. */
  readonly drift: readonly string[]
  /** Absent if nothing is left out. */
  readonly leftOut?: LeftOut | undefined
}

/** What is known about rows that no single request brings. */
export interface Origin extends Omit<DerivedRows, 'rows'> {
  /** All rows by the column that replies count, most first; absent if there is no such column. */
  readonly groups?: readonly { readonly word: string; readonly count: number }[]
  /** What is true of this page alone, one sentence. */
  readonly pageNote?: string
}

/** One page of a list. */
export interface Page extends Deviations {
  readonly kind: 'page'
  readonly rows: readonly Row[]
  /** The cursor before the first row scanned, then the cursor after each of `rows`. */
  readonly cursors: readonly [Cursor, ...Cursor[]]
  /** The cursor after the last row scanned, which a filter may have dropped. */
  readonly end: Cursor
  /** True if more rows follow `end`. */
  readonly hasMore: boolean
  readonly binding: Binding
  /** Number of rows of the whole list; absent if Qualys does not report it. */
  readonly total?: number | undefined
  /** Why further rows cannot be reached; absent if they can. */
  readonly resultLimit?: string | undefined
  /** How many rows a selection keeps, shown or not; absent if that was not counted. */
  readonly found?: {
    readonly matches: number
    readonly scanned: number
    /** True if the list was looked through to its end. */
    readonly isWhole: boolean
  }
  /** Whose rows they are and where they come from, for a list that no single request brings. */
  readonly origin?: Origin | undefined
}

/** One record. */
export interface SingleRecord extends Deviations {
  readonly kind: 'record'
  readonly record: Row
}

/** A file, as Qualys sent it. */
export interface Download {
  readonly kind: 'file'
  readonly bytes: Buffer
  readonly mediaType: string
  readonly filename?: string | undefined
}

export type Answer = Page | SingleRecord | Download
