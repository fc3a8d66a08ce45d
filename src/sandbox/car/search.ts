import { type FieldTable, fields, type Kind } from '../data/car/fields.ts'
import { badRequest, bodyAlone, enveloped } from '../http/reply.ts'
import type { Route } from '../http/route.ts'
import { Collection, type CollectionOptions } from '../query/collection.ts'
import { type QueryField, readQuery, type SortKey, type SortValue } from '../query/query.ts'
import type { World } from '../state/world.ts'
import { readBody } from './body.ts'

/** The form of list items: flat in v1, wrapped in v2; assets carry sortValues inside the record. */
type ItemShape = 'flat' | 'wrapped' | 'flatWithSortValues'

/** The options of a search route. */
export interface SearchOptions<Row extends object> {
  collection: Collection<Row>
  /** The body fields that its page names. Others are ignored, or refused if strictBody is set. */
  takes: readonly QueryField[]
  shape: ItemShape
  /** The record in its wire form. */
  show(row: Row, includeScriptResult: boolean): object
  /** scheduler/search answers `{body}` alone (release_2_6_api.htm). */
  bodyOnly?: boolean
}

/** Newest first; ties in any order. */
const newestFirst: SortKey[] = [{ path: 'created.dateTime', descending: true }]

/** A collection of the world's rows. */
export function collect<Row extends object>(
  world: World,
  kind: Kind,
  options: Pick<CollectionOptions<Row>, 'tokens' | 'rows'> & Partial<CollectionOptions<Row>>,
): Collection<Row> {
  const { store, knobs, chance, now } = world
  const all: FieldTable = { ...fields[kind].documented, ...fields[kind].invented }
  return new Collection({
    store,
    knobs,
    chance,
    now,
    fields: all,
    reads: [kind],
    defaultSort: newestFirst,
    ...options,
  })
}

/** The handler of a search route. */
export function search<Row extends object>(world: World, options: SearchOptions<Row>): Route['handle'] {
  const { collection, takes, shape, show, bodyOnly = false } = options
  const item: Record<ItemShape, (row: object, sortValues: SortValue[] | undefined) => object> = {
    flat: (row) => row,
    wrapped: (data, sortValues) => (sortValues ? { sortValues, data } : { data }),
    flatWithSortValues: (row, sortValues) => (sortValues ? { sortValues, ...row } : row),
  }
  return (call) => {
    const body = readBody(world, call)
    const unknown = Object.keys(body).find((name) => !takes.some((taken) => taken === name))
    if (world.knobs.strictBody && unknown !== undefined) throw badRequest(`Unrecognized field "${unknown}"`)
    const query = readQuery(body, takes, collection.fields, collection.defaultSort)
    const { total, page } = collection.search(query)
    const list = page.map(({ row, sortValues }) =>
      item[shape](show(row, query.includeScriptResult), world.knobs.sortValues ? sortValues : undefined),
    )
    const found = { totalCount: total, list }
    return bodyOnly ? bodyAlone(found) : enveloped(found)
  }
}
