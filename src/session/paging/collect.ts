import type { Operation } from '../../operations/operation.ts'
import { QualysError } from '../../shared/errors.ts'
import { runSteps } from '../../shared/turns/steps.ts'
import type { Cursor, Page, Row } from '../answer.ts'
import { Drift } from '../records/drift.ts'
import { readRecords, readRecordsInSteps } from '../records/record.ts'
import { inHalves } from './halves.ts'
import type { FetchPage } from './paging.ts'

/** "it is recommended that you use smaller page sizes of 1000 to 2000 records" (getting_started.htm). */
export const defaultBatchSize = 1_000
/** Each output may hold a megabyte (scripts.htm). */
export const largeRowBatchSize = 50
const maxScanned = 10_000
const maxCalls = 20

/** Chooses the rows of a list that are kept. */
export interface RowSelection {
  /**
   * For each row what is kept of it, or undefined if it is dropped. Shorter than `rows` if no further row was looked
   * at: `wanted` are kept and `countsAll` is false, or the rows after these cannot be read now. `onLook` is called with
   * the number of rows looked at, if that takes long.
   */
  readonly choose: (
    rows: readonly Row[],
    wanted: number,
    onLook: (looked: number) => void,
  ) => Promise<readonly (Row | undefined)[]>
  /** False if no row is dropped: then as many are fetched as are wanted. */
  readonly isFilter: boolean
  /** True if the rows beyond a full page are counted, too. */
  readonly countsAll: boolean
  /** The input, if Qualys can keep some of this itself. A token's query is the input as it was passed. */
  readonly narrowed?: (input: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
}

/** Which rows to collect. */
export interface CollectOptions {
  readonly start: Cursor
  readonly count: number
  /** May drop rows; finding enough of them may then take many upstream calls. */
  readonly selection?: RowSelection | undefined
  readonly onProgress?: ((scanned: number, total: number | undefined) => void) | undefined
}

/** The collected rows. */
export interface CollectedRows extends Omit<Page, 'kind' | 'binding'> {
  /** The same rows without what a selection adds and leaves out. */
  readonly records: readonly Row[]
}

/** Collects rows from a cursor on, with one upstream call. */
async function collectPlain(
  operation: Operation,
  { start, count }: CollectOptions,
  fetchPage: FetchPage,
): Promise<CollectedRows> {
  const drift = new Drift()
  const {
    rows: fetched,
    hasMore: hasMorePages,
    total,
    resultLimit,
    isTotalFromEnd,
  } = await fetchPage(start, count)
  const kept = fetched.slice(0, count)
  const hasMore = hasMorePages || fetched.length > count
  const cursors: [Cursor, ...Cursor[]] = [start, ...kept.map(({ cursorAfter }) => cursorAfter)]
  const rows = readRecords(
    operation,
    kept.map(({ record }) => record),
    drift,
  )
  return {
    rows,
    records: rows,
    cursors,
    end: cursors.at(-1) ?? start,
    hasMore,
    // The total came from the end of the batch, which lies beyond this page. A page must not depend on how much
    // was read ahead, so the total is left out.
    total: hasMore && isTotalFromEnd ? undefined : total,
    resultLimit,
    ...drift.deviations(),
  }
}

/** Collects rows that a selection keeps, from a cursor on, with as many upstream calls as that takes. */
async function collectSelected(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { start, count, onProgress }: CollectOptions,
  selection: RowSelection,
  fetchPage: FetchPage,
): Promise<CollectedRows> {
  const { countsAll, isFilter } = selection
  const batchSize = operation.hasLargeRows?.(input) ? largeRowBatchSize : defaultBatchSize
  const rows: Row[] = []
  const records: Row[] = []
  const cursors: [Cursor, ...Cursor[]] = [start]
  const drift = new Drift()
  let cursor = start
  let matches = 0
  let scanned = 0
  let hasMore = true
  let total: number | undefined
  let resultLimit: string | undefined
  const isFull = (): boolean => rows.length === count

  const fetchBatch = inHalves(fetchPage)
  const readBatch = async () => {
    const size = isFilter ? batchSize : count - rows.length
    // Nobody waits for a count that takes several tries.
    const page = await (isFull() ? fetchPage : fetchBatch)(cursor, size)
    const raws = page.rows.map(({ record }) => record)
    const batch = await runSteps(readRecordsInSteps(operation, raws, drift))
    const before = scanned
    const chosen = await selection.choose(batch, count - rows.length, (looked) =>
      onProgress?.(before + looked, page.total ?? total),
    )
    return { page, batch, chosen }
  }

  for (
    let calls = 0;
    hasMore && !(isFull() && !countsAll) && scanned < maxScanned && calls < maxCalls;
    calls++
  ) {
    // The rows of a full page are not lost because further ones cannot be counted.
    const read = await readBatch().catch((error: unknown) => {
      if (!isFull() || !(error instanceof QualysError)) throw error
    })
    if (!read) break
    const { page, batch, chosen } = read
    total = page.total ?? total
    resultLimit = page.resultLimit
    for (const [at, row] of chosen.entries()) {
      cursor = page.rows[at]?.cursorAfter ?? cursor
      if (row === undefined) continue
      matches++
      if (isFull()) continue
      rows.push(row)
      records.push(batch[at] ?? row)
      cursors.push(cursor)
    }
    scanned += chosen.length
    const isLookedThrough = chosen.length === batch.length
    hasMore = page.hasMore || !isLookedThrough
    onProgress?.(scanned, total)
    if (!isLookedThrough) break
  }
  return {
    rows,
    records,
    cursors,
    end: matches > rows.length ? (cursors.at(-1) ?? start) : cursor,
    hasMore: hasMore || matches > rows.length,
    total,
    resultLimit,
    ...(countsAll && {
      found: { matches, scanned, isWhole: !hasMore && resultLimit === undefined },
    }),
    ...drift.deviations(),
  }
}

/** Collects rows from a cursor on. */
export function collectRows(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  options: CollectOptions,
  fetchPage: FetchPage,
): Promise<CollectedRows> {
  const { selection } = options
  return selection
    ? collectSelected(operation, input, options, selection, fetchPage)
    : collectPlain(operation, options, fetchPage)
}
