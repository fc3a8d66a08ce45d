import type { Operation } from '../../operations/operation.ts'
import type { Row } from '../answer.ts'
import { readRecord } from '../requests/record.ts'
import type { Position } from './continuation.ts'
import type { Next, Placed } from './paging.ts'

/** "it is recommended that you use smaller page sizes of 1000 to 2000 records" (getting_started.htm). */
export const lightBatch = 1_000
/** Each output may hold a megabyte (scripts.htm). */
export const heavyBatch = 50
const mostScanned = 10_000
const mostCalls = 20

/** What to collect. */
export interface Wanted {
  readonly start: Position
  readonly rows: number
  /** A filter; finding the rows may then take many pages. */
  readonly keep?: ((row: Row) => boolean) | undefined
  readonly progress?: ((scanned: number, total: number | undefined) => void) | undefined
}

/** The collected rows. */
export interface Found {
  readonly rows: readonly (Placed & { readonly record: Row })[]
  /** The position after the last row scanned. */
  readonly at: Position
  readonly scanned: number
  readonly more: boolean
  readonly total: number | undefined
  readonly wall: string | undefined
  readonly drift: readonly string[]
}

/** Collects rows from a position on, with one upstream call, or several if a filter drops rows. */
export async function scan(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  wanted: Wanted,
  next: Next,
): Promise<Found> {
  const { keep, progress } = wanted
  const batchSize = !keep ? wanted.rows : operation.heavy?.(input) ? heavyBatch : lightBatch
  const rows: Found['rows'][number][] = []
  const drift = new Set<string>()
  let at = wanted.start
  let scanned = 0
  let more = true
  let total: number | undefined
  let wall: string | undefined
  let atEnd: boolean | undefined
  for (
    let calls = 0;
    more && rows.length < wanted.rows && scanned < mostScanned && calls < mostCalls;
    calls++
  ) {
    const batch = await next(at, batchSize)
    total = batch.total ?? total
    wall = batch.wall
    atEnd = batch.totalAtEnd
    more = batch.more
    for (const { record: raw, behind } of batch.rows) {
      if (rows.length === wanted.rows) {
        more = true
        break
      }
      const record = readRecord(operation, raw, drift)
      at = behind
      scanned++
      if (!keep || keep(record)) rows.push({ record, behind })
    }
    if (!keep) break
    progress?.(scanned, total)
  }
  // The total came from the end of the batch, which lies beyond this page. A page must not depend on how much
  // was read ahead, so the total is left out.
  if (!keep && more && atEnd) total = undefined
  return { rows, at, scanned, more, total, wall, drift: [...drift] }
}
