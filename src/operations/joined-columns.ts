import type { Lists } from './lists.ts'

type Row = Readonly<Record<string, unknown>>

/** A value that a row gets from another list; `unjoined` if there is nothing that it leads to. */
export const unjoined: unique symbol = Symbol('unjoined')

/** Reads the joined columns of rows. */
export interface Joiner {
  /** Several values count the row once under each. */
  readonly value: (row: Row, column: string) => unknown
  /** Why rows are `unjoined`, and what else the reply must say, one sentence each; asked for at the end. */
  readonly notes: () => readonly string[]
}

/** Columns by which rows are counted and which come from other lists. `List` is an operation. */
export interface JoinedColumns<List> {
  /** Names that are offered; a name that ends in `.*` stands for every field of the other list. */
  readonly names: readonly string[]
  /** Reads once what these columns need, before the first row. */
  readonly load: (
    columns: readonly string[],
    lists: Lists<List>,
    input: Readonly<Record<string, unknown>>,
  ) => Promise<Joiner>
}
