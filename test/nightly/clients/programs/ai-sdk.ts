import { createMCPClient, ElicitationRequestSchema } from '@ai-sdk/mcp'
import { Experimental_StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio'
import { generateText, stepCountIs } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import type { Host, Person } from '../../../support/clients/host.ts'
import { withService } from '../../../support/clients/own-service.ts'
import type { OfferedTool, ScriptedModel, Seen } from '../../../support/clients/scripted-model.ts'
import { report } from './report.ts'

// The AI SDK with its own mock model: with forms, if `forms` is given, and over HTTP, if `http` is.

type Options = Parameters<MockLanguageModelV4['doGenerate']>[0]
type Structured = Seen['structured']

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
}

/** The last result in the prompt; its rows go to the program alone. */
function seenIn({ prompt }: Options, structured: Structured): Seen | undefined {
  const last = prompt.at(-1)
  const part = last?.role === 'tool' ? last.content[0] : undefined
  if (part?.type !== 'tool-result') return undefined
  const { output } = part
  const texts =
    output.type === 'content'
      ? output.value.map((one) => (one.type === 'text' ? one.text : ''))
      : ['value' in output ? String(output.value) : '']
  return { text: texts.join('\n'), all: JSON.stringify(output), structured }
}

const offeredIn = ({ tools = [] }: Options): OfferedTool[] =>
  tools.flatMap((tool) =>
    tool.type === 'function'
      ? [{ name: tool.name, parameters: tool.inputSchema as OfferedTool['parameters'] }]
      : [],
  )

/** A mock that follows the script. */
function mockOf(model: ScriptedModel, structured: () => Structured): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    doGenerate: async (options) => {
      const move = model.next(offeredIn(options), seenIn(options, structured()))
      if (typeof move === 'string')
        return {
          content: [{ type: 'text', text: move }],
          finishReason: { unified: 'stop', raw: 'stop' },
          usage,
          warnings: [],
        }
      const call = { toolCallId: model.callId, toolName: move.tool, input: JSON.stringify(move.arguments) }
      return {
        content: [{ type: 'tool-call', ...call }],
        finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
        usage,
        warnings: [],
      }
    },
  })
}

const showsForms = process.argv.includes('forms')

type Transport = Parameters<typeof createMCPClient>[0]['transport']

async function converseOver(transport: Transport, model: ScriptedModel, person: Person): Promise<string> {
  const client = await createMCPClient({
    transport,
    capabilities: showsForms ? { elicitation: { form: {} } } : {},
  })
  if (showsForms)
    client.onElicitationRequest(ElicitationRequestSchema, async ({ params }) => ({
      ...person(params.message),
    }))
  try {
    let structured: Structured
    const { text } = await generateText({
      model: mockOf(model, () => structured),
      tools: await client.tools(),
      prompt: 'Go.',
      stopWhen: stepCountIs(100),
      onStepFinish: ({ toolResults }) => {
        structured = (toolResults[0]?.output as { structuredContent?: Structured } | undefined)
          ?.structuredContent
      },
    })
    return text
  } finally {
    await client.close()
  }
}

const overStdio: Host['converse'] = (model, server, person) =>
  converseOver(new Experimental_StdioMCPTransport({ ...server, stderr: 'ignore' }), model, person)

const overHttp: Host['converse'] = (model, server, person) =>
  withService(server, ({ url, authorization }) =>
    converseOver({ type: 'http', url, headers: { authorization } }, model, person),
  )

const traits = { checksArguments: false, showsForms, rowsFor: 'program' } as const

await report(
  process.argv.includes('http')
    ? { ...traits, isRemote: true, converse: overHttp }
    : { ...traits, converse: overStdio },
)
