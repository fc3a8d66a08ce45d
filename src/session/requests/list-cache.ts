import type { Operation } from '../../operations/operation.ts'
import { canonicalJson } from '../../shared/json.ts'
import type { Row } from '../answer.ts'

/** "kept five minutes" (design 4): enough for a preview and its call. */
const lifetimeMs = 5 * 60_000
/** A list that is kept is short; of a longer one the first rows are. */
const maxRows = 10_000

interface KeptList {
  readonly rows: readonly Row[]
  readonly until: number
}

/** Whole lists that rarely change: kept for five minutes, or until this server changes them. */
export class ListCache {
  readonly #now: () => number
  readonly #lists = new Map<string, KeptList>()

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** The rows of a list for this input; `walk` reads them if none are kept. */
  async read(
    { name }: Operation,
    walk: () => AsyncIterable<{ readonly rows: readonly Row[] }>,
    input: Row = {},
  ): Promise<readonly Row[]> {
    const key = `${name} ${canonicalJson(input)}`
    const kept = this.#lists.get(key)
    if (kept && kept.until > this.#now()) return kept.rows
    this.#lists.delete(key)
    const rows: Row[] = []
    // An entry that is gone when the walk ends was forgotten meanwhile: the rows may be older than the change.
    const reading: KeptList = { rows, until: 0 }
    this.#lists.set(key, reading)
    for await (const batch of walk()) {
      for (const row of batch.rows) rows.push(row)
      if (rows.length >= maxRows) break
    }
    if (this.#lists.get(key) === reading) this.#lists.set(key, { rows, until: this.#now() + lifetimeMs })
    return rows
  }

  /** Forgets a list, since its rows were changed. */
  forget({ name }: Operation): void {
    for (const key of this.#lists.keys()) if (key.startsWith(`${name} `)) this.#lists.delete(key)
  }
}
