import { z } from 'zod'
import { ownCommand } from '../shared/command/own-command.ts'
import { SettingsError } from '../shared/errors.ts'
import { interruptedMessage } from '../shared/interruption.ts'
import { connectInProcess, type InProcessClient } from '../tools/server/in-process-client.ts'
import { checkTool, readArguments } from './call-arguments.ts'
import type { Command } from './context.ts'
import { serverOptionsFor } from './setup/server-options.ts'

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

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** `qualys-mcp call`: calls one tool; exit code 1 if the call fails. */
export const callCommand: Command = async (context) => {
  const { invocation, stdin, shutdown, cleanup, print, warn } = context
  const { operands, flags } = invocation
  // Its page ends with this command, and its progress is seen: it waits for the person.
  const options = serverOptionsFor(context, false, { waitsAtOnce: true })
  const [name, text] = operands
  if (name === undefined)
    throw new SettingsError(
      `Name the tool to call: ${ownCommand('call TOOL [JSON|-]')}; \`${ownCommand('tools')}\` lists them.`,
    )
  checkTool(name, options)
  const args = readArguments(text === '-' ? await bytesOf(stdin) : text)
  const channel = await connectInProcess(options, (_done, _total, message) => warn(message))
  cleanup.add(channel.close)
  let isAnswered = false
  void shutdown.requested.then(() => {
    if (!isAnswered) warn(interruptedMessage)
  })
  const answer = await callText(channel, name, args, flags['json'] === true)
  isAnswered = true
  print(answer.text)
  return answer.failed ? 1 : 0
}
