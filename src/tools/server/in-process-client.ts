import { InMemoryTransport, type JSONRPCMessage } from '@modelcontextprotocol/server'
import packageJson from '../../../package.json' with { type: 'json' }
import { buildServer, type ServerOptions } from './server.ts'

/** Sends requests to the server like a client: over the protocol, but within the process. */
export interface Channel {
  readonly request: (
    method: string,
    params: Readonly<Record<string, unknown>>,
  ) => Promise<Record<string, unknown>>
  readonly close: () => Promise<void>
}

/** Starts a server and connects to it. `onProgress` gets the progress of long calls. */
export async function openChannel(
  options: ServerOptions,
  onProgress: (done: number, total: number | undefined, news: string | undefined) => void = () => undefined,
): Promise<Channel> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const waiting = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >()
  ours.onmessage = (message: JSONRPCMessage): void => {
    if ('method' in message) {
      const told = (message.params ?? {}) as { progress?: number; total?: number; message?: string }
      if (message.method === 'notifications/progress')
        onProgress(told.progress ?? 0, told.total, told.message)
      return
    }
    const call = waiting.get(Number(message.id))
    if (!call) return
    if ('error' in message) call.reject(new Error(message.error.message))
    else call.resolve(message.result)
  }
  let last = 0
  const request: Channel['request'] = (method, params) =>
    new Promise((resolve, reject) => {
      last++
      waiting.set(last, { resolve, reject })
      ours.send({ jsonrpc: '2.0', id: last, method, params: { ...params } }).catch(reject)
    })
  const server = buildServer(options)
  await server.connect(theirs)
  await ours.start()
  await request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'qualys-mcp', version: packageJson.version },
  })
  await ours.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  return { request, close: () => server.close() }
}
