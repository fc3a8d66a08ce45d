import type { Operation } from '../../operations/operation.ts'
import { DriftError, InputError, TooLargeError, VendorError } from '../../shared/errors.ts'
import { canonical } from '../../shared/json.ts'
import type { Position } from './continuation.ts'
import { type Batch, largestPage, type Next } from './paging.ts'

const keptMs = 60_000
const mostRows = 5_000

/** True if a smaller request might have succeeded: the answer was too large, refused, or did not arrive. */
function isOfSize(error: unknown): boolean {
  return error instanceof VendorError || error instanceof InputError || error instanceof DriftError
}

/** One answer of Qualys with more rows than the page that asked for it. */
interface Kept {
  readonly start: Position
  readonly batch: Batch
  readonly until: number
}

/**
 * The read-ahead cache: rows that came with one page are kept for the next ones, so that paging does not cost
 * one upstream call per 20 rows. The key of a list is what its tokens are bound to, account included. A token
 * also works when its rows are no longer cached.
 */
export class Ahead {
  readonly #clock: () => number
  /** Oldest entry first. */
  readonly #kept = new Map<string, Kept>()
  /** Lists that are not cached, and until when. */
  readonly #barred = new Map<string, number>()

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  /** Wraps `next`: from the third page on it fetches as many more rows as were seen so far. */
  through(next: Next, list: string, operation: Operation, input: Readonly<Record<string, unknown>>): Next {
    return async (at, want) => {
      const kept = this.#take(list, at, want)
      if (kept) return kept
      const [seen] = at
      const size = Math.min(largestPage, seen)
      if (seen < 2 * want || size <= want || operation.heavy?.(input) || this.#isBarred(list))
        return next(at, want)
      try {
        const batch = await next(at, size)
        if (batch.rows.every(({ record }) => operation.settled?.(record) ?? true)) this.#keep(list, at, batch)
        else this.#bar(list)
        return batch
      } catch (error) {
        // The size may be the problem: read-ahead is suspended for this list, and the page is asked for
        // alone, now or by the next call.
        if (isOfSize(error)) this.#bar(list)
        if (error instanceof TooLargeError || error instanceof InputError) return next(at, want)
        throw error
      }
    }
  }

  /** Drops the cached rows of one list, or of all lists. */
  forget(list?: string): void {
    if (list === undefined) this.#kept.clear()
    else this.#kept.delete(list)
  }

  /** The cached rows from a position on, if there are `want` of them or the list ends with them. */
  #take(list: string, at: Position, want: number): Batch | undefined {
    const kept = this.#kept.get(list)
    if (!kept) return undefined
    const { start, batch, until } = kept
    const index = at[0] - start[0]
    const place = index === 0 ? start : batch.rows[index - 1]?.behind
    const rows = batch.rows.slice(index)
    const fits =
      index >= 0 && until > this.#clock() && place !== undefined && canonical(place) === canonical(at)
    return fits && (rows.length >= want || !batch.more) ? { ...batch, rows } : undefined
  }

  #keep(list: string, start: Position, batch: Batch): void {
    const now = this.#clock()
    for (const [name, { until }] of this.#kept) if (until <= now) this.#kept.delete(name)
    this.#kept.delete(list)
    this.#kept.set(list, { start, batch, until: now + keptMs })
    const sizes = [...this.#kept].map(([name, { batch }]) => [name, batch.rows.length] as const)
    let rows = sizes.reduce((sum, [, size]) => sum + size, 0)
    for (const [name, size] of sizes) {
      if (rows <= mostRows) return
      this.#kept.delete(name)
      rows -= size
    }
  }

  #bar(list: string): void {
    this.#barred.set(list, this.#clock() + keptMs)
  }

  #isBarred(list: string): boolean {
    const now = this.#clock()
    for (const [name, until] of this.#barred) if (until <= now) this.#barred.delete(name)
    return this.#barred.has(list)
  }
}
