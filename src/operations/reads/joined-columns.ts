import type { Lists } from './lists.ts'

type Row = Readonly<Record<string, unknown>>

/** A value that a row gets from another list; `unjoined` if there is nothing that it leads to. */
export const unjoined: unique symbol = Symbol('unjoined')

/** Reads the joined columns of rows that do not have them themselves. */
export interface Joiner {
  /** Reads what the values of these rows need; called with each batch before its values are asked for. */
  readonly prepare?: (rows: readonly Row[]) => Promise<void>
  /** Several values count the row once under each. */
  readonly value: (row: Row, column: string) => unknown
  /** Why rows are `unjoined`, and what else the reply must say, one sentence each; asked for at the end. */
  readonly notes: () => readonly string[]
  /** Rows with the columns that the other lists have, as far as they are read: `{ job: { platform: … } }`. */
  readonly samples?: () => readonly Row[]
}

/** Columns by which rows are counted and which come from other lists. `List` is an operation. */
export interface JoinedColumns<List> {
  /** Names that are offered; a name that ends in `.*` stands for every field of the other list. */
  readonly names: readonly string[]
  /** Words of this program in the place of values, which are not counted as different values. */
  readonly placeholders?: {
    /** For a value that is unknown, so that there may be one more. */
    readonly unknown: readonly string[]
    /** For no value. */
    readonly none: readonly string[]
  }
  /** The fields of a row that lead to the other lists; without it all fields are read. */
  readonly keyFields?: readonly string[]
  /** Makes what reads these columns, before the first row. */
  readonly load: (
    columns: readonly string[],
    lists: Lists<List>,
    input: Readonly<Record<string, unknown>>,
  ) => Promise<Joiner>
  /** The values of one column by the ids of the other list, in one lookup; for titles beside ids. */
  readonly find?: (
    column: string,
    ids: readonly string[],
    lists: Lists<List>,
  ) => Promise<ReadonlyMap<string, unknown>>
}
