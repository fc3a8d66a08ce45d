import { createServer } from 'node:http'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { onTestFinished } from 'vitest'
import { listening } from '../session/gateway.ts'

/** A service that knows no more than 2025-11-25, made with the SDK of that time. */
export interface OlderService {
  readonly url: string
  /** What its clients said they can do. */
  readonly capabilities: readonly unknown[]
  /** The headers of its requests. */
  readonly headers: readonly NodeJS.Dict<string | string[]>[]
  /** The ids of the calls that were cancelled. */
  readonly cancelled: readonly unknown[]
}

/** Starts one without sessions, which is closed after the test. */
export async function openOlderService(): Promise<OlderService> {
  const capabilities: unknown[] = []
  const headers: NodeJS.Dict<string | string[]>[] = []
  const cancelled: unknown[] = []

  function serverOf(): Server {
    const server = new Server({ name: 'older', version: '1' }, { capabilities: { tools: {} } })
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [{ name: 'count', inputSchema: { type: 'object' as const } }],
    }))
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sendNotification }) => {
      const progressToken = params._meta?.progressToken
      if (progressToken !== undefined)
        await sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1 } })
      // This call never ends.
      if (params.name === 'wait') return new Promise<never>(() => undefined)
      return { content: [{ type: 'text', text: 'counted' }] }
    })
    return server
  }

  const { port, close } = await listening(
    createServer(async (req, res) => {
      if (req.method !== 'POST') return void res.writeHead(405).end()
      headers.push(req.headers)
      const server = serverOf()
      const transport = new StreamableHTTPServerTransport()
      await server.connect(transport as Parameters<Server['connect']>[0])
      const { onmessage } = transport
      transport.onmessage = (message, extra) => {
        if ('method' in message && message.method === 'initialize')
          capabilities.push(message.params?.['capabilities'])
        if ('method' in message && message.method === 'notifications/cancelled')
          cancelled.push(message.params?.['requestId'])
        onmessage?.(message, extra)
      }
      await transport.handleRequest(req, res)
    }),
  )
  onTestFinished(close)
  return { url: `http://127.0.0.1:${port}/mcp`, capabilities, headers, cancelled }
}
