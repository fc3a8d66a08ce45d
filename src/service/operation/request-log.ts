import { randomUUID } from '../../shared/crypto.ts'
import { type Log, withContext } from '../../shared/log.ts'
import { escapeInvisible, oneLine } from '../../shared/safe-text.ts'
import type { Route } from './metric-labels.ts'
import type { Trace } from './trace.ts'

// The log of HTTP requests. A line never holds a body, an argument, a header or a query.

/** Maximum characters of what a caller wrote. */
const maxLength = 100

/** Routes that machines ask every few seconds. */
const frequentRoutes: ReadonlySet<Route> = new Set(['healthz', 'readyz', 'metrics'])

/** A text of a caller: on one line, clipped, with what nobody sees spelled out. */
function callerText(text: string): string {
  // Clipped first, since it may have the size of a body.
  const start = text.slice(0, maxLength + 1)
  return oneLine(escapeInvisible(start), maxLength)
}

/**
 * Runs the work of one HTTP request. Every line that is logged during it has a new request id and the trace id. Called
 * again for a message whose `_meta` names another trace, with the same id.
 */
export function withRequest<T>(
  { traceId }: Pick<Trace, 'traceId'>,
  work: (requestId: string) => T,
  requestId: string = randomUUID(),
): T {
  return withContext({ requestId, traceId }, () => work(requestId))
}

/** Runs what a request does once its caller is known. Every line that is logged during it names the caller. */
export const withCaller = <T>(caller: string, work: () => T): T =>
  withContext({ caller: callerText(caller) }, work)

/** What a line says about a request that has ended. */
export interface EndedRequest {
  readonly route: Route
  /** The method of HTTP, and of MCP if there was a message, as the caller sent them. */
  readonly httpMethod: string
  readonly method?: string | undefined
  readonly tool?: string | undefined
  /** `ok`, the kind of the error, or the reason of the refusal. */
  readonly outcome: string
  readonly ms: number
  /** Absent if the client went away before the answer. */
  readonly status?: number | undefined
  /** Bytes of the answer, headers included. */
  readonly bytes: number
  /** Where the client is: logged at the level debug alone. */
  readonly address?: string | undefined
}

/** Logs the line of a request; call it within `withRequest`, and within `withCaller` if the caller is known. */
export function logRequest(log: Log, request: EndedRequest): void {
  const { route, httpMethod, method, tool, outcome, ms, status, bytes, address } = request
  const facts = {
    route,
    httpMethod: callerText(httpMethod),
    ...(method !== undefined && { method: callerText(method) }),
    ...(tool !== undefined && { tool: callerText(tool) }),
    outcome,
    ms: Math.round(ms),
    ...(status !== undefined && { status }),
    bytes,
  }
  if (address !== undefined) log.debug({ address: callerText(address) }, 'client of the request')
  const level = frequentRoutes.has(route) ? 'debug' : 'info'
  log[level](facts, 'request ended')
}
