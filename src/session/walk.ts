import type { Operation } from '../operations/operation.ts'
import type { Position } from './continuation.ts'
import { DriftError, SlowError, TooLargeError, VendorError } from './errors.ts'
import { isObject } from './json.ts'
import { type Batch, type Next, sameRows } from './paging.ts'
import { partReader, type ReadRow, type Row, readRecord } from './record.ts'
import { heavyBatch, lightBatch } from './scan.ts'

/** Some rows of a list that is walked whole. */
export interface Stretch {
  readonly rows: readonly Row[]
  /** Rows of the whole list; absent where Qualys does not say. */
  readonly total?: number
  /** Why rows beyond cannot be reached, where that is so. */
  readonly wall?: string
  /** Set with the last rows that can be reached. */
  readonly last?: true
  /** Fields that are not as documented, in this stretch or before. */
  readonly drift: readonly string[]
  /** The place just behind one of the rows. */
  readonly behind: (index: number) => Position | undefined
}

/** Where a walk begins, how large its batches are, and what is read of a row; by default all, as large as is wise. */
export interface WalkOptions {
  readonly from?: Position
  readonly batch?: number
  /** The fields wanted, by the names an assistant sees. */
  readonly only?: readonly string[]
  /** Asks for the next batch while this one is looked at: for those who want them all. Memory then holds two. */
  readonly eager?: true
}

/** More rows, and more answers, than any list is meant to have: one that goes on has lost its end. */
const mostWalked = 2_000_000
const mostCalls = 10_000

/** Below this, it is not the size of a batch that makes Qualys slow. */
const fewest = 100

/** True of what a smaller batch may mend: an answer too large to be read, or one that took Qualys too long. */
function isOfSize(error: unknown, size: number): boolean {
  if (error instanceof TooLargeError) return size > 1
  const isSlow = error instanceof SlowError || (error instanceof VendorError && error.details.status === 504)
  return isSlow && size > fewest
}

/** Every row of a list, one upstream answer after the other: memory holds a single one. */
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
    // However long the circle, it comes back to the row that it began with.
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
      // Awaited in the next round; nobody does where there is none.
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
