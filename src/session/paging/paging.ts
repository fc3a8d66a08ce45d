import { isDeepStrictEqual } from 'node:util'
import type { Operation } from '../../operations/operation.ts'
import type { Paging, SortRule } from '../../operations/paging-kinds.ts'
import { DriftError, InputError } from '../../shared/errors.ts'
import { formatNumber } from '../../shared/format.ts'
import { isObject } from '../../shared/json.ts'
import type { Cursor } from '../answer.ts'
import type { Payload } from '../products/product.ts'
import { copyLeftOut } from '../records/row-bounds.ts'

/** The paging part of one upstream call of a list. */
export interface PageRequest {
  /** Goes into the query or the body, beside the operation's own fields. */
  readonly params: Readonly<Record<string, unknown>>
  /** Number of rows at the start of the answer that come before the cursor. */
  readonly skip: number
  /** Number of rows in a full answer, `skip` included; undefined if Qualys sends all rows at once. */
  readonly fullSize?: number
}

/** One raw row, and the cursor after it. */
export interface RowWithCursor {
  readonly record: unknown
  readonly cursorAfter: Cursor
}

/** What a cursor holds beside the number of rows. */
type CursorKeys = readonly unknown[]

/** A raw row whose cursor is made when it is asked for: a walk asks for that of the last row alone. */
class PlacedRow implements RowWithCursor {
  readonly record: unknown
  readonly #rowsUpTo: number
  readonly #keys: CursorKeys | ((record: unknown) => CursorKeys)

  constructor(record: unknown, rowsUpTo: number, keys: CursorKeys | ((record: unknown) => CursorKeys)) {
    this.record = record
    this.#rowsUpTo = rowsUpTo
    this.#keys = keys
  }

  get cursorAfter(): Cursor {
    const keys = typeof this.#keys === 'function' ? this.#keys(this.record) : this.#keys
    return [this.#rowsUpTo, ...keys]
  }
}

/** The rows of one upstream call. */
export interface RawPage {
  readonly rows: readonly RowWithCursor[]
  readonly total?: number | undefined
  /** True if the total is known only because the list ends with these rows. */
  readonly isTotalFromEnd?: true
  /** False if the batch holds the last row of the list. */
  readonly hasMore: boolean
  /** Why further rows cannot be reached; absent if they can. */
  readonly resultLimit?: string | undefined
}

/** Fetches about `count` rows from a cursor on. */
export type FetchPage = (cursor: Cursor, count: number) => Promise<RawPage>

/** Rows reachable by page number: "less than 10,000 (9999 jobs or asset jobs)" (getting_started.htm). */
const maxReachable = 9_999
export const maxPageSize = 1_000

const start: Cursor = [0]

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
 * Page number and size for a list without offsets: the page that starts at or before row `offset` and holds
 * the most of the next `count` rows. Undefined beyond the result limit.
 */
export function windowOf(
  offset: number,
  count: number,
): { pageSize: number; pageNumber: number } | undefined {
  let best: { pageSize: number; pageNumber: number } | undefined
  let mostRows = 0
  for (let pageSize = 1; pageSize <= maxPageSize && mostRows < count; pageSize++) {
    const pageNumber = Math.floor(offset / pageSize)
    const end = (pageNumber + 1) * pageSize
    const rows = Math.min(end - offset, count)
    if (end <= maxReachable && rows > mostRows) {
      mostRows = rows
      best = { pageSize, pageNumber }
    }
  }
  return best
}

function resultLimitError(): InputError {
  return new InputError(
    `Qualys shows only the first ${formatNumber(maxReachable)} rows of this list.`,
    'Narrow the filter or the dates so that fewer rows match, or sort the other way round.',
  )
}

function requestByNumber(
  offset: number,
  count: number,
  rule: SortRule | undefined,
  keys: readonly string[] | undefined,
): PageRequest {
  const window = windowOf(offset, count)
  if (!window) throw resultLimitError()
  return {
    params: { ...(rule && sortParam(rule, keys)), ...window },
    skip: offset - window.pageNumber * window.pageSize,
    fullSize: window.pageSize,
  }
}

/**
 * `startFromOffset` counts from 1; GREATER is strict (docs.qualys.com/en/ca/api/get_started/truncation.htm).
 */
function qpsRequest(by: 'offset' | 'id', offset: number, lastId: unknown, count: number): PageRequest {
  const params =
    by === 'id' && lastId !== undefined
      ? { preferences: { limitResults: count }, beyond: lastId }
      : { preferences: { startFromOffset: offset > 0 ? offset + 1 : undefined, limitResults: count } }
  return { params, skip: 0, fullSize: count }
}

/** The kind of paging: as the vendor's page documents it, or as the operator sets it. */
export function pagingOf({ paging }: Operation, by: 'offset' | 'id' | undefined): Paging {
  if (paging?.kind === 'qps') return { ...paging, ...(by && { by }) }
  return paging ?? { kind: 'whole' }
}

/** The paging fields that ask for `count` rows from a cursor on. */
export function pageRequestFor(
  paging: Paging,
  cursor: Cursor = start,
  count: number,
  sort?: readonly string[],
): PageRequest {
  const [offset, ...sortValues] = cursor
  switch (paging.kind) {
    case 'whole':
      return { params: {}, skip: offset }
    case 'offset':
      return { params: { limit: count, offset }, skip: 0, fullSize: count }
    case 'qps':
      return qpsRequest(paging.by, offset, sortValues[0], count)
    case 'pageNumber':
      return requestByNumber(offset, count, paging.sort, sort)
    case 'searchAfter': {
      const params = { ...sortParam(paging.sort, sort), pageSize: count }
      if (sortValues.length > 0)
        return { params: { ...params, searchAfter: sortValues }, skip: 0, fullSize: count }
      // The rows had no sort values: page numbers still reach the first 9,999.
      return offset > 0
        ? requestByNumber(offset, count, paging.sort, sort)
        : { params, skip: 0, fullSize: count }
    }
  }
}

const noValues: readonly unknown[] = []

function hasOnlyData(row: Readonly<Record<string, unknown>>, isSorted: boolean): boolean {
  for (const name in row) if (name !== 'data' && !(isSorted && name === 'sortValues')) return false
  return true
}

/**
 * v2 wraps rows as `{sortValues, data}`, v1 sends them flat, with or without sort values
 * (getting_started.htm).
 */
function unwrapRow(row: unknown): { record: unknown; sortValues: readonly unknown[] } {
  if (!isObject(row)) return { record: row, sortValues: noValues }
  const sortValues = Array.isArray(row['sortValues']) ? row['sortValues'] : noValues
  if (isObject(row['data']) && hasOnlyData(row, sortValues !== noValues))
    return { record: row['data'], sortValues }
  const { sortValues: _, ...flat } = row
  copyLeftOut(row, flat)
  return { record: flat, sortValues }
}

/** Why the list ends before its total is reached; undefined if it does not. */
function resultLimitReason(
  paging: Paging,
  rows: readonly RowWithCursor[],
  hasMore: boolean,
  missing: number,
): string | undefined {
  const last = rows.at(-1)
  const byNumber =
    paging.kind === 'pageNumber' || (paging.kind === 'searchAfter' && last?.cursorAfter.length === 1)
  if (hasMore && byNumber && last && last.cursorAfter[0] >= maxReachable)
    return `${resultLimitError().message} ${resultLimitError().next}`
  return !hasMore && missing > 0
    ? `Qualys counts ${formatNumber(missing)} more rows but sent no more; some may have come meanwhile.`
    : undefined
}

/** The error for a paging loop: Qualys sends rows that were already seen. */
export function pagingLoopError(paging?: Paging): DriftError {
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
 * The rows after the last one seen. With an id cursor these are the rows with greater ids. With an offset the
 * order is Qualys' own, so only the last row itself and the rows before it in the answer count as seen.
 */
function unseenRows(rows: readonly unknown[], lastId: unknown, by: 'offset' | 'id'): readonly unknown[] {
  if (typeof lastId !== 'string') return rows
  const ids = rows.map(idOf)
  if (by === 'offset') return rows.slice(ids.lastIndexOf(lastId) + 1)
  // If the ids do not ascend, the rows after the id cannot be determined.
  const ascend = ids.every((id, at) => id !== undefined && (at === 0 || isAfter(id, ids[at - 1] ?? '')))
  return ascend ? rows.filter((_, at) => isAfter(ids[at] ?? '', lastId)) : noValues
}

function idOf(row: unknown): string | undefined {
  const id = isObject(row) ? row['id'] : undefined
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && /^\d{1,20}$/.test(text) ? text : undefined
}

type QpsPaging = Extract<Paging, { readonly kind: 'qps' }>

function keysById(record: unknown): CursorKeys {
  const id = idOf(record)
  return id === undefined ? noValues : [id]
}

/**
 * Reads a QPS answer. It has no total, only a flag for more rows; if the flag is missing, a full answer means
 * more.
 */
function readQpsPage(
  paging: QpsPaging,
  request: PageRequest,
  { rows: all = [], hasMore: reported }: Payload,
  [offset, lastId]: Cursor,
): RawPage {
  const newRows = unseenRows(all, lastId, paging.by)
  if (newRows.length === 0 && all.length > 0) throw pagingLoopError(paging)
  const rows = newRows.map((record, index) => new PlacedRow(record, offset + index + 1, keysById))
  const hasMore = reported ?? (request.fullSize !== undefined && all.length >= request.fullSize)
  if (!hasMore) return { rows, total: offset + rows.length, isTotalFromEnd: true, hasMore }
  return rows.length > 0
    ? { rows, hasMore }
    : { rows, hasMore: false, resultLimit: 'Qualys says that there are more rows, but sent none.' }
}

/** Reads the rows of one answer, each with the cursor after it. Throws a DriftError for a paging loop. */
export function readPage(
  paging: Paging,
  request: PageRequest,
  payload: Payload,
  cursor: Cursor = start,
): RawPage {
  if (paging.kind === 'qps') return readQpsPage(paging, request, payload, cursor)
  const [offset, ...sortValuesBefore] = cursor
  const all = payload.rows ?? []
  const rows = all.slice(request.skip).map((row, index): RowWithCursor => {
    const { record, sortValues } = unwrapRow(row)
    const keys = paging.kind === 'searchAfter' ? sortValues : noValues
    return new PlacedRow(record, offset + index + 1, keys)
  })
  if (
    sortValuesBefore.length > 0 &&
    rows.length > 0 &&
    isDeepStrictEqual(rows.at(-1)?.cursorAfter.slice(1), sortValuesBefore)
  ) {
    throw pagingLoopError(paging)
  }
  const reached = offset + rows.length
  // Ignore a total smaller than the rows already seen.
  const total = payload.total !== undefined && payload.total >= reached ? payload.total : undefined
  const isFull = request.fullSize !== undefined && all.length >= request.fullSize
  // An answer may hold fewer rows than asked for. With a cursor or an offset the next call continues after
  // the last row, so the total decides whether there are more.
  const mayBeShort = total !== undefined && (paging.kind === 'searchAfter' || paging.kind === 'offset')
  const hasMore = rows.length > 0 && (isFull || mayBeShort) && (total === undefined || reached < total)
  const resultLimit = resultLimitReason(paging, rows, hasMore, total === undefined ? 0 : total - reached)
  return { rows, total, hasMore: hasMore && resultLimit === undefined, resultLimit }
}
