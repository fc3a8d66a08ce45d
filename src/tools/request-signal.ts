import type { ServerContext } from '@modelcontextprotocol/server'

/**
 * Aborted when the client gives a request up. Over HTTP the response closes, which the SDK tells by the HTTP request
 * alone in the 2025 revisions.
 */
export function signalOf({ mcpReq, http }: ServerContext): AbortSignal {
  const closed = http?.req?.signal
  return closed ? AbortSignal.any([mcpReq.signal, closed]) : mcpReq.signal
}
