import type { Names } from '../assumptions/assumption.ts'
import type { FieldTable } from '../data/car/fields.ts'
import type { CarStore } from '../data/car/store.ts'
import { badRequest } from '../http/reply.ts'
import type { World } from '../state/world.ts'
import { parseQql, QqlSyntaxError } from './qql.ts'
import { compileQql, FilterError, type TokenTable, tokensIn } from './qql-match.ts'
import type { Query, SortKey } from './query.ts'
import { compareTuples, indexAfter, type SortedRow, sortRows, valueAt } from './sorting.ts'

/** The names of a kind of record, for the list of assumptions. */
export interface CollectionNames {
  kind: string
  /** Default: those of its kind in data/car/fields.ts. */
  fields?: Names<FieldTable>
  tokens: Names<object>
}

/** One kind of record that can be searched. */
export interface Collection<Row> extends CollectionNames {
  tokens: Names<TokenTable<Row>>
  /** The form of its records, if a knob can change it. */
  form?: string
  rows(store: CarStore): readonly Row[]
  /** Other kinds that the tokens are read from. */
  dependsOn?: readonly string[]
  /** Default: newest first. */
  defaultSort?: SortKey[]
  /** Rows that are left out unless the filter names `revealToken`: lab tags. */
  isHidden?: (row: Row) => boolean
  revealToken?: string
}

/** Filters, sorts and pages the rows of one kind. */
export function searchRows<Row extends object>(
  world: World,
  collection: Collection<Row>,
  query: Query,
): { total: number; page: SortedRow<Row>[] } {
  const rows = sortedRows(world, collection, query)
  const { sort, searchAfter, pageNumber, pageSize } = query
  const from = searchAfter ? indexAfter(rows, sort, searchAfter) : pageNumber * pageSize
  const end = Math.min(from + pageSize, rows.length)
  const page = world.knobs.shuffleTies ? shuffleTies(world, rows, sort, from, end) : rows.slice(from, end)
  return { total: rows.length, page }
}

const maxCacheEntries = 20
/** The latest sorted lists of each store, so that paging sorts only once. */
const caches = new WeakMap<CarStore, Map<string, SortedRow<object>[]>>()

function sortedRows<Row extends object>(
  world: World,
  collection: Collection<Row>,
  query: Query,
): SortedRow<Row>[] {
  const { store, knobs } = world
  const { kind, form, dependsOn = [] } = collection
  const { filter, sort, startAt, endAt } = query
  const version = store.version([kind, ...dependsOn])
  const key = JSON.stringify([kind, form, version, filter, sort, startAt, endAt, knobs.unknownToken])
  const cache = caches.get(store) ?? new Map<string, SortedRow<object>[]>()
  caches.set(store, cache)
  const cached = cache.get(key)
  if (cached) return cached as SortedRow<Row>[]
  const rows = sortRows(matchingRows(world, collection, query), sort)
  // The value of `now` changes, so the result of such a filter is not cached.
  if (/\bnow\b/i.test(filter)) return rows
  cache.set(key, rows)
  const [oldest] = cache.keys()
  if (cache.size > maxCacheEntries && oldest !== undefined) cache.delete(oldest)
  return rows
}

const createdAt = ['created', 'dateTime']

function matchingRows<Row extends object>(
  world: World,
  { tokens, rows, isHidden, revealToken = '' }: Collection<Row>,
  { filter, startAt = -Infinity, endAt = Infinity }: Query,
): Row[] {
  const table = { ...tokens.documented, ...tokens.assumed?.names }
  const { matches, named } = compileFilter(filter, table, world)
  const isLeftOut = named.includes(revealToken) ? undefined : isHidden
  const isBounded = Number.isFinite(startAt) || Number.isFinite(endAt)
  return rows(world.store).filter((row) => {
    if (isLeftOut?.(row)) return false
    const created = isBounded ? Number(valueAt(row, createdAt)) : 0
    return (!isBounded || (created >= startAt && created <= endAt)) && matches(row)
  })
}

function compileFilter<Row>(filter: string, tokens: TokenTable<Row>, { store, knobs, now }: World) {
  if (filter.trim() === '') return { matches: () => true, named: [] }
  try {
    const expression = parseQql(filter)
    const options = { unknownToken: knobs.unknownToken, now: now(), store }
    return { matches: compileQql(expression, tokens, options), named: tokensIn(expression) }
  } catch (error) {
    if (!(error instanceof QqlSyntaxError || error instanceof FilterError)) throw error
    throw badRequest(`Invalid filter: ${error.message}`)
  }
}

/** rows[start, end), with every group of ties that the window touches in a new random order. */
function shuffleTies<Row>(
  { random }: World,
  rows: SortedRow<Row>[],
  sort: SortKey[],
  start: number,
  end: number,
): SortedRow<Row>[] {
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
    for (const row of random.shuffle(rows.slice(at, next))) window.push(row)
    at = next
  }
  return window.slice(start - first, end - first)
}
