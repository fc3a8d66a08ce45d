import type { Answer, SentRequest } from '../operations/memory.ts'
import type { Row } from './lists.ts'

// Any rows, paged as Qualys pages: the sandbox's own rows are harmless.

type Fields = Readonly<Record<string, unknown>>

/** Undefined: a position that this list does not have. */
type Page = Fields | undefined

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const valueAt = (row: Row, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (isObject(part) ? part[name] : undefined), row) ?? null

const envelope = (list: readonly unknown[], totalCount: number): Page => ({
  errorCode: null,
  message: null,
  body: { totalCount, list },
})

/** After the row with these sort values; by page number if there are none. */
function bySearchAfter(rows: readonly Row[], asked: Fields): Page {
  const { pageSize, pageNumber = 0, searchAfter } = asked
  const keys = (asked['sort'] as Fields[]).map((key) => Object.keys(key)[0] ?? '')
  const placed = rows.map((data) => ({ sortValues: keys.map((key) => valueAt(data, key)), data }))
  const last = placed.findIndex(
    ({ sortValues }) => JSON.stringify(sortValues) === JSON.stringify(searchAfter),
  )
  if (searchAfter !== undefined && last < 0) return undefined
  const start = searchAfter === undefined ? Number(pageNumber) * Number(pageSize) : last + 1
  return envelope(placed.slice(start, start + Number(pageSize)), rows.length)
}

function byPageNumber(rows: readonly Row[], { pageSize, pageNumber }: Fields): Page {
  const start = Number(pageNumber) * Number(pageSize)
  return envelope(rows.slice(start, start + Number(pageSize)), rows.length)
}

function byOffset(rows: readonly Row[], { limit, offset }: Fields): Page {
  return { list: rows.slice(Number(offset), Number(offset) + Number(limit)), totalCount: rows.length }
}

const lists: Readonly<Record<string, (rows: readonly Row[], asked: Fields) => Page>> = {
  '/sm/v2/jobs/search': bySearchAfter,
  '/sm/v1/scheduler/search': byPageNumber,
  '/sm/v1/assettags/search': byPageNumber,
  '/sm/v1/reports': byOffset,
  '/sm/v1/script-types': (rows) => envelope(rows, rows.length),
  '/sm/v1/script-language': (rows) => envelope(rows, rows.length),
}

/** XML cannot express some characters, not even escaped. */
const unspeakable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

function elements(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((part) => elements(name, part)).join('')
  const inside = isObject(value)
    ? Object.entries(value).map(([inner, part]) => elements(inner, part))
    : [
        String(value ?? '')
          .replace(unspeakable, '')
          .replace(/[&<>\r]/g, (letter) => escapes[letter] ?? ''),
      ]
  return `<${name}>${inside.join('')}</${name}>`
}

function usersOf(rows: readonly Row[], body: string): string {
  const numberIn = (pattern: RegExp): number | undefined => {
    const digits = pattern.exec(body)?.[1]
    return digits === undefined ? undefined : Number(digits)
  }
  const beyond = numberIn(/operator="GREATER">(\d+)</)
  const following = rows.filter(({ id }) => beyond === undefined || Number(id) > beyond)
  const start = (numberIn(/<startFromOffset>(\d+)</) ?? 1) - 1
  const end = start + (numberIn(/<limitResults>(\d+)</) ?? 100)
  const page = following.slice(start, end)
  const data = page.map((row) => elements('User', row)).join('')
  return `<ServiceResponse><responseCode>SUCCESS</responseCode><count>${page.length}</count><hasMoreRecords>${end < following.length}</hasMoreRecords><data>${data}</data></ServiceResponse>`
}

/** The answer to a request, if every list has these rows. */
export function pageOf(
  rows: readonly Row[],
  { path, query, body }: Pick<SentRequest, 'path' | 'query' | 'body'>,
): Answer {
  if (path.startsWith('/qps/')) return { body: usersOf(rows, body), contentType: 'application/xml' }
  const answer = lists[path]?.(rows, body === '' ? query : JSON.parse(body))
  return { status: answer ? 200 : 400, body: answer ?? { message: 'no such place' } }
}
