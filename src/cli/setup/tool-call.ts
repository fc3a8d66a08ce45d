import { z } from 'zod'
import { interruptedMessage } from '../../shared/interruption.ts'
import { connectInProcess, type InProcessClient } from '../../tools/server/in-process-client.ts'
import type { ServerOptions } from '../../tools/server/server-options.ts'
import type { CommandContext } from '../context.ts'

/** The parts of a tools/call result that are printed. */
const callResult = z.object({
  isError: z.boolean().optional(),
  content: z.array(
    z.object({
      type: z.string(),
      text: z.string().optional(),
      resource: z.object({ mimeType: z.string().optional() }).optional(),
    }),
  ),
  structuredContent: z.unknown().optional(),
  _meta: z.object({ 'qualys-mcp/error': z.looseObject({}).optional() }).optional(),
})

/** The text that an assistant would get, or the structured result. */
async function callText(
  channel: InProcessClient,
  name: string,
  args: Readonly<Record<string, unknown>>,
  json: boolean,
): Promise<{ readonly text: string; readonly failed: boolean }> {
  const meta = { progressToken: 'call', ...(json && { 'qualys-mcp/reply': 'json' }) }
  const result = callResult.parse(await channel.request('tools/call', { name, arguments: args, _meta: meta }))
  const failed = result.isError === true
  const text = result.content
    // The text already names linked resources.
    .filter(({ type }) => type !== 'resource_link')
    .map((part) => part.text ?? `[${part.type} ${part.resource?.mimeType ?? ''}]`)
    .join('\n')
  if (!json) return { text, failed }
  const error = { message: text, ...result._meta?.['qualys-mcp/error'] }
  return {
    text: JSON.stringify(failed ? { error } : (result.structuredContent ?? { summary: text }), undefined, 2),
    failed,
  }
}

/** A call of a command. `json`: its structured result is printed. */
interface ToolCall {
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
  readonly json?: boolean
}

/** Calls a tool in this process, and prints what an assistant would get. Exit code 1 if the call fails. */
export async function callTool(
  { shutdown, cleanup, print, warn }: CommandContext,
  options: ServerOptions,
  { name, args, json = false }: ToolCall,
): Promise<number> {
  const channel = await connectInProcess(options, (_done, _total, message) => warn(message))
  cleanup.add(channel.close)
  let isAnswered = false
  void shutdown.requested.then(() => {
    if (!isAnswered) warn(interruptedMessage)
  })
  const answer = await callText(channel, name, args, json)
  isAnswered = true
  print(answer.text)
  return answer.failed ? 1 : 0
}
