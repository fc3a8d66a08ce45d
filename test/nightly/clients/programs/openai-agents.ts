import { Agent, MCPServerStdio, OpenAIChatCompletionsModel, Runner, setTracingDisabled } from '@openai/agents'
import OpenAI from 'openai'
import type { Host } from '../../../support/clients/host.ts'
import type { Seen } from '../../../support/clients/scripted-model.ts'
import { completionsOf } from './chat-completions.ts'
import { report } from './report.ts'

// OpenAI Agents with strict schemas, for which a model gives every argument and null for what is left out. With
// `structured`, the structured content stands in place of the text.

setTracingDisabled(true)
const useStructuredContent = process.argv.includes('structured')

/** One block of text arrives as its text, several as their JSON, and structured content as its JSON. */
function read(content: unknown): Seen {
  const all = typeof content === 'string' ? content : JSON.stringify(content)
  if (all.startsWith('[')) {
    const blocks = JSON.parse(all) as readonly { readonly text?: string; readonly uri?: string }[]
    return { text: blocks.map(({ text, uri }) => text ?? uri).join('\n'), all }
  }
  if (!all.startsWith('{')) return { text: all, all }
  const structured = JSON.parse(all) as Record<string, unknown>
  return { text: String(structured['summary']), all, structured }
}

const converse: Host['converse'] = async (model, server) => {
  const qualys = new MCPServerStdio({ name: 'qualys', useStructuredContent, ...server })
  await qualys.connect()
  try {
    const openai = new OpenAI({ apiKey: 'none', maxRetries: 0, fetch: completionsOf(model, read) })
    const agent = new Agent({
      name: 'scripted',
      model: new OpenAIChatCompletionsModel(openai, 'scripted'),
      mcpServers: [qualys],
      mcpConfig: { convertSchemasToStrict: true },
    })
    const { finalOutput } = await new Runner().run(agent, 'Go.', { maxTurns: 100 })
    return String(finalOutput)
  } finally {
    await qualys.close()
  }
}

await report({
  checksArguments: false,
  showsForms: false,
  rowsFor: useStructuredContent ? 'model' : 'nobody',
  converse,
})
