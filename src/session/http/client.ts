import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, request as undiciRequest } from 'undici'
import type { Settings } from '../../config/settings.ts'
import {
  BusyError,
  defaultRetrySeconds,
  messageOf,
  SetupError,
  TooLargeError,
  VendorError,
} from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import type { Redact } from '../../shared/secrets.ts'
import type { SessionWatch } from '../session-watch.ts'
import { acceptEncoding, readBody } from './body.ts'
import { checkingWrites } from './checked-write.ts'
import { FairLimiter } from './concurrency-limiter.ts'
import { Host, type HostLimits } from './host.ts'
import { classifyNetworkError } from './network-errors.ts'
import { limitsOf, secondsToWait } from './rate-limits.ts'
import type { HttpRequest, Origins } from './request.ts'
import { type BodyParser, type HttpResponse, httpResponse } from './response.ts'
import { limitReason, pauseAfter, pauseFor, reasonOf } from './retries.ts'
import type { RetryBudget } from './retry-budget.ts'

/** How to send one request. */
export interface SendOptions {
  /** True for reads and logins: sending them twice is safe. Effects are sent once. */
  readonly repeatable: boolean
  /** The retry budget. Requests with the same budget are served in order; different budgets take turns. */
  readonly budget: RetryBudget
  readonly signal?: AbortSignal | undefined
  /**
   * Called when its turn has come, just before it is sent. Returns further headers. If it throws, nothing is
   * sent.
   */
  readonly onBeforeSend?: (() => Readonly<Record<string, string>>) | undefined
  /** Called once the connection is open, right before the request is written. If it throws, nothing is sent. */
  readonly onBeforeWrite?: (() => void) | undefined
  /** Called with every answer, also with those that are retried. */
  readonly onResponse?: ((response: HttpResponse) => void) | undefined
  /** Opens the parser of a success, for each attempt anew. */
  readonly openParser?: (() => BodyParser) | undefined
}

/** One attempt to send a request. */
interface Attempt {
  readonly request: HttpRequest
  readonly host: Host
  /** Counted from 0. */
  readonly number: number
  readonly headersTimeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly onResponse: ((response: HttpResponse) => void) | undefined
  readonly openParser: (() => BodyParser) | undefined
  readonly onBeforeWrite: (() => void) | undefined
}

/** During a longer wait the MCP client is notified again after this time. */
const notifyEveryMs = 5_000

type Outcome = HttpResponse | VendorError

/** Sends requests to the hosts of one account and to no other host. Nothing else sends requests to Qualys. */
export class HttpClient {
  readonly #settings: Settings
  readonly #redact: Redact
  readonly #log: Log
  readonly #watch: SessionWatch
  readonly #limiter: FairLimiter
  readonly #hosts: ReadonlyMap<string, Host>
  /** Pending waits before a retry. */
  readonly #pendingWaits = new Set<AbortController>()
  #requestCount = 0
  #closed = false

  /** `redact` is applied to refusals before they are quoted and clipped. */
  constructor(
    { gatewayUrl, apiUrl }: Origins,
    settings: Settings,
    redact: Redact,
    log: Log,
    watch: SessionWatch = {},
  ) {
    this.#watch = watch
    this.#settings = settings
    this.#redact = redact
    this.#log = log
    this.#limiter = new FairLimiter(settings.concurrency)
    const urls = [gatewayUrl, apiUrl].flatMap((url) => (url === undefined ? [] : [new URL(url)]))
    this.#hosts = new Map(urls.map((url) => [url.origin, new Host(url, settings)]))
  }

  /** The last reported limits of a host, and how many concurrent requests it gets. */
  limitsAt(url: string): HostLimits {
    return this.#hostOf(new URL(url)).limits
  }

  /** Sends one request. A repeatable request is retried within the retry budget. */
  async send(request: HttpRequest, options: SendOptions): Promise<HttpResponse> {
    const { signal, budget, repeatable, onResponse, openParser, onBeforeWrite } = options
    const host = this.#hostOf(request.url)
    const fullTimeoutMs = this.#settings.headersTimeoutSeconds * 1000
    for (let number = 0; ; number++) {
      // A retry gets only the time that is left: clients give up after a minute.
      const headersTimeoutMs =
        number === 0 ? fullTimeoutMs : Math.max(1_000, Math.min(fullTimeoutMs, budget.remainingMs))
      let startedAt = 0
      const attempt = (): Promise<Outcome> => {
        const sent = { ...request, headers: { ...request.headers, ...options.onBeforeSend?.() } }
        startedAt = performance.now()
        const how = { number, host, headersTimeoutMs, signal, onResponse, openParser, onBeforeWrite }
        return this.#attempt({ request: sent, ...how })
      }
      // First a turn at the host, then one overall: waiting for a limited host does not block the other one.
      const inTurn = (): Promise<Outcome> => this.#limiter.run(attempt, budget.turn, signal)
      const outcome = await host.limiter.run(inTurn, budget.turn, signal)
      const pause = pauseAfter(outcome, number)
      if (pause === undefined || this.#closed) return responseOrThrow(outcome)
      if (!repeatable) return effectResponse(outcome)
      budget.consume(performance.now() - startedAt)
      if (pause > budget.remainingMs) return responseOrBusy(outcome)
      budget.consume(pause)
      await this.#wait(pause, reasonOf(outcome), options)
    }
  }

  /**
   * Waits for a limit that Qualys reports inside a success, within the retry budget. False if it takes too
   * long.
   */
  async waitForLimit(seconds: number, options: Pick<SendOptions, 'budget' | 'signal'>): Promise<boolean> {
    const { remainingMs } = options.budget
    const pause = Math.min(pauseFor(Math.max(1, seconds)), remainingMs)
    if (this.#closed || seconds * 1000 > remainingMs) return false
    options.budget.consume(pause)
    await this.#wait(pause, limitReason, options)
    return true
  }

  /** Closes every connection. Nothing is retried after that. */
  async close(): Promise<void> {
    this.#closed = true
    for (const wait of this.#pendingWaits) wait.abort(new VendorError('The server is shutting down.', ''))
    await Promise.all([...this.#hosts.values()].map((host) => host.close()))
  }

  /** Waits, and notifies the caller at once and every few seconds. */
  async #wait(
    ms: number,
    reason: string,
    { budget, signal }: Pick<SendOptions, 'budget' | 'signal'>,
  ): Promise<void> {
    const cancel = new AbortController()
    this.#pendingWaits.add(cancel)
    const anySignal = signal ? AbortSignal.any([signal, cancel.signal]) : cancel.signal
    try {
      for (let left = ms; left > 0; left -= notifyEveryMs) {
        budget.notify(`${reason}: the next try is in ${Math.ceil(left / 1000)} s.`)
        await sleep(Math.min(left, notifyEveryMs), undefined, { signal: anySignal })
      }
    } catch (error) {
      anySignal.throwIfAborted()
      throw error
    } finally {
      this.#pendingWaits.delete(cancel)
    }
  }

  async #attempt(attempt: Attempt): Promise<Outcome> {
    const { request, host } = attempt
    const { origin } = request.url
    try {
      const response = await this.#performLogged(attempt, await host.agent())
      host.update(response)
      attempt.onResponse?.(response)
      if (response.status >= 300 && response.status < 400) {
        throw new SetupError(
          `${origin} redirects elsewhere (${response.status}), which is refused.`,
          'Ask the operator to check the platform address; a proxy or a login page may stand in between.',
          { status: response.status },
        )
      }
      if (response.status < 300) return response
      const text = this.#redact(response.text)
      // The mark says that the bytes are UTF-8 now, whatever encoding the text declares.
      return httpResponse(response.status, response.headers, Buffer.from(`\ufeff${text}`))
    } catch (error) {
      attempt.signal?.throwIfAborted()
      if (error instanceof SetupError || error instanceof TooLargeError) throw error
      const failure = error instanceof VendorError ? error : this.#networkError(error, attempt)
      if (failure instanceof VendorError) return failure
      throw failure ?? error
    }
  }

  #networkError(error: unknown, { request, host, headersTimeoutMs }: Attempt): Error | undefined {
    const { connectTimeoutSeconds, headersTimeoutSeconds, bodyTimeoutSeconds } = this.#settings
    const isShortened = headersTimeoutMs < headersTimeoutSeconds * 1000
    return classifyNetworkError(error, request.url.origin, host.proxy, {
      connect: `${connectTimeoutSeconds} s (QUALYS_CONNECT_TIMEOUT_SECONDS)`,
      // A retry has only the time that is left.
      headers: isShortened
        ? `the ${Math.round(headersTimeoutMs / 1000)} s that were left (QUALYS_MAX_WAIT_SECONDS)`
        : `${headersTimeoutSeconds} s (QUALYS_HEADERS_TIMEOUT_SECONDS)`,
      body: `${bodyTimeoutSeconds} s`,
    })
  }

  /** One attempt with its log line: without query and body, which belong to the assistant and to Qualys. */
  async #performLogged(attempt: Attempt, agent: Dispatcher): Promise<HttpResponse> {
    const { request, number } = attempt
    const startedAt = performance.now()
    const { method, url } = request
    const facts = { request: ++this.#requestCount, method, host: url.host, path: url.pathname }
    const log = (outcome: Readonly<Record<string, string | number>>, text: string): void => {
      const ms = Math.round(performance.now() - startedAt)
      this.#log.debug({ ...facts, attempt: number + 1, ms, ...outcome }, text)
    }
    try {
      const response = await performRequest(attempt, agent)
      this.#watch.onAttempt?.({ url, status: response.status, ms: performance.now() - startedAt })
      log({ status: response.status, bytes: response.byteLength }, 'Qualys answered')
      return response
    } catch (error) {
      this.#watch.onAttempt?.({ url, ms: performance.now() - startedAt })
      log({ error: messageOf(error) }, 'no answer')
      throw error
    }
  }

  /** Throws unless the host belongs to the account. */
  #hostOf({ origin }: URL): Host {
    const host = this.#hosts.get(origin)
    if (host) return host
    throw new SetupError(`${origin} is not a configured host.`, 'Check QUALYS_ROUTES.')
  }
}

async function performRequest(
  { request, headersTimeoutMs, signal, openParser, onBeforeWrite }: Attempt,
  agent: Dispatcher,
): Promise<HttpResponse> {
  const { statusCode, headers, body } = await undiciRequest(request.url, {
    method: request.method,
    headers: {
      'user-agent': 'qualys-mcp',
      'x-requested-with': 'qualys-mcp',
      'accept-encoding': acceptEncoding,
      ...request.headers,
    },
    body: request.body ?? null,
    dispatcher: checkingWrites(agent, onBeforeWrite),
    headersTimeout: headersTimeoutMs,
    signal,
  })
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  const parser = statusCode < 300 ? openParser?.() : undefined
  const whole = await readBody(body, flat['content-encoding'] ?? '', (chunk) => parser?.write(chunk))
  const parsed = parser && { value: await parser.end(whole) }
  return httpResponse(statusCode, flat, whole, parsed)
}

function responseOrThrow(outcome: Outcome): HttpResponse {
  if (outcome instanceof VendorError) throw outcome
  return outcome
}

/**
 * The outcome of an effect: a limit is reported, not waited for. A 5xx, even with a hint to wait, may follow
 * the work.
 */
function effectResponse(outcome: Outcome): HttpResponse {
  if (outcome instanceof VendorError || outcome.status >= 500) return responseOrThrow(outcome)
  return responseOrBusy(outcome)
}

function responseOrBusy(outcome: Outcome): HttpResponse {
  const wait = outcome instanceof VendorError ? undefined : secondsToWait(outcome)
  if (outcome instanceof VendorError || wait === undefined) return responseOrThrow(outcome)
  // No Retry-After: report the rate-limit window, not our last backoff (it was too short).
  const window = limitsOf(outcome.headers).windowSeconds ?? defaultRetrySeconds
  const seconds = Math.ceil(
    typeof wait === 'number' && wait > 0 ? wait : Math.min(window, defaultRetrySeconds),
  )
  throw new BusyError(
    outcome.status === 503
      ? 'Qualys is not available for the moment (503).'
      : `${limitReason} (${outcome.status}).`,
    `Call again in ${seconds} s.`,
    { status: outcome.status, retryAfterSeconds: seconds },
  )
}
