import type { IncomingMessage } from 'node:http'
import type { Settings } from '../../config/settings.ts'
import { factsOf, type Log, withContext } from '../../shared/log.ts'
import { callerId } from '../callers/caller.ts'
import { metadataPath, resourceMetadata } from '../callers/metadata.ts'
import { answerPreflight, corsHeaders } from '../network/cors.ts'
import { clientAddress, type IsProxy } from '../network/forwarded.ts'
import type { HostCheck } from '../network/host-check.ts'
import type { ListenerOptions } from '../network/listener.ts'
import { refuse } from '../network/replies.ts'
import { type OperationSources, operationHandler } from '../operation/health.ts'
import type { Route } from '../operation/metric-labels.ts'
import type { Metrics } from '../operation/metrics.ts'
import { logRequest, withCaller, withRequest } from '../operation/request-log.ts'
import { traceOf } from '../operation/trace.ts'
import type { ServicePage } from '../page/open-page.ts'
import { isPagePath } from '../page/page-paths.ts'
import type { Admission } from './admission.ts'
import type { Exchange } from './exchange.ts'
import type { McpRoute } from './mcp-route.ts'

// Every request of the main port: which route it is for, and what is told of its end.

/** What the router needs. */
export interface RouterOptions {
  readonly settings: Settings
  readonly mcp: McpRoute
  /** Absent without QUALYS_PUBLIC_URL. */
  readonly page: Pick<ServicePage, 'answer'> | undefined
  readonly admission: Admission
  readonly operation: OperationSources
  readonly checkHost: HostCheck
  readonly isProxy: IsProxy
  readonly metrics: Metrics
  readonly log: Log
}

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/mcp', 'mcp'],
  ['/healthz', 'healthz'],
  ['/readyz', 'readyz'],
  ['/metrics', 'metrics'],
  [metadataPath, 'metadata'],
  ['/.well-known/oauth-protected-resource', 'metadata'],
])

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/'

/** How a request ended, in one word. A tool call that the SDK answers itself was no call of a tool. */
function outcomeOf({ refused, outcome, message, controller, res }: Exchange): string {
  if (refused !== undefined) return refused
  if (outcome !== undefined) return outcome
  if (controller.signal.aborted && !res.writableFinished) return 'cancelled'
  return res.statusCode >= 400 || message?.method === 'tools/call' ? 'input' : 'ok'
}

/** Answers the requests of the main port. */
export function openRouter(options: RouterOptions): ListenerOptions['onRequest'] {
  const { settings, mcp, page, admission, operation, checkHost, isProxy, metrics, log } = options
  const metadata = resourceMetadata(settings)

  async function answerOperation(exchange: Exchange, path: string): Promise<void> {
    const { req, res } = exchange
    const caller = await admission.identify(exchange)
    if (!caller) return
    exchange.caller = caller
    if (caller.roles.has('admin')) return operationHandler(path, operation)?.(req, res)
    exchange.refused = 'role'
    refuse(res, {
      status: 403,
      sentence: `${path} is for callers with the role admin, or on QUALYS_METRICS_PORT.`,
    })
  }

  function answerMetadata({ req, res }: Exchange): void {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('allow', 'GET, HEAD')
      refuse(res, { status: 405, sentence: 'The metadata is read by GET.' })
      return
    }
    // It says nothing that a web page must not read (RFC 9728, 3.1).
    res.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
    res.end(JSON.stringify(metadata))
  }

  async function answer(exchange: Exchange): Promise<void> {
    const { req, res, route } = exchange
    const path = pathOf(req)
    if (route === 'healthz') {
      // Whoever asks without a name keeps no connection.
      res.setHeader('connection', 'close')
      return operationHandler(path, operation)?.(req, res)
    }
    // It has one name, and people follow links to it from anywhere.
    if (route === 'page') return page?.answer(exchange)
    const fault = checkHost(req)
    if (fault) {
      exchange.refused = 'host'
      return refuse(res, fault)
    }
    const { httpOrigins } = settings
    if (answerPreflight(req, res, httpOrigins)) return
    for (const [name, value] of Object.entries(corsHeaders(req.headers.origin, httpOrigins)))
      res.setHeader(name, value)
    if (route === 'mcp') return mcp.answer(exchange)
    if (route === 'readyz' || route === 'metrics') return answerOperation(exchange, path)
    if (route === 'metadata' && metadata) return answerMetadata(exchange)
    exchange.refused = 'path'
    refuse(res, { status: 404, sentence: 'There is nothing at this path: MCP is served at /mcp.' })
  }

  function tellEnd(exchange: Exchange, requestId: string): void {
    const { req, res, route, message, caller, person, address, arrivedAt } = exchange
    const ms = performance.now() - arrivedAt
    const status = res.headersSent ? res.statusCode : undefined
    const outcome = outcomeOf(exchange)
    const { method, tool } = message ?? {}
    metrics.httpRequest({ route, status })
    if (exchange.refused !== undefined) metrics.refusal(exchange.refused)
    else if (method) metrics.operation({ method, tool, outcome, ms })
    const bytes = req.socket.bytesWritten - exchange.writtenBefore
    const line = { route, httpMethod: req.method ?? '', method, tool, outcome, ms, status, bytes, address }
    exchange.span?.end(outcome)
    const tell = (): void => logRequest(log, line)
    const tellWho = (): void => {
      if (caller) withCaller(callerId(caller), tell)
      else if (person !== undefined) withContext({ person }, tell)
      else tell()
    }
    withRequest(exchange.trace, tellWho, requestId)
  }

  const routeOf = (path: string): Route => (page && isPagePath(path) ? 'page' : (routes.get(path) ?? 'other'))

  return (req, res, arrivedAt) => {
    const controller = new AbortController()
    const trace = traceOf(req.headers)
    const route = routeOf(pathOf(req))
    const exchange: Exchange = {
      req,
      res,
      route,
      address: clientAddress(req, isProxy),
      arrivedAt,
      writtenBefore: req.socket.bytesWritten,
      controller,
      trace,
    }
    withRequest(trace, (requestId) => {
      res.on('error', () => undefined)
      res.once('close', () => {
        if (!res.writableFinished) controller.abort()
        tellEnd(exchange, requestId)
      })
      answer(exchange).catch((error: unknown) => {
        log.error(factsOf(error), 'unexpected')
        exchange.outcome = 'bug'
        refuse(res, { status: 500, sentence: 'The service failed unexpectedly: its log has the details.' })
      })
    })
  }
}
