import { failuresOf } from '../../support/clients/conversations.ts'
import { sdkHost } from '../../support/clients/sdk.ts'
import { failuresWith, type TestedClient } from '../../support/clients/trial.ts'
import { generations } from '../../support/stdio/peers.ts'
import { failuresOfProgram, failuresOfTypes, install } from './client-program.ts'

// Conversations of a scripted model with the built program, through the clients that people use:
// tsx test/nightly/clients/clients.ts

const sdkClients = Object.entries(generations).map(
  ([name, connect]): TestedClient => ({
    name: `SDK, ${name}`,
    effects: 1,
    run: (server) => failuresOf(sdkHost(connect, true), server),
  }),
)

const frameworks: readonly TestedClient[] = (
  [
    ['LangChain with ChatOpenAI', 0, 'langchain.ts'],
    ['AI SDK', 0, 'ai-sdk.ts'],
    ['AI SDK with forms', 1, 'ai-sdk.ts', 'forms'],
    ['OpenAI Agents', 0, 'openai-agents.ts'],
    ['OpenAI Agents with structured content', 0, 'openai-agents.ts', 'structured'],
  ] as const
).map(([name, effects, ...args]) => ({ name, effects, run: (server) => failuresOfProgram(args, server) }))

function tell(name: string, failures: readonly string[]): void {
  console.log(failures.length === 0 ? `ok      ${name}` : `failed  ${name}: ${failures.join(' ')}`)
  if (failures.length > 0) process.exitCode = 1
}

install()
tell('types of the programs', failuresOfTypes())
for (const client of [...sdkClients, ...frameworks]) tell(client.name, await failuresWith(client))
