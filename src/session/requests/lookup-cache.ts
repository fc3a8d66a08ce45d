import type { Operation } from '../../operations/operation.ts'
import { InputError } from '../../shared/errors.ts'
import { isId } from '../../shared/json.ts'
import { ByteCache } from '../../shared/memory/byte-cache.ts'
import type { Row } from '../answer.ts'
import { isCut, markCut } from '../records/cut-rows.ts'

/** "kept five minutes" (design 4): enough for a preview and its call. */
const lifetimeMs = 5 * 60_000
/** Over all lists: 20,000 rows of 800 bytes, four times as many short ones. */
const maxBytes = 16 * 2 ** 20
/** Longer texts are not kept: names and UUIDs are short, and contents and outputs are not looked up here. */
const maxTextLength = 2_000
const maxScanned = 10_000

/** Walks a list, whole or filtered. */
type Walk = (
  list: Operation,
  args: Readonly<Record<string, unknown>>,
) => AsyncGenerator<{ readonly rows: readonly Row[] }, void, void>

interface CacheEntry {
  readonly row: Row
  /** The number of the page that showed the row, counted over all lists. */
  readonly pageNumber: number
}

/** Ids that are looked up, and what was found: kept beside the cache, which may not have room for all of it. */
interface Lookup {
  readonly list: Operation
  readonly ids: ReadonlySet<string>
  readonly found: Map<string, CacheEntry>
}

/**
 * The lookup cache: rows that lists showed lately, by id. It supplies the UUIDs that requests need and the
 * names that people read.
 */
export class LookupCache {
  readonly #entries: ByteCache<CacheEntry>
  #pageCount = 0

  constructor(now: () => number = () => performance.now()) {
    this.#entries = new ByteCache({ maxBytes, lifetimeMs, now })
  }

  /** Caches the rows of a page that have an id. */
  remember(list: Operation, rows: readonly Row[]): void {
    this.#pageCount++
    for (const row of rows) {
      const { id } = row
      if (!isId(id)) continue
      this.#entries.set(keyOf(list, id), { row: withoutLongTexts(row), pageNumber: this.#pageCount })
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
    const lastPage = fresh ? this.#pageCount : 0
    const lookup: Lookup = { list, ids: new Set(ids), found: new Map() }
    for (const id of ids) {
      const entry = this.#entries.get(keyOf(list, id))
      if (entry) lookup.found.set(id, entry)
    }
    await this.#fetchMissing(lookup, walk, lastPage)
    const isGone = ({ pageNumber }: CacheEntry): boolean =>
      list.byId?.exact === true && pageNumber <= lastPage
    return new Map(
      ids.flatMap((id) => {
        const entry = lookup.found.get(id)
        return entry && !isGone(entry) ? [[id, entry.row] as const] : []
      }),
    )
  }

  /** The rows that pages of a list showed lately. */
  recent({ name }: Operation): Row[] {
    return [...this.#entries.entries()]
      .filter(([key]) => key.startsWith(`${name} `))
      .map(([, { row }]) => row)
  }

  /** Fetches the ids that no page after number `lastPage` has shown. */
  async #fetchMissing(lookup: Lookup, walk: Walk, lastPage: number): Promise<void> {
    const { list, ids, found } = lookup
    const missing = (): string[] => [...ids].filter((id) => (found.get(id)?.pageNumber ?? 0) <= lastPage)
    const { byId } = list
    let isExact = byId !== undefined
    for (
      let remaining = missing();
      byId && isExact && remaining.length > 0;
      remaining = remaining.slice(byId.maxIds)
    ) {
      const chunk = remaining.slice(0, byId.maxIds)
      isExact = await this.#fetchByIds(lookup, chunk, walk(list, byId.args(chunk)))
      const left = missing().filter((id) => chunk.includes(id))
      if (byId.otherArgs && left.length > 0)
        isExact = (await this.#fetchByIds(lookup, left, walk(list, byId.otherArgs(left)))) || isExact
    }
    if (isExact || missing().length === 0) return
    let scanned = 0
    for await (const { rows } of walk(list, {})) {
      this.#rememberFound(lookup, rows)
      scanned += rows.length
      if (missing().length === 0 || scanned >= maxScanned) return
    }
  }

  #rememberFound({ list, ids, found }: Lookup, rows: readonly Row[]): void {
    this.remember(list, rows)
    for (const row of rows)
      if (isId(row['id']) && ids.has(String(row['id'])))
        found.set(String(row['id']), { row: withoutLongTexts(row), pageNumber: this.#pageCount })
  }

  /** Reads the rows that were asked for by id; false if Qualys refuses the filter or returns other rows. */
  async #fetchByIds(lookup: Lookup, ids: readonly string[], batches: ReturnType<Walk>): Promise<boolean> {
    let isConfirmed = lookup.list.byId?.exact === true
    try {
      for await (const { rows } of batches) {
        this.#rememberFound(lookup, rows)
        if (!rows.every((row) => ids.includes(String(row['id'])))) return false
        isConfirmed ||= rows.length > 0
      }
      return isConfirmed
    } catch (error) {
      if (error instanceof InputError) return false
      throw error
    }
  }
}

const keyOf = ({ name }: Operation, id: string | number): string => `${name} ${id}`

const isLong = (value: unknown): boolean => typeof value === 'string' && value.length > maxTextLength

/** A row without its long texts: each row of a page of outputs can hold a megabyte. */
function withoutLongTexts(row: Row): Row {
  if (!Object.values(row).some(isLong)) return row
  const kept = Object.fromEntries(Object.entries(row).filter(([, value]) => !isLong(value)))
  return isCut(row) ? markCut(kept) : kept
}
