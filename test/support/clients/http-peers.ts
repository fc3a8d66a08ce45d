import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { type CallResult, clientInfo, type Peer, type Person } from '../stdio/peers.ts'

/** Where a service is, and the value of the header that says who calls. */
export interface Address {
  readonly url: string
  readonly authorization: string
}

/** What every generation of clients can do with a service, under common names. */
export interface HttpPeer extends Peer {
  readonly readResource: (uri: string) => Promise<{ contents: readonly object[] }>
  readonly getPrompt: (name: string, args: Record<string, string>) => Promise<{ messages: readonly object[] }>
}

/** Connects to a service. Rejects with the error of the client. */
export type HttpConnect = (address: Address, person?: Person) => Promise<HttpPeer>

const capabilitiesOf = (person: Person | undefined) => (person ? { elicitation: { form: {} } } : {})

const optionsOf = ({ authorization }: Address) => ({ requestInit: { headers: { authorization } } })

type Mode = 'legacy' | 'auto' | { readonly pin: string }

const connectCurrent =
  (mode: Mode): HttpConnect =>
  async (address, person) => {
    const client = new Client(clientInfo, {
      versionNegotiation: { mode },
      capabilities: capabilitiesOf(person),
    })
    if (person) client.setRequestHandler('elicitation/create', ({ params }) => person.answer(params.message))
    await client.connect(new StreamableHTTPClientTransport(new URL(address.url), optionsOf(address)))
    return {
      listTools: () => client.listTools(),
      callTool: async (request, options = {}) => (await client.callTool(request, options)) as CallResult,
      readResource: (uri) => client.readResource({ uri }),
      getPrompt: (name, args) => client.getPrompt({ name, arguments: args }),
      instructions: () => client.getInstructions(),
      close: () => client.close(),
    }
  }

const connectOlder: HttpConnect = async (address, person) => {
  const client = new OlderClient(clientInfo, { capabilities: capabilitiesOf(person) })
  if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person.answer(params.message))
  const transport = new OlderTransport(new URL(address.url), optionsOf(address))
  // Its optional members are typed without undefined.
  await client.connect(transport as Transport)
  return {
    listTools: () => client.listTools(),
    callTool: async (request, options = {}) =>
      (await client.callTool(request, undefined, options)) as unknown as CallResult,
    readResource: (uri) => client.readResource({ uri }),
    getPrompt: (name, args) => client.getPrompt({ name, arguments: args }),
    instructions: () => client.getInstructions(),
    close: () => client.close(),
  }
}

/** A generation of clients, and whether the service can ask its person: in the 2025 revisions it cannot. */
export interface HttpGeneration {
  readonly name: string
  readonly connect: HttpConnect
  readonly asks: boolean
}

/** The tested clients: both generations, and each way to choose the revision. */
export const httpGenerations: readonly HttpGeneration[] = [
  { name: 'sdk 1.x', connect: connectOlder, asks: false },
  { name: 'client 2.x, 2025 era', connect: connectCurrent('legacy'), asks: false },
  { name: 'client 2.x, 2026 era, found out', connect: connectCurrent('auto'), asks: true },
  { name: 'client 2.x, 2026 era, pinned', connect: connectCurrent({ pin: '2026-07-28' }), asks: true },
]
