import type { Fault, FaultKind } from './faults.ts'
import { gatewayError, type Reply, unauthorized } from './reply.ts'
import * as api from './saq/breakage.ts'
import type { Addressed } from './saq/envelope.ts'
import { type XmlElement, xmlText } from './xml-writer.ts'

type Table<Do> = Partial<Record<FaultKind, Do>>

/** The API server says the same things in another manner than the gateway. */
const atApiServer = ({ path }: Addressed) => path.startsWith('/qps/')

/** Faults that answer instead of the route. */
export const replacements: Table<(fault: Fault, call: Addressed) => Reply> = {
  html: ({ status = 503 }) => ({
    status,
    content: {
      text: `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr><center>nginx</center></body></html>\r\n`,
      type: 'text/html',
    },
  }),
  status: withStatus,
  empty: ({ status = 204 }) => canned(status, '', undefined, undefined),
  expired: (_, call) => (atApiServer(call) ? api.failed(401, call) : unauthorized('JWT expired')),
  unauthenticated: (_, call) =>
    atApiServer(call) ? api.failed(401, call) : unauthorized('Not authenticated'),
  limit: limited,
  reply: ({ status = 200, body = '', base64, contentType, headers }) =>
    base64 === undefined
      ? canned(status, body, contentType, headers)
      : {
          status,
          headers: headers ?? {},
          content: { text: Buffer.from(base64, 'base64'), type: contentType ?? '' },
        },
  redirect: ({ status = 302, location = '' }) => canned(status, '', undefined, { location }),
}

function withStatus({ status = 500, body, contentType, headers }: Fault, call: Addressed): Reply {
  if (body !== undefined) return canned(status, body, contentType, headers)
  const reply = atApiServer(call)
    ? api.failed(status, call)
    : gatewayError(status, 'Fault of the sandbox', call.path)
  return { ...reply, headers: { ...reply.headers, ...headers } }
}

function canned(
  status: number,
  body: unknown,
  contentType: string | undefined,
  headers: Record<string, string> = {},
): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers, content: { text, type: text === '' ? '' : (contentType ?? 'application/json') } }
}

/** 429 on the gateway; the wait hint is X-RateLimit-ToWait-Sec, and often missing (qualys-platform.md 3). */
function limited(fault: Fault, call: Addressed): Reply {
  const {
    status = 429,
    hint = fault.code === 1960 ? 'none' : 'toWait',
    toWaitSec = 1,
    emptyBody = false,
  } = fault
  const window = {
    'X-RateLimit-Limit': '300',
    'X-RateLimit-Window-Sec': String(hint === 'window' ? toWaitSec : 3600),
    'X-RateLimit-Remaining': '0',
  }
  const hints: Record<typeof hint, Record<string, string>> = {
    toWait: { ...window, 'X-RateLimit-ToWait-Sec': String(toWaitSec) },
    retryAfter: { 'Retry-After': String(toWaitSec) },
    window,
    none: {},
  }
  if (atApiServer(call)) return api.limited(fault, hints[hint])
  const reply = emptyBody
    ? canned(status, '', undefined, undefined)
    : gatewayError(status, 'API limit exceeded', call.path)
  return { ...reply, headers: hints[hint] }
}

/** Faults that bend the answer of the route. */
export const bendings: Table<(reply: Reply, fault: Fault, call: Addressed) => Reply> = {
  statusAfterBody: (_, fault, call) => withStatus(fault, call),
  rename: (reply) => inElements(inRows(reply, renamed), api.renamed),
  dropId: (reply) =>
    inElements(
      inRows(reply, ({ id: _, ...row }) => row),
      api.withoutId,
    ),
  // XML has no types.
  retype: (reply) => inRows(reply, (row) => retyped(row) as Row),
  badJson: ({ content, ...reply }) => ({ ...reply, content: cut(content) }),
}

function cut(content: Reply['content']): Reply['content'] {
  if ('json' in content) {
    return { text: JSON.stringify(content.json).slice(0, -2), type: 'application/json' }
  }
  return 'xml' in content ? { text: xmlText(content.xml).slice(0, -3), type: 'application/xml' } : content
}

function inElements(reply: Reply, change: (row: XmlElement) => XmlElement): Reply {
  const { content } = reply
  return 'xml' in content ? { ...reply, content: { xml: api.inRows(content.xml, change) } } : reply
}

type Row = Record<string, unknown>
const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Changes the rows of an answer; the envelope, and `sortValues`, stay as they are. */
function inRows(reply: Reply, change: (row: Row) => Row): Reply {
  if (reply.status >= 300 || !('json' in reply.content) || !isRow(reply.content.json)) return reply
  const { json } = reply.content
  const one = (item: unknown) => {
    if (!isRow(item)) return item
    if (isRow(item['data']) && 'sortValues' in item) return { ...item, data: change(item['data']) }
    const { sortValues, ...row } = item
    return sortValues === undefined ? change(row) : { sortValues, ...change(row) }
  }
  const within = (holder: Row) =>
    Array.isArray(holder['list']) ? { ...holder, list: holder['list'].map(one) } : undefined
  const body = json['body']
  const changed = isRow(body) ? { ...json, body: within(body) ?? one(body) } : within(json)
  return changed ? { ...reply, content: { json: changed } } : reply
}

function renamed(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key === 'id' ? key : `x${key.charAt(0).toUpperCase()}${key.slice(1)}`,
      Array.isArray(value)
        ? value.map((item) => (isRow(item) ? renamed(item) : item))
        : isRow(value)
          ? renamed(value)
          : value,
    ]),
  )
}

function retyped(value: unknown): unknown {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return /^-?\d{1,15}$/.test(value) ? Number(value) : value
  if (Array.isArray(value)) return value.map(retyped)
  return isRow(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, retyped(item)]))
    : value
}
