import type { Page } from '../answer.ts'

/**
 * Number of rows scanned up to the last of the first `shown` rows of a page; larger than `shown` if a filter
 * drops rows.
 */
export function scannedUpTo({ rows, cursors, end }: Page, shown: number): number {
  const [start] = cursors
  const cursor = shown < rows.length ? (cursors[shown] ?? start) : end
  return cursor[0] - start[0]
}
