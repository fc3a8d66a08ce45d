import type { Operation } from '../../operations/operation.ts'
import type { Cursor, Page, Row } from '../answer.ts'
import { Drift } from '../requests/drift.ts'
import { readRecord } from '../requests/record.ts'
import type { FetchPage } from './paging.ts'

/** "it is recommended that you use smaller page sizes of 1000 to 2000 records" (getting_started.htm). */
export const defaultBatchSize = 1_000
/** Each output may hold a megabyte (scripts.htm). */
export const largeRowBatchSize = 50
const maxScanned = 10_000
const maxCalls = 20

/** Which rows to collect. */
export interface CollectOptions {
  readonly start: Cursor
  readonly count: number
  /** Drops rows; finding enough of them may then take many upstream calls. */
  readonly filter?: ((row: Row) => boolean) | undefined
  readonly onProgress?: ((scanned: number, total: number | undefined) => void) | undefined
}

/** The collected rows. */
export type CollectedRows = Omit<Page, 'kind' | 'binding'>

/** Collects rows from a cursor on, with one upstream call, or several if a filter drops rows. */
export async function collectRows(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  options: CollectOptions,
  fetchPage: FetchPage,
): Promise<CollectedRows> {
  const { filter, onProgress } = options
  const batchSize = !filter
    ? options.count
    : operation.hasLargeRows?.(input)
      ? largeRowBatchSize
      : defaultBatchSize
  const rows: Row[] = []
  const cursors: [Cursor, ...Cursor[]] = [options.start]
  const drift = new Drift()
  let cursor = options.start
  let scanned = 0
  let hasMore = true
  let total: number | undefined
  let resultLimit: string | undefined
  let isTotalFromEnd: boolean | undefined
  for (
    let calls = 0;
    hasMore && rows.length < options.count && scanned < maxScanned && calls < maxCalls;
    calls++
  ) {
    const page = await fetchPage(cursor, batchSize)
    total = page.total ?? total
    resultLimit = page.resultLimit
    isTotalFromEnd = page.isTotalFromEnd
    hasMore = page.hasMore
    for (const { record: raw, cursorAfter } of page.rows) {
      if (rows.length === options.count) {
        hasMore = true
        break
      }
      const record = readRecord(operation, raw, drift)
      cursor = cursorAfter
      scanned++
      if (filter && !filter(record)) continue
      rows.push(record)
      cursors.push(cursorAfter)
    }
    if (!filter) break
    onProgress?.(scanned, total)
  }
  // The total came from the end of the batch, which lies beyond this page. A page must not depend on how much
  // was read ahead, so the total is left out.
  if (!filter && hasMore && isTotalFromEnd) total = undefined
  return { rows, cursors, end: cursor, hasMore, total, resultLimit, ...drift.deviations() }
}
