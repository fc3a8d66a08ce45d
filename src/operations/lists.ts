type Row = Readonly<Record<string, unknown>>

/** What code of one operation may read besides its own rows. `List` is an operation that returns rows. */
export interface Lists<List> {
  /** Rows of a list by id; ids that the list does not show are left out. */
  find(list: List, ids: readonly string[]): Promise<ReadonlyMap<string, Row>>
  /** All rows of a list in batches, in its default order. `fields`: the fields to read, for long lists. */
  walk(
    list: List,
    input?: Readonly<Record<string, unknown>>,
    fields?: readonly string[],
  ): AsyncIterable<readonly Row[]>
  /** All rows of a short list, as they were in the last five minutes. */
  whole(list: List): Promise<readonly Row[]>
  /** The answer of an operation that returns one record or a file. */
  read(
    operation: List,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Row | { readonly bytes: Buffer; readonly mediaType: string }>
  /** What some reading brings; undefined if Qualys refuses or fails. For what is not worth a failed call. */
  attempt<T>(reading: () => Promise<T>): Promise<T | undefined>
  /** Epoch, in ms. */
  readonly now: number
}
