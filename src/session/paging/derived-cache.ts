import type { DerivedRows } from '../../operations/reads/derived-rows.ts'
import type { Cursor } from '../answer.ts'

const lifetimeMs = 60_000
/** Over all lists. One campaign has at most five thousand recipients. */
const maxRows = 10_000

interface CacheEntry {
  readonly derived: DerivedRows
  readonly until: number
}

/**
 * Derived rows between two pages, so that paging does not read all other lists for each page. The first page reads
 * them anew; a token also works when they are no longer kept.
 */
export class DerivedCache {
  readonly #now: () => number
  /** Oldest entry first. */
  readonly #entries = new Map<string, CacheEntry>()
  #invalidations = 0

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** `list`: what names these rows, the account included. */
  async read(list: string, [offset]: Cursor, derive: () => Promise<DerivedRows>): Promise<DerivedRows> {
    const entry = this.#entries.get(list)
    if (offset > 0 && entry && entry.until > this.#now()) return entry.derived
    const before = this.#invalidations
    const derived = await derive()
    // What was read while an effect happened may be older than the effect.
    if (before === this.#invalidations) this.#store(list, derived)
    return derived
  }

  invalidate(): void {
    this.#invalidations++
    this.#entries.clear()
  }

  #store(list: string, derived: DerivedRows): void {
    const now = this.#now()
    this.#entries.delete(list)
    this.#entries.set(list, { derived, until: now + lifetimeMs })
    let rows = 0
    for (const [name, entry] of [...this.#entries].reverse()) {
      rows += entry.derived.rows.length
      if (rows > maxRows || entry.until <= now) this.#entries.delete(name)
    }
  }
}
