import type { CarKind, FieldTable } from '../data/car/fields.ts'
import type { CarStore } from '../data/car/store.ts'
import type { Random } from '../data/random.ts'
import { badRequest } from '../http/reply.ts'
import type { Knobs } from '../state/knobs.ts'
import { type Expression, parseQql, QqlSyntaxError } from './qql.ts'
import { compileQql, FilterError, type TokenTable, tokensIn } from './qql-match.ts'
import type { Query, SortKey } from './query.ts'
import { compareTuples, indexAfter, type SortedRow, sortRows, valueAt } from './sorting.ts'

/** One kind of record that can be searched. */
export interface CollectionOptions<Row> {
  store: CarStore
  knobs: Knobs
  /** Shuffles ties, differently for every request. */
  random: Random
  now(): number
  fields: FieldTable
  tokens: TokenTable<Row>
  defaultSort: SortKey[]
  rows(): readonly Row[]
  /** The collections that the rows and the tokens are read from. */
  dependsOn: readonly CarKind[]
  /** Rows that are left out unless the filter names `revealToken`: lab tags. */
  isHidden?: (row: Row) => boolean
  revealToken?: string
}

export interface SearchResult<Row> {
  total: number
  page: SortedRow<Row>[]
}

interface CacheEntry<Row> {
  version: number
  rows: SortedRow<Row>[]
}

const maxCacheEntries = 6
const createdAt = ['created', 'dateTime']

/** Filters, sorts and pages the rows of one kind. Sorted lists are cached, so that paging sorts only once. */
export class Collection<Row extends object> {
  readonly #options: CollectionOptions<Row>
  readonly #cache = new Map<string, CacheEntry<Row>>()

  constructor(options: CollectionOptions<Row>) {
    this.#options = options
  }

  get fields(): FieldTable {
    return this.#options.fields
  }

  get defaultSort(): SortKey[] {
    return this.#options.defaultSort
  }

  search(query: Query): SearchResult<Row> {
    const rows = this.#sortedRows(query)
    const { sort, searchAfter, pageNumber, pageSize } = query
    const from = searchAfter ? indexAfter(rows, sort, searchAfter) : pageNumber * pageSize
    const end = Math.min(from + pageSize, rows.length)
    const shuffle = this.#options.knobs.shuffleTies
    const page = shuffle ? this.#shuffleTies(rows, sort, from, end) : rows.slice(from, end)
    return { total: rows.length, page }
  }

  #sortedRows(query: Query): SortedRow<Row>[] {
    const { store, knobs } = this.#options
    const { filter, sort, startAt, endAt } = query
    const key = JSON.stringify([filter, sort, startAt, endAt, knobs.unknownToken])
    const version = store.version(this.#options.dependsOn)
    const cached = this.#cache.get(key)
    if (cached?.version === version) return cached.rows
    const rows = sortRows(this.#matchingRows(query), sort)
    // The value of `now` changes, so the result of such a filter is not cached.
    if (/\bnow\b/i.test(filter)) return rows
    this.#cache.delete(key)
    this.#cache.set(key, { version, rows })
    const [oldest] = this.#cache.keys()
    if (this.#cache.size > maxCacheEntries && oldest !== undefined) this.#cache.delete(oldest)
    return rows
  }

  #matchingRows({ filter, startAt = -Infinity, endAt = Infinity }: Query): Row[] {
    const { rows, isHidden, revealToken = '' } = this.#options
    const expression = filter.trim() === '' ? undefined : parseFilter(filter)
    const matches = expression && this.#compileFilter(expression)
    const isLeftOut = expression && tokensIn(expression).includes(revealToken) ? undefined : isHidden
    const isBounded = Number.isFinite(startAt) || Number.isFinite(endAt)
    return rows().filter((row) => {
      if (isLeftOut?.(row)) return false
      const created = isBounded ? Number(valueAt(row, createdAt)) : 0
      return (!isBounded || (created >= startAt && created <= endAt)) && (matches?.(row) ?? true)
    })
  }

  #compileFilter(expression: Expression): (row: Row) => boolean {
    const { tokens, knobs, now } = this.#options
    try {
      return compileQql(expression, tokens, { unknownToken: knobs.unknownToken, now: now() })
    } catch (error) {
      if (error instanceof FilterError) throw badRequest(`Invalid filter: ${error.message}`)
      throw error
    }
  }

  /** rows[start, end), with every group of ties that the window touches in a new random order. */
  #shuffleTies(rows: SortedRow<Row>[], sort: SortKey[], start: number, end: number): SortedRow<Row>[] {
    const tuple = (at: number) => rows[at]?.sortValues ?? []
    const isTie = (a: number, b: number) => compareTuples(tuple(a), tuple(b), sort) === 0
    let first = start
    while (first > 0 && first < rows.length && isTie(first - 1, first)) first--
    let last = end
    while (last > 0 && last < rows.length && isTie(last - 1, last)) last++
    const window: SortedRow<Row>[] = []
    for (let at = first; at < last; ) {
      let next = at + 1
      while (next < last && isTie(at, next)) next++
      const group = rows.slice(at, next)
      for (const row of this.#options.random.shuffle(group)) window.push(row)
      at = next
    }
    return window.slice(start - first, end - first)
  }
}

function parseFilter(filter: string): Expression {
  try {
    return parseQql(filter)
  } catch (error) {
    if (error instanceof QqlSyntaxError) throw badRequest(`Invalid filter: ${error.message}`)
    throw error
  }
}
