import type { Addressed } from '../http/envelope.ts'
import { gatewayError, jsonReply, type Reply, unauthorized } from '../http/reply.ts'
import type { Struck } from './active-faults.ts'
import * as api from './api-error-replies.ts'
import type { FaultKind } from './faults.ts'

/** True for the API server, whose errors have another form than the gateway's. */
const atApiServer = ({ path }: Addressed) => path.startsWith('/qps/')

/** Faults that replace the answer of the route. */
export const replacements: Partial<Record<FaultKind, (fault: Struck, call: Addressed) => Reply>> = {
  html: ({ status = 503 }) => ({
    status,
    content: {
      text: `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center><hr><center>nginx</center></body></html>\r\n`,
      type: 'text/html',
    },
  }),
  maintenance: () => ({
    status: 503,
    content: {
      text: '<!DOCTYPE html>\n<html><head><title>Scheduled maintenance</title></head><body><h1>The platform is under maintenance</h1><p>Please try again later.</p></body></html>\n',
      type: 'text/html;charset=utf-8',
    },
  }),
  status: withStatus,
  errorInside: ({ code }, call) =>
    atApiServer(call)
      ? api.errorInside(String(code ?? 'INVALID_REQUEST'), call)
      : jsonReply(200, { errorCode: String(code ?? 500), message: 'Fault of the sandbox', body: null }),
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

/** A status, with the body that the server sends with it. */
export function withStatus({ status = 500, body, contentType, headers }: Struck, call: Addressed): Reply {
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

/** The headers of a concurrency limit; two spellings are in use (qualys-platform.md 3.1). */
function running({ code, spelling = 'hyphen' }: Struck): Record<string, string> {
  if (Number(code) !== 1960) return {}
  const name = spelling === 'hyphen' ? 'X-Concurrency-Limit' : 'X-ConcurrencyLimit'
  return { [`${name}-Limit`]: '2', [`${name}-Running`]: '2' }
}

/**
 * 429 on the gateway. The wait hint is X-RateLimit-ToWait-Sec; it is often missing, at least at first
 * (qualys-platform.md 3).
 */
function limited(fault: Struck, call: Addressed): Reply {
  const {
    status = 429,
    hint: asked = Number(fault.code) === 1960 ? 'none' : 'toWait',
    toWaitSec = 1,
    emptyBody = false,
    nth,
  } = fault
  const hint = asked !== 'late' ? asked : nth === 1 ? 'none' : 'toWait'
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
  const headers = { ...hints[hint], ...running(fault) }
  if (atApiServer(call)) return api.limited(fault, headers)
  const reply = emptyBody
    ? canned(status, '', undefined, undefined)
    : gatewayError(status, 'API limit exceeded', call.path)
  return { ...reply, headers }
}
