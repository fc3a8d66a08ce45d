import type { Server, ServerContext } from '@modelcontextprotocol/server'
import type { Settings } from '../../../config/settings.ts'
import { clientOf } from '../identity.ts'

/**
 * Clients, by the name that they send, in which a resource link ends the conversation: LangChain's adapters make it a
 * file of a URL, which chat models refuse with every later message.
 */
const clientsWithoutLinks: ReadonlySet<string | undefined> = new Set([
  // JavaScript, 1.1.4.
  '@langchain/mcp-adapters',
  // Python (langchain-mcp-adapters issue 591): the name that the MCP SDK sends for programs that have none.
  'mcp',
])

/** True if the result of this request may hold a resource link. Its text has the address in any case. */
export function takesResourceLinks(
  server: Server,
  request: ServerContext,
  { resourceLinks }: Settings,
): boolean {
  if (resourceLinks !== 'auto') return resourceLinks === 'always'
  const client = clientOf(server, request)?.name
  // Over HTTP a client of the 2025 revisions names itself in no request but the first, so it may be one of these.
  if (request.http && client === undefined) return false
  // Clients of protocols before 2025-06-18 may refuse an answer with an unknown kind of content.
  const protocol = server.getNegotiatedProtocolVersion() ?? '2026-07-28'
  return protocol >= '2025-06-18' && !clientsWithoutLinks.has(client)
}
