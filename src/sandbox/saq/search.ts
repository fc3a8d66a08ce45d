import { invalidValue, missingElement, objectNotFound, unexpectedElement } from '../http/api-error.ts'
import { successEnvelope } from '../http/envelope.ts'
import type { Reply } from '../http/reply.ts'
import type { Call, Route } from '../route.ts'
import type { Knobs } from '../state/knobs.ts'
import type { XmlElement } from '../xml/writer.ts'
import { compileFilters, type FilterTable } from './criteria.ts'
import { childrenOf, readRequest, textOf } from './request.ts'
import { type ScopedData, scopedData } from './scope.ts'

/** One kind of object that can be searched. */
export interface ObjectKind<Row> {
  /** Its element below `data`. */
  name: string
  rows(data: ScopedData): readonly Row[]
  filters: FilterTable<Row>
  toElement(row: Row, knobs: Knobs): XmlElement
  /** Fields that a knob makes a search ignore. */
  ignoredFilters?(knobs: Knobs): readonly string[]
}

/** An object with an id. */
export interface Row {
  id: number
}

/** The rows of a kind that the caller sees, sorted by id. */
export function scopedRows<R>({ world, account }: Call, kind: ObjectKind<R>): readonly R[] {
  return kind.rows(scopedData(world.saq, account))
}

/** The row with this id, if the caller sees it. */
export function requireRow<R extends Row>(call: Call, kind: ObjectKind<R>, id: number): R {
  const row = scopedRows(call, kind).find((candidate) => candidate.id === id)
  if (!row) throw objectNotFound(kind.name, id)
  return row
}

export function makeSearchHandler<R extends Row>(kind: ObjectKind<R>): Route['handle'] {
  return (call): Reply => {
    const { knobs } = call.world
    const { preferences, filters } = readRequest(call, 'preferences', 'filters')
    const { limitResults, startFromOffset, startFromId } = readPreferences(preferences)
    const matches = compileFilters(filters, kind.filters, knobs.idGreater, kind.ignoredFilters?.(knobs))
    const matching = scopedRows(call, kind).filter((row) => row.id >= startFromId && matches(row))
    const page = matching.slice(startFromOffset - 1, startFromOffset - 1 + limitResults)
    const hasMore = startFromOffset - 1 + page.length < matching.length && page.length > 0
    const last = page.at(-1)
    return successEnvelope(call, {
      ...((knobs.hasMoreRecords === 'always' || (knobs.hasMoreRecords === 'whenMore' && hasMore)) && {
        hasMoreRecords: String(hasMore),
      }),
      ...(hasMore && last && knobs.lastId && { lastId: last.id }),
      data: page.map((row) => kind.toElement(row, knobs)),
    })
  }
}

/** GET counts everything; "when filters are specified POST must be used" (current_count.htm). */
export function makeCountHandler<R extends Row>(kind: ObjectKind<R>): Route['handle'] {
  return (call) => {
    const { filters } = readRequest(call, 'filters')
    const matches = compileFilters(filters, kind.filters, call.world.knobs.idGreater)
    return successEnvelope(call, { count: scopedRows(call, kind).filter(matches).length })
  }
}

/** One complete object, by the id in the path. */
export function makeGetHandler<R extends Row>(kind: ObjectKind<R>): Route['handle'] {
  return (call) => {
    readRequest(call)
    return rowsReply(call, kind, [requireRow(call, kind, resolveId(call))])
  }
}

/** The objects as they are now. */
export function rowsReply<R>(call: Call, kind: ObjectKind<R>, rows: readonly R[]): Reply {
  return successEnvelope(call, { data: rows.map((row) => kind.toElement(row, call.world.knobs)) })
}

/** The id in the path of a call; undefined if the route has none. */
function pathId({ params }: Call): number | undefined {
  const [id] = Object.values(params)
  return id === undefined ? undefined : readLong(id, 'id')
}

/** The id from path and body. Throws if they differ. */
export function resolveId(call: Call, inBody?: number): number {
  const inPath = pathId(call)
  if (inPath !== undefined && inBody !== undefined && inPath !== inBody) {
    throw invalidValue('id', inBody, 'Specify the same id as in the URL.')
  }
  const id = inPath ?? inBody
  if (id === undefined) throw missingElement('id')
  return id
}

function readLong(text: string, name: string, min = 0, max = Number.MAX_SAFE_INTEGER): number {
  const value = text.trim()
  const number = /^\d{1,18}$/.test(value) ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  const bounds = max === Number.MAX_SAFE_INTEGER ? 'a Long' : `a number from ${min} to ${max}`
  throw invalidValue(name, value, `Specify ${name} as ${bounds}.`)
}

/**
 * From the framework, not from a SAQ page: 100 rows by default, at most 1,000 (truncation.htm of its sister
 * modules).
 */
function readPreferences(preferences: XmlElement | undefined) {
  const parsed = { limitResults: 100, startFromOffset: 1, startFromId: 0 }
  const seen = new Set<string>()
  for (const child of preferences ? childrenOf(preferences) : []) {
    const { name } = child
    if (seen.has(name)) throw unexpectedElement(name)
    seen.add(name)
    if (name === 'limitResults') parsed[name] = readLong(textOf(child), name, 1, 1_000)
    else if (name === 'startFromOffset') parsed[name] = readLong(textOf(child), name, 1)
    else if (name === 'startFromId') parsed[name] = readLong(textOf(child), name)
    else throw unexpectedElement(name)
  }
  return parsed
}
