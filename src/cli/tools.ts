import { formatNumber } from '../shared/format.ts'
import { connectInProcess } from '../tools/server/in-process-client.ts'
import type { ToolManifest } from '../tools/tool.ts'
import type { Command } from './context.ts'
import { serverOptionsFor } from './setup/server-options.ts'

/** A line for each tool with its cost in tokens, and the sum. */
function toolsText(manifests: readonly ToolManifest[]): string {
  const widest = Math.max(...manifests.map(({ name }) => name.length))
  const lines = manifests.map(
    ({ name, tokens, description }) =>
      `${name.padEnd(widest)}  ${String(tokens).padStart(4)}  ${description}`,
  )
  const sum = manifests.reduce((total, { tokens }) => total + tokens, 0)
  return [
    ...lines,
    `${manifests.length} tools, ${formatNumber(sum)} tokens (name, description and input schema; o200k_base)`,
  ].join('\n')
}

/** `qualys-mcp tools`: what an assistant sees; with `--json` the list exactly as a client gets it. */
export const toolsCommand: Command = async (context) => {
  const { invocation, print } = context
  const options = serverOptionsFor(context, false)
  if (invocation.flags['json'] === true) {
    const channel = await connectInProcess(options)
    print(JSON.stringify(await channel.request('tools/list', {}), undefined, 2))
  } else print(toolsText(options.manifests))
  return 0
}
