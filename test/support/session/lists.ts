import { expect } from 'vitest'
import type { Input } from '../../../src/operations/operation.ts'
import type { Answer, QualysInMemory, SentRequest, ShownReply } from './memory.ts'
import { pageOf, parseSearch, row, type SearchRequest } from './qps-answers.ts'

// Lists in memory that page exactly as requested, and ways to page through them.

export type Page = ShownReply['structured']

/** Every page of a list to the last, from the first or from a token, through its continuation tokens. */
export async function pagesIn(
  memory: QualysInMemory,
  tool: string,
  args: Input = {},
  from?: string,
): Promise<Page[]> {
  const pages: Page[] = []
  for (let continuationToken = from; ; ) {
    const { structured, isError, text } = await memory.call(tool, { ...args, continuationToken })
    expect(isError, text).toBe(false)
    pages.push(structured)
    expect(pages.length, 'a walk that does not end').toBeLessThan(2_000)
    if (structured.continuationToken === undefined) return pages
    continuationToken = structured.continuationToken
  }
}

/** One column of all rows of some pages, as text. */
export const columnIn = (pages: readonly Page[], column = 'id'): string[] =>
  pages.flatMap(({ rows }) => rows.map((row) => String(row[column])))

export interface CarList {
  /** Whether rows have the sort values for searchAfter. */
  readonly sortValues?: boolean
  /** The reported total; the number of rows unless it is given. */
  readonly total?: number
}

/** Many rows have a number and a text as sort values, as those of jobs do. */
const sortValuesOf = (at: number): unknown[] => [at, String(at)]

/** A list of CAR with these rows, in their order: paged by searchAfter, page number or offset, or sent whole. */
export function carList(rows: readonly object[], options: CarList = {}): (sent: SentRequest) => Answer {
  const { sortValues = false, total = rows.length } = options
  return ({ method, query, body }) => {
    const asked: Readonly<Record<string, unknown>> = method === 'GET' ? query : JSON.parse(body)
    const size = Number(asked['pageSize'] ?? asked['limit'] ?? rows.length)
    const [last] = (asked['searchAfter'] ?? []) as [number?]
    const from =
      last === undefined ? Number(asked['offset'] ?? Number(asked['pageNumber'] ?? 0) * size) : last + 1
    const list = rows
      .slice(from, from + size)
      .map((data, at) => (sortValues ? { sortValues: sortValuesOf(from + at), data } : data))
    return { body: { errorCode: null, message: null, body: { totalCount: total, list } } }
  }
}

/** An API server with its own way to answer searches. */
export const saqList =
  (answer: (asked: SearchRequest) => string): ((sent: SentRequest) => Answer) =>
  ({ body }) => ({ body: answer(parseSearch(body)), headers: { 'content-type': 'application/xml' } })

/** Users with these ids, as the API server sends them. */
export const usersOf = (ids: readonly (number | string)[]): string[] =>
  ids.map((id) => row('User', id, '<firstName>a</firstName><lastName>b</lastName><company>c</company>'))

/** Users with these ids in this order, from a server that pages exactly as requested. */
export const serveUsers =
  (ids: readonly number[]): ((asked: SearchRequest) => string) =>
  ({ limit, offset, afterId }) => {
    const found = ids.filter((id) => afterId === undefined || id > afterId)
    const page = found.slice(offset - 1, offset - 1 + limit)
    return pageOf(usersOf(page), offset - 1 + page.length < found.length)
  }
