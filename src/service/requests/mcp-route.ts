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
import type { ServiceCaller } from '../callers/caller.ts'
import { refuse } from '../doors/replies.ts'
import { withCaller } from '../operation/request-log.ts'
import type { Spans } from '../operation/spans.ts'
import { traceOf } from '../operation/trace.ts'
import { type Admission, refuseExchange } from './admission.ts'
import type { Cancellations } from './cancellations.ts'
import { type Exchange, withExchange } from './exchange.ts'
import { factsOfMessage, type MessageFacts } from './message-facts.ts'
import type { RunningRequests } from './running.ts'
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

  async function serve(exchange: Exchange, more: McpHandlerRequestOptions): Promise<void> {
    const request = webRequestOf(exchange)
    const response = (await isLegacyRequest(request, more.parsedBody))
      ? await serveStateless2025(newServer(more), request, more)
      : await serve2026(request, more)
    await sendWebResponse(response, exchange.res)
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

  /** Lets the SDK answer a message of a caller. */
  async function answerMessage(exchange: Exchange, caller: ServiceCaller, message: unknown): Promise<void> {
    const { req, res, controller, arrivedAt } = exchange
    const facts = factsOfMessage(message)
    note(exchange, facts)
    const scope = scopeRefusal(caller, facts.tool, manifests, settings)
    if (scope) return refuseExchange(exchange, 'role', scope)
    const name = { caller: callerId(caller), session: oneHeader(req.headers['mcp-session-id']) }
    if (facts.method === 'initialize') res.setHeader('mcp-session-id', cancellations.newSession())
    if (facts.cancels !== undefined) cancellations.cancel({ ...name, id: facts.cancels })
    const ends = [
      running.begin(controller, facts.method === 'tools/call'),
      cancellations.add({ ...name, id: facts.id }, controller),
    ]
    // The token goes no further than the checks.
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
