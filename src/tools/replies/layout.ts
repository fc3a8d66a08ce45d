import type { Row } from '../../session/answer.ts'

/** What the form of a reply depends on, besides the answer. */
export interface Layout {
  /** Maximum characters: QUALYS_REPLY_CHARS. */
  readonly budget: number
  /** For each row the columns that are shown in another form. */
  readonly excerpts?: readonly (Row | undefined)[]
  readonly fields?: readonly string[]
  readonly sort?: readonly string[]
  /** True if the list was scanned with a filter. */
  readonly isFiltered: boolean
  /**
   * The number of rows that do not show whether they match, up to each row of the page; the first: before all, the
   * last: among all rows scanned.
   */
  readonly unknown?: readonly number[]
  /** What the reply must say besides, one sentence each. */
  readonly notes?: readonly string[]
}
