import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ElicitRequestSchema, type ElicitResult } from '@modelcontextprotocol/sdk/types.js'

/** The built program. */
export const program = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** What every generation of clients can do, under common names. */
export interface Peer {
  readonly listTools: () => Promise<{
    tools: { name: string; inputSchema: unknown; outputSchema?: unknown }[]
  }>
  readonly callTool: (request: CallRequest, options?: CallOptions) => Promise<CallResult>
  readonly instructions: () => string | undefined
  readonly close: () => Promise<void>
}

interface CallRequest {
  readonly name: string
  readonly arguments?: Record<string, unknown>
  readonly _meta?: Record<string, unknown>
}

interface CallOptions {
  readonly signal?: AbortSignal
  readonly onprogress?: (progress: { progress: number; total?: number | undefined }) => void
}

export interface CallResult {
  readonly isError?: boolean
  readonly content: { readonly type: string; readonly text?: string }[]
  readonly structuredContent?: Record<string, unknown>
}

/** The person who uses a client: what the client can show, and the person's answers. */
export interface Person {
  readonly shows: 'forms' | 'addresses'
  readonly answer: (question: string) => Promise<ElicitResult>
}

type Environment = Readonly<Record<string, string | undefined>>

/** How a client starts the program: only with the given environment, so that no setting of this machine matters. */
export function spawnOptions(environment: Environment) {
  const env = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined),
  ) as Record<string, string>
  return { command: process.execPath, args: [program], env, stderr: 'ignore' as const }
}

export const clientInfo = { name: 'test', version: '1.0.0' }

/** A client without a person does not declare the capability. */
const capabilitiesOf = (person: Person | undefined) =>
  person ? { elicitation: person.shows === 'forms' ? { form: {} } : { url: {} } } : {}

async function connectCurrent(
  environment: Environment,
  mode: 'legacy' | 'auto',
  person: Person | undefined,
): Promise<Peer> {
  const client = new Client(clientInfo, {
    versionNegotiation: { mode },
    capabilities: capabilitiesOf(person),
  })
  if (person) client.setRequestHandler('elicitation/create', ({ params }) => person.answer(params.message))
  await client.connect(new StdioClientTransport(spawnOptions(environment)))
  return {
    listTools: () => client.listTools(),
    callTool: async (request, options = {}) => (await client.callTool(request, options)) as CallResult,
    instructions: () => client.getInstructions(),
    close: () => client.close(),
  }
}

async function connectOlder(environment: Environment, person: Person | undefined): Promise<Peer> {
  const client = new OlderClient(clientInfo, { capabilities: capabilitiesOf(person) })
  if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person.answer(params.message))
  await client.connect(new OlderTransport(spawnOptions(environment)))
  return {
    listTools: () => client.listTools(),
    callTool: async (request, options = {}) =>
      (await client.callTool(request, undefined, options)) as unknown as CallResult,
    instructions: () => client.getInstructions(),
    close: () => client.close(),
  }
}

/** The tested clients: both generations, and both eras of the protocol. */
export const generations: Readonly<
  Record<string, (environment: Environment, person?: Person) => Promise<Peer>>
> = {
  'client 2.x, 2025 era': (environment, person) => connectCurrent(environment, 'legacy', person),
  'client 2.x, 2026 era': (environment, person) => connectCurrent(environment, 'auto', person),
  'sdk 1.x': connectOlder,
}

export const textOf = ({ content }: CallResult): string => content.map(({ text = '' }) => text).join('\n')
