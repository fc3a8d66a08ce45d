import { isDeepStrictEqual } from 'node:util'
import type { Operation } from '../../operations/operation.ts'
import { DriftError, InputError, TooLargeError, VendorError } from '../../shared/errors.ts'
import type { Cursor } from '../answer.ts'
import { type FetchPage, maxPageSize, type RawPage } from './paging.ts'

const lifetimeMs = 60_000
const maxRows = 5_000

/** True if a smaller request might have succeeded: the answer was too large, refused, or did not arrive. */
function mayBeTooLarge(error: unknown): boolean {
  return error instanceof VendorError || error instanceof InputError || error instanceof DriftError
}

/** The rows of one upstream call, more than the page that asked for them. */
interface CacheEntry {
  readonly start: Cursor
  readonly page: RawPage
  readonly until: number
}

/**
 * The read-ahead cache: rows that came with one page are kept for the next ones, so that paging does not cost
 * one upstream call per 20 rows. The key of a list is what its tokens are bound to, account included. A token
 * also works when its rows are no longer cached.
 */
export class ReadAheadCache {
  readonly #now: () => number
  /** Oldest entry first. */
  readonly #entries = new Map<string, CacheEntry>()
  /** Lists that are not cached, and until when. */
  readonly #suspended = new Map<string, number>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /**
   * Wraps `fetchPage`: from the third page on it fetches as many rows as have been shown so far, at most
   * 1,000.
   */
  wrap(
    fetchPage: FetchPage,
    list: string,
    operation: Operation,
    input: Readonly<Record<string, unknown>>,
  ): FetchPage {
    return async (cursor, count) => {
      const cached = this.#take(list, cursor, count)
      if (cached) return cached
      const [rowsSeen] = cursor
      const size = Math.min(maxPageSize, rowsSeen)
      if (rowsSeen < 2 * count || size <= count || operation.hasLargeRows?.(input) || this.#isSuspended(list))
        return fetchPage(cursor, count)
      try {
        const page = await fetchPage(cursor, size)
        if (page.rows.every(({ record }) => operation.isStable?.(record) ?? true))
          this.#store(list, cursor, page)
        else this.#suspend(list)
        return page
      } catch (error) {
        // The size may be the problem: read-ahead is suspended for this list, and the page is asked for
        // alone, now or by the next call.
        if (mayBeTooLarge(error)) this.#suspend(list)
        if (error instanceof TooLargeError || error instanceof InputError) return fetchPage(cursor, count)
        throw error
      }
    }
  }

  /** Drops the cached rows of one list, or of all lists. */
  invalidate(list?: string): void {
    if (list === undefined) this.#entries.clear()
    else this.#entries.delete(list)
  }

  /** The cached rows from a cursor on, if there are `count` of them or the list ends with them. */
  #take(list: string, cursor: Cursor, count: number): RawPage | undefined {
    const entry = this.#entries.get(list)
    if (!entry) return undefined
    const { start, page, until } = entry
    const index = cursor[0] - start[0]
    const entryCursor = index === 0 ? start : page.rows[index - 1]?.cursorAfter
    const rows = page.rows.slice(index)
    if (index < 0 || until <= this.#now() || !entryCursor) return undefined
    if (!isDeepStrictEqual(entryCursor, cursor)) return undefined
    return rows.length >= count || !page.hasMore ? { ...page, rows } : undefined
  }

  #store(list: string, start: Cursor, page: RawPage): void {
    const now = this.#now()
    for (const [name, { until }] of this.#entries) if (until <= now) this.#entries.delete(name)
    this.#entries.delete(list)
    this.#entries.set(list, { start, page, until: now + lifetimeMs })
    let rows = [...this.#entries.values()].reduce((sum, entry) => sum + entry.page.rows.length, 0)
    for (const [name, entry] of this.#entries) {
      if (rows <= maxRows) return
      this.#entries.delete(name)
      rows -= entry.page.rows.length
    }
  }

  #suspend(list: string): void {
    this.#suspended.set(list, this.#now() + lifetimeMs)
  }

  #isSuspended(list: string): boolean {
    const now = this.#now()
    for (const [name, until] of this.#suspended) if (until <= now) this.#suspended.delete(name)
    return this.#suspended.has(list)
  }
}
