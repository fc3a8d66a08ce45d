import type { Operation } from '../../operations/operation.ts'
import { canonicalJson } from '../../shared/json.ts'
import { ByteCache } from '../../shared/memory/byte-cache.ts'
import type { Row } from '../answer.ts'

/** "kept five minutes" (design 4): enough for a preview and its call. */
const lifetimeMs = 5 * 60_000
/** A list that is kept is short; of a longer one the first rows are. */
const maxRows = 10_000
/** Over all lists. Ten thousand rows of names are 2 to 4 MB. */
const maxBytes = 16 * 2 ** 20

/** Whole lists that rarely change: kept for five minutes, or until this server changes them. */
export class ListCache {
  readonly #lists: ByteCache<readonly Row[]>
  /** The latest reading of each list that is being read. One that is forgotten meanwhile may be older than a change. */
  readonly #readings = new Map<string, readonly Row[]>()

  constructor(now: () => number = () => performance.now()) {
    this.#lists = new ByteCache({ maxBytes, lifetimeMs, now })
  }

  /** The rows of a list for this input; `walk` reads them if none are kept. */
  async read(
    { name }: Operation,
    walk: () => AsyncIterable<{ readonly rows: readonly Row[] }>,
    input: Row = {},
  ): Promise<readonly Row[]> {
    const key = `${name} ${canonicalJson(input)}`
    const kept = this.#lists.get(key)
    if (kept) return kept
    const rows: Row[] = []
    this.#readings.set(key, rows)
    try {
      for await (const batch of walk()) {
        for (const row of batch.rows) rows.push(row)
        if (rows.length >= maxRows) break
      }
      if (this.#readings.get(key) === rows) this.#lists.set(key, rows)
    } finally {
      if (this.#readings.get(key) === rows) this.#readings.delete(key)
    }
    return rows
  }

  /** Forgets a list, since its rows were changed. */
  forget({ name }: Operation): void {
    for (const key of this.#readings.keys()) if (key.startsWith(`${name} `)) this.#readings.delete(key)
    for (const [key] of this.#lists.entries()) if (key.startsWith(`${name} `)) this.#lists.delete(key)
  }
}
