import type { Page } from '../answer.ts'
import type { CollectedRows } from './collect.ts'
import { type Binding, type Cursor, encodeCursor } from './continuation.ts'

/** The collected rows as a page. Its token continues exactly after the last row shown. */
export function pageOf(
  { rows, cursor, hasMore, scanned, total, resultLimit, drift }: CollectedRows,
  start: Cursor,
  binding: Binding,
): Page {
  return {
    kind: 'page',
    rows: rows.map(({ record }) => record),
    offset: start[0],
    scannedUpTo: (shown) =>
      shown < rows.length ? (rows[shown - 1]?.cursorAfter[0] ?? start[0]) - start[0] : scanned,
    ...(total !== undefined && { total }),
    ...(resultLimit !== undefined && { resultLimit }),
    drift,
    continuationAfter: (shown) => {
      const cursorAfter = shown < rows.length ? rows[shown - 1]?.cursorAfter : hasMore ? cursor : undefined
      return cursorAfter && encodeCursor(cursorAfter, binding)
    },
  }
}
