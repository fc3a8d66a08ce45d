import type { IncomingMessage, ServerResponse } from 'node:http'

// Cross-origin requests (fetch.spec.whatwg.org, "CORS protocol"): only for the origins that the operator names. Others
// get no such header, so that browsers show them nothing.

/** What a page of another origin may read of a response. */
const exposed = 'Mcp-Session-Id, WWW-Authenticate, Retry-After'

/** How long a browser may keep the answer to a preflight, in seconds. */
const maxAgeSeconds = 600

/** The headers of a response to a page of an allowed origin; none for all others. */
export function corsHeaders(
  origin: string | undefined,
  allowed: readonly string[] = [],
): Readonly<Record<string, string>> {
  if (allowed.length === 0) return {}
  // A cache must not give one origin the answer of another.
  const vary = { vary: 'Origin' }
  if (origin === undefined || !allowed.includes(origin)) return vary
  return { ...vary, 'access-control-allow-origin': origin, 'access-control-expose-headers': exposed }
}

/** Answers a preflight of an allowed origin with 204. False for any other request: nothing is written. */
export function answerPreflight(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  res: ServerResponse,
  allowed: readonly string[] = [],
): boolean {
  const { origin = '', 'access-control-request-headers': asked = '' } = headers
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
  if (!isPreflight || !allowed.includes(origin)) return false
  res.writeHead(204, {
    ...corsHeaders(origin, allowed),
    vary: 'Origin, Access-Control-Request-Headers',
    'access-control-allow-methods': 'GET, POST, DELETE',
    // A revision of MCP may bring headers of its own; a page of such an origin may send any.
    ...(/^[\w-]+(?:\s*,\s*[\w-]+)*$/.test(asked) && { 'access-control-allow-headers': asked }),
    'access-control-max-age': String(maxAgeSeconds),
  })
  res.end()
  return true
}
