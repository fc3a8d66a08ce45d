import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Why a request is refused: the HTTP status and one sentence for whoever sent it. */
export interface Refusal {
  readonly status: number
  readonly sentence: string
  readonly headers?: Readonly<Record<string, string>>
}

/** The code of JSON-RPC for errors that a server defines. */
const serverError = -32_000

/** The longest time for a client to stop sending a body that nobody reads. */
const lingerMs = 1_000

function hasUnreadBody({ headers, complete }: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = headers
  return !complete && (encoding !== undefined || Number(length) > 0)
}

/**
 * Ends a response only when the client has sent its body, or after a second. Node closes the connection with the end of
 * the response; with bytes of the client unread, the system then resets the connection, and the client may lose the
 * response (RFC 9112, 9.6).
 */
function endAfterBody(req: IncomingMessage, res: ServerResponse): void {
  const end = (): void => {
    clearTimeout(timer)
    res.end()
  }
  const timer = setTimeout(end, lingerMs)
  // The body flows and is dropped.
  req.on('close', end).on('end', end).resume()
}

/** A whole answer. */
interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: string | Buffer
}

/** Sends an answer. Closes the connection if the body of the request was not read. */
export function sendAnswer(res: ServerResponse, { status, headers, body }: Answer): void {
  if (res.headersSent || res.destroyed) return
  const isUnread = hasUnreadBody(res.req)
  res.writeHead(status, {
    'content-length': Buffer.byteLength(body),
    ...headers,
    ...(isUnread && { connection: 'close' }),
  })
  // A client that waits for `100 Continue` sends no body any more.
  if (!isUnread || res.req.headers.expect !== undefined) return void res.end(body)
  res.write(body)
  endAfterBody(res.req, res)
}

/** Answers with an error of JSON-RPC. Closes the connection if the body of the request was not read. */
export function refuse(res: ServerResponse, { status, sentence, headers = {} }: Refusal): void {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    error: { code: serverError, message: sentence },
    id: null,
  })
  const own = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  sendAnswer(res, { status, headers: { ...own, ...headers }, body })
}
