import type { RequestHead } from '../http/envelope.ts'
import { gatewayError, jsonReply, type Reply, unauthorized } from '../http/reply.ts'
import type { AppliedFault } from './active-faults.ts'
import * as api from './api-error-replies.ts'
import type { FaultKind } from './faults.ts'

/** True for the API server, whose errors have another form than the gateway's. */
const isApiServer = ({ path }: RequestHead) => path.startsWith('/qps/')

const proxyPage = (status: number) =>
  `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr><center>nginx</center></body></html>\r\n`
const maintenancePage =
  '<!DOCTYPE html>\n<html><head><title>Scheduled maintenance</title></head><body><h1>The platform is under maintenance</h1><p>Please try again later.</p></body></html>\n'

/** Faults that replace the reply of the route. */
export const replacementReplies: Partial<
  Record<FaultKind, (fault: AppliedFault, head: RequestHead) => Reply>
> = {
  html: ({ status = 503 }) => cannedReply(status, proxyPage(status), 'text/html'),
  maintenance: () => cannedReply(503, maintenancePage, 'text/html;charset=utf-8'),
  status: statusReply,
  errorInside: ({ code }, head) =>
    isApiServer(head)
      ? api.errorInside(String(code ?? 'INVALID_REQUEST'), head)
      : jsonReply(200, { errorCode: String(code ?? 500), message: 'Fault of the sandbox', body: null }),
  empty: ({ status = 204 }) => cannedReply(status, ''),
  expired: (_, head) => (isApiServer(head) ? api.statusReply(401, head) : unauthorized('JWT expired')),
  unauthenticated: (_, head) =>
    isApiServer(head) ? api.statusReply(401, head) : unauthorized('Not authenticated'),
  limit: rateLimitReply,
  reply: ({ status = 200, body = '', base64, contentType, headers }) =>
    base64 === undefined
      ? cannedReply(status, body, contentType, headers)
      : {
          status,
          headers: headers ?? {},
          content: { text: Buffer.from(base64, 'base64'), type: contentType ?? '' },
        },
  redirect: ({ status = 302, location = '' }) => cannedReply(status, '', undefined, { location }),
}

/** A status, with the body that the server sends with it. */
export function statusReply(
  { status = 500, body, contentType, headers }: AppliedFault,
  head: RequestHead,
): Reply {
  if (body !== undefined) return cannedReply(status, body, contentType, headers)
  const reply = isApiServer(head)
    ? api.statusReply(status, head)
    : gatewayError(status, 'Fault of the sandbox', head.path)
  return { ...reply, headers: { ...reply.headers, ...headers } }
}

function cannedReply(
  status: number,
  body: unknown,
  contentType = 'application/json',
  headers: Record<string, string> = {},
): Reply {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers, content: { text, type: text === '' ? '' : contentType } }
}

/** The headers of a concurrency limit; two spellings are in use (qualys-platform.md 3.1). */
function concurrencyHeaders({ code, spelling = 'hyphen' }: AppliedFault): Record<string, string> {
  if (Number(code) !== 1960) return {}
  const name = spelling === 'hyphen' ? 'X-Concurrency-Limit' : 'X-ConcurrencyLimit'
  return { [`${name}-Limit`]: '2', [`${name}-Running`]: '2' }
}

/**
 * 429 on the gateway. The wait hint is X-RateLimit-ToWait-Sec; it is often missing, at least at first
 * (qualys-platform.md 3).
 */
function rateLimitReply(fault: AppliedFault, head: RequestHead): Reply {
  const {
    status = 429,
    hint: requestedHint = Number(fault.code) === 1960 ? 'none' : 'toWait',
    toWaitSec = 1,
    emptyBody = false,
    nth,
  } = fault
  const hint = requestedHint !== 'late' ? requestedHint : nth === 1 ? 'none' : 'toWait'
  const window = {
    'X-RateLimit-Limit': '300',
    'X-RateLimit-Window-Sec': String(hint === 'window' ? toWaitSec : 3600),
    'X-RateLimit-Remaining': '0',
  }
  const hints: Record<typeof hint, Record<string, string>> = {
    toWait: { ...window, 'X-RateLimit-ToWait-Sec': String(toWaitSec) },
    retryAfter: { 'Retry-After': String(toWaitSec) },
    window,
    text: {},
    item: {},
    none: {},
  }
  const headers = { ...hints[hint], ...concurrencyHeaders(fault) }
  if (isApiServer(head)) return api.rateLimitReply(fault, headers, hint)
  const advice = hint === 'text' ? `: try again in ${toWaitSec} seconds` : ''
  const message = `API limit exceeded${advice}`
  if (emptyBody) return { ...cannedReply(status, ''), headers }
  const reply =
    status < 300
      ? jsonReply(status, { errorCode: String(fault.code ?? 1965), message, body: null })
      : gatewayError(status, message, head.path)
  return { ...reply, headers }
}
