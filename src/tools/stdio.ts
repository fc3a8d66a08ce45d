import type { Readable, Writable } from 'node:stream'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { oneLine } from '../session/untrusted.ts'
import { ClientLine } from './client-line.ts'
import { buildServer, type ServerOptions } from './server.ts'

/** A client that is being served. */
export interface Served {
  /** Resolves with the reason when the client is gone. */
  readonly hungUp: Promise<string>
  /** Refuses further calls; resolves once every one that runs is answered. */
  readonly drain: () => Promise<void>
  /** Cancels what still runs. */
  readonly close: () => Promise<void>
}

/** Serves one client over two pipes. Both protocol eras; the opening message decides. */
export function serve(options: ServerOptions, from: Readable, to: Writable): Served {
  const { log } = options
  const line = new ClientLine(from, to)
  const hungUp = line.hungUp()
  const { close } = serveStdio(
    ({ era }) => {
      log.info({ era }, 'a client connected')
      return buildServer(options)
    },
    { transport: line, onerror: (error) => log.warn({ error: oneLine(error.message) }, 'protocol') },
  )
  return { hungUp, drain: () => line.drain(), close }
}
