import { expect } from 'vitest'
import type { Input } from '../../../src/operations/operation.ts'
import type { Answer, Memory, Sent, Shown } from './memory.ts'
import { type Asked, askedIn, pageOf, row } from './qps-answers.ts'

// Lists in memory that keep to what is asked, and how they are paged through.

export type Page = Shown['structured']

/** Every page of a list to the last, from the first on or from a token, through its continuation tokens. */
export async function pagesIn(
  memory: Memory,
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
  /** Whether rows come with the values that searchAfter goes on with. */
  readonly sortValues?: boolean
  /** Rows that are counted; those there are unless it is said. */
  readonly total?: number
}

/** Many of them have a number and a text: as those of jobs. */
const sortValuesOf = (at: number): unknown[] => [at, String(at)]

/** A list of CAR with these rows, in their order: by searchAfter, page number, offset, or whole. */
export function carList(rows: readonly object[], options: CarList = {}): (sent: Sent) => Answer {
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

/** An API server that answers searches in a way of its own. */
export const saqList =
  (answer: (asked: Asked) => string): ((sent: Sent) => Answer) =>
  ({ body }) => ({ body: answer(askedIn(body)), headers: { 'content-type': 'application/xml' } })

/** Users with these ids, as the API server sends them. */
export const usersOf = (ids: readonly (number | string)[]): string[] =>
  ids.map((id) => row('User', id, '<firstName>a</firstName><lastName>b</lastName><company>c</company>'))

/** Users with these ids in this order, by a server that keeps to what is asked. */
export const serving =
  (ids: readonly number[]): ((asked: Asked) => string) =>
  ({ limit, offset, beyond }) => {
    const found = ids.filter((id) => beyond === undefined || id > beyond)
    const page = found.slice(offset - 1, offset - 1 + limit)
    return pageOf(usersOf(page), offset - 1 + page.length < found.length)
  }
