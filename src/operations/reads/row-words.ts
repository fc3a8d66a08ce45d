import { movedFields } from './moved-fields.ts'

type Row = Readonly<Record<string, unknown>>

/** The words of a row filter, each with its test of one row. */
export type RowWords = Readonly<Record<string, (row: Row) => boolean>>

/** Local filters: for each input the words that it accepts. */
export type RowFilters = Readonly<Record<string, RowWords>>

/** The word for a row that does not show which word it belongs to. */
export const unknownWord = 'unknown'

/** The word of a row filter that a row belongs to. */
export const wordOf = (words: RowWords, row: Row): string =>
  Object.entries(words).find(([, holds]) => holds(row))?.[0] ?? unknownWord

/** True if a row belongs to no word, and a field that nobody knows may hold what tells it. */
export const mayHideWord = (words: RowWords, row: Row): boolean =>
  movedFields(row).length > 0 && wordOf(words, row) === unknownWord
