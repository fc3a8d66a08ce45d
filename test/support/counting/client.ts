import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { serverFactory } from '../../../src/tools/server/server.ts'
import { buildServerParts } from '../assistant.ts'
import { environmentFor } from '../environment.ts'

interface Options {
  readonly signal?: AbortSignal
  readonly onprogress?: (progress: { readonly progress: number; readonly total?: number | undefined }) => void
}

interface Result {
  readonly isError?: boolean
  readonly content: readonly { readonly text?: string }[]
}

/** A real MCP client of a server in this process; it receives progress and can cancel. */
export interface RealClient {
  readonly count: (tool: string, args: Record<string, unknown>, options?: Options) => Promise<string>
  readonly close: () => Promise<void>
}

export async function clientOn(sandbox: Sandbox, extra: Environment = {}): Promise<RealClient> {
  const { options, close } = buildServerParts(environmentFor(sandbox, extra))
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const server = serverFactory(options)()
  await server.connect(theirs)
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: 'legacy' } })
  await client.connect(ours)
  return {
    count: async (name, args, more = {}) => {
      const { content } = (await client.callTool({ name, arguments: args }, more)) as Result
      return content.map(({ text = '' }) => text).join('\n')
    },
    close: async () => {
      await client.close()
      await close()
    },
  }
}
