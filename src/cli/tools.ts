import type { Channel } from '../tools/server/in-process-client.ts'

interface Listed {
  readonly name: string
  readonly description: string
  readonly inputSchema: unknown
}

/** The part of a tool that a model reads. o200k_base stands in for tokenizers that are not public. */
function readByModel({ name, description, inputSchema }: Listed): string {
  return JSON.stringify({ name, description, inputSchema })
}

/** Makes a token counter; loaded only when needed, since its table is large. */
export async function tokenCounter(): Promise<(text: string) => number> {
  const [{ Tiktoken }, { default: ranks }] = await Promise.all([
    import('js-tiktoken/lite'),
    import('js-tiktoken/ranks/o200k_base'),
  ])
  const encoder = new Tiktoken(ranks)
  return (text) => encoder.encode(text, 'all').length
}

/** `qualys-mcp tools`: the list exactly as a client gets it, with its cost in tokens. */
export async function toolsText(channel: Channel, json: boolean): Promise<string> {
  const result = await channel.request('tools/list', {})
  if (json) return JSON.stringify(result, undefined, 2)
  const tools = result['tools'] as readonly Listed[]
  const count = await tokenCounter()
  const costs = tools.map((tool) => count(readByModel(tool)))
  const widest = Math.max(...tools.map(({ name }) => name.length))
  const lines = tools.map(
    ({ name, description }, index) =>
      `${name.padEnd(widest)}  ${String(costs[index]).padStart(4)}  ${description}`,
  )
  const sum = costs.reduce((total, cost) => total + cost, 0)
  return [
    ...lines,
    `${tools.length} tools, ${sum.toLocaleString('en')} tokens (name, description and input schema; o200k_base)`,
  ].join('\n')
}
