import type { SortKey, SortValue } from './query.ts'

/** A row and the values that it is sorted by: the sortValues of the wire. */
export interface SortedRow<Row> {
  row: Row
  sortValues: SortValue[]
}

/** The rows sorted by `sort`. */
export function sortRows<Row extends object>(rows: readonly Row[], sort: SortKey[]): SortedRow<Row>[] {
  const paths = sort.map(({ path }) => path.split('.'))
  return rows
    .map((row) => ({ row, sortValues: paths.map((path) => sortValue(row, path)) }))
    .sort((a, b) => compareTuples(a.sortValues, b.sortValues, sort))
}

/** Index of the first row strictly after a tuple of sort values. */
export function indexAfter(rows: readonly SortedRow<object>[], sort: SortKey[], tuple: SortValue[]): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareTuples(rows[middle]?.sortValues ?? [], tuple, sort) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

export function compareTuples(a: SortValue[], b: SortValue[], sort: SortKey[]): number {
  for (const [index, { descending }] of sort.entries()) {
    const order = compareValues(a[index] ?? null, b[index] ?? null, descending)
    if (order !== 0) return order
  }
  return 0
}

/**
 * Strings compare as text, so the id "99999" is above "100000". Missing values come last in both directions.
 */
function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b === descending ? 1 : -1
}

/** The value at a dotted path. */
export function valueAt(row: object, path: readonly string[]): unknown {
  let value: unknown = row
  for (const name of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
  }
  return value
}

function sortValue(row: object, path: readonly string[]): SortValue {
  const value = valueAt(row, path)
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' || typeof value === 'number' ? value : null
}
