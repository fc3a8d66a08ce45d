import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Position } from '../../../src/session/paging/continuation.ts'
import type { Batch, Next } from '../../../src/session/paging/paging.ts'
import { Ahead } from '../../../src/session/paging/read-ahead.ts'

export const minute = 60_000

/** The place behind so many rows. */
export const behind = (rows: number): Position => (rows === 0 ? [0] : [rows, `after ${rows}`])

/** A list, and what was asked of it: from where, and how many. */
export function listOf(
  rows: number,
  recordOf: (index: number) => object = (index) => ({ id: String(index) }),
) {
  const asked: [from: number, want: number][] = []
  const next: Next = async ([from], want) => {
    asked.push([from, want])
    const end = Math.min(rows, from + want)
    const placed = Array.from({ length: end - from }, (_, at) => ({
      record: recordOf(from + at),
      behind: behind(from + at + 1),
    }))
    return { rows: placed, total: rows, more: end < rows }
  }
  return { asked, next }
}

export const idsOf = ({ rows }: Batch, count: number): unknown[] =>
  rows.slice(0, count).map(({ record }) => Number((record as { id: string }).id))
export const from = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => first + at)

/** A session's way to a list, on a clock that stands still. */
export function place() {
  let clock = 5_000
  const ahead = new Ahead(() => clock)
  return {
    pass: (ms: number) => {
      clock += ms
    },
    to: (next: Next, list = 'jobs of a', operation: Operation = searchJobs, input: object = {}) =>
      ahead.through(next, list, operation, { ...input }),
  }
}
