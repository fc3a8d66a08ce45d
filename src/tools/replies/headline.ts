import { nounOf, type Operation } from '../../operations/operation.ts'
import type { Page, Row } from '../../session/answer.ts'
import { cell, quoted } from './cells.ts'
import { flatten } from './columns.ts'
import type { Layout } from './layout.ts'

const number = (value: number): string => value.toLocaleString('en')
const mostWords = 5

/**
 * The word that a row is counted under: the row filter that it passes, such as its outcome, or the value of a
 * column.
 */
function wordOf(operation: Operation, tally: string, row: Row): string {
  const tests = operation.rowTests?.[tally]
  if (tests) return Object.entries(tests).find(([, test]) => test(row))?.[0] ?? `of unknown ${tally}`
  const text = cell(flatten(row)[tally])
  return text === '' ? '' : quoted(text)
}

function tallied(operation: Operation, rows: readonly Row[]): string | undefined {
  const { tally } = operation
  if (tally === undefined) return undefined
  const counts = new Map<string, number>()
  for (const row of rows) {
    const word = wordOf(operation, tally, row)
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  counts.delete('')
  const isColumn = operation.rowTests?.[tally] === undefined
  // A column with one value in all rows is listed with the other shared values, or is in the only row.
  if (counts.size === 0 || (isColumn && counts.size === 1)) return undefined
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  const rest = sorted.slice(mostWords).reduce((sum, [, count]) => sum + count, 0)
  const most = sorted.slice(0, mostWords).map(([word, count]) => `${count} ${word}`)
  return [...most, ...(rest > 0 ? [`${rest} other`] : [])].join(', ')
}

function flagged({ flag }: Operation, rows: readonly Row[]): string | undefined {
  const count = flag === undefined ? 0 : rows.filter((row) => row[flag] === true).length
  return count > 0 ? `${count} ${flag}` : undefined
}

function orderOf(operation: Operation, sort: readonly string[] | undefined): string | undefined {
  const { paging } = operation
  if (!paging || !('sort' in paging) || !paging.sort) return undefined
  const [first = ''] = sort ?? paging.sort.default
  if (first === 'created.dateTime:desc') return 'newest first'
  if (first === 'created.dateTime:asc') return 'oldest first'
  return sort ? `by ${sort.join(', ')}` : undefined
}

function rangeOf(noun: string, page: Page, shown: number, sifted: boolean): string {
  const { before, total } = page
  const all = total === undefined ? 'an unknown total' : number(total)
  if (sifted) {
    const scanned = page.scannedBy(shown)
    const part = before === 0 ? number(scanned) : `rows ${number(before + 1)}-${number(before + scanned)}`
    return `${noun}: ${number(shown)} ${shown === 1 ? 'match' : 'matches'} in ${part} of ${all} scanned`
  }
  if (shown === 0) return before === 0 ? `no ${noun} found` : `no more ${noun}`
  return `${noun} ${number(before + 1)}-${number(before + shown)} of ${all}`
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
  const range = rangeOf(nounOf(operation.name), page, shown.length, layout.sifted)
  const first = order ? `${range}, ${order}` : range
  const rest = [
    tallied(operation, shown),
    flagged(operation, shown),
    shared.length > 0 ? `all: ${shared.join(', ')}` : undefined,
  ]
  return [first, ...rest.filter((text) => text !== undefined)].join('; ')
}
