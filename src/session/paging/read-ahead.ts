import { isDeepStrictEqual } from 'node:util'
import type { Operation } from '../../operations/operation.ts'
import { DriftError, InputError, TooLargeError, VendorError } from '../../shared/errors.ts'
import { ByteCache } from '../../shared/memory/byte-cache.ts'
import type { Cursor } from '../answer.ts'
import { type FetchPage, maxPageSize, type RawPage } from './paging.ts'

const lifetimeMs = 60_000
/** Over all lists. A thousand jobs are 1 to 2 MB, so that several lists can be paged at once. */
const maxBytes = 16 * 2 ** 20
/** Only names of lists, which hold the arguments of a call. */
const maxSuspendedBytes = 2 ** 20

/** True if a smaller request might have succeeded: the answer was too large, refused, or did not arrive. */
function mayBeTooLarge(error: unknown): boolean {
  return error instanceof VendorError || error instanceof InputError || error instanceof DriftError
}

/** The rows of one upstream call, more than the page that asked for them. */
interface CacheEntry {
  readonly start: Cursor
  readonly page: RawPage
}

/**
 * The read-ahead cache: rows that came with one page are kept for the next ones, so that paging does not cost
 * one upstream call per 20 rows. The key of a list is what its tokens are bound to, account included. A token
 * also works when its rows are no longer cached.
 */
export class ReadAheadCache {
  readonly #entries: ByteCache<CacheEntry>
  /** Lists that are not cached for a while. */
  readonly #suspended: ByteCache<true>

  constructor(now: () => number = () => performance.now()) {
    this.#entries = new ByteCache({ maxBytes, lifetimeMs, now })
    this.#suspended = new ByteCache({ maxBytes: maxSuspendedBytes, lifetimeMs, now })
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
      if (
        rowsSeen < 2 * count ||
        size <= count ||
        operation.hasLargeRows?.(input) ||
        this.#suspended.get(list)
      )
        return fetchPage(cursor, count)
      try {
        const page = await fetchPage(cursor, size)
        if (page.rows.every(({ record }) => operation.isStable?.(record) ?? true))
          this.#entries.set(list, { start: cursor, page })
        else this.#suspended.set(list, true)
        return page
      } catch (error) {
        // The size may be the problem: read-ahead is suspended for this list, and the page is asked for
        // alone, now or by the next call.
        if (mayBeTooLarge(error)) this.#suspended.set(list, true)
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
    const { start, page } = entry
    const index = cursor[0] - start[0]
    const entryCursor = index === 0 ? start : page.rows[index - 1]?.cursorAfter
    const rows = page.rows.slice(index)
    if (index < 0 || !entryCursor) return undefined
    if (!isDeepStrictEqual(entryCursor, cursor)) return undefined
    return rows.length >= count || !page.hasMore ? { ...page, rows } : undefined
  }
}
