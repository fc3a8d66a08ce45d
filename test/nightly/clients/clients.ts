import { failuresOf } from '../../support/clients/conversations.ts'
import { httpGenerations } from '../../support/clients/http-peers.ts'
import { sdkHost, sdkHttpHost } from '../../support/clients/sdk.ts'
import { failuresWith, type TestedClient } from '../../support/clients/trial.ts'
import { generations } from '../../support/stdio/peers.ts'
import { failuresOfProgram, failuresOfTypes, install } from './client-program.ts'
import { mcpRemoteHost } from './mcp-remote.ts'

// Conversations of a scripted model with the built program, through the clients that people use:
// tsx test/nightly/clients/clients.ts

const sdkClients = Object.entries(generations).map(
  ([name, connect]): TestedClient => ({
    name: `SDK, ${name}`,
    effects: 1,
    run: (server) => failuresOf(sdkHost(connect, true), server),
  }),
)

const sdkHttpClients = httpGenerations.map(
  ({ name, connect, asks }): TestedClient => ({
    name: `SDK over HTTP, ${name}`,
    effects: asks ? 1 : 0,
    run: (server) => failuresOf(sdkHttpHost(connect, asks), server),
  }),
)

/** It speaks a 2025 revision, in which the service cannot ask. */
const bridge: TestedClient = {
  name: 'SDK through mcp-remote',
  effects: 0,
  run: (server) => failuresOf(mcpRemoteHost, server),
}

const frameworks: readonly TestedClient[] = (
  [
    ['LangChain with ChatOpenAI', 0, 'langchain.ts'],
    ['LangChain with ChatOpenAI, over HTTP', 0, 'langchain.ts', 'http'],
    ['AI SDK', 0, 'ai-sdk.ts'],
    ['AI SDK with forms', 1, 'ai-sdk.ts', 'forms'],
    ['AI SDK, over HTTP', 0, 'ai-sdk.ts', 'http'],
    ['AI SDK with forms, over HTTP', 1, 'ai-sdk.ts', 'forms', 'http'],
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
for (const client of [...sdkClients, ...sdkHttpClients, bridge, ...frameworks])
  tell(client.name, await failuresWith(client))
