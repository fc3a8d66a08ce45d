import type { Operation } from '../../operations/operation.ts'
import { InputError } from '../../shared/errors.ts'
import type { Row } from '../answer.ts'

/** "kept five minutes" (design 4): enough for a preview and its call. */
const keptMs = 5 * 60_000
const mostKept = 20_000
/** Longer texts are not kept: names and UUIDs are short, and contents and outputs are not looked up here. */
const longestText = 2_000
const mostScanned = 10_000

/** Walks a list, whole or filtered. */
type Walk = (
  list: Operation,
  args: Readonly<Record<string, unknown>>,
) => AsyncGenerator<{ readonly rows: readonly Row[] }, void, void>

interface Kept {
  readonly row: Row
  readonly until: number
  /** The number of the page that showed the row, counted over all lists. */
  readonly page: number
}

/**
 * The lookup cache: rows that lists showed lately, by id. It supplies the UUIDs that requests need and the
 * names that people read.
 */
export class Directory {
  readonly #clock: () => number
  readonly #kept = new Map<string, Kept>()
  #pages = 0

  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  /** Caches the rows of a page that have an id. */
  remember({ name }: Operation, rows: readonly Row[]): void {
    const now = this.#clock()
    this.#pages++
    for (const row of rows) {
      const { id } = row
      if (typeof id !== 'string' && typeof id !== 'number') continue
      this.#kept.delete(`${name} ${id}`)
      this.#kept.set(`${name} ${id}`, { row: lean(row), until: now + keptMs, page: this.#pages })
    }
    for (const [key, { until }] of this.#kept) {
      if (this.#kept.size <= mostKept && until > now) break
      this.#kept.delete(key)
    }
  }

  /**
   * The rows with these ids; ids that the list does not show are left out. `fresh`: asks Qualys again, and
   * uses a cached row only if the list no longer shows it (some rows of CAR appear only under a filter).
   */
  async find(
    list: Operation,
    ids: readonly string[],
    walk: Walk,
    fresh = false,
  ): Promise<ReadonlyMap<string, Row>> {
    const behind = fresh ? this.#pages : 0
    await this.#bring(list, ids, walk, behind)
    const gone = (kept: Kept | undefined): boolean =>
      list.byId?.exact === true && kept !== undefined && kept.page <= behind
    return new Map(
      ids
        .map((id) => [id, this.#seen(list, id)] as const)
        .flatMap(([id, kept]) => (gone(kept) ? [] : [[id, kept?.row] as const]))
        .filter(isFound),
    )
  }

  /** Fetches the ids that no page after number `behind` has shown. */
  async #bring(list: Operation, ids: readonly string[], walk: Walk, behind: number): Promise<void> {
    const missing = (): string[] => ids.filter((id) => (this.#seen(list, id)?.page ?? 0) <= behind)
    const { byId } = list
    let exact = byId !== undefined
    for (let wanted = missing(); byId && exact && wanted.length > 0; wanted = wanted.slice(byId.most)) {
      const asked = wanted.slice(0, byId.most)
      exact = await this.#askFor(list, asked, walk(list, byId.args(asked)))
    }
    if (exact || missing().length === 0) return
    let scanned = 0
    for await (const { rows } of walk(list, {})) {
      this.remember(list, rows)
      scanned += rows.length
      if (missing().length === 0 || scanned >= mostScanned) return
    }
  }

  #seen({ name }: Operation, id: string): Kept | undefined {
    const kept = this.#kept.get(`${name} ${id}`)
    return kept && kept.until > this.#clock() ? kept : undefined
  }

  /** Reads the rows that were asked for by id; false if Qualys refuses the filter or returns other rows. */
  async #askFor(list: Operation, ids: readonly string[], found: ReturnType<Walk>): Promise<boolean> {
    let some = list.byId?.exact === true
    try {
      for await (const { rows } of found) {
        this.remember(list, rows)
        if (!rows.every((row) => ids.includes(String(row['id'])))) return false
        some ||= rows.length > 0
      }
      return some
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  }
}

function isFound(entry: readonly [string, Row | undefined]): entry is readonly [string, Row] {
  return entry[1] !== undefined
}

const isLong = (value: unknown): boolean => typeof value === 'string' && value.length > longestText

/** A row without its long texts: each row of a page of outputs can hold a megabyte. */
function lean(row: Row): Row {
  return Object.values(row).some(isLong)
    ? Object.fromEntries(Object.entries(row).filter(([, value]) => !isLong(value)))
    : row
}
