import type { Binding, Cursor, Page } from '../answer.ts'
import type { CollectedRows } from './collect.ts'

/** The collected rows as a page. */
export function pageOf(
  { rows, cursor, hasMore, total, resultLimit, drift }: CollectedRows,
  start: Cursor,
  binding: Binding,
): Page {
  return {
    kind: 'page',
    rows: rows.map(({ record }) => record),
    cursors: [start, ...rows.map(({ cursorAfter }) => cursorAfter)],
    end: cursor,
    hasMore,
    binding,
    ...(total !== undefined && { total }),
    ...(resultLimit !== undefined && { resultLimit }),
    drift,
  }
}

/**
 * Number of rows scanned up to the last of the first `shown` rows of a page; larger than `shown` if a filter
 * drops rows.
 */
export function scannedUpTo({ rows, cursors, end }: Page, shown: number): number {
  const [start] = cursors
  const cursor = shown < rows.length ? (cursors[shown] ?? start) : end
  return cursor[0] - start[0]
}
