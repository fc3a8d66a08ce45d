import { ownCommand } from '../shared/command/own-command.ts'
import { SettingsError } from '../shared/errors.ts'
import { checkTool, readArguments } from './call-arguments.ts'
import type { Command } from './context.ts'
import { serverOptionsFor } from './setup/server-options.ts'
import { callTool } from './setup/tool-call.ts'

async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** `qualys-mcp call`: calls one tool; exit code 1 if the call fails. */
export const callCommand: Command = async (context) => {
  const { invocation, stdin } = context
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
  return callTool(context, options, { name, args, json: flags['json'] === true })
}
