import { CLIENT_INFO_META_KEY, type McpServer, type ServerContext } from '@modelcontextprotocol/server'
import type { Settings } from '../../config/settings.ts'
import { isObject } from '../../shared/json.ts'

/**
 * Clients, by the name that they send, in which a resource link ends the conversation: LangChain's adapters make it a
 * file of a URL, which chat models refuse with every later message.
 */
const clientsWithoutLinks: ReadonlySet<unknown> = new Set([
  // JavaScript, 1.1.4.
  '@langchain/mcp-adapters',
  // Python (langchain-mcp-adapters issue 591): the name that the MCP SDK sends for programs that have none.
  'mcp',
])

/** The name that the client gives itself: in each request since 2026-07-28, and once before. */
function clientNameOf(server: McpServer, { mcpReq }: ServerContext): unknown {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {}
  const info = envelope[CLIENT_INFO_META_KEY] ?? server.server.getClientVersion()
  return isObject(info) ? info['name'] : undefined
}

/** True if the result of this request may hold a resource link. Its text has the address in any case. */
export function takesResourceLinks(
  server: McpServer,
  request: ServerContext,
  { resourceLinks }: Settings,
): boolean {
  if (resourceLinks !== 'auto') return resourceLinks === 'always'
  // Clients of protocols before 2025-06-18 may refuse an answer with an unknown kind of content.
  const protocol = server.server.getNegotiatedProtocolVersion() ?? '2026-07-28'
  return protocol >= '2025-06-18' && !clientsWithoutLinks.has(clientNameOf(server, request))
}
