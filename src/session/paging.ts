import type { Operation, Paging, SortRule } from '../operations/operation.ts'
import type { Position } from './continuation.ts'
import { DriftError, InputError } from './errors.ts'
import { isObject } from './json.ts'
import type { Payload } from './product.ts'

/** What one upstream call of a list asks for. */
export interface Ask {
  /** Goes into the query or the body beside the operation's own fields. */
  readonly params: Readonly<Record<string, unknown>>
  /** Rows at the head of the answer that lie before the position. */
  readonly skip: number
  /** Rows that a full answer holds, `skip` included; undefined when Qualys sends all it has. */
  readonly size?: number
}

/** One raw row, and the place just behind it. */
export interface Placed {
  readonly record: unknown
  readonly behind: Position
}

/** What one upstream call brought. */
export interface Batch {
  readonly rows: readonly Placed[]
  readonly total?: number
  /** True when the total is known only because the list ends with these rows. */
  readonly totalAtEnd?: true
  /** False when the last row of the list is in here. */
  readonly more: boolean
  /** Set when rows exist that no further call can reach. */
  readonly wall?: string
}

/** Brings some rows behind a place. */
export type Next = (at: Position, want: number) => Promise<Batch>

/** Rows reachable by page number: "less than 10,000 (9999 jobs or asset jobs)" (getting_started.htm). */
const reachable = 9_999
export const largestPage = 1_000

const start: Position = [0]

function sortParam(rule: SortRule, keys: readonly string[] | undefined): Record<string, unknown> {
  const chosen = keys ?? rule.default
  const pairs = chosen.map((key) => key.split(':') as [string, 'asc' | 'desc'])
  const last = pairs.at(-1)?.[1] ?? 'asc'
  const unique = pairs.some(([field]) => field === rule.unique)
    ? pairs
    : [...pairs, [rule.unique, last] as const]
  const list = unique.map(([field, direction]) => ({ [field]: direction }))
  return { sort: rule.as === 'text' ? JSON.stringify(list) : list }
}

/**
 * Page number and size whose window holds the most of the `want` rows behind `before`, for a list that can only be
 * asked page by page: a page size must be found that divides it so. Undefined at the wall.
 */
export function windowOf(before: number, want: number): { pageSize: number; pageNumber: number } | undefined {
  let best: { pageSize: number; pageNumber: number } | undefined
  let most = 0
  for (let pageSize = 1; pageSize <= largestPage && most < want; pageSize++) {
    const pageNumber = Math.floor(before / pageSize)
    const end = (pageNumber + 1) * pageSize
    const gained = Math.min(end - before, want)
    if (end <= reachable && gained > most) {
      most = gained
      best = { pageSize, pageNumber }
    }
  }
  return best
}

function wallError(): InputError {
  return new InputError(
    `Qualys shows only the first ${reachable.toLocaleString('en')} rows of this list.`,
    'Narrow the filter or the dates so that fewer rows match, or sort the other way round.',
  )
}

function askByNumber(before: number, want: number): Ask {
  const window = windowOf(before, want)
  if (!window) throw wallError()
  return { params: { ...window }, skip: before - window.pageNumber * window.pageSize, size: window.pageSize }
}

/** `startFromOffset` counts from 1; GREATER is strict (docs.qualys.com/en/ca/api/get_started/truncation.htm). */
function askQps(by: 'offset' | 'id', before: number, last: unknown, want: number): Ask {
  const preferences = { startFromOffset: before > 0 ? before + 1 : undefined, limitResults: want }
  return by === 'id' && last !== undefined
    ? { params: { preferences: { limitResults: want }, beyond: last }, skip: 0, size: want }
    : { params: { preferences }, skip: 0, size: want }
}

/** How a list is walked: as its page allows, or as the operator says. */
export function pagingOf({ paging }: Operation, by: 'offset' | 'id' | undefined): Paging {
  if (paging?.kind === 'qps') return { ...paging, ...(by && { by }) }
  return paging ?? { kind: 'whole' }
}

/** What to send for the `want` rows behind `position`. */
export function askFor(
  paging: Paging,
  position: Position = start,
  want: number,
  sort?: readonly string[],
): Ask {
  const [before, ...sortValues] = position
  switch (paging.kind) {
    case 'whole':
      return { params: {}, skip: before }
    case 'offset':
      return { params: { limit: want, offset: before }, skip: 0, size: want }
    case 'qps':
      return askQps(paging.by, before, sortValues[0], want)
    case 'pageNumber': {
      const ask = askByNumber(before, want)
      return { ...ask, params: { ...(paging.sort && sortParam(paging.sort, sort)), ...ask.params } }
    }
    case 'searchAfter': {
      const order = sortParam(paging.sort, sort)
      if (sortValues.length > 0) {
        return { params: { ...order, pageSize: want, searchAfter: sortValues }, skip: 0, size: want }
      }
      if (before === 0) return { params: { ...order, pageSize: want }, skip: 0, size: want }
      // The rows came without sort values: page numbers still reach the first 9,999.
      const ask = askByNumber(before, want)
      return { ...ask, params: { ...order, ...ask.params } }
    }
  }
}

const none: readonly unknown[] = []

/** v2 wraps rows as `{sortValues, data}`, v1 sends them flat, with or without sort values (getting_started.htm). */
function unwrapRow(row: unknown): { record: unknown; sortValues: readonly unknown[] } {
  if (!isObject(row)) return { record: row, sortValues: none }
  const sortValues = Array.isArray(row['sortValues']) ? row['sortValues'] : none
  const others = Object.keys(row).length - (sortValues === none ? 0 : 1)
  if (isObject(row['data']) && others === 1) return { record: row['data'], sortValues }
  const { sortValues: _, ...flat } = row
  return { record: flat, sortValues }
}

/** Same values, same types. */
const equal = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Why the list ends before all its rows were seen; undefined when it does not. */
function wallAt(paging: Paging, rows: readonly Placed[], more: boolean, missing: number): string | undefined {
  const last = rows.at(-1)
  const byNumber =
    paging.kind === 'pageNumber' || (paging.kind === 'searchAfter' && last?.behind.length === 1)
  if (more && byNumber && last && last.behind[0] >= reachable)
    return `${wallError().message} ${wallError().next}`
  return !more && missing > 0
    ? `Qualys counts ${missing.toLocaleString('en')} more rows but sent no more; some may have come meanwhile.`
    : undefined
}

/** A list that goes round in a circle. */
export function sameRows(paging?: Paging): DriftError {
  return new DriftError(
    'Qualys sent the same rows again instead of those behind them.',
    paging?.kind === 'qps'
      ? 'Paging does not work here: ask the operator to set QUALYS_SAQ_PAGING to the other of offset and id, or narrow the search.'
      : 'Paging does not work here any more: narrow the filter or the dates so that one page holds the rows.',
  )
}

const isAfter = (id: string, other: string): boolean =>
  id.length === other.length ? id > other : id.length > other.length

/**
 * The rows behind the last one seen. A cursor asks for greater ids, whatever comes; by offset the order is Qualys' own,
 * so that only that very row, and those before it in the answer, have been seen.
 */
function unseen(rows: readonly unknown[], last: unknown, by: 'offset' | 'id'): readonly unknown[] {
  if (typeof last !== 'string') return rows
  const ids = rows.map(idOf)
  if (by === 'offset') return rows.slice(ids.lastIndexOf(last) + 1)
  // In another order than the cursor's, what lies behind it cannot be told.
  const ascend = ids.every((id, at) => id !== undefined && (at === 0 || isAfter(id, ids[at - 1] ?? '')))
  return ascend ? rows.filter((_, at) => isAfter(ids[at] ?? '', last)) : none
}

function idOf(row: unknown): string | undefined {
  const id = isObject(row) ? row['id'] : undefined
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? text : undefined
}

type QpsPaging = Extract<Paging, { readonly kind: 'qps' }>

/** No total comes with these rows, only whether there are more; where that is not said, a full answer has more behind it. */
function readQps(
  paging: QpsPaging,
  ask: Ask,
  { rows: all = [], more: told }: Payload,
  [before, last]: Position,
): Batch {
  const fresh = unseen(all, last, paging.by)
  if (fresh.length === 0 && all.length > 0) throw sameRows(paging)
  const rows = fresh.map((record, index): Placed => {
    const id = idOf(record)
    return { record, behind: [before + index + 1, ...(id === undefined ? [] : [id])] }
  })
  const more = told ?? (ask.size !== undefined && all.length >= ask.size)
  if (!more) return { rows, total: before + rows.length, totalAtEnd: true, more }
  return rows.length > 0
    ? { rows, more }
    : { rows, more: false, wall: 'Qualys says that there are more rows, but sent none.' }
}

/** Reads the rows of one answer, each with the place just behind it. */
export function readBatch(paging: Paging, ask: Ask, payload: Payload, position: Position = start): Batch {
  if (paging.kind === 'qps') return readQps(paging, ask, payload, position)
  const [before, ...askedAfter] = position
  const all = payload.rows ?? []
  const rows = all.slice(ask.skip).map((row, index): Placed => {
    const { record, sortValues } = unwrapRow(row)
    const behind = before + index + 1
    return { record, behind: paging.kind === 'searchAfter' ? [behind, ...sortValues] : [behind] }
  })
  if (askedAfter.length > 0 && rows.length > 0 && equal(rows.at(-1)?.behind.slice(1) ?? [], askedAfter)) {
    throw sameRows(paging)
  }
  const reached = before + rows.length
  // A total below the rows already seen is none.
  const total = payload.total !== undefined && payload.total >= reached ? payload.total : undefined
  const full = ask.size !== undefined && all.length >= ask.size
  // A batch may come shorter than asked; where the next one starts at a place, not at a page, the total decides.
  const anyLength = total !== undefined && (paging.kind === 'searchAfter' || paging.kind === 'offset')
  const more = rows.length > 0 && (full || anyLength) && (total === undefined || reached < total)
  const wall = wallAt(paging, rows, more, total === undefined ? 0 : total - reached)
  return {
    rows,
    ...(total !== undefined && { total }),
    more: more && wall === undefined,
    ...(wall !== undefined && { wall }),
  }
}
