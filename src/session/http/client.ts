import { setTimeout as sleep } from 'node:timers/promises'
import { type Dispatcher, request as exchangeOnce } from 'undici'
import type { Settings } from '../../config/settings.ts'
import { BusyError, SetupError, TooLargeError, VendorError, vagueSeconds } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import type { Redact } from '../../shared/secrets.ts'
import { acceptEncoding, readBody } from './body.ts'
import { Gate } from './concurrency-limiter.ts'
import { Host, type HostTraffic } from './host.ts'
import { brokenError } from './network-errors.ts'
import { limitsOf, secondsToWait } from './rate-limits.ts'
import type { Origins, Request } from './request.ts'
import type { Caller } from './retry-budget.ts'

/** One HTTP answer, read completely. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
  readonly text: string
}

/** How to send one request. */
export interface SendOptions {
  /** True for reads and logins: sending them twice is safe. Effects are sent once. */
  readonly repeatable: boolean
  /** Whose turn and whose retry budget it uses. */
  readonly caller: Caller
  readonly signal?: AbortSignal | undefined
  /**
   * Called when its turn has come, just before it is sent. Returns further headers. If it throws, nothing is
   * sent.
   */
  readonly sending?: (() => Readonly<Record<string, string>>) | undefined
  /** Called with every answer, also with those that are retried. */
  readonly heard?: ((reply: Reply) => void) | undefined
}

/** One attempt to send a request. */
interface Attempt {
  readonly request: Request
  readonly host: Host
  /** Counted from 0. */
  readonly number: number
  readonly headersMs: number
  readonly signal: AbortSignal | undefined
  readonly heard: ((reply: Reply) => void) | undefined
}

const firstBackoffMs = 500
const transient = new Set([502, 503, 504])
const mostTries = 4
/** During a longer wait the client is notified again after this time. */
const tellEveryMs = 5_000

type Outcome = Reply | VendorError

/** Sends requests to the hosts of one account and to no other host. Nothing else sends requests to Qualys. */
export class Wire {
  readonly #settings: Settings
  readonly #redact: Redact
  readonly #log: Log
  readonly #gate: Gate
  readonly #hosts: ReadonlyMap<string, Host>
  /** Pending waits before a retry. */
  readonly #waiting = new Set<AbortController>()
  #sent = 0
  #closed = false

  /** `redact` is applied to refusals before they are quoted and clipped. */
  constructor({ gatewayUrl, apiUrl }: Origins, settings: Settings, redact: Redact, log: Log) {
    this.#settings = settings
    this.#redact = redact
    this.#log = log
    this.#gate = new Gate(settings.concurrency)
    const urls = [gatewayUrl, apiUrl].map((url) => new URL(url))
    this.#hosts = new Map(urls.map((url) => [url.origin, new Host(url, settings)]))
  }

  /** The last reported limits of a host, and the number of concurrent requests that it gets. */
  trafficAt(url: string): HostTraffic {
    return this.#hostOf(new URL(url)).traffic
  }

  /**
   * Sends one request and returns its answer. A repeatable request is retried within the caller's retry
   * budget.
   */
  async send(request: Request, options: SendOptions): Promise<Reply> {
    const { signal, caller, repeatable, heard } = options
    const host = this.#hostOf(request.url)
    const headersMs = this.#settings.headersTimeoutSeconds * 1000
    for (let number = 0; ; number++) {
      // A retry gets only the time that is left: clients give up after a minute.
      const patience = number === 0 ? headersMs : Math.max(1_000, Math.min(headersMs, caller.leftMs))
      let began = 0
      const once = (): Promise<Outcome> => {
        const sent = { ...request, headers: { ...request.headers, ...options.sending?.() } }
        began = performance.now()
        return this.#once({ request: sent, number, host, headersMs: patience, signal, heard })
      }
      // First a turn at the host, then one overall: waiting for a limited host does not block the other one.
      const outcome = await host.gate.through(() => this.#gate.through(once, caller, signal), caller, signal)
      const pause = pauseAfter(outcome, number)
      if (pause === undefined || this.#closed) return settled(outcome)
      if (!repeatable) return sentOnce(outcome)
      caller.spend(performance.now() - began)
      if (pause > caller.leftMs) return givenUp(outcome)
      caller.spend(pause)
      await this.#wait(pause, reasonOf(outcome), options)
    }
  }

  /** Closes every connection. Nothing is retried after that. */
  async close(): Promise<void> {
    this.#closed = true
    for (const waiting of this.#waiting) waiting.abort(new VendorError('The server is shutting down.', ''))
    await Promise.all([...this.#hosts.values()].map((host) => host.close()))
  }

  /** Waits, and notifies the caller at once and every few seconds. */
  async #wait(ms: number, reason: string, { caller, signal }: SendOptions): Promise<void> {
    const own = new AbortController()
    this.#waiting.add(own)
    const end = signal ? AbortSignal.any([signal, own.signal]) : own.signal
    try {
      for (let left = ms; left > 0; left -= tellEveryMs) {
        caller.tell(`${reason}: the next try is in ${Math.ceil(left / 1000)} s.`)
        await sleep(Math.min(left, tellEveryMs), undefined, { signal: end })
      }
    } catch (error) {
      end.throwIfAborted()
      throw error
    } finally {
      this.#waiting.delete(own)
    }
  }

  async #once(attempt: Attempt): Promise<Outcome> {
    const { request, host } = attempt
    const { origin } = request.url
    try {
      const reply = await this.#logged(attempt, await host.agent())
      host.learn(reply)
      attempt.heard?.(reply)
      if (reply.status >= 300 && reply.status < 400) {
        throw new SetupError(
          `${origin} redirects elsewhere (${reply.status}), which is refused.`,
          'Ask the operator to check the platform address; a proxy or a login page may stand in between.',
          { status: reply.status },
        )
      }
      if (reply.status < 300) return reply
      const text = this.#redact(reply.text)
      return { ...reply, text, bytes: Buffer.from(text) }
    } catch (error) {
      attempt.signal?.throwIfAborted()
      if (error instanceof SetupError || error instanceof TooLargeError) throw error
      const failure = error instanceof VendorError ? error : this.#broken(error, attempt)
      if (failure instanceof VendorError) return failure
      throw failure ?? error
    }
  }

  #broken(error: unknown, { request, host, headersMs }: Attempt): Error | undefined {
    const { connectTimeoutSeconds, headersTimeoutSeconds, bodyTimeoutSeconds } = this.#settings
    const isCut = headersMs < headersTimeoutSeconds * 1000
    return brokenError(error, request.url.origin, host.proxy, {
      connect: `${connectTimeoutSeconds} s (QUALYS_CONNECT_TIMEOUT_SECONDS)`,
      // A retry has only the time that is left.
      headers: isCut
        ? `the ${Math.round(headersMs / 1000)} s that were left (QUALYS_MAX_WAIT_SECONDS)`
        : `${headersTimeoutSeconds} s (QUALYS_HEADERS_TIMEOUT_SECONDS)`,
      body: `${bodyTimeoutSeconds} s`,
    })
  }

  /** One attempt with its log line: without query and body, which belong to the assistant and to Qualys. */
  async #logged(attempt: Attempt, agent: Dispatcher): Promise<Reply> {
    const { request, number } = attempt
    const began = performance.now()
    const facts = {
      request: ++this.#sent,
      method: request.method,
      host: request.url.host,
      path: request.url.pathname,
    }
    const done = () => ({ ...facts, attempt: number + 1, ms: Math.round(performance.now() - began) })
    try {
      const reply = await exchange(attempt, agent)
      this.#log.debug({ ...done(), status: reply.status, bytes: reply.bytes.length }, 'Qualys answered')
      return reply
    } catch (error) {
      this.#log.debug(
        { ...done(), error: error instanceof Error ? error.message : String(error) },
        'no answer',
      )
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

async function exchange({ request, headersMs, signal }: Attempt, agent: Dispatcher): Promise<Reply> {
  const { statusCode, headers, body } = await exchangeOnce(request.url, {
    method: request.method,
    headers: {
      'user-agent': 'qualys-mcp',
      'x-requested-with': 'qualys-mcp',
      'accept-encoding': acceptEncoding,
      ...request.headers,
    },
    body: request.body ?? null,
    dispatcher: agent,
    headersTimeout: headersMs,
    signal,
  })
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  const bytes = await readBody(body, flat['content-encoding'] ?? '')
  return { status: statusCode, headers: flat, bytes, text: bytes.toString('utf8') }
}

/** Milliseconds before the next attempt; undefined if a retry is useless. */
function pauseAfter(outcome: Outcome, attempt: number): number | undefined {
  const backoff = firstBackoffMs * 2 ** attempt * (0.75 + Math.random() / 2)
  const mayRepeat = attempt + 1 < mostTries
  if (outcome instanceof VendorError) return mayRepeat ? backoff : undefined
  const told = secondsToWait(outcome)
  // The hint may come only with the next refusal (qualys-platform.md 3.2), so ask again soon.
  if (told === 'unknown') return backoff * 4
  // Whole seconds are rounded, and other clients wait for the same moment.
  if (told !== undefined) return told > 0 ? told * 1000 * (1 + Math.random() / 20) : backoff
  return transient.has(outcome.status) && mayRepeat ? backoff : undefined
}

function reasonOf(outcome: Outcome): string {
  if (outcome instanceof VendorError) return 'The connection to Qualys broke'
  return secondsToWait(outcome) === undefined || outcome.status === 503
    ? `Qualys failed (${outcome.status})`
    : `Qualys limits the calls of this account (${outcome.status})`
}

function settled(outcome: Outcome): Reply {
  if (outcome instanceof VendorError) throw outcome
  return outcome
}

/**
 * The outcome of an effect: a limit is reported, not waited for. A 5xx, even with a hint to wait, may follow
 * the work.
 */
function sentOnce(outcome: Outcome): Reply {
  if (outcome instanceof VendorError || outcome.status >= 500) return settled(outcome)
  return givenUp(outcome)
}

function givenUp(outcome: Outcome): Reply {
  const told = outcome instanceof VendorError ? undefined : secondsToWait(outcome)
  if (outcome instanceof VendorError || told === undefined) return settled(outcome)
  // No Retry-After: report the rate-limit window, not our last backoff (it was too short).
  const window = limitsOf(outcome.headers).windowSeconds ?? vagueSeconds
  const seconds = Math.ceil(typeof told === 'number' && told > 0 ? told : Math.min(window, vagueSeconds))
  throw new BusyError(
    outcome.status === 503
      ? 'Qualys is not available for the moment (503).'
      : `Qualys limits the calls of this account (${outcome.status}).`,
    `Call again in ${seconds} s.`,
    { status: outcome.status, retryAfterSeconds: seconds },
  )
}
