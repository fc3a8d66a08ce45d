import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { oneLine } from '../session/untrusted.ts'
import { buildServer, type ServerOptions } from './server.ts'

/** Serves one client over stdin and stdout. Both protocol eras; the opening message decides. */
export function serve(options: ServerOptions): { close: () => Promise<void> } {
  return serveStdio(() => buildServer(options), {
    onerror: (error) => options.log.warn({ error: oneLine(error.message) }, 'protocol'),
  })
}
