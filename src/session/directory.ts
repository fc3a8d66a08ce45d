import type { Operation } from '../operations/operation.ts'
import { InputError } from './errors.ts'
import type { Row } from './record.ts'
import type { Stretch } from './walk.ts'

/** "kept five minutes" (design 4): long enough for a preview and its call. */
const keptMs = 5 * 60_000
const mostKept = 20_000
/** Ids asked for in one filter. */
const perFilter = 100
const mostScanned = 10_000

/** Walks a list, whole or filtered. */
type Walk = (list: Operation, args: Readonly<Record<string, unknown>>) => AsyncGenerator<Stretch, void, void>

interface Kept {
  readonly row: Row
  readonly until: number
}

/** What lists showed lately, by id: the other names of things that the wire wants, and a person wants to read. */
export class Directory {
  readonly #clock: () => number
  readonly #kept = new Map<string, Kept>()

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  /** Keeps the rows of a page. */
  remember({ name }: Operation, rows: readonly Row[]): void {
    const until = this.#clock() + keptMs
    for (const row of rows) {
      const key = `${name} ${String(row['id'])}`
      this.#kept.delete(key)
      this.#kept.set(key, { row, until })
    }
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break
      this.#kept.delete(key)
    }
  }

  /**
   * The rows with these ids, as far as the list shows them. `fresh`: as they are now; what was seen before only where
   * the list no longer shows it, as with rows that a filter alone brings up.
   */
  async find(
    list: Operation,
    ids: readonly string[],
    walk: Walk,
    fresh = false,
  ): Promise<ReadonlyMap<string, Row>> {
    if (!fresh) return this.#find(list, ids, walk)
    const before = new Map(ids.flatMap((id) => [[id, this.#row(list, id)] as const]).filter(isFound))
    for (const id of ids) this.#kept.delete(`${list.name} ${id}`)
    const now = await this.#find(list, ids, walk)
    this.remember(
      list,
      [...before].filter(([id]) => !now.has(id)).map(([, row]) => row),
    )
    return new Map([...before, ...now])
  }

  async #find(list: Operation, ids: readonly string[], walk: Walk): Promise<ReadonlyMap<string, Row>> {
    const missing = (): string[] => ids.filter((id) => this.#row(list, id) === undefined)
    let exact = list.paging?.kind !== 'whole'
    for (let wanted = missing(); exact && wanted.length > 0; wanted = wanted.slice(perFilter)) {
      exact = await this.#askFor(list, wanted.slice(0, perFilter), walk)
    }
    if (!exact && missing().length > 0) {
      let scanned = 0
      for await (const { rows } of walk(list, {})) {
        this.remember(list, rows)
        scanned += rows.length
        if (missing().length === 0 || scanned >= mostScanned) break
      }
    }
    return new Map(ids.flatMap((id) => [[id, this.#row(list, id)] as const]).filter(isFound))
  }

  #row({ name }: Operation, id: string): Row | undefined {
    const kept = this.#kept.get(`${name} ${id}`)
    return kept && kept.until > this.#clock() ? kept.row : undefined
  }

  /** Asks for ids by filter; false where the token is not known there, or brings other rows than those asked for. */
  async #askFor(list: Operation, ids: readonly string[], walk: Walk): Promise<boolean> {
    try {
      for await (const { rows } of walk(list, { filter: ids.map((id) => `id:${id}`).join(' OR ') })) {
        this.remember(list, rows)
        return rows.length > 0 && rows.every((row) => ids.includes(String(row['id'])))
      }
      return false
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  }
}

function isFound(entry: readonly [string, Row | undefined]): entry is readonly [string, Row] {
  return entry[1] !== undefined
}
