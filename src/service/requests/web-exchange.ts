import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Exchange } from './exchange.ts'

// Between node:http and the SDK, which speaks the Request and the Response of the web. @modelcontextprotocol/node does
// the same with whole objects: making those takes a third of the time of a call (npm run bench http).

const headerText = (header: string | readonly string[] | undefined): string | null =>
  header === undefined ? null : typeof header === 'string' ? header : header.join(', ')

/**
 * The request of an exchange whose body was read. It has what the SDK reads of one: method, address, headers by name,
 * and the signal of its end.
 */
export function webRequestOf({ req: { headers }, controller }: Exchange): Request {
  const request = {
    method: 'POST',
    url: 'http://localhost/mcp',
    headers: {
      get: (name: string) => headerText(headers[name.toLowerCase()]),
      has: (name: string) => headers[name.toLowerCase()] !== undefined,
    },
    signal: controller.signal,
    body: null,
  }
  return request as unknown as Request
}

/** Answers are for their caller alone. */
const ownHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/**
 * Sends a response: what is no stream at once, and a stream as fast as the client reads it. `lastEvent`: what is left to
 * say where a stream was broken off.
 */
export async function sendWebResponse(
  response: Response,
  res: ServerResponse,
  lastEvent: () => string | undefined,
): Promise<void> {
  const { status, body } = response
  const headers = { ...Object.fromEntries(response.headers), ...ownHeaders }
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (!body || !isStream) {
    const bytes = Buffer.from(await response.arrayBuffer())
    res.writeHead(status, { ...headers, 'content-length': bytes.length })
    res.end(bytes)
    return
  }
  // A proxy must neither keep nor change what passes.
  res.writeHead(status, { ...headers, 'cache-control': 'no-cache, no-store, no-transform' })
  for await (const chunk of body) {
    if (res.destroyed) break
    if (!res.write(chunk)) await Promise.race([once(res, 'drain'), once(res, 'close')])
  }
  const last = lastEvent()
  res.end(last === undefined ? undefined : `event: message\ndata: ${last}\n\n`)
}
