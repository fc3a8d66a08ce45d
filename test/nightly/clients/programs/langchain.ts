import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { type ClientConfig, MultiServerMCPClient } from '@langchain/mcp-adapters'
import { ChatOpenAI } from '@langchain/openai'
import type { Host } from '../../../support/clients/host.ts'
import { withService } from '../../../support/clients/own-service.ts'
import type { ScriptedModel, Seen } from '../../../support/clients/scripted-model.ts'
import { completionsOf } from './chat-completions.ts'
import { report } from './report.ts'

// LangChain's adapter with ChatOpenAI on chat completions, whose messages take neither links nor files: over HTTP, if
// `http` is given.

interface Block {
  readonly text?: string
  readonly structuredContent?: Record<string, unknown>
}

/** One block of text arrives as its text, or as JSON if structured content goes with it. */
function read(content: unknown): Seen {
  const all = typeof content === 'string' ? content : JSON.stringify(content)
  if (!all.startsWith('{') && !all.startsWith('[')) return { text: all, all }
  const blocks = [JSON.parse(all)].flat() as readonly Block[]
  const structured = blocks.find((block) => block.structuredContent)?.structuredContent
  return { text: blocks.map(({ text = '' }) => text).join('\n'), all, structured }
}

type Connection = NonNullable<ClientConfig['mcpServers']>[string]

async function converseOver(connection: Connection, model: ScriptedModel): Promise<string> {
  const client = new MultiServerMCPClient({ mcpServers: { qualys: connection } })
  const configuration = { fetch: completionsOf(model, read) }
  const llm = new ChatOpenAI({ model: 'scripted', apiKey: 'none', maxRetries: 0, configuration })
  try {
    const agent = createReactAgent({ llm, tools: await client.getTools() })
    const { messages } = await agent.invoke({ messages: 'Go.' }, { recursionLimit: 100 })
    return String(messages.at(-1)?.content)
  } finally {
    await client.close()
  }
}

const overStdio: Host['converse'] = (model, server) =>
  converseOver({ transport: 'stdio', ...server, stderr: 'ignore' }, model)

const overHttp: Host['converse'] = (model, server) =>
  withService(server, ({ url, authorization }) =>
    converseOver({ transport: 'http', url, headers: { authorization } }, model),
  )

const traits = { checksArguments: true, showsForms: false, rowsFor: 'model' } as const

await report(
  process.argv.includes('http')
    ? { ...traits, isRemote: true, converse: overHttp }
    : { ...traits, converse: overStdio },
)
