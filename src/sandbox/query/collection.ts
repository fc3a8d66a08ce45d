import type { FieldTable, Kind } from '../data/car/fields.ts'
import type { Store } from '../data/car/store.ts'
import type { Random } from '../data/random.ts'
import { badRequest } from '../http/reply.ts'
import type { Knobs } from '../state/knobs.ts'
import { compareTuples, firstBehind, type Ranked, rank, valueAt } from './order.ts'
import { type Expression, parseQql, SyntaxProblem } from './qql.ts'
import { compileQql, FilterProblem, type TokenTable, tokensIn } from './qql-match.ts'
import type { Query, SortKey } from './query.ts'

/** One kind of record that can be searched. */
export interface CollectionOptions<Row> {
  store: Store
  knobs: Knobs
  /** Decides the order of ties, anew at every request. */
  chance: Random
  now(): number
  fields: FieldTable
  tokens: TokenTable<Row>
  defaultSort: SortKey[]
  rows(): readonly Row[]
  /** The collections that the rows and the tokens are read from. */
  reads: readonly Kind[]
  /** Rows that are left out unless the filter names a certain token: lab tags. */
  hidden?: (row: Row) => boolean
  unhiddenBy?: string
}

/** The result of one search. */
export interface Found<Row> {
  total: number
  page: Ranked<Row>[]
}

interface Ranking<Row> {
  version: number
  rows: Ranked<Row>[]
}

const kept = 6
const createdAt = ['created', 'dateTime']

/** Filters, sorts and pages the rows of one kind. Sorted lists are cached, so that paging sorts only once. */
export class Collection<Row extends object> {
  readonly #options: CollectionOptions<Row>
  readonly #rankings = new Map<string, Ranking<Row>>()

  constructor(options: CollectionOptions<Row>) {
    this.#options = options
  }

  get fields(): FieldTable {
    return this.#options.fields
  }

  get defaultSort(): SortKey[] {
    return this.#options.defaultSort
  }

  search(query: Query): Found<Row> {
    const ranked = this.#ranked(query)
    const { sort, searchAfter, pageNumber, pageSize } = query
    const start = searchAfter ? firstBehind(ranked, sort, searchAfter) : pageNumber * pageSize
    const end = Math.min(start + pageSize, ranked.length)
    const shuffle = this.#options.knobs.shuffleTies
    const page = shuffle ? this.#shuffled(ranked, sort, start, end) : ranked.slice(start, end)
    return { total: ranked.length, page }
  }

  #ranked(query: Query): Ranked<Row>[] {
    const { store, knobs } = this.#options
    const { filter, sort, startAt, endAt } = query
    const key = JSON.stringify([filter, sort, startAt, endAt, knobs.unknownToken])
    const version = store.version(this.#options.reads)
    const known = this.#rankings.get(key)
    if (known?.version === version) return known.rows
    const rows = rank(this.#matching(query), sort)
    // The meaning of `now` changes, so such a list is not cached.
    if (/\bnow\b/i.test(filter)) return rows
    this.#rankings.delete(key)
    this.#rankings.set(key, { version, rows })
    const [oldest] = this.#rankings.keys()
    if (this.#rankings.size > kept && oldest !== undefined) this.#rankings.delete(oldest)
    return rows
  }

  #matching({ filter, startAt = -Infinity, endAt = Infinity }: Query): Row[] {
    const { rows, hidden, unhiddenBy = '' } = this.#options
    const expression = filter.trim() === '' ? undefined : read(filter)
    const test = expression && this.#compiled(expression)
    const shown = expression && tokensIn(expression).includes(unhiddenBy) ? undefined : hidden
    const bounded = Number.isFinite(startAt) || Number.isFinite(endAt)
    return rows().filter((row) => {
      if (shown?.(row)) return false
      const created = bounded ? Number(valueAt(row, createdAt)) : 0
      return (!bounded || (created >= startAt && created <= endAt)) && (test?.(row) ?? true)
    })
  }

  #compiled(expression: Expression): (row: Row) => boolean {
    const { tokens, knobs, now } = this.#options
    try {
      return compileQql(expression, tokens, { unknownToken: knobs.unknownToken, now: now() })
    } catch (error) {
      if (error instanceof FilterProblem) throw badRequest(`Invalid filter: ${error.message}`)
      throw error
    }
  }

  /** rows[start, end), with every group of ties that the window touches in a new random order. */
  #shuffled(rows: Ranked<Row>[], sort: SortKey[], start: number, end: number): Ranked<Row>[] {
    const tuple = (at: number) => rows[at]?.sortValues ?? []
    const equal = (a: number, b: number) => compareTuples(tuple(a), tuple(b), sort) === 0
    let first = start
    while (first > 0 && first < rows.length && equal(first - 1, first)) first--
    let last = end
    while (last > 0 && last < rows.length && equal(last - 1, last)) last++
    const window: Ranked<Row>[] = []
    for (let at = first; at < last; ) {
      let next = at + 1
      while (next < last && equal(at, next)) next++
      const group = rows.slice(at, next)
      for (const row of this.#options.chance.shuffle(group)) window.push(row)
      at = next
    }
    return window.slice(start - first, end - first)
  }
}

function read(filter: string): Expression {
  try {
    return parseQql(filter)
  } catch (error) {
    if (error instanceof SyntaxProblem) throw badRequest(`Invalid filter: ${error.message}`)
    throw error
  }
}
