import { nounOf, type Operation } from '../../operations/operation.ts'
import { mayHideWord, wordOf } from '../../operations/reads/row-words.ts'
import type { Origin, Page, Row } from '../../session/answer.ts'
import { scannedUpTo } from '../../session/paging/page.ts'
import { formatNumber } from '../../shared/format.ts'
import { cell, quoteIfNeeded } from './cells.ts'
import { columnNames, replyRow } from './columns.ts'
import type { Layout } from './layout.ts'
import { presentColumns } from './unknown-column.ts'

const maxGroups = 5
/** Of a list that is put together: there are six states of questionnaires and two words of ours. */
const maxOriginGroups = 8
const maxNameLength = 60

/**
 * The word that a row is counted under: the row filter that it passes, such as its outcome, or the value of a
 * column.
 */
function groupOf(operation: Operation, field: string, row: Row): string {
  const filters = operation.rowFilters?.[field]
  if (filters) return wordOf(filters, row)
  const text = cell(replyRow(row)[field])
  return text === '' ? '' : quoteIfNeeded(text)
}

/** `8 CLOSED, 4 REVIEW, 3 other`. `counts`: most first. */
function listedCounts(counts: readonly (readonly [word: string, count: number])[], max: number): string {
  const rest = counts.slice(max).reduce((sum, [, count]) => sum + count, 0)
  const most = counts.slice(0, max).map(([word, count]) => `${formatNumber(count)} ${word}`)
  return [...most, ...(rest > 0 ? [`${formatNumber(rest)} other`] : [])].join(', ')
}

function groupCounts(operation: Operation, rows: readonly Row[], max: number): string | undefined {
  const { countBy } = operation
  if (countBy === undefined) return undefined
  const counts = new Map<string, number>()
  for (const row of rows) {
    const word = groupOf(operation, countBy, row)
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  counts.delete('')
  const isColumn = operation.rowFilters?.[countBy] === undefined
  // A column with one value in all rows is listed with the other shared values, or is in the only row.
  if (counts.size === 0 || (isColumn && counts.size === 1)) return undefined
  return listedCounts(
    [...counts].sort(([, a], [, b]) => b - a),
    max,
  )
}

/** The counts of a whole list that is put together, with its first page. */
function wholeCounts({ origin, cursors, total }: Page): string | undefined {
  const groups = (origin?.groups ?? []).map(
    ({ word, count }) => [quoteIfNeeded(cell(word, maxNameLength)), count] as const,
  )
  if (groups.length === 0 || cursors[0][0] > 0) return undefined
  return `of ${total === undefined ? 'all' : `the ${formatNumber(total)}`}: ${listedCounts(groups, maxOriginGroups)}`
}

/** What is said of rows that hide the word they belong to. `name`: the row filter. */
export const hiddenWordNote = (name: string): string =>
  `Rows with ${name} unknown may show it in a column that is not known.`

/** The columns that rows have, if the headline cannot count them for want of one; otherwise undefined. */
export function countNote({ countBy, rowFilters, possibleColumns = [] }: Operation, rows: readonly Row[]) {
  const [first, ...others] = rows
  if (countBy === undefined || !first) return undefined
  const names = columnNames(rows.map(replyRow))
  const there = `Columns of the rows: ${presentColumns(names)}.`
  const words = rowFilters?.[countBy]
  if (words)
    return rows.some((row) => mayHideWord(words, row)) ? `${hiddenWordNote(countBy)} ${there}` : undefined
  const isReplaced = possibleColumns.some(
    ({ name, insteadOf }) => insteadOf === countBy && names.includes(name),
  )
  // One row is not counted.
  if (others.length === 0 || names.includes(countBy) || isReplaced) return undefined
  return `No row here has ${countBy}. ${there}`
}

function highlightCount({ highlight }: Operation, rows: readonly Row[]): string | undefined {
  const count = highlight === undefined ? 0 : rows.filter((row) => row[highlight] === true).length
  return count > 0 ? `${count} ${highlight}` : undefined
}

function orderOf(operation: Operation, sort: readonly string[] | undefined): string | undefined {
  const { paging } = operation
  if (!paging || !('sort' in paging) || !paging.sort) return undefined
  const [first = ''] = sort ?? paging.sort.default
  if (first === 'created.dateTime:desc') return 'newest first'
  if (first === 'created.dateTime:asc') return 'oldest first'
  return sort ? `by ${sort.join(', ')}` : undefined
}

const plural = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'match' : 'matches'}`

/** `3 matches in 40 of 40 scanned`, `20 of 431 matches in 2,000 of 2,000 scanned`. */
function matchesOf(page: Page, shown: number, all: string, unknownUpTo: readonly number[]): string {
  const [offset] = page.cursors[0]
  const { matches = shown, scanned = scannedUpTo(page, shown), isWhole = true } = page.found ?? {}
  const range =
    offset === 0
      ? formatNumber(scanned)
      : `rows ${formatNumber(offset + 1)}-${formatNumber(offset + scanned)}`
  const what =
    matches > shown
      ? `${formatNumber(shown)} of ${isWhole ? '' : 'at least '}${plural(matches)}`
      : plural(shown)
  const unknown = unknownUpTo.at(page.found ? -1 : shown) ?? 0
  const rest = unknown > 0 ? `, ${formatNumber(unknown)} unknown` : ''
  return `${what}${rest} in ${range} of ${all} scanned`
}

/** `recipients of campaign 640002 "Vendor risk"`: the words for rows, and whose they are. */
export function ownedNoun(noun: string, origin: Origin | undefined): string {
  if (!origin) return noun
  return `${noun} ${origin.of}${origin.name === '' ? '' : ` ${JSON.stringify(cell(origin.name, maxNameLength))}`}`
}

function rangeOf(noun: string, page: Page, shown: number, { isFiltered, unknown = [] }: Layout): string {
  const [offset] = page.cursors[0]
  const { total } = page
  const all = total === undefined ? 'an unknown total' : formatNumber(total)
  if (isFiltered) return `${noun}: ${matchesOf(page, shown, all, unknown)}`
  if (shown === 0) return offset === 0 ? `no ${noun} found` : `no more ${noun}`
  return `${noun} ${formatNumber(offset + 1)}-${formatNumber(offset + shown)} of ${all}`
}

/**
 * The headline of a page: which rows of how many, their order, counts, and the values that all rows share.
 */
export function headlineOf(
  operation: Operation,
  page: Page,
  shown: readonly Row[],
  shared: readonly string[],
  layout: Layout,
): string {
  const order = shown.length > 1 ? orderOf(operation, layout.sort) : undefined
  const noun = ownedNoun(nounOf(operation.name), page.origin)
  const range = rangeOf(noun, page, shown.length, layout)
  const first = [range, page.origin?.from, order].filter((text) => text !== undefined).join(', ')
  // A list that is put together is there as a whole, whatever part of it is shown.
  const isPart = page.origin !== undefined && shown.length !== page.total && !layout.isFiltered
  const whole = isPart ? wholeCounts(page) : undefined
  const rest = [
    isPart ? whole : groupCounts(operation, shown, page.origin ? maxOriginGroups : maxGroups),
    highlightCount(operation, shown),
    shared.length > 0 ? `${whole === undefined ? 'all' : 'rows below'}: ${shared.join(', ')}` : undefined,
  ]
  return [first, ...rest.filter((text) => text !== undefined)].join('; ')
}
