import { text } from 'node:stream/consumers'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { openGateway } from '../../support/session/gateway.ts'
import { pageOf } from '../../support/session/qps.ts'

// A Qualys of a few lines that pages any rows as the real one does: the sandbox pages its own, which are decent.

export type Row = Readonly<Record<string, unknown>>

export interface Shelf extends Sandbox {
  /** From now on every list holds these rows. */
  readonly put: (rows: readonly Row[]) => void
  /** How many pages were asked for since. */
  readonly asked: () => number
}

type Fields = Readonly<Record<string, unknown>>

/** Undefined: a place that this list does not have. */
type Answer = Fields | undefined

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const valueAt = (row: Row, path: string): unknown =>
  path.split('.').reduce<unknown>((part, name) => (isObject(part) ? part[name] : undefined), row) ?? null

const envelope = (list: readonly unknown[], totalCount: number): Answer => ({
  errorCode: null,
  message: null,
  body: { totalCount, list },
})

/** Behind the row with these sort values; by page number for who has none. */
function bySearchAfter(rows: readonly Row[], asked: Fields): Answer {
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

function byPageNumber(rows: readonly Row[], { pageSize, pageNumber }: Fields): Answer {
  const start = Number(pageNumber) * Number(pageSize)
  return envelope(rows.slice(start, start + Number(pageSize)), rows.length)
}

function byOffset(rows: readonly Row[], { limit, offset }: Fields): Answer {
  return { list: rows.slice(Number(offset), Number(offset) + Number(limit)), totalCount: rows.length }
}

const lists: Readonly<Record<string, (rows: readonly Row[], asked: Fields) => Answer>> = {
  '/sm/v2/jobs/search': bySearchAfter,
  '/sm/v1/scheduler/search': byPageNumber,
  '/sm/v1/assettags/search': byPageNumber,
  '/sm/v1/reports': byOffset,
  '/sm/v1/script-types': (rows) => envelope(rows, rows.length),
  '/sm/v1/script-language': (rows) => envelope(rows, rows.length),
}

/** XML has no words for some characters, not even escaped. */
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
  const behind = rows.filter(({ id }) => beyond === undefined || Number(id) > beyond)
  const start = (numberIn(/<startFromOffset>(\d+)</) ?? 1) - 1
  const end = start + (numberIn(/<limitResults>(\d+)</) ?? 100)
  return pageOf(
    behind.slice(start, end).map((row) => elements('User', row)),
    end < behind.length,
  )
}

/** Opens one on a free port of this machine. */
export async function openShelf(): Promise<Shelf> {
  let rows: readonly Row[] = []
  let asked = 0
  const server = await openGateway(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shelf')
    const body = await text(request)
    asked++
    if (pathname.startsWith('/qps/')) {
      response.writeHead(200, { 'content-type': 'application/xml' }).end(usersOf(rows, body))
      return
    }
    const answer = lists[pathname]?.(rows, body === '' ? Object.fromEntries(searchParams) : JSON.parse(body))
    response
      .writeHead(answer ? 200 : 400, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? { message: 'no such place' }))
  })
  return {
    ...server,
    put: (all) => {
      rows = all
      asked = 0
    },
    asked: () => asked,
  }
}
