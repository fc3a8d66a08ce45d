// What an operation says about records that may be longer than a reply.

/** A record as Qualys sends it. */
type Fields = Readonly<Record<string, unknown>>

/** A record in parts: groups of items, and what comes with the first part. */
export interface Partition {
  readonly fields: Fields
  /** Short lists, each shown whole. */
  readonly lists: Readonly<Record<string, readonly unknown[]>>
  readonly groups: readonly Fields[]
  /** About the whole record, one sentence each. */
  readonly notes: readonly string[]
}

/**
 * How a record that may be longer than a reply is shown: between two items a reply ends, and a token goes on. A
 * group that goes on is marked `continued`.
 */
export interface Parts {
  /** The name of the list of groups, and of the list of items in each. */
  readonly groups: string
  readonly items: string
  /** What to do where an item is longer than a reply, one sentence. */
  readonly whenCut: string
  /** Undefined if the record has no contents that can be told apart. */
  split(record: Fields): Partition | undefined
}

/** A text that is read in slices. */
export interface SlicedText {
  readonly field: string
  /** What changes other lines than those that hold a mask: `X edits`. */
  readonly changedWith: string
}

/** The way to a long text. */
export interface WholeText {
  /** The field of rows that holds it, or the member of a JSON file that does in base64. */
  readonly field: string
  readonly advice: string
}
