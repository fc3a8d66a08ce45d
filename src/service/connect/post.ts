import { isJSONRPCNotification, type JSONRPCNotification } from '@modelcontextprotocol/server'
import { messageOf } from '../../shared/errors.ts'
import { isObject, parseJson } from '../../shared/json.ts'
import { textIn, type Web, type WebAnswer, WebError } from '../outbound/web.ts'
import { eventsIn } from './event-stream.ts'
import { type Json, type Reply, replyIn } from './reply.ts'

/** One message for the service. */
export interface Post {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly message: Json
  readonly signal: AbortSignal
  /** Gets the notifications of the service that come before the answer. */
  readonly onNotification: (notification: JSONRPCNotification) => Promise<void>
  /** Longest wait for the answer, and longest silence within it, in ms; 0: for ever. */
  readonly timeoutMs: number
}

type Headers = WebAnswer['headers']

/** What became of one POST. */
export type Outcome =
  | { readonly kind: 'answered'; readonly reply: Reply; readonly headers: Headers }
  /** A notification was taken. */
  | { readonly kind: 'accepted' }
  /** The service, or a proxy before it, did not take the message. `reply`: the error in its body. */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly headers: Headers
      readonly reply: Reply | undefined
    }
  /** It never left this machine. */
  | { readonly kind: 'unsent'; readonly why: string; readonly isAway: boolean }
  /** It left, and no whole answer came. */
  | { readonly kind: 'broken'; readonly why: string }
  /** What came is no answer of MCP. */
  | { readonly kind: 'odd'; readonly status: number }

/** The largest message: an export of 200 MB, and what JSON adds to it. */
const maxMessageBytes = 256 * 1024 * 1024
const maxErrorBytes = 1024 * 1024

/** How long a stream may go on after the answer. */
const lingerMs = 1_000

const mediaTypeOf = ({ headers }: WebAnswer): string =>
  String(headers['content-type'] ?? '')
    .replace(/;.*$/s, '')
    .trim()
    .toLowerCase()

/** Reads a stream to its end: closed before that, it looks to the service as if the request was cancelled. */
async function readOut(events: AsyncGenerator<string>, { body }: WebAnswer): Promise<void> {
  const timer = setTimeout(() => body.destroy(), lingerMs)
  try {
    while (!(await events.next()).done);
  } catch {
    // The answer is there already.
  } finally {
    clearTimeout(timer)
  }
}

async function readStream(answer: WebAnswer, { onNotification, message }: Post): Promise<Outcome> {
  const events = eventsIn(answer.body, maxMessageBytes)
  for (;;) {
    const { value, done } = await events.next()
    if (done) return { kind: 'broken', why: 'the stream ended before the answer' }
    const found = parseJson(value)
    const reply = replyIn(found)
    if (reply && isObject(found) && found['id'] === message['id']) {
      void readOut(events, answer)
      return { kind: 'answered', reply, headers: answer.headers }
    }
    if (isJSONRPCNotification(found)) await onNotification(found)
  }
}

async function readAnswer(answer: WebAnswer, post: Post): Promise<Outcome> {
  const { statusCode: status, headers, body } = answer
  const isJson = mediaTypeOf(answer) === 'application/json'
  const isSuccess = status >= 200 && status <= 299
  if (isSuccess && post.message['id'] !== undefined) {
    if (mediaTypeOf(answer) === 'text/event-stream') return readStream(answer, post)
    const reply = isJson ? replyIn(parseJson(await textIn(body, maxMessageBytes))) : undefined
    if (reply) return { kind: 'answered', reply, headers }
  }
  // An error says enough by its status if its body cannot be read.
  const text = isJson && !isSuccess ? await textIn(body, maxErrorBytes).catch(() => '') : ''
  await body.dump().catch(() => undefined)
  if (!isSuccess) return { kind: 'refused', status, headers, reply: replyIn(parseJson(text)) }
  return post.message['id'] === undefined ? { kind: 'accepted' } : { kind: 'odd', status }
}

/** Sends one message once. Rejects with the reason of the signal alone. */
export async function post(web: Web, request: Post): Promise<Outcome> {
  const { url, headers, message, signal, timeoutMs } = request
  try {
    const answer = await web.send({
      url,
      method: 'POST',
      headers: {
        ...headers,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(message),
      signal,
      timeoutMs,
    })
    return await readAnswer(answer, request)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof WebError && !error.isSent)
      return { kind: 'unsent', why: error.message, isAway: error.isAway }
    return { kind: 'broken', why: messageOf(error) }
  }
}
