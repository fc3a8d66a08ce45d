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

/** Sends a stream as fast as the client reads it, until its end or the abort, whichever comes first. */
async function sendStream(
  body: ReadableStream<Uint8Array>,
  res: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const reader = body.getReader()
  // The SDK leaves some streams open when their request is aborted.
  const giveUp = (): void => void reader.cancel().catch(() => undefined)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    if (!res.write(value)) await once(res, 'drain', { signal }).catch(() => undefined)
  }
}

/**
 * Sends a response: what is no stream at once, and a stream as fast as the client reads it. `lastEvent`: what is left to
 * say where a stream was broken off.
 */
export async function sendWebResponse(
  response: Response,
  { res, controller: { signal } }: Exchange,
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
  await sendStream(body, res, signal)
  const last = lastEvent()
  res.end(last === undefined ? undefined : `event: message\ndata: ${last}\n\n`)
}
