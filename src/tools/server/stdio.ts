import type { Readable, Writable } from 'node:stream'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { buildServer, type ServerOptions } from './server.ts'
import { ClientLine, UnfitLine } from './stdio-transport.ts'

/** A connected client. */
export interface Served {
  /** Resolves with the reason when the client is gone. */
  readonly hungUp: Promise<string>
  /** Refuses further calls; resolves when every running call is answered. */
  readonly drain: () => Promise<void>
  /** Cancels the calls that still run. */
  readonly close: () => Promise<void>
}

/** A protocol error without its message, which may quote the client: only its kind and length. */
function factsOfFault(error: Error): { readonly error: string; readonly characters?: number } {
  if (error instanceof UnfitLine) return { error: error.message }
  return { error: 'a message that was not expected', characters: error.message.length }
}

/** Serves one client over two pipes, in both protocol eras; the client's first message decides which. */
export function serve(options: ServerOptions, from: Readable, to: Writable): Served {
  const { log } = options
  const line = new ClientLine(from, to)
  const hungUp = line.hungUp()
  const { close } = serveStdio(
    ({ era }) => {
      log.info({ era }, 'a client connected')
      return buildServer(options)
    },
    { transport: line, onerror: (error) => log.warn({ ...factsOfFault(error) }, 'protocol') },
  )
  return { hungUp, drain: () => line.drain(), close }
}
