import type { Readable, Writable } from 'node:stream'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { serverFactory } from './server.ts'
import type { ServerOptions } from './server-options.ts'
import { InvalidLineError, StdioTransport } from './stdio-transport.ts'

/** A connected client. */
export interface ClientConnection {
  /** Resolves with the reason when the client is gone. */
  readonly closed: Promise<string>
  /** Refuses further calls; resolves when every running call is answered. */
  readonly drain: () => Promise<void>
  /** Cancels the calls that still run. */
  readonly close: () => Promise<void>
}

/** A protocol error without its message, which may quote the client: only its kind and length. */
function protocolErrorFacts(error: Error): { readonly error: string; readonly characters?: number } {
  if (error instanceof InvalidLineError) return { error: error.message }
  return { error: 'a message that was not expected', characters: error.message.length }
}

/** Serves one client over two pipes, in both protocol eras; the client's first message decides which. */
export function serve(options: ServerOptions, input: Readable, output: Writable): ClientConnection {
  const { log } = options
  const transport = new StdioTransport(input, output)
  const closed = transport.closed()
  const newServer = serverFactory(options)
  const { close } = serveStdio(
    ({ era }) => {
      log.info({ era }, 'a client connected')
      return newServer()
    },
    { transport, onerror: (error) => log.warn({ ...protocolErrorFacts(error) }, 'protocol') },
  )
  return { closed, drain: () => transport.drain(), close }
}
