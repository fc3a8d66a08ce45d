type Row = Readonly<Record<string, unknown>>

/** What code runs on, by ids. */
export interface HostTargets {
  readonly assets: readonly string[]
  readonly tags: readonly string[]
  readonly excludedAssets: readonly string[]
  /** True if a host must have all of the tags, false if any of them is enough. */
  readonly needsAllTags: boolean
}

/** A number of hosts, or a clause that says why it is unknown. */
export type HostCount = { readonly hosts: number } | { readonly reason: string }
/** Why a reading brings nothing. */
export interface Failure {
  /** `tooLarge`: the answer is too large or too slow, and a smaller request may succeed. */
  readonly kind: 'tooLarge' | 'busy' | 'other'
  readonly status?: number
  readonly error: Error
}

/** What a reading brings, or why it brings nothing. */
export type Outcome<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly failure: Failure; readonly value?: undefined }

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
  /** All rows of a short list, as they were in the last five minutes. */
  whole(list: List, input?: Readonly<Record<string, unknown>>): Promise<readonly Row[]>
  /** Rows that pages of a list showed lately, without a request. */
  recent(list: List): readonly Row[]
  /** How many hosts each of these reaches now, each host once. A tag is counted once for a call. */
  countHosts(targets: readonly HostTargets[]): Promise<readonly HostCount[]>
  /** The answer of an operation that returns one record or a file. */
  read(
    operation: List,
    input: Readonly<Record<string, unknown>>,
  ): Promise<Row | { readonly bytes: Buffer; readonly mediaType: string }>
  /** What some reading brings; undefined if Qualys refuses or fails. For what is not worth a failed call. */
  attempt<T>(reading: () => Promise<T>): Promise<T | undefined>
  /** The same, with the reason. A refused login is thrown: no other request can succeed. */
  outcomeOf<T>(reading: () => Promise<T>): Promise<Outcome<T>>
  /** The JSON value of a file, with long numbers as text; undefined if it holds none. */
  json(bytes: Buffer): Promise<unknown>
  /** A text as replies show its lines: secrets masked, without hidden characters, with LF line ends. */
  readable(text: string): Promise<{ readonly text: string; readonly isMasked: boolean }>
  /** Ends the call, since this account does not show what the answer needs. */
  refuse(message: string, next: string): never
  /** A sentence that the reply must say, once: what rows that are completed do not show. */
  say(note: string): void
  /** Epoch, in ms. */
  readonly now: number
}
