import {
  type CallToolRequest,
  type CallToolResult,
  type InputRequiredResult,
  isInputRequiredResult,
  type Tool as ListedTool,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { hintsOf } from '../../../operations/hints.ts'
import { argumentReader, issuesText, type ReadArguments } from '../../arguments/argument-reader.ts'
import { nameWithheld } from '../../replies/withheld-names.ts'
import { replySchemaOf } from '../../reply-schema.ts'
import { signalOf } from '../../request-signal.ts'
import { readWhole, type Tool, type ToolManifest } from '../../tool.ts'
import { callLog } from '../calls/call-log.ts'
import type { ServerOptions } from '../server-options.ts'

// tools/list and tools/call.

/** A tool of the list, and how it is called. */
interface CallableTool {
  readonly listed: ListedTool
  readonly load: () => Promise<Tool>
  readonly readArguments: ReadArguments
}

function requireTool(tools: ReadonlyMap<string, Tool>, name: string): Tool {
  const tool = tools.get(name)
  if (!tool) throw new Error(`${name} is listed, but there is no such tool: npm run docs writes the list.`)
  return tool
}

function listedTool(manifest: ToolManifest, isForPrograms: boolean): ListedTool {
  const { name, title, description, effect, schema, hasLongReplies } = manifest
  return {
    name,
    title,
    description,
    inputSchema: schema as ListedTool['inputSchema'],
    // Some clients show only the one title, some only the other: Claude Code and Roo Code read that of the
    // annotations (github.com/RooCodeInc/Roo-Code/pull/11789). Programs need one: their list holds schemas besides.
    annotations: { ...(!isForPrograms && { title }), ...hintsOf[effect] },
    ...(hasLongReplies && { _meta: readWhole }),
    ...(isForPrograms && { outputSchema: replySchemaOf(manifest) as ListedTool['outputSchema'] }),
  }
}

/** The error of arguments that do not fit, as the SDK words and returns it. */
const invalidArguments = (name: string, text: string): CallToolResult => ({
  content: [{ type: 'text', text: `Input validation error: Invalid arguments for tool ${name}: ${text}` }],
  isError: true,
})

/** The tools of these options, prepared once for all servers that offer them. */
export function toolHandlers(options: ServerOptions) {
  const { manifests, loadTools, log, configuration, withheldTools } = options
  const isForPrograms = configuration.settings.reply === 'json'
  const phrase = (message: string): string => nameWithheld(message, withheldTools)
  const tools = new Map<string, CallableTool>(
    manifests.map((manifest) => {
      const load = async (): Promise<Tool> => requireTool(await loadTools(), manifest.name)
      const readArguments = argumentReader(load, phrase)
      return [manifest.name, { listed: listedTool(manifest, isForPrograms), load, readArguments }]
    }),
  )
  const list = { tools: [...tools.values()].map(({ listed }) => listed) }
  const logCall = callLog(log, options.onCallEnded)

  async function call(
    { params: { name, arguments: given } }: CallToolRequest,
    request: ServerContext,
    server: Server,
  ): Promise<CallToolResult | InputRequiredResult> {
    const tool = tools.get(name)
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Tool ${name} not found`)
    const { listed, load, readArguments } = tool
    const result = await logCall<CallToolResult | InputRequiredResult>(name, signalOf(request), async () => {
      const { value: args, issues } = await readArguments(given ?? {})
      if (issues) return { result: invalidArguments(name, issuesText(issues)), outcome: 'input' }
      const { callTool } = await import('../calls/tool-call.ts')
      return { result: await callTool(load, { server, args, request }, options) }
    })
    return isInputRequiredResult(result) ? result : server.projectCallToolResult(result, listed.outputSchema)
  }

  return (server: Server): void => {
    server.setRequestHandler('tools/list', () => list)
    server.setRequestHandler('tools/call', (message, request) => call(message, request, server))
  }
}
