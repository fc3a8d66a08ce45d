import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Cursor } from '../../../src/session/answer.ts'
import type { FetchPage, RawPage } from '../../../src/session/paging/paging.ts'
import { ReadAheadCache } from '../../../src/session/paging/read-ahead.ts'

export const minute = 60_000

/** The position after this number of rows. */
export const afterRows = (rows: number): Cursor => (rows === 0 ? [0] : [rows, `after ${rows}`])

/** A list, and its requests: from which row, and how many rows. */
export function listOf(
  rows: number,
  recordOf: (index: number) => object = (index) => ({ id: String(index) }),
) {
  const requests: [from: number, want: number][] = []
  const next: FetchPage = async ([from], want) => {
    requests.push([from, want])
    const end = Math.min(rows, from + want)
    const placed = Array.from({ length: end - from }, (_, at) => ({
      record: recordOf(from + at),
      cursorAfter: afterRows(from + at + 1),
    }))
    return { rows: placed, total: rows, hasMore: end < rows }
  }
  return { requests, next }
}

export const idsOf = ({ rows }: RawPage, count: number): unknown[] =>
  rows.slice(0, count).map(({ record }) => Number((record as { id: string }).id))
export const numbersFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => first + at)

/** A session's access to a list, on a clock that stands still. */
export function openReadAhead() {
  let clock = 5_000
  const ahead = new ReadAheadCache(() => clock)
  return {
    pass: (ms: number) => {
      clock += ms
    },
    to: (next: FetchPage, list = 'jobs of a', operation: Operation = searchJobs, input: object = {}) =>
      ahead.wrap(next, list, operation, { ...input }),
  }
}
