import { InMemoryTransport, type JSONRPCMessage } from '@modelcontextprotocol/server'
import packageJson from '../../../package.json' with { type: 'json' }
import { serverFactory } from './server.ts'
import type { ServerOptions } from './server-options.ts'

/** Sends requests to the server like a client: over the protocol, but within the process. */
export interface InProcessClient {
  readonly request: (
    method: string,
    params: Readonly<Record<string, unknown>>,
  ) => Promise<Record<string, unknown>>
  readonly close: () => Promise<void>
}

/** Starts a server and connects to it. `onProgress` gets the progress of long calls. */
export async function connectInProcess(
  options: ServerOptions,
  onProgress: (done: number, total: number | undefined, message: string) => void = () => undefined,
): Promise<InProcessClient> {
  const [clientTransport, serverTransport] = InMemoryTransport.createLinkedPair()
  const pendingRequests = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >()
  clientTransport.onmessage = (message: JSONRPCMessage): void => {
    if ('method' in message) {
      const params = (message.params ?? {}) as { progress?: number; total?: number; message?: string }
      if (message.method === 'notifications/progress')
        onProgress(params.progress ?? 0, params.total, params.message ?? '')
      return
    }
    const call = pendingRequests.get(Number(message.id))
    if (!call) return
    if ('error' in message) call.reject(new Error(message.error.message))
    else call.resolve(message.result)
  }
  let lastId = 0
  const request: InProcessClient['request'] = (method, params) =>
    new Promise((resolve, reject) => {
      lastId++
      pendingRequests.set(lastId, { resolve, reject })
      clientTransport.send({ jsonrpc: '2.0', id: lastId, method, params: { ...params } }).catch(reject)
    })
  const server = serverFactory(options)()
  await server.connect(serverTransport)
  await clientTransport.start()
  await request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'qualys-mcp', version: packageJson.version },
  })
  await clientTransport.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  return { request, close: () => server.close() }
}
