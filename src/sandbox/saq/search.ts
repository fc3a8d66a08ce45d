import { invalid, mustNotBeSet, notFound, required } from '../http/api-error.ts'
import { succeeded } from '../http/envelope.ts'
import { callerOf } from '../http/permission.ts'
import type { Reply } from '../http/reply.ts'
import type { Call, Route } from '../http/route.ts'
import type { Knobs } from '../state/knobs.ts'
import type { World } from '../state/world.ts'
import type { XmlElement } from '../xml/writer.ts'
import { compiled, type FilterTable } from './criteria.ts'
import { childrenOf, readRequest, textOf } from './request.ts'
import { type Visible, visibleTo } from './scope.ts'

/** One kind of object that can be searched. */
export interface Kind<Row> {
  /** Its element below `data`. */
  name: string
  rows(visible: Visible): readonly Row[]
  filters: FilterTable<Row>
  show(row: Row, knobs: Knobs): XmlElement
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
export function rowsFor<R>({ saq }: World, call: Call, kind: Kind<R>): readonly R[] {
  return kind.rows(visibleTo(saq, callerOf(call)))
}

export function search<R extends Row>(world: World, kind: Kind<R>): Route['handle'] {
  return (call): Reply => {
    const { knobs } = world
    const { preferences, filters } = readRequest(world, call, 'preferences', 'filters')
    const { limitResults, startFromOffset, startFromId } = readPreferences(preferences)
    const matches = compiled(filters, kind.filters, knobs.idGreater)
    const found = rowsFor(world, call, kind).filter((row) => row.id >= startFromId && matches(row))
    const page = found.slice(startFromOffset - 1, startFromOffset - 1 + limitResults)
    const more = startFromOffset - 1 + page.length < found.length && page.length > 0
    const last = page.at(-1)
    return succeeded(call, {
      count: page.length,
      ...((knobs.hasMoreRecords === 'always' || (knobs.hasMoreRecords === 'whenMore' && more)) && {
        hasMoreRecords: String(more),
      }),
      ...(more && last && knobs.lastId && { lastId: last.id }),
      data: page.map((row) => kind.show(row, knobs)),
    })
  }
}

/** GET counts everything; "when filters are specified POST must be used" (current_count.htm). */
export function count<R extends Row>(world: World, kind: Kind<R>): Route['handle'] {
  return (call) => {
    const { filters } = readRequest(world, call, 'filters')
    const matches = compiled(filters, kind.filters, world.knobs.idGreater)
    return succeeded(call, { count: rowsFor(world, call, kind).filter(matches).length })
  }
}

/** One complete object, by the id in the path. */
export function get<R extends Row>(world: World, kind: Kind<R>): Route['handle'] {
  return (call) => {
    readRequest(world, call)
    const row = rowById(kind, rowsFor(world, call, kind), idOf(call))
    return succeeded(call, { count: 1, data: [kind.show(row, world.knobs)] })
  }
}

/** The id in the path of a call; undefined if the route has none. */
export function idInPath({ params }: Call): number | undefined {
  const [id] = Object.values(params)
  return id === undefined ? undefined : readLong(id, 'id')
}

/** The id in the path. Throws if there is none. */
function idOf(call: Call): number {
  const id = idInPath(call)
  if (id === undefined) throw required('id')
  return id
}

export function rowById<R extends Row>(kind: Kind<R>, rows: readonly R[], id: number): R {
  const row = rows.find((candidate) => candidate.id === id)
  if (!row) throw notFound(kind.name, id)
  return row
}

function readLong(text: string, name: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const value = text.trim()
  const number = /^\d{1,18}$/.test(value) ? Number(value) : Number.NaN
  if (number >= least && number <= most) return number
  const bounds = most === Number.MAX_SAFE_INTEGER ? 'a Long' : `a number from ${least} to ${most}`
  throw invalid(name, value, `Specify ${name} as ${bounds}.`)
}

/**
 * From the framework, not from a SAQ page: 100 rows by default, at most 1,000 (truncation.htm of its sister
 * modules).
 */
function readPreferences(preferences: XmlElement | undefined): Preferences {
  const read = { limitResults: 100, startFromOffset: 1, startFromId: 0 }
  const seen = new Set<string>()
  for (const child of preferences ? childrenOf(preferences) : []) {
    const { name } = child
    if (seen.has(name)) throw mustNotBeSet(name)
    seen.add(name)
    if (name === 'limitResults') read[name] = readLong(textOf(child), name, 1, 1_000)
    else if (name === 'startFromOffset') read[name] = readLong(textOf(child), name, 1)
    else if (name === 'startFromId') read[name] = readLong(textOf(child), name)
    else throw mustNotBeSet(name)
  }
  return read
}
