type Row = Readonly<Record<string, unknown>>

/** Why a reading brings nothing. */
export interface Failure {
  /** `tooLarge`: the answer is too large or too slow, and a smaller request may succeed. */
  readonly kind: 'tooLarge' | 'busy' | 'login' | 'other'
  readonly status?: number
  readonly error: Error
}

/** What code of one operation may read besides its own rows. `List` is an operation that returns rows. */
export interface Lists<List> {
  /** Rows of a list by id; ids that the list does not show are left out. */
  find(list: List, ids: readonly string[]): Promise<ReadonlyMap<string, Row>>
  /**
   * All rows of a list in batches, in its default order. `fields`: the fields to read, for long lists. `onLimit`: called
   * with the reason, one or two sentences, if further rows cannot be reached.
   */
  walk(
    list: List,
    input?: Readonly<Record<string, unknown>>,
    fields?: readonly string[],
    onLimit?: (reason: string) => void,
  ): AsyncIterable<readonly Row[]>
  /**
   * The first 1,000 rows of a list as they are now, with one request. `isWhole`: true if an object that is not among
   * them is not in the list.
   */
  first(
    list: List,
    input?: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly rows: readonly Row[]; readonly isWhole: boolean }>
  /** All rows of a short list, as they were in the last five minutes. */
  whole(list: List, input?: Readonly<Record<string, unknown>>): Promise<readonly Row[]>
  /** Rows that pages of a list showed lately, without a request. */
  recent(list: List): readonly Row[]
  /** The answer of an operation that returns one record or a file. */
  read(
    operation: List,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Row | { readonly bytes: Buffer; readonly mediaType: string }>
  /** What some reading brings; where Qualys refuses or fails, what `onFailure` makes of that. */
  attempt<T, Instead = never>(
    reading: () => Promise<T>,
    onFailure?: (failure: Failure) => Instead,
  ): Promise<T | Instead | undefined>
  /** A sentence that the reply must say, once: what rows that are completed do not show. */
  say(note: string): void
  /** Epoch, in ms. */
  readonly now: number
}
