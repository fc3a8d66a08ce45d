import type { Operation } from '../../operations/operation.ts'
import { DriftError, SlowError, TooLargeError, VendorError } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import type { Row } from '../answer.ts'
import { partReader, type ReadRow, readRecord } from '../requests/record.ts'
import { heavyBatch, lightBatch } from './collect.ts'
import type { Position } from './continuation.ts'
import { type Batch, type Next, sameRows } from './paging.ts'

/** One batch of a list that is walked to its end. */
export interface Stretch {
  readonly rows: readonly Row[]
  /** Number of rows of the whole list; absent if Qualys does not report it. */
  readonly total?: number
  /** Why further rows cannot be reached; absent if they can. */
  readonly wall?: string
  /** Set on the last batch. */
  readonly last?: true
  /** Fields that are not as documented, in this batch or an earlier one. */
  readonly drift: readonly string[]
  /** The position after one of the rows. */
  readonly behind: (index: number) => Position | undefined
}

/**
 * Where a walk starts, how many rows a batch has and which fields are read. Default: from the first row, the
 * recommended batch size, all fields.
 */
export interface WalkOptions {
  readonly from?: Position
  readonly batch?: number
  /** The fields to read, by the names that the assistant sees. */
  readonly only?: readonly string[]
  /** Fetches the next batch while the caller works on this one. Memory then holds two batches. */
  readonly eager?: true
}

/**
 * No list is meant to have more rows or to need more calls. A walk beyond this is taken for an endless list.
 */
const mostWalked = 2_000_000
const mostCalls = 10_000

/** Below this number of rows, a smaller batch does not make Qualys faster. */
const fewest = 100

/** True if a smaller batch may succeed: the answer was too large, or Qualys took too long. */
function isOfSize(error: unknown, size: number): boolean {
  if (error instanceof TooLargeError) return size > 1
  const isSlow = error instanceof SlowError || (error instanceof VendorError && error.details.status === 504)
  return isSlow && size > fewest
}

/**
 * Yields every row of a list, one upstream answer at a time. Throws a DriftError for a list without an end.
 */
export async function* walk(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  bring: Next,
  options: WalkOptions = {},
): AsyncGenerator<Stretch, void, void> {
  const drift = new Set<string>()
  const read: ReadRow = options.only
    ? partReader(operation, options.only)
    : (raw, odd) => readRecord(operation, raw, odd)
  let size = options.batch ?? (operation.heavy?.(input) ? heavyBatch : lightBatch)
  let at: Position = options.from ?? [0]

  const next = async (): Promise<Batch> => {
    for (;;) {
      try {
        return await bring(at, size)
      } catch (error) {
        if (!isOfSize(error, size)) throw error
        size = Math.ceil(size / 2)
      }
    }
  }

  let walked = 0
  let calls = 0
  let first: unknown
  let coming = next()
  for (let more = true; more; ) {
    const batch = await coming
    const ids = batch.rows.map(({ record }) => (isObject(record) ? record['id'] : undefined))
    // A paging loop of any length comes back to the first row.
    if (first !== undefined && first !== null && ids.includes(first)) throw sameRows(operation.paging)
    first ??= ids[0]
    walked += batch.rows.length
    calls++
    if (walked > mostWalked || calls > mostCalls)
      throw new DriftError(
        'The list does not end.',
        'Narrow it with a filter or dates; if it stays so, report it.',
      )
    more = batch.more
    at = batch.rows.at(-1)?.behind ?? at
    if (more && options.eager) {
      coming = next()
      // The next round awaits it. If the caller stops before that, a rejection must not be unhandled.
      coming.catch(() => undefined)
    }
    yield {
      rows: batch.rows.map(({ record }) => read(record, drift)),
      ...(batch.total !== undefined && { total: batch.total }),
      ...(batch.wall !== undefined && { wall: batch.wall }),
      ...(!more && { last: true as const }),
      drift: [...drift],
      behind: (index) => batch.rows[index]?.behind,
    }
    if (more && !options.eager) coming = next()
  }
}
