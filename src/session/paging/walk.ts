import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Operation } from '../../operations/operation.ts'
import { DriftError } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import { runSteps } from '../../shared/turns/steps.ts'
import type { Cursor, Deviations, Row } from '../answer.ts'
import { Drift } from '../records/drift.ts'
import { fieldReader, type ReadRows, readRecords, readRecordsInSteps } from '../records/record.ts'
import { defaultBatchSize, largeRowBatchSize } from './collect.ts'
import { inHalves } from './halves.ts'
import { type FetchPage, pagingLoopError, type RawPage } from './paging.ts'

/** One batch of a list that is walked to its end. Its deviations are those of earlier batches as well. */
export interface WalkBatch extends Deviations {
  readonly rows: readonly Row[]
  /** Number of rows of the whole list; absent if Qualys does not report it. */
  readonly total?: number | undefined
  /** Why further rows cannot be reached; absent if they can. */
  readonly resultLimit?: string | undefined
  /** Set on the last batch. */
  readonly last?: true
  /** The cursors after the rows, if they were asked for. */
  readonly cursors?: readonly Cursor[]
  /** Some of the rows with all their fields, whatever is read of them; absent if all fields are. */
  readonly sample?: () => readonly Row[]
}

/** Rows of one list have much the same fields. */
const sampleSize = 20

/**
 * Where a walk starts, how many rows a batch has and which fields are read. Default: from the first row, the
 * recommended batch size, all fields.
 */
export interface WalkOptions {
  readonly start?: Cursor
  readonly batchSize?: number
  /** The fields to read, by the names that the assistant sees. */
  readonly fields?: readonly string[]
  /** Gives the cursor after each row. */
  readonly cursors?: true
  /** Fetches the next batch while the caller works on this one. Memory then holds two batches. */
  readonly prefetch?: true
}

/**
 * No list is meant to have more rows or to need more calls. A walk beyond this is taken for an endless list.
 */
const maxRows = 2_000_000
const maxCalls = 10_000

/**
 * Yields every row of a list, one upstream answer at a time. Throws a DriftError for a list without an end.
 */
export async function* walk(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  fetchPage: FetchPage,
  options: WalkOptions = {},
): AsyncGenerator<WalkBatch, void, void> {
  const drift = new Drift()
  const read: ReadRows = options.fields
    ? fieldReader(operation, options.fields)
    : (raws, onDrift) => readRecordsInSteps(operation, raws, onDrift)
  const readRows = (page: RawPage): Promise<Row[]> => {
    const raws = page.rows.map(({ record }) => record)
    return runSteps(read(raws, drift))
  }
  const size = options.batchSize ?? (operation.hasLargeRows?.(input) ? largeRowBatchSize : defaultBatchSize)
  let cursor: Cursor = options.start ?? [0]

  const fetchBatch = inHalves(fetchPage)
  const fetchNext = (): Promise<RawPage> => fetchBatch(cursor, size)

  let rowCount = 0
  let calls = 0
  let firstId: unknown
  let pending = fetchNext()
  for (let hasMore = true; hasMore; ) {
    let page: RawPage | undefined = await pending
    const ids = page.rows.map(({ record }) => (isObject(record) ? record['id'] : undefined))
    // A paging loop of any length comes back to the first row. Derived rows may share an id.
    if (!operation.derive && firstId !== undefined && firstId !== null && ids.includes(firstId))
      throw pagingLoopError(operation.paging)
    firstId ??= ids[0]
    rowCount += page.rows.length
    calls++
    if (rowCount > maxRows || calls > maxCalls)
      throw new DriftError(
        'The list does not end.',
        'Narrow it with a filter or dates; if it stays so, report it.',
      )
    hasMore = page.hasMore
    cursor = page.rows.at(-1)?.cursorAfter ?? cursor
    if (hasMore && options.prefetch) {
      pending = fetchNext()
      // The next round awaits it. If the caller stops before that, a rejection must not be unhandled.
      pending.catch(() => undefined)
      // The request leaves before this batch is read, so that Qualys works meanwhile.
      await yieldToEventLoop()
    }
    const { total, resultLimit } = page
    const cursors = options.cursors && page.rows.map(({ cursorAfter }) => cursorAfter)
    const firstRaws = page.rows.slice(0, sampleSize).map(({ record }) => record)
    const reading = readRows(page)
    // Memory holds the raw rows of one answer, not of two: the next may come while the caller works on these.
    page = undefined
    const rows = await reading
    yield {
      rows,
      total,
      resultLimit,
      ...(!hasMore && { last: true as const }),
      ...drift.deviations(),
      ...(cursors && { cursors }),
      sample: () => readRecords(operation, firstRaws, new Drift()),
    }
    if (hasMore && !options.prefetch) pending = fetchNext()
  }
}
