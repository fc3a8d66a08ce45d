import { Collection, type CollectionOptions } from '../collection.ts'
import type { Fields, FieldTable } from '../data/fields.ts'
import { type QueryField, readQuery, type SortKey, type SortValue } from '../query.ts'
import { badRequest, enveloped, gatewayError, jsonReply, Refusal } from '../reply.ts'
import type { Call, Route } from '../route.ts'
import type { World } from '../world.ts'

/** How the items of a list look: v1 shows the record, v2 wraps it; assets carry sortValues inside the record. */
type ItemShape = 'flat' | 'wrapped' | 'flatWithSortValues'

/** What a search route is made of. */
export interface SearchOptions<Row extends object> {
  collection: Collection<Row>
  /** The body fields its page names; the others are ignored, or refused under strictBody. */
  takes: readonly QueryField[]
  shape: ItemShape
  /** The record as the wire shows it. */
  show(row: Row, includeScriptResult: boolean): object
  /** scheduler/search answers `{body}` alone (release_2_6_api.htm). */
  bodyOnly?: boolean
}

/** The newest first; ties in any order. */
const newestFirst: SortKey[] = [{ path: 'created.dateTime', descending: true }]

/** A collection of the world's rows. */
export function collect<Row extends object>(
  world: World,
  { documented, invented }: Fields,
  options: Pick<CollectionOptions<Row>, 'tokens' | 'rows'> & Partial<CollectionOptions<Row>>,
): Collection<Row> {
  const { store, knobs, chance, now } = world
  const fields: FieldTable = { ...documented, ...invented }
  return new Collection({ store, knobs, chance, now, fields, defaultSort: newestFirst, ...options })
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
    const body = readBody(world, call, takes)
    const query = readQuery(body, takes, collection.fields, collection.defaultSort)
    const { total, page } = collection.search(query)
    const list = page.map(({ row, sortValues }) =>
      item[shape](show(row, query.includeScriptResult), world.knobs.sortValues ? sortValues : undefined),
    )
    const found = { totalCount: total, list }
    return bodyOnly ? jsonReply(200, { body: found }) : enveloped(found)
  }
}

/** The JSON object of a request; no body at all is an empty one, as the asset-tag sample sends. */
function readBody(world: World, call: Call, takes: readonly string[]): Record<string, unknown> {
  if (call.body === '') return {}
  const type = String(call.headers['content-type'] ?? '')
  if (world.knobs.strictContentType && !type.startsWith('application/json')) {
    const message = `Content type '${type}' not supported`
    throw new Refusal(gatewayError(415, message, call.path), message)
  }
  const body = parsed(call.body)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('The body must be a JSON object')
  }
  const unknown = Object.keys(body).find((name) => !takes.includes(name))
  if (world.knobs.strictBody && unknown !== undefined) throw badRequest(`Unrecognized field "${unknown}"`)
  return body as Record<string, unknown>
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('The body is not JSON')
  }
}
