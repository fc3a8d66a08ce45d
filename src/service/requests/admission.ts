import type { Authenticator } from '../callers/authenticate.ts'
import { callerId, type ServiceCaller } from '../callers/caller.ts'
import type { FailureDelays } from '../callers/failures.ts'
import type { Refusal as CallerRefusal } from '../callers/refusals.ts'
import { BodyError, readBody, refuseLargeBody } from '../network/body.ts'
import type { RateLimiter } from '../network/rate.ts'
import { type Refusal, refuse } from '../network/replies.ts'
import type { RefusalReason } from '../operation/metric-labels.ts'
import type { Exchange } from './exchange.ts'
import { readBodyMessage } from './message.ts'
import { factsOfMessages } from './message-facts.ts'

// What is checked before a message reaches the SDK, in the order of design 12: size, caller, rate, body.

/** As much as a line over stdio. */
const maxBodyBytes = 10 * 1024 * 1024
const bodyTimeoutMs = 30_000
/** Bodies of all callers that are read at the same time: more would fill the memory. */
const maxBytesAtOnce = 256 * 1024 * 1024

const crowded: Refusal = {
  status: 503,
  sentence: 'Too many large requests come at the same time: send this one again in a moment.',
  headers: { 'retry-after': '1' },
}

/** What the checks need. */
export interface AdmissionOptions {
  readonly authenticator: Authenticator
  readonly rate: RateLimiter
  /** The rate, for the sentence of a refusal. */
  readonly callsPerMinute: number
  readonly delays: FailureDelays
  readonly isEnding: () => boolean
}

const endingRefusal: Refusal = {
  status: 503,
  sentence: 'The service is ending and takes no more calls: make the call again in a moment.',
  headers: { 'retry-after': '5' },
}

/** Ends early, and in peace, if the signal aborts. */
const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/** Answers an exchange with a refusal, and notes why. */
export function refuseExchange(exchange: Exchange, reason: RefusalReason, refusal: Refusal): void {
  exchange.refused = reason
  refuse(exchange.res, refusal)
}

const reasonOf = ({ status }: BodyError): RefusalReason =>
  status === 413 ? 'size' : status === 415 ? 'media type' : 'body'

/** The checks of one service. Each answers the exchange if it refuses it. */
export class Admission {
  readonly #options: AdmissionOptions
  /** Bytes of the bodies that are being read, as far as they are declared. */
  #bytesAtOnce = 0

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  /** The caller of a request to /mcp. Undefined if the exchange was answered. */
  async callerOf(exchange: Exchange): Promise<ServiceCaller | undefined> {
    if (this.#refuseAtEnd(exchange)) return undefined
    try {
      refuseLargeBody(exchange.req, maxBodyBytes)
    } catch (error) {
      this.#refuseBody(exchange, error)
      return undefined
    }
    return this.identify(exchange)
  }

  /** The caller of any request, known from headers alone. Undefined if the exchange was answered. */
  async identify(exchange: Exchange): Promise<ServiceCaller | undefined> {
    const authorization = exchange.req.headersDistinct['authorization']
    const found = await this.#options.authenticator.authenticate({ authorization })
    if ('caller' in found) return found.caller
    await this.#refuseCaller(exchange, found.refusal)
    return undefined
  }

  /** The message of a caller, made plain. Undefined if the exchange was answered. */
  async messageOf(exchange: Exchange, caller: ServiceCaller): Promise<unknown> {
    const { rate, callsPerMinute } = this.#options
    const message = await this.#readMessage(exchange)
    // The end may have begun while the body came.
    if (message === undefined || this.#refuseAtEnd(exchange)) return undefined
    const messages = factsOfMessages(message)
    // Whoever is over their rate may still take back what runs.
    if (messages.every(({ cancels }) => cancels !== undefined)) return message
    const busySeconds = Math.max(...messages.map(() => rate.take(callerId(caller))))
    if (busySeconds === 0) return message
    exchange.busySeconds = busySeconds
    // A tool call gets an ordinary result, which models can read.
    if (messages.some(({ method }) => method === 'tools/call')) return message
    refuseExchange(exchange, 'rate', {
      status: 429,
      sentence: `This caller has made more than ${callsPerMinute} requests within a minute: wait ${busySeconds} s.`,
      headers: { 'retry-after': String(busySeconds) },
    })
    return undefined
  }

  #refuseAtEnd(exchange: Exchange): boolean {
    const isEnding = this.#options.isEnding()
    if (isEnding) refuseExchange(exchange, 'draining', endingRefusal)
    return isEnding
  }

  async #readMessage(exchange: Exchange): Promise<unknown> {
    const { req, res, controller } = exchange
    const limits = { maxBytes: maxBodyBytes, timeoutMs: bodyTimeoutMs, signal: controller.signal }
    const bytes = Number(req.headers['content-length'] ?? maxBodyBytes)
    if (this.#bytesAtOnce + bytes > maxBytesAtOnce) {
      refuseExchange(exchange, 'size', crowded)
      return undefined
    }
    this.#bytesAtOnce += bytes
    try {
      const read = readBodyMessage(await readBody(req, res, limits), req.headers['mcp-protocol-version'])
      if (read.errorText === undefined) return read.message
      exchange.refused = 'body'
      res.writeHead(400, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      res.end(read.errorText)
    } catch (error) {
      this.#refuseBody(exchange, error)
    } finally {
      this.#bytesAtOnce -= bytes
    }
    return undefined
  }

  #refuseBody(exchange: Exchange, error: unknown): void {
    if (!(error instanceof BodyError)) throw error
    refuseExchange(exchange, reasonOf(error), error)
  }

  /** Whoever brings wrong tokens again and again waits for the answer. */
  async #refuseCaller(
    exchange: Exchange,
    { status, sentence, challenge, reason }: CallerRefusal,
  ): Promise<void> {
    const { address, controller } = exchange
    const { delays } = this.#options
    const isAway = status === 503
    if (reason !== 'no token' && !isAway) delays.failed(address)
    await sleep(delays.delayFor(address), controller.signal)
    const headers: Record<string, string> = isAway
      ? { 'retry-after': '30' }
      : { 'www-authenticate': challenge }
    refuseExchange(exchange, status === 403 ? 'role' : 'caller', { status, sentence, headers })
  }
}
