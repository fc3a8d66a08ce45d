import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOfStream } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import type { Json } from './stdio-client.ts'

/** A request as the stub got it. */
export interface StubRequest {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly message: Json & { readonly id?: unknown; readonly method?: string; readonly params?: Json }
}

/** A service that answers as a test says. */
export interface Stub {
  readonly url: string
  readonly port: number
  readonly requests: readonly StubRequest[]
  readonly close: () => Promise<void>
}

/** Listens on a port of this machine; 0: any free one. */
async function listenOn(server: Server, port: number): Promise<{ port: number; close: () => Promise<void> }> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { port: (server.address() as AddressInfo).port, close }
}

/** Starts a stub, which is closed after the test. `port` 0: any free one. */
export async function openStub(
  answer: (request: StubRequest, number: number) => void,
  port = 0,
): Promise<Stub> {
  const requests: StubRequest[] = []
  const server = createServer(async (req, res) => {
    const request = { req, res, message: JSON.parse((await textOfStream(req)) || '{}') }
    requests.push(request)
    answer(request, requests.length)
  })
  const opened = await listenOn(server, port)
  onTestFinished(opened.close)
  return { url: `http://127.0.0.1:${opened.port}/mcp`, port: opened.port, requests, close: opened.close }
}

/** Answers with JSON. */
export function answerJson(res: ServerResponse, body: object, status = 200, headers: object = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Answers a request with a result. */
export const answerResult = ({ res, message }: StubRequest, result: Json = {}): void =>
  answerJson(res, { jsonrpc: '2.0', id: message.id, result: { resultType: 'complete', ...result } })

/** Answers `server/discover` as a service of 2026-07-28. */
const answerDiscover = (request: StubRequest): void =>
  answerResult(request, { supportedVersions: ['2026-07-28'], capabilities: {} })

/** Begins a stream of events; returns the function that writes one message. */
export function beginStream(res: ServerResponse): (message: Json) => void {
  res.writeHead(200, { 'content-type': 'text/event-stream' })
  return (message) => res.write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`)
}

/**
 * A service of 2026-07-28 whose answers a test says; it says itself what it is. `number`: of the other requests, from 1.
 */
export function serviceThat(
  answer: (request: StubRequest, number: number) => void,
  port?: number,
): Promise<Stub> {
  let number = 0
  return openStub((request) => {
    if (request.message.method === 'server/discover') answerDiscover(request)
    else answer(request, ++number)
  }, port)
}

/** The methods of the requests that a service got, but for the one that asks what it is. */
export const methodsOf = ({ requests }: Stub): unknown[] =>
  requests.map(({ message: { method } }) => method).filter((method) => method !== 'server/discover')

/** A result of text. */
export const text = (words: string): Json => ({ content: [{ type: 'text', text: words }] })
