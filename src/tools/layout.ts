/** What a reply depends on besides the answer. */
export interface Layout {
  /** QUALYS_REPLY_CHARS. */
  readonly budget: number
  readonly fields?: readonly string[]
  readonly sort?: readonly string[]
  /** True when the list was scanned for some rows. */
  readonly sifted: boolean
}
