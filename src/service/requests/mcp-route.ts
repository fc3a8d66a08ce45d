import {
  createMcpHandler,
  isLegacyRequest,
  type McpHandlerRequestOptions,
  type McpRequestContext,
  type Server,
} from '@modelcontextprotocol/server'
import type { Settings } from '../../config/settings.ts'
import { isObject } from '../../shared/json.ts'
import type { Log } from '../../shared/log.ts'
import { withArrival } from '../../tools/arrival.ts'
import type { ToolManifest } from '../../tools/tool.ts'
import { callerId } from '../caller-options.ts'
import type { Authenticator } from '../callers/authenticate.ts'
import type { ServiceCaller } from '../callers/caller.ts'
import type { FailureDelays } from '../callers/failures.ts'
import { DoorError, readBody, refuseLargeBody } from '../doors/body.ts'
import type { RateLimiter } from '../doors/rate.ts'
import { type Refusal, refuse } from '../doors/replies.ts'
import type { RefusalReason } from '../operation/metric-labels.ts'
import { withCaller } from '../operation/request-log.ts'
import type { Spans } from '../operation/spans.ts'
import { traceOf } from '../operation/trace.ts'
import type { Cancellations } from './cancellations.ts'
import { type Exchange, withExchange } from './exchange.ts'
import { readBodyMessage } from './message.ts'
import { factsOfMessage } from './message-facts.ts'
import type { RunningRequests } from './running.ts'
import { scopeRefusal } from './scope-refusal.ts'
import { serveStateless2025 } from './stateless-2025.ts'
import { sendWebResponse, webRequestOf } from './web-exchange.ts'

// /mcp: the checks in the order of design 12, and the handler of the SDK for both revisions.

/** As much as a line over stdio. */
const maxBodyBytes = 10 * 1024 * 1024
const bodyTimeoutMs = 30_000

/** What the route needs. */
export interface McpRouteOptions {
  readonly settings: Settings
  readonly authenticator: Authenticator
  /** Makes the servers of a caller. */
  readonly serversFor: (caller: ServiceCaller) => () => Server
  /** All tools that the settings allow. */
  readonly manifests: readonly ToolManifest[]
  readonly rate: RateLimiter
  readonly delays: FailureDelays
  readonly running: RunningRequests
  readonly cancellations: Cancellations
  readonly isEnding: () => boolean
  readonly spans: Spans
  readonly log: Log
}

/** Answers requests to /mcp, and ends what runs. */
export interface McpRoute {
  readonly answer: (exchange: Exchange) => Promise<void>
  readonly close: () => Promise<void>
}

const endingRefusal: Refusal = {
  status: 503,
  sentence: 'The service is ending and takes no more calls: make the call again in a moment.',
  headers: { 'retry-after': '5' },
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

const oneHeader = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]

/** Makes the route of /mcp. */
export function openMcpRoute(options: McpRouteOptions): McpRoute {
  const { authenticator, rate, delays, running, cancellations, isEnding, spans, log, settings, manifests } =
    options

  const newServer = ({ authInfo }: Pick<McpRequestContext, 'authInfo'>): Server =>
    options.serversFor(authInfo?.extra?.['caller'] as ServiceCaller)()
  const reportError = (error: Error): void =>
    log.debug({ characters: error.message.length }, 'a message is refused')
  const { fetch: serve2026, close } = createMcpHandler(newServer, { onerror: reportError })

  /** The SDK hears by one signal that the client is gone, that it has cancelled, or that the service ends. */
  async function serve(exchange: Exchange, more: McpHandlerRequestOptions): Promise<void> {
    const request = webRequestOf(exchange)
    const response = (await isLegacyRequest(request, more.parsedBody))
      ? await serveStateless2025(newServer(more), request, more)
      : await serve2026(request, more)
    await sendWebResponse(response, exchange.res)
  }

  const refuseFor = (exchange: Exchange, reason: RefusalReason, refusal: Refusal): void => {
    exchange.refused = reason
    refuse(exchange.res, refusal)
  }

  /** The caller, known from headers alone. Whoever brings wrong tokens again and again waits for the answer. */
  async function callerOf(exchange: Exchange): Promise<ServiceCaller | undefined> {
    const { req, address, controller } = exchange
    const found = await authenticator.authenticate({ authorization: req.headersDistinct['authorization'] })
    if ('caller' in found) return found.caller
    const { status, sentence, challenge, reason } = found.refusal
    if (reason !== 'no token' && status !== 503) delays.failed(address)
    await sleep(delays.delayFor(address), controller.signal)
    const headers = {
      ...(status !== 503 && { 'www-authenticate': challenge }),
      ...(status === 503 && { 'retry-after': '30' }),
    }
    refuseFor(exchange, status === 403 ? 'role' : 'caller', { status, sentence, headers })
    return undefined
  }

  /** The message of the request, made plain. Undefined if it was answered with an error. */
  async function messageOf(exchange: Exchange): Promise<unknown> {
    const { req, res, controller } = exchange
    const body = await readBody(req, res, {
      maxBytes: maxBodyBytes,
      timeoutMs: bodyTimeoutMs,
      signal: controller.signal,
    })
    const read = readBodyMessage(body)
    if (!read.error) return read.message
    const { id, code, why } = read.error
    exchange.refused = 'body'
    res.writeHead(400, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    res.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code, message: why } }))
    return undefined
  }

  /** Lets the SDK answer a message of a caller. */
  async function handleMessage(exchange: Exchange, caller: ServiceCaller, message: unknown): Promise<void> {
    const { req, res, controller, arrivedAt } = exchange
    const facts = factsOfMessage(message)
    exchange.message = facts
    // What the message says of its trace counts before the headers.
    const trace =
      isObject(facts.meta) && 'traceparent' in facts.meta ? traceOf(req.headers, facts.meta) : exchange.trace
    exchange.trace = trace
    const {
      method,
      tool,
      id: requestId,
      protocolVersion = oneHeader(req.headers['mcp-protocol-version']),
    } = facts
    if (method !== '') exchange.span = spans.start({ method, tool, requestId, protocolVersion, trace })
    const scope = scopeRefusal(caller, facts.tool, manifests, settings)
    if (scope) return refuseFor(exchange, 'role', scope)
    const session = oneHeader(req.headers['mcp-session-id'])
    const name = { caller: callerId(caller), session }
    if (facts.method === 'initialize') res.setHeader('mcp-session-id', cancellations.newSession())
    if (facts.cancels !== undefined) cancellations.cancel({ ...name, id: facts.cancels })
    const ends = [
      running.begin(controller, facts.method === 'tools/call'),
      cancellations.add({ ...name, id: facts.id }, controller),
    ]
    // The token stays at the door.
    const authInfo = { token: '', clientId: name.caller, scopes: [], extra: { caller } }
    const more = { parsedBody: message, authInfo }
    try {
      await withExchange(exchange, () => withArrival(arrivedAt, () => serve(exchange, more)))
    } finally {
      for (const end of ends) end()
    }
  }

  async function answerCaller(exchange: Exchange, caller: ServiceCaller): Promise<void> {
    const { req, res } = exchange
    exchange.caller = caller
    if (req.method !== 'POST') {
      exchange.refused = 'method'
      res.setHeader('allow', 'POST')
      return refuse(res, { status: 405, sentence: 'Send messages by POST: the service keeps no sessions.' })
    }
    const busySeconds = rate.take(callerId(caller))
    const message = await messageOf(exchange)
    if (message === undefined) return
    if (busySeconds > 0) {
      exchange.busySeconds = busySeconds
      // A tool call gets an ordinary result, which models can read.
      if (factsOfMessage(message).method !== 'tools/call')
        return refuseFor(exchange, 'rate', {
          status: 429,
          sentence: `This caller has made more than ${settings.callsPerMinute} requests within a minute: wait ${busySeconds} s.`,
          headers: { 'retry-after': String(busySeconds) },
        })
    }
    await handleMessage(exchange, caller, message)
  }

  async function answer(exchange: Exchange): Promise<void> {
    try {
      if (isEnding()) return refuseFor(exchange, 'draining', endingRefusal)
      refuseLargeBody(exchange.req, maxBodyBytes)
      const caller = await callerOf(exchange)
      if (caller) await withCaller(callerId(caller), () => answerCaller(exchange, caller))
    } catch (error) {
      if (!(error instanceof DoorError)) throw error
      refuseFor(exchange, error.status === 413 ? 'size' : error.status === 415 ? 'media type' : 'body', error)
    }
  }

  return { answer, close }
}
