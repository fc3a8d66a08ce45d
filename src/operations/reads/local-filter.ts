import type { z } from 'zod'
import type { HostCounter } from './host-counts.ts'
import type { Lists } from './lists.ts'
import type { Texts } from './texts.ts'

type Row = Readonly<Record<string, unknown>>
type Arguments = Readonly<Record<string, unknown>>

/** True keeps a row and false drops it; undefined also drops it, as a row that does not show enough. */
export type Verdict = boolean | undefined

/** Stands for a row about which nothing more can be read: whether it passes is unknown. */
export const unreadable: unique symbol = Symbol('unreadable')

/** What a local filter may read. `List` is an operation. */
export interface Reads<List> extends Lists<List>, HostCounter, Texts {}

/** What each row must pass, and what it gets. */
export interface RowTest {
  readonly test?: (row: Row) => Verdict
  /** What a row must show for the test, after "do not show": `their scripts`. */
  readonly needs?: string
  /** Why a row does not show it: clauses that stand behind a colon. */
  readonly why?: (row: Row) => readonly string[]
  /** A QQL clause of documented tokens that Qualys already keeps, so that fewer rows are read. */
  readonly clause?: string
  /** Reads more about rows that pass all tests, `batchSize` at a time. */
  readonly extend?: {
    readonly batchSize: number
    /**
     * The rows as they are shown; undefined drops one. A shorter list: the rows after it are not looked at now; the
     * first list holds at least one. An error of Qualys after rows that were read ends the page, and the reply says
     * why. `mayStop` is false where all rows must be looked at, as in an export.
     */
    readonly rows: (
      rows: readonly Row[],
      mayStop: boolean,
    ) => Promise<readonly (Row | typeof unreadable | undefined)[]>
    /** Why this account does not show what the answer needs, and what to do; asked for after each batch. */
    readonly refusal?: () => { readonly message: string; readonly next: string } | undefined
  }
  /** True for an input that drops no row, and only adds to it. */
  readonly dropsNone?: true
  /** Columns that are shown after the default ones. */
  readonly moreColumns?: readonly string[]
  /** Columns that are shown in place of the default ones. */
  readonly columns?: readonly string[]
  /** What the reply must say besides, one sentence each; asked for when all rows are read. */
  readonly notes?: () => readonly string[]
}

/**
 * An input of a list that this program keeps itself, row by row, since no token of Qualys for it is public.
 * `List` is an operation.
 */
export interface LocalFilter<List> {
  readonly input: z.ZodType
  /** What the value means for each row. Reads other lists first, if it must. */
  readonly prepare: (value: never, reads: Reads<List>, input: Arguments) => RowTest | Promise<RowTest>
}

/** Declares a local filter whose `prepare` gets the type of its input. */
export const localFilter = <S extends z.ZodType, List>(
  input: S,
  prepare: (
    value: Exclude<z.output<S>, undefined>,
    reads: Reads<List>,
    input: Arguments,
  ) => RowTest | Promise<RowTest>,
): LocalFilter<List> => ({ input, prepare })
