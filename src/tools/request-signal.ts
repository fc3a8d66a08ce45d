import type { ServerContext } from '@modelcontextprotocol/server'

/**
 * Aborted when the client gives a request up. Over HTTP the request tells that by itself: in the 2025 revisions the SDK
 * does not abort its own signal.
 */
export const signalOf = ({ mcpReq, http }: ServerContext): AbortSignal => http?.req?.signal ?? mcpReq.signal
