import type { Operation, Paging, SortRule } from '../../operations/operation.ts'
import { DriftError, InputError } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import type { Payload } from '../products/product.ts'
import type { Position } from './continuation.ts'

/** The paging part of one upstream call of a list. */
export interface Ask {
  /** Goes into the query or the body, beside the operation's own fields. */
  readonly params: Readonly<Record<string, unknown>>
  /** Number of rows at the start of the answer that come before the position. */
  readonly skip: number
  /** Number of rows in a full answer, `skip` included; undefined if Qualys sends all rows at once. */
  readonly size?: number
}

/** One raw row, and the position after it. */
export interface Placed {
  readonly record: unknown
  readonly behind: Position
}

/** The rows of one upstream call. */
export interface Batch {
  readonly rows: readonly Placed[]
  readonly total?: number
  /** True if the total is known only because the list ends with these rows. */
  readonly totalAtEnd?: true
  /** False if the batch holds the last row of the list. */
  readonly more: boolean
  /** Why further rows cannot be reached; absent if they can. */
  readonly wall?: string
}

/** Fetches rows from a position on. */
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
 * Page number and size for a list without offsets: the page that starts at or before row `before` and holds
 * the most of the next `want` rows. Undefined beyond the result limit.
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

/**
 * `startFromOffset` counts from 1; GREATER is strict (docs.qualys.com/en/ca/api/get_started/truncation.htm).
 */
function askQps(by: 'offset' | 'id', before: number, last: unknown, want: number): Ask {
  const preferences = { startFromOffset: before > 0 ? before + 1 : undefined, limitResults: want }
  return by === 'id' && last !== undefined
    ? { params: { preferences: { limitResults: want }, beyond: last }, skip: 0, size: want }
    : { params: { preferences }, skip: 0, size: want }
}

/** The kind of paging: as the vendor's page documents it, or as the operator sets it. */
export function pagingOf({ paging }: Operation, by: 'offset' | 'id' | undefined): Paging {
  if (paging?.kind === 'qps') return { ...paging, ...(by && { by }) }
  return paging ?? { kind: 'whole' }
}

/** The paging fields that ask for `want` rows from `position` on. */
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
      // The rows had no sort values: page numbers still reach the first 9,999.
      const ask = askByNumber(before, want)
      return { ...ask, params: { ...order, ...ask.params } }
    }
  }
}

const none: readonly unknown[] = []

/**
 * v2 wraps rows as `{sortValues, data}`, v1 sends them flat, with or without sort values
 * (getting_started.htm).
 */
function unwrapRow(row: unknown): { record: unknown; sortValues: readonly unknown[] } {
  if (!isObject(row)) return { record: row, sortValues: none }
  const sortValues = Array.isArray(row['sortValues']) ? row['sortValues'] : none
  const others = Object.keys(row).length - (sortValues === none ? 0 : 1)
  if (isObject(row['data']) && others === 1) return { record: row['data'], sortValues }
  const { sortValues: _, ...flat } = row
  return { record: flat, sortValues }
}

/** Equal in values and types. */
const equal = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Why the list ends before its total is reached; undefined if it does not. */
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

/** The error for a paging loop: Qualys sends rows that were already seen. */
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
 * The rows after the last one seen. With a cursor these are the rows with greater ids. With an offset the
 * order is Qualys' own, so only the last row itself and the rows before it in the answer count as seen.
 */
function unseen(rows: readonly unknown[], last: unknown, by: 'offset' | 'id'): readonly unknown[] {
  if (typeof last !== 'string') return rows
  const ids = rows.map(idOf)
  if (by === 'offset') return rows.slice(ids.lastIndexOf(last) + 1)
  // If the ids do not ascend, the rows after the cursor cannot be determined.
  const ascend = ids.every((id, at) => id !== undefined && (at === 0 || isAfter(id, ids[at - 1] ?? '')))
  return ascend ? rows.filter((_, at) => isAfter(ids[at] ?? '', last)) : none
}

function idOf(row: unknown): string | undefined {
  const id = isObject(row) ? row['id'] : undefined
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? text : undefined
}

type QpsPaging = Extract<Paging, { readonly kind: 'qps' }>

/**
 * Reads a QPS answer. It has no total, only a flag for more rows; if the flag is missing, a full answer means
 * more.
 */
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

/** Reads the rows of one answer, each with the position after it. Throws a DriftError for a paging loop. */
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
  // Ignore a total smaller than the rows already seen.
  const total = payload.total !== undefined && payload.total >= reached ? payload.total : undefined
  const full = ask.size !== undefined && all.length >= ask.size
  // An answer may hold fewer rows than asked for. With a cursor or an offset the next call continues after
  // the last row, so the total decides whether there are more.
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
