import { subscribe } from 'node:diagnostics_channel'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { rootCertificates } from 'node:tls'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request as exchangeOnce, Pool } from 'undici'
import type { Redact } from '../secrets.ts'
import type { Settings } from '../settings.ts'
import type { Account } from './account.ts'
import { BusyError, SetupError, TooLargeError, UnsentError, VendorError } from './errors.ts'
import { Gate } from './gate.ts'
import { type Limits, limitsOf, secondsToWait } from './limits.ts'
import type { Request } from './request.ts'

/** One HTTP answer, read whole. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
  readonly text: string
}

/** How one request may be sent. */
export interface SendOptions {
  /** True for reads and logins: sending twice does no harm. Effects are sent once. */
  readonly repeatable: boolean
  readonly signal?: AbortSignal | undefined
  /** Called when its turn has come, just before it goes out; what it throws stops it. */
  readonly sending?: (() => void) | undefined
}

const connectMs = 10_000
const headersMs = 30_000
const bodyIdleMs = 30_000
const largestBody = 64 * 1024 * 1024
const firstBackoffMs = 500
/** Told to whoever may not just try again, where Qualys gives no hint. */
const vagueMs = 60_000
const transient = new Set([502, 503, 504])

const unreachable = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Errors of connections that were never made, as undici tells of them: of their requests nothing has left. */
const unmade = new WeakSet<object>()
subscribe('undici:client:connectError', (told) => void unmade.add((told as { readonly error: Error }).error))

/** The error code of the deepest cause that has one. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const code = 'code' in error ? String(error.code) : ''
  return code || codeOf(error.cause)
}

/**
 * A failure below HTTP, told apart by who can mend it; undefined for one that has no code, which is a mistake of
 * ours. The address is the operator's own; no secret is in it.
 */
function wireError(error: unknown, origin: string): SetupError | VendorError | undefined {
  const code = codeOf(error)
  if (code === '') return undefined
  const advice =
    'Try again; if it stays so, ask the operator to check the network and the Qualys status page.'
  if (!(error instanceof Error && unmade.has(error)))
    return new VendorError(
      `The connection to ${origin} broke before the answer was complete (${code}).`,
      advice,
    )
  if (/CERT|TLS|SSL|ISSUER|ALTNAME/.test(code)) {
    return new SetupError(
      `The certificate of ${origin} is not trusted (${code}).`,
      'Ask the operator to set QUALYS_CA_FILE to the CA of the network, if a proxy inspects TLS.',
    )
  }
  const refused = /Proxy response \((\d+)\)/.exec(String(error))?.[1]
  if (refused !== undefined) {
    return new SetupError(
      `The proxy refuses the way to ${origin} (${refused}).`,
      'Ask the operator to check HTTPS_PROXY: its credentials, and whether it lets this host through.',
    )
  }
  if (unreachable.has(code)) {
    const cause =
      code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'its name is not known' : 'nothing answers there'
    return new SetupError(
      `${origin} cannot be reached: ${cause} (${code}).`,
      'Ask the operator to check the platform, the network and HTTPS_PROXY with `qualys-mcp doctor`.',
    )
  }
  return new UnsentError(`No connection to ${origin} came about (${code}).`, advice)
}

/** Sends requests to the hosts of one account, and to nothing else. The only place that sends anything. */
export class Wire {
  readonly #settings: Settings
  readonly #redact: Redact
  readonly #origins: ReadonlySet<string>
  readonly #gate: Gate
  #agent: Promise<Dispatcher> | undefined
  #limits: Limits = {}

  /** Refusals are redacted before anything quotes, and so clips, them. */
  constructor(account: Account, settings: Settings, redact: Redact) {
    this.#settings = settings
    this.#redact = redact
    this.#origins = new Set([account.gatewayUrl, account.apiUrl].map((url) => new URL(url).origin))
    this.#gate = new Gate(settings.concurrency)
  }

  /** What Qualys last said about its limits. */
  get limits(): Limits {
    return this.#limits
  }

  /** One request to one answer. Repeatable ones wait and try again within QUALYS_MAX_WAIT_SECONDS. */
  async send(request: Request, options: SendOptions): Promise<Reply> {
    const { signal } = options
    const deadline = performance.now() + this.#settings.maxWaitSeconds * 1000
    for (let attempt = 0; ; attempt++) {
      // A later try may only take what is left: clients give up after a minute.
      const patience =
        attempt === 0 ? headersMs : Math.max(1_000, Math.min(headersMs, deadline - performance.now()))
      const outcome = await this.#gate.through(() => {
        options.sending?.()
        return this.#once(request, patience, signal)
      }, signal)
      const pause = this.#pauseAfter(outcome, attempt)
      if (pause === undefined) return settled(outcome)
      if (!options.repeatable) return sentOnce(outcome, pause)
      if (performance.now() + pause > deadline) return givenUp(outcome, pause)
      await sleep(pause, undefined, signal && { signal })
    }
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    await this.#agent?.then(
      (agent) => agent.destroy(),
      () => undefined,
    )
  }

  /** Milliseconds before the next try; undefined when another try makes no sense. */
  #pauseAfter(outcome: Reply | VendorError, attempt: number): number | undefined {
    const backoff = firstBackoffMs * 2 ** attempt * (0.75 + Math.random() / 2)
    if (outcome instanceof VendorError) return attempt < 3 ? backoff : undefined
    const told = secondsToWait(outcome)
    if (told !== undefined) return told === 'unknown' ? backoff * 4 : told > 0 ? told * 1000 : backoff
    return transient.has(outcome.status) && attempt < 3 ? backoff : undefined
  }

  async #once(
    request: Request,
    patience: number,
    signal: AbortSignal | undefined,
  ): Promise<Reply | VendorError> {
    const { origin } = request.url
    if (!this.#origins.has(origin))
      throw new SetupError(`${origin} is not a configured host.`, 'Check QUALYS_ROUTES.')
    this.#agent ??= makeAgent(this.#settings)
    try {
      const reply = await exchange(await this.#agent, request, patience, signal)
      this.#limits = { ...this.#limits, ...limitsOf(reply.headers) }
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
      signal?.throwIfAborted()
      if (error instanceof SetupError || error instanceof TooLargeError) throw error
      const failure = error instanceof VendorError ? error : wireError(error, origin)
      if (failure instanceof VendorError) return failure
      throw failure ?? error
    }
  }
}

function settled(outcome: Reply | VendorError): Reply {
  if (outcome instanceof VendorError) throw outcome
  return outcome
}

/** What came of an effect: a limit is told, not waited for. A 5xx, also with a hint to wait, may have come after the work. */
function sentOnce(outcome: Reply | VendorError, pause: number): Reply {
  if (outcome instanceof VendorError || outcome.status >= 500) return settled(outcome)
  return givenUp(outcome, secondsToWait(outcome) === 'unknown' ? vagueMs : pause)
}

function givenUp(outcome: Reply | VendorError, pause: number): Reply {
  if (outcome instanceof VendorError || secondsToWait(outcome) === undefined) return settled(outcome)
  const seconds = Math.ceil(pause / 1000)
  throw new BusyError(
    outcome.status === 503
      ? 'Qualys is not available for the moment (503).'
      : `Qualys limits the calls of this account (${outcome.status}).`,
    `Call again in ${seconds} s.`,
    { status: outcome.status, retryAfterSeconds: seconds },
  )
}

async function exchange(
  agent: Dispatcher,
  request: Request,
  headersTimeout: number,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const { statusCode, headers, body } = await exchangeOnce(request.url, {
    method: request.method,
    headers: { 'user-agent': 'qualys-mcp', 'x-requested-with': 'qualys-mcp', ...request.headers },
    body: request.body ?? null,
    dispatcher: agent,
    headersTimeout,
    signal,
  })
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > largestBody) {
      throw new TooLargeError('The answer is larger than 64 MiB.', 'Ask for fewer rows, or without outputs.')
    }
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  const flat = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return { status: statusCode, headers: Object.fromEntries(flat), bytes, text: bytes.toString('utf8') }
}

/**
 * undici takes a connection that breaks while it is being made for one to make again at once, for ever: a proxy
 * that drops CONNECT would be asked thousands of times a second. Under another code the failure is one.
 */
class ProxyPool extends Pool {
  override connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>
  override connect(...args: unknown[]): never
  override connect(options: unknown): Promise<Dispatcher.ConnectData> {
    return super.connect(options as Dispatcher.ConnectOptions).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET')) throw error
      throw Object.assign(new Error('the proxy dropped the connection'), { code: 'UND_ERR_PROXY_DROPPED' })
    })
  }
}

async function makeAgent(settings: Settings): Promise<Dispatcher> {
  const ca = settings.caFile === undefined ? undefined : await extraCa(settings.caFile)
  const tls = ca === undefined ? {} : { ca }
  const timeouts = {
    headersTimeout: headersMs,
    bodyTimeout: bodyIdleMs,
    connect: { timeout: connectMs, ...tls },
  }
  if (settings.httpsProxy === undefined) return new Agent(timeouts)
  return new EnvHttpProxyAgent({
    ...timeouts,
    clientFactory: (origin, options) => new ProxyPool(origin, options),
    httpsProxy: settings.httpsProxy.reveal(),
    // Given, or undici would take HTTP_PROXY from the environment; http is for this machine only.
    httpProxy: '',
    ...(settings.noProxy !== undefined && { noProxy: settings.noProxy }),
    requestTls: tls,
    proxyTls: tls,
  })
}

async function extraCa(path: string): Promise<string[]> {
  try {
    return [...rootCertificates, await readFile(path, 'utf8')]
  } catch {
    throw new SetupError(
      'The file that QUALYS_CA_FILE names cannot be read.',
      'Ask the operator to check the path.',
    )
  }
}
