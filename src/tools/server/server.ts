import type { McpServer } from '@modelcontextprotocol/server'
import { hintsOf } from '../../operations/hints.ts'
import { argumentSchema } from '../arguments/argument-schema.ts'
import { registerPendingCalls } from '../effects/approval/pending/pending-resource.ts'
import { registerExports } from '../exports/resource.ts'
import { registerGuides } from '../guides/register.ts'
import { nameWithheld } from '../replies/withheld-names.ts'
import { replySchemaOf } from '../reply-schema.ts'
import { readWhole, type ServerServices, type Tool, type ToolManifest } from '../tool.ts'
import { callLog } from './calls/call-log.ts'
import { IdentifiedServer, identity } from './identity.ts'
import { instructionsFor } from './instructions.ts'

const cachedFor = (count: number) => ({ ttlMs: count * 60_000, cacheScope: 'private' as const })

/** Lists change only with the settings; exports come and go. */
const cacheHints = {
  'tools/list': cachedFor(5),
  'prompts/list': cachedFor(5),
  'resources/templates/list': cachedFor(5),
  'resources/list': cachedFor(1),
  'server/discover': cachedFor(5),
} as const

const unannounced = { listChanged: false }

/** Nothing announces a change: lists follow the settings, and clients ask again for exports. */
const capabilities = { tools: unannounced, prompts: unannounced, resources: unannounced }

/** The dependencies of the server. */
export interface ServerOptions extends ServerServices {
  /** The tools that are listed. */
  readonly manifests: readonly ToolManifest[]
  /** The tools that can be called; loaded at the first call. */
  readonly loadTools: () => Promise<ReadonlyMap<string, Tool>>
}

function requireTool(tools: ReadonlyMap<string, Tool>, name: string): Tool {
  const tool = tools.get(name)
  if (!tool) throw new Error(`${name} is listed, but there is no such tool: npm run docs writes the list.`)
  return tool
}

/** One MCP server with the given tools; the same for every transport and both protocol eras. */
export function buildServer(options: ServerOptions): McpServer {
  const { manifests, loadTools, log, configuration } = options
  const { settings } = configuration
  const server = new IdentifiedServer(identity, {
    instructions: instructionsFor(options),
    cacheHints,
    capabilities,
  })
  const logCall = callLog(log)
  for (const manifest of manifests) {
    const { name, title, description, effect } = manifest
    const tool = async (): Promise<Tool> => requireTool(await loadTools(), name)
    const definition = {
      title,
      description,
      inputSchema: argumentSchema(manifest.schema, tool, (message) =>
        nameWithheld(message, options.withheldTools),
      ),
      // Some clients show only the one title, some only the other: Claude Code and Roo Code read that of the
      // annotations (github.com/RooCodeInc/Roo-Code/pull/11789). Programs need one: their list holds schemas besides.
      annotations: { ...(settings.reply !== 'json' && { title }), ...hintsOf[effect] },
      ...(manifest.hasLongReplies && { _meta: readWhole }),
      ...(settings.reply === 'json' && { outputSchema: replySchemaOf(manifest) }),
    }
    server.registerTool(name, definition, (args, request) =>
      logCall(name, request.mcpReq.signal, async () => {
        const { callTool } = await import('./calls/tool-call.ts')
        return callTool(tool, { server, args, request }, options)
      }),
    )
  }
  registerGuides(server, options)
  if (manifests.some(({ name }) => name === 'qualys_export')) registerExports(server, options)
  if (settings.mode === 'confirm') registerPendingCalls(server, options)
  return server
}
