import { type CarKind, carFields, type FieldTable } from '../data/car/fields.ts'
import { badRequest, bareBody, resultEnvelope } from '../http/reply.ts'
import type { Route } from '../http/route.ts'
import { Collection, type CollectionOptions } from '../query/collection.ts'
import { type QueryField, readQuery, type SortKey, type SortValue } from '../query/query.ts'
import type { World } from '../state/world.ts'
import { readBody } from './body.ts'

/** The form of list items: flat in v1, wrapped in v2; assets carry sortValues inside the record. */
type ItemFormat = 'flat' | 'wrapped' | 'flatWithSortValues'

export interface SearchOptions<Row extends object> {
  collection: Collection<Row>
  /** The body fields that its page names. Others are ignored, or refused if strictBody is set. */
  allowedFields: readonly QueryField[]
  itemFormat: ItemFormat
  /** The record in its wire form. */
  toWire(row: Row, includeScriptResult: boolean): object
  /** scheduler/search answers `{body}` alone (release_2_6_api.htm). */
  bodyOnly?: boolean
}

/** Newest first; ties in any order. */
const newestFirst: SortKey[] = [{ path: 'created.dateTime', descending: true }]

export function makeCollection<Row extends object>(
  world: World,
  kind: CarKind,
  options: Pick<CollectionOptions<Row>, 'tokens' | 'rows'> & Partial<CollectionOptions<Row>>,
): Collection<Row> {
  const { store, knobs, random, now } = world
  const all: FieldTable = { ...carFields[kind].documented, ...carFields[kind].assumed }
  return new Collection({
    store,
    knobs,
    random,
    now,
    fields: all,
    dependsOn: [kind],
    defaultSort: newestFirst,
    ...options,
  })
}

/** The handler of a search route. */
export function makeSearchHandler<Row extends object>(
  world: World,
  options: SearchOptions<Row>,
): Route['handle'] {
  const { collection, allowedFields, itemFormat, toWire, bodyOnly = false } = options
  const formats: Record<ItemFormat, (row: object, sortValues: SortValue[] | undefined) => object> = {
    flat: (row) => row,
    wrapped: (data, sortValues) => (sortValues ? { sortValues, data } : { data }),
    flatWithSortValues: (row, sortValues) => (sortValues ? { sortValues, ...row } : row),
  }
  return (call) => {
    const body = readBody(world, call)
    const unknown = Object.keys(body).find((name) => !allowedFields.some((field) => field === name))
    if (world.knobs.strictBody && unknown !== undefined) throw badRequest(`Unrecognized field "${unknown}"`)
    const query = readQuery(body, allowedFields, collection.fields, collection.defaultSort)
    const { total, page } = collection.search(query)
    const list = page.map(({ row, sortValues }) =>
      formats[itemFormat](
        toWire(row, query.includeScriptResult),
        world.knobs.sortValues ? sortValues : undefined,
      ),
    )
    const result = { totalCount: total, list }
    return bodyOnly ? bareBody(result) : resultEnvelope(result)
  }
}
