import { type CarKind, carFields, type FieldTable } from '../data/car/fields.ts'
import { badRequest, bareBody, resultEnvelope } from '../http/reply.ts'
import { type Collection, searchRows } from '../query/collection.ts'
import { type QueryField, readQuery, type SortKey, type SortValue } from '../query/query.ts'
import type { Handler } from '../route.ts'
import type { Knobs } from '../state/knobs.ts'
import { readBody } from './body.ts'
import { spelled } from './empty-list.ts'

/** The form of list items: flat in v1, wrapped in v2; assets carry sortValues inside the record. */
type ItemFormat = 'flat' | 'wrapped' | 'flatWithSortValues'

export interface SearchOptions<Row extends object> {
  collection: Collection<Row>
  /** The body fields that its page names. Others are ignored, or refused if strictBody is set. */
  allowedFields: readonly QueryField[]
  itemFormat: ItemFormat
  /** The record in its wire form; by default as it is. */
  toWire?: (row: Row, includeScriptResult: boolean, knobs: Knobs) => object
  /** scheduler/search answers `{body}` alone (release_2_6_api.htm). */
  bodyOnly?: boolean
}

const formats: Record<ItemFormat, (row: object, sortValues: SortValue[] | undefined) => object> = {
  flat: (row) => row,
  wrapped: (data, sortValues) => (sortValues ? { sortValues, data } : { data }),
  flatWithSortValues: (row, sortValues) => (sortValues ? { sortValues, ...row } : row),
}

/** Newest first; ties in any order. */
const newestFirst: SortKey[] = [{ path: 'created.dateTime', descending: true }]

/** The handler of a search route. */
export function makeSearchHandler<Row extends object>(options: SearchOptions<Row>): Handler {
  const { collection, allowedFields, itemFormat, toWire = (row) => row, bodyOnly = false } = options
  const { kind, fields: names = carFields[kind as CarKind], defaultSort = newestFirst } = collection
  const fields: FieldTable = { ...names.documented, ...names.assumed?.names }
  const handle: Handler['handle'] = (call) => {
    const { world } = call
    const body = readBody(call)
    const unknown = Object.keys(body).find((name) => !allowedFields.some((field) => field === name))
    if (world.knobs.strictBody && unknown !== undefined) throw badRequest(`Unrecognized field "${unknown}"`)
    const query = readQuery(body, allowedFields, fields, defaultSort)
    const { total, page } = searchRows(world, collection, query)
    const list = page.map(({ row, sortValues }) =>
      formats[itemFormat](
        toWire(row, query.includeScriptResult, world.knobs),
        world.knobs.sortValues ? sortValues : undefined,
      ),
    )
    const result = { totalCount: total, list: spelled(world.knobs, total, list) }
    return bodyOnly ? bareBody(result) : resultEnvelope(result)
  }
  return { handle, collection }
}
