import { type CallToolResult, isInputRequiredResult, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import packageJson from '../../../package.json' with { type: 'json' }
import { hintsOf } from '../../operations/operation.ts'
import { QualysError } from '../../shared/errors.ts'
import { factsOf, type Log, silent } from '../../shared/log.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { redacted } from '../../shared/secrets.ts'
import { ask, personOf } from '../effects/approval/elicitation.ts'
import { refuseTokens } from '../effects/policy/refuse-secrets.ts'
import { registerExports } from '../exports/resource.ts'
import { registerGuides } from '../guides/register.ts'
import { iconsOf } from '../icons.ts'
import { progressOf } from '../progress.ts'
import { type Reply, structureOf, textOf } from '../replies/reply.ts'
import { argumentSchema, listed } from '../schema.ts'
import type { Listing, Running, Surroundings, Tool } from '../tool.ts'
import { callLog } from './call-log.ts'
import { instructionsFor } from './instructions.ts'

/** The output schema with QUALYS_REPLY=json; shallow, since every tool lists it. */
const structure = listed(
  z.object({
    summary: z.string(),
    rows: z.array(z.object({})),
    returned: z.number(),
    total: z.number().optional(),
    continuationToken: z.string().optional(),
    note: z.string().optional(),
  }),
)

const minutes = (count: number) => ({ ttlMs: count * 60_000, cacheScope: 'private' as const })

/** Lists change only with the settings; exports come and go. */
const cacheHints = {
  'tools/list': minutes(5),
  'prompts/list': minutes(5),
  'resources/templates/list': minutes(5),
  'resources/list': minutes(1),
  'server/discover': minutes(5),
} as const

function asText(reply: Reply, prefix: string): CallToolResult {
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
function asJson(reply: Reply, prefix: string): CallToolResult {
  const whole = { ...reply, summary: prefix + reply.summary }
  return { ...asText({ ...whole, body: '' }, ''), structuredContent: structureOf(whole) }
}

/** Longer than any sentence of this program; words of Qualys are clipped before. */
const longestSentence = 4_000

function asError(error: unknown, prefix: string, log: Log): CallToolResult {
  if (error instanceof QualysError) {
    const { kind, details } = error
    // They may quote Qualys: on one line they cannot pass for a line of the server.
    const [message, next] = [error.message, error.next].map((text) => oneLine(text, longestSentence))
    return {
      isError: true,
      content: [{ type: 'text', text: `${prefix}${message} ${next}`.trim() }],
      _meta: { 'qualys-mcp/error': { kind, next, ...details } },
    }
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    // The stack overflows on nesting that no page of Qualys shows.
    const text = `${prefix}Qualys' answer is nested too deeply to be read. Ask for fewer fields, or report it.`
    return {
      isError: true,
      content: [{ type: 'text', text }],
      _meta: { 'qualys-mcp/error': { kind: 'drift' } },
    }
  }
  log.error(factsOf(error), 'unexpected')
  const text = `${prefix}qualys-mcp failed unexpectedly (${oneLine(error instanceof Error ? error.message : String(error))}). The server's log has the details; report it.`
  return { isError: true, content: [{ type: 'text', text }], _meta: { 'qualys-mcp/error': { kind: 'bug' } } }
}

/** What the server needs from outside. */
export interface ServerOptions extends Surroundings {
  /** The tools that are listed. */
  readonly listings: readonly Listing[]
  /** The tools that can be called; loaded at the first call. */
  readonly toolbox: () => Promise<ReadonlyMap<string, Tool>>
}

function found(tools: ReadonlyMap<string, Tool>, name: string): Tool {
  const tool = tools.get(name)
  if (!tool) throw new Error(`${name} is listed, but there is no such tool: npm run docs writes the list.`)
  return tool
}

/** Clients of protocols before 2025-06-18 may refuse an answer with an unknown kind of content. */
const knowsLinks = (server: McpServer): boolean =>
  (server.server.getNegotiatedProtocolVersion() ?? '2026-07-28') >= '2025-06-18'

/** Writes the link as text. */
const withoutLink = ({ link, ...reply }: Reply): Reply =>
  link ? { ...reply, body: `${reply.body}\nResource: ${link.uri}` } : reply

/** One MCP server with the given tools; the same for every transport and both protocol eras. */
export function buildServer(options: ServerOptions): McpServer {
  const { listings, toolbox, log, configuration, session } = options
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
  const calls = callLog(log)
  for (const listing of listings) {
    const { name, title, description, effect } = listing
    const tool = async (): Promise<Tool> => found(await toolbox(), name)
    const definition = {
      title,
      description,
      inputSchema: argumentSchema(listing, async () => (await tool()).input),
      annotations: { title, ...hintsOf[effect] },
      icons: iconsOf(name),
      ...(settings.reply === 'json' && { outputSchema: structure }),
    }
    server.registerTool(name, definition, (args, context) =>
      calls(name, context.mcpReq.signal, async () => {
        const json = settings.reply === 'json' || context.mcpReq._meta?.['qualys-mcp/reply'] === 'json'
        try {
          const progress = progressOf(context)
          const running: Running = {
            ...options,
            session: session.for(progress.tell),
            signal: context.mcpReq.signal,
            progress: progress.report,
            person: personOf(server, context),
          }
          refuseTokens(args)
          const reply = await ask(await tool(), args, running)
          if (isInputRequiredResult(reply)) return reply
          const told = knowsLinks(server) ? reply : withoutLink(reply)
          return redacted(json ? asJson(told, prefix) : asText(told, prefix), session.redact)
        } catch (error) {
          // Nobody reads the answer to a cancelled call.
          const report = context.mcpReq.signal.aborted ? silent : log
          return redacted(asError(error, prefix, report), session.redact)
        }
      }),
    )
  }
  registerGuides(server, options)
  if (listings.some(({ name }) => name === 'qualys_export')) registerExports(server, options)
  return server
}
