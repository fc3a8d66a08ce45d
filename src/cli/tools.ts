import { formatNumber } from '../shared/format.ts'
import { connectInProcess, type InProcessClient } from '../tools/server/in-process-client.ts'
import { tokenCounter } from '../tools/server/token-counter.ts'
import type { Command } from './context.ts'
import { serverOptionsFor } from './server-options.ts'

interface ListedTool {
  readonly name: string
  readonly description: string
  readonly inputSchema: unknown
}

/** The part of a tool that a model reads. o200k_base stands in for tokenizers that are not public. */
function modelText({ name, description, inputSchema }: ListedTool): string {
  return JSON.stringify({ name, description, inputSchema })
}

/** The list exactly as a client gets it, with its cost in tokens. */
async function toolsText(channel: InProcessClient, json: boolean): Promise<string> {
  const result = await channel.request('tools/list', {})
  if (json) return JSON.stringify(result, undefined, 2)
  const tools = result['tools'] as readonly ListedTool[]
  const count = await tokenCounter()
  const costs = tools.map((tool) => count(modelText(tool)))
  const widest = Math.max(...tools.map(({ name }) => name.length))
  const lines = tools.map(
    ({ name, description }, index) =>
      `${name.padEnd(widest)}  ${String(costs[index]).padStart(4)}  ${description}`,
  )
  const sum = costs.reduce((total, cost) => total + cost, 0)
  return [
    ...lines,
    `${tools.length} tools, ${formatNumber(sum)} tokens (name, description and input schema; o200k_base)`,
  ].join('\n')
}

/** `qualys-mcp tools`: what an assistant sees. */
export const toolsCommand: Command = async (context) => {
  const { invocation, print } = context
  const channel = await connectInProcess(serverOptionsFor(context, false))
  print(await toolsText(channel, invocation.flags['json'] === true))
  return 0
}
