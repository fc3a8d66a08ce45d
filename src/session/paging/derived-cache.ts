import type { DerivedRows } from '../../operations/reads/derived-rows.ts'
import { ByteCache } from '../../shared/memory/byte-cache.ts'
import type { Cursor } from '../answer.ts'

const lifetimeMs = 60_000
/** Over all lists. One campaign has at most five thousand recipients, which are 2 to 4 MB. */
const maxBytes = 16 * 2 ** 20

/**
 * Derived rows between two pages, so that paging does not read all other lists for each page. The first page reads
 * them anew; a token also works when they are no longer kept.
 */
export class DerivedCache {
  readonly #entries: ByteCache<DerivedRows>
  #invalidations = 0

  constructor(now: () => number = () => performance.now()) {
    this.#entries = new ByteCache({ maxBytes, lifetimeMs, now })
  }

  /** `list`: what names these rows, the account included. */
  async read(list: string, [offset]: Cursor, derive: () => Promise<DerivedRows>): Promise<DerivedRows> {
    const kept = offset > 0 ? this.#entries.get(list) : undefined
    if (kept) return kept
    const before = this.#invalidations
    const derived = await derive()
    // What was read while an effect happened may be older than the effect.
    if (before === this.#invalidations) this.#entries.set(list, derived)
    return derived
  }

  invalidate(): void {
    this.#invalidations++
    this.#entries.clear()
  }
}
