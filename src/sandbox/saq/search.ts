import { invalidValue, missingElement, objectNotFound, unexpectedElement } from '../http/api-error.ts'
import { successEnvelope } from '../http/envelope.ts'
import { callerOf } from '../http/permission.ts'
import type { Reply } from '../http/reply.ts'
import type { Call, Route } from '../http/route.ts'
import type { Knobs } from '../state/knobs.ts'
import type { World } from '../state/world.ts'
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
}

interface Row {
  id: number
}

export interface Preferences {
  limitResults: number
  startFromOffset: number
  startFromId: number
}

/** The rows of a kind that the caller sees, sorted by id. */
export function scopedRows<R>({ saq }: World, call: Call, kind: ObjectKind<R>): readonly R[] {
  return kind.rows(scopedData(saq, callerOf(call)))
}

export function makeSearchHandler<R extends Row>(world: World, kind: ObjectKind<R>): Route['handle'] {
  return (call): Reply => {
    const { knobs } = world
    const { preferences, filters } = readRequest(world, call, 'preferences', 'filters')
    const { limitResults, startFromOffset, startFromId } = readPreferences(preferences)
    const matches = compileFilters(filters, kind.filters, knobs.idGreater)
    const matching = scopedRows(world, call, kind).filter((row) => row.id >= startFromId && matches(row))
    const page = matching.slice(startFromOffset - 1, startFromOffset - 1 + limitResults)
    const hasMore = startFromOffset - 1 + page.length < matching.length && page.length > 0
    const last = page.at(-1)
    return successEnvelope(call, {
      count: page.length,
      ...((knobs.hasMoreRecords === 'always' || (knobs.hasMoreRecords === 'whenMore' && hasMore)) && {
        hasMoreRecords: String(hasMore),
      }),
      ...(hasMore && last && knobs.lastId && { lastId: last.id }),
      data: page.map((row) => kind.toElement(row, knobs)),
    })
  }
}

/** GET counts everything; "when filters are specified POST must be used" (current_count.htm). */
export function makeCountHandler<R extends Row>(world: World, kind: ObjectKind<R>): Route['handle'] {
  return (call) => {
    const { filters } = readRequest(world, call, 'filters')
    const matches = compileFilters(filters, kind.filters, world.knobs.idGreater)
    return successEnvelope(call, { count: scopedRows(world, call, kind).filter(matches).length })
  }
}

/** One complete object, by the id in the path. */
export function makeGetHandler<R extends Row>(world: World, kind: ObjectKind<R>): Route['handle'] {
  return (call) => {
    readRequest(world, call)
    const row = rowById(kind, scopedRows(world, call, kind), requirePathId(call))
    return successEnvelope(call, { count: 1, data: [kind.toElement(row, world.knobs)] })
  }
}

/** The id in the path of a call; undefined if the route has none. */
export function pathId({ params }: Call): number | undefined {
  const [id] = Object.values(params)
  return id === undefined ? undefined : readLong(id, 'id')
}

/** The id in the path. Throws if there is none. */
function requirePathId(call: Call): number {
  const id = pathId(call)
  if (id === undefined) throw missingElement('id')
  return id
}

export function rowById<R extends Row>(kind: ObjectKind<R>, rows: readonly R[], id: number): R {
  const row = rows.find((candidate) => candidate.id === id)
  if (!row) throw objectNotFound(kind.name, id)
  return row
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
function readPreferences(preferences: XmlElement | undefined): Preferences {
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
