import { type CallToolResult, isInputRequiredResult, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import packageJson from '../../../package.json' with { type: 'json' }
import { hintsOf } from '../../operations/hints.ts'
import { messageOf, QualysError } from '../../shared/errors.ts'
import { errorLogFor, factsOf, type Log } from '../../shared/log.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { redactJson } from '../../shared/secrets.ts'
import { argumentSchema } from '../arguments/argument-schema.ts'
import { approverOf, runWithApproval } from '../effects/approval/elicitation.ts'
import { refuseSecrets } from '../effects/policy/refuse-secrets.ts'
import { registerExports } from '../exports/resource.ts'
import { registerGuides } from '../guides/register.ts'
import { iconsOf } from '../icons.ts'
import { progressOf } from '../progress.ts'
import { type Reply, structureOf, textOf } from '../replies/reply.ts'
import { outputSchema } from '../schema.ts'
import type { Tool, ToolContext, ToolManifest, ToolServices } from '../tool.ts'
import { callLog } from './call-log.ts'
import { instructionsFor } from './instructions.ts'

/** The output schema with QUALYS_REPLY=json; shallow, since every tool lists it. */
const replySchema = outputSchema(
  z.object({
    summary: z.string(),
    rows: z.array(z.object({})),
    returned: z.number(),
    total: z.number().optional(),
    continuationToken: z.string().optional(),
    note: z.string().optional(),
  }),
)

const cachedFor = (count: number) => ({ ttlMs: count * 60_000, cacheScope: 'private' as const })

/** Lists change only with the settings; exports come and go. */
const cacheHints = {
  'tools/list': cachedFor(5),
  'prompts/list': cachedFor(5),
  'resources/templates/list': cachedFor(5),
  'resources/list': cachedFor(1),
  'server/discover': cachedFor(5),
} as const

function textResult(reply: Reply, prefix: string): CallToolResult {
  const { file, link } = reply
  return {
    content: [
      { type: 'text', text: prefix + textOf(reply) },
      ...(file ? [{ type: 'resource' as const, resource: file }] : []),
      ...(link ? [{ type: 'resource_link' as const, ...link }] : []),
    ],
  }
}

/** The summary stays as text; a program reads the rest from the structured content. */
function jsonResult(reply: Reply, prefix: string): CallToolResult {
  const prefixed = { ...reply, summary: prefix + reply.summary }
  return { ...textResult({ ...prefixed, body: '' }, ''), structuredContent: structureOf(prefixed) }
}

/** Longer than any sentence of this program. Text of Qualys is clipped before. */
const maxSentenceLength = 4_000

function failedResult(text: string, error: Readonly<Record<string, unknown>>): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }], _meta: { 'qualys-mcp/error': error } }
}

function errorResult(error: unknown, prefix: string, log: Log): CallToolResult {
  if (error instanceof QualysError) {
    const { kind, details } = error
    // Both may quote Qualys. On one line they cannot be taken for a line of the server.
    const [message, next] = [error.message, error.next].map((text) => oneLine(text, maxSentenceLength))
    return failedResult(`${prefix}${message} ${next}`.trim(), { kind, next, ...details })
  }
  // The stack overflows on nesting that no page of Qualys shows.
  if (error instanceof RangeError && /call stack/i.test(error.message))
    return failedResult(
      `${prefix}Qualys' answer is nested too deeply to be read. Ask for fewer fields, or report it.`,
      { kind: 'drift' },
    )
  log.error(factsOf(error), 'unexpected')
  return failedResult(
    `${prefix}qualys-mcp failed unexpectedly (${oneLine(messageOf(error))}). The server's log has the details; report it.`,
    { kind: 'bug' },
  )
}

/** The dependencies of the server. */
export interface ServerOptions extends ToolServices {
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

/** Clients of protocols before 2025-06-18 may refuse an answer with an unknown kind of content. */
const supportsResourceLinks = (server: McpServer): boolean =>
  (server.server.getNegotiatedProtocolVersion() ?? '2026-07-28') >= '2025-06-18'

/** Writes the link as text. */
const linkAsText = ({ link, ...reply }: Reply): Reply =>
  link ? { ...reply, body: `${reply.body}\nResource: ${link.uri}` } : reply

/** One MCP server with the given tools; the same for every transport and both protocol eras. */
export function buildServer(options: ServerOptions): McpServer {
  const { manifests, loadTools, log, configuration, session } = options
  const { settings } = configuration
  const prefix = settings.sandbox ? 'sandbox: ' : ''
  const server = new McpServer(
    {
      name: 'qualys-mcp',
      title: 'Qualys CAR and SAQ',
      description: packageJson.description,
      version: packageJson.version,
      icons: iconsOf('qualys'),
    },
    { instructions: instructionsFor(options), cacheHints },
  )
  const logCall = callLog(log)
  for (const manifest of manifests) {
    const { name, title, description, effect } = manifest
    const tool = async (): Promise<Tool> => requireTool(await loadTools(), name)
    const definition = {
      title,
      description,
      inputSchema: argumentSchema(manifest.schema, tool),
      annotations: { title, ...hintsOf[effect] },
      icons: iconsOf(name),
      ...(settings.reply === 'json' && { outputSchema: replySchema }),
    }
    server.registerTool(name, definition, (args, request) =>
      logCall(name, request.mcpReq.signal, async () => {
        const json = settings.reply === 'json' || request.mcpReq._meta?.['qualys-mcp/reply'] === 'json'
        try {
          const progress = progressOf(request)
          const context: ToolContext = {
            ...options,
            session: session.forCall((message) => progress.say(message)),
            signal: request.mcpReq.signal,
            progress,
            approver: approverOf(server, request),
          }
          refuseSecrets(args)
          const reply = await runWithApproval(await tool(), args, context)
          if (isInputRequiredResult(reply)) return reply
          const sent = supportsResourceLinks(server) ? reply : linkAsText(reply)
          return redactJson(json ? jsonResult(sent, prefix) : textResult(sent, prefix), session.redact)
        } catch (error) {
          const errorLog = errorLogFor(log, request.mcpReq.signal)
          return redactJson(errorResult(error, prefix, errorLog), session.redact)
        }
      }),
    )
  }
  registerGuides(server, options)
  if (manifests.some(({ name }) => name === 'qualys_export')) registerExports(server, options)
  return server
}
