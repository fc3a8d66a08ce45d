import {
  createMcpHandler,
  isLegacyRequest,
  type McpHandlerRequestOptions,
  type McpRequestContext,
  type Server,
} from '@modelcontextprotocol/server'
import type { Settings } from '../../config/settings.ts'
import { interruptedMessage } from '../../shared/interruption.ts'
import { isObject } from '../../shared/json.ts'
import type { Log } from '../../shared/log.ts'
import { withArrival } from '../../tools/arrival.ts'
import type { ToolManifest } from '../../tools/tool.ts'
import { callerId, type ServiceCaller } from '../callers/caller.ts'
import { refuse } from '../network/replies.ts'
import { withCaller } from '../operation/request-log.ts'
import type { Spans } from '../operation/spans.ts'
import { traceOf } from '../operation/trace.ts'
import { type Admission, refuseExchange } from './admission.ts'
import type { Cancellations } from './cancellations.ts'
import { type Exchange, withExchange } from './exchange.ts'
import { factsOfMessages, type MessageFacts } from './message-facts.ts'
import { type RequestKind, type RunningRequests, serviceEnds } from './running.ts'
import { scopeRefusal } from './scope-refusal.ts'
import { serveStateless2025 } from './stateless-2025.ts'
import { sendWebResponse, webRequestOf } from './web-exchange.ts'

// /mcp: messages of callers, and the handler of the SDK for both revisions.

/** What the route needs. */
export interface McpRouteOptions {
  readonly settings: Settings
  readonly admission: Admission
  /** Makes the servers of a caller. */
  readonly serversFor: (caller: ServiceCaller) => () => Server
  /** All tools that the settings allow. */
  readonly manifests: readonly ToolManifest[]
  readonly running: RunningRequests
  readonly cancellations: Cancellations
  readonly spans: Spans
  readonly log: Log
}

/** Answers requests to /mcp, and ends what runs. */
export interface McpRoute {
  readonly answer: (exchange: Exchange) => Promise<void>
  readonly close: () => Promise<void>
}

/** Resolves when the signal is aborted. */
const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })

/**
 * A batch without its cancellations, which were heard: a request of the same batch has begun by then, and the SDK would
 * answer it, and so the batch, never.
 */
const withoutCancellations = (message: unknown): unknown =>
  Array.isArray(message) ? message.filter((one) => factsOfMessages(one)[0].cancels === undefined) : message

function kindOf(messages: readonly MessageFacts[]): RequestKind {
  if (messages.some(({ method }) => method === 'tools/call')) return 'call'
  return messages.some(({ method }) => method === 'subscriptions/listen') ? 'subscription' : 'other'
}

/** What the client of a request is told that the end of the service cuts off; undefined for any other. */
function interruption({ controller: { signal }, message }: Exchange): string | undefined {
  if (signal.reason !== serviceEnds || message?.id === undefined) return undefined
  const error = { code: serverErrorCode, message: interruptedMessage }
  return JSON.stringify({ jsonrpc: '2.0', id: message.id, error })
}

/** JSON-RPC reserves -32000 to -32099 for servers. */
const serverErrorCode = -32_000

const oneHeader = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0]

/** Makes the route of /mcp. */
export function openMcpRoute(options: McpRouteOptions): McpRoute {
  const { settings, admission, manifests, running, cancellations, spans, log } = options

  const newServer = ({ authInfo }: Pick<McpRequestContext, 'authInfo'>): Server =>
    options.serversFor(authInfo?.extra?.['caller'] as ServiceCaller)()
  const reportError = (error: Error): void =>
    log.debug({ characters: error.message.length }, 'a message is refused')
  const { fetch: serve2026, close } = createMcpHandler(newServer, { onerror: reportError })

  /** The response of the SDK; undefined once the exchange is aborted, since not every one of its responses comes then. */
  async function responseOf(
    exchange: Exchange,
    more: McpHandlerRequestOptions,
  ): Promise<Response | undefined> {
    const { signal } = exchange.controller
    const request = webRequestOf(exchange)
    const serve = (await isLegacyRequest(request, more.parsedBody))
      ? serveStateless2025(newServer(more), request, more)
      : serve2026(request, more)
    const response = await Promise.race([serve, aborted(signal)])
    return signal.aborted ? undefined : response
  }

  async function serve(exchange: Exchange, more: McpHandlerRequestOptions): Promise<void> {
    const { res } = exchange
    const response = await responseOf(exchange, more)
    if (response) return sendWebResponse(response, exchange, () => interruption(exchange))
    const interrupted = interruption(exchange)
    if (interrupted === undefined) return void res.writeHead(499).end()
    res.writeHead(503, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      connection: 'close',
    })
    res.end(interrupted)
  }

  /** Notes what a message is about, for log, metrics and spans. */
  function note(exchange: Exchange, facts: MessageFacts): void {
    const { headers } = exchange.req
    const { method, tool, id: requestId, meta } = facts
    exchange.message = facts
    // What the message says of its trace counts before the headers.
    if (isObject(meta) && 'traceparent' in meta) exchange.trace = traceOf(headers, meta)
    if (method === '') return
    const { trace } = exchange
    const protocolVersion = facts.protocolVersion ?? oneHeader(headers['mcp-protocol-version'])
    exchange.span = spans.start({ method, tool, requestId, protocolVersion, trace })
  }

  /** Lets the SDK answer a message of a caller, or a batch. */
  async function answerMessage(exchange: Exchange, caller: ServiceCaller, message: unknown): Promise<void> {
    const { req, res, controller, arrivedAt } = exchange
    const all = factsOfMessages(message)
    note(exchange, all[0])
    for (const { tool } of all) {
      const refusal = scopeRefusal(caller, tool, manifests, settings)
      if (refusal) return refuseExchange(exchange, 'role', refusal)
    }
    const name = { caller: callerId(caller), session: oneHeader(req.headers['mcp-session-id']) }
    if (all[0].method === 'initialize') res.setHeader('mcp-session-id', cancellations.newSession())
    for (const { cancels } of all) if (cancels !== undefined) cancellations.cancel({ ...name, id: cancels })
    const ends = [
      running.begin(controller, kindOf(all)),
      ...all.map(({ id }) => cancellations.add({ ...name, id }, controller)),
    ]
    // The token goes no further than the checks.
    const authInfo = { token: '', clientId: name.caller, scopes: [], extra: { caller } }
    const parsedBody = withoutCancellations(message)
    const more = { parsedBody, authInfo }
    try {
      if (Array.isArray(parsedBody) && parsedBody.length === 0) res.writeHead(202).end()
      else await withExchange(exchange, () => withArrival(arrivedAt, () => serve(exchange, more)))
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
    const message = await admission.messageOf(exchange, caller)
    if (message !== undefined) await answerMessage(exchange, caller, message)
  }

  return {
    answer: async (exchange) => {
      const caller = await admission.callerOf(exchange)
      if (caller) await withCaller(callerId(caller), () => answerCaller(exchange, caller))
    },
    close,
  }
}
