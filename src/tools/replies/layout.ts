/** What the form of a reply depends on, besides the answer. */
export interface Layout {
  /** Maximum characters: QUALYS_REPLY_CHARS. */
  readonly budget: number
  readonly fields?: readonly string[]
  readonly sort?: readonly string[]
  /** True if the list was scanned with a filter. */
  readonly isFiltered: boolean
  /** Number of rows scanned that do not show whether they match. */
  readonly unknown?: number
  /** What the reply must say besides, one sentence each. */
  readonly notes?: readonly string[]
}
