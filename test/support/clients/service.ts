import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { entryOf, openCallersFolder, tokenOf } from '../callers/callers-folder.ts'
import type { ServerCommand } from './host.ts'

/** Longer than QUALYS_DRAIN_SECONDS. */
const endMs = 40_000

/** The program as a service in a process of its own. */
export interface Service {
  readonly pid: number
  readonly port: number
  /** The address of MCP, on IPv4. */
  readonly url: string
  /** Of QUALYS_METRICS_PORT, if that is set. */
  readonly metricsPort: number | undefined
  /** Resolves with the exit code when it ends by itself; null for a signal. */
  readonly ended: Promise<number | null>
  /** Tells it to end; resolves with its exit code. */
  readonly stop: () => Promise<number | null>
}

/** How a service is started. */
export interface ServiceStart {
  /** The program as it is started over stdio. */
  readonly server: ServerCommand
  /** Members of the callers file by name; what an entry does not say is that of a viewer. */
  readonly callers: Readonly<Record<string, object>>
  /** Takes each line of its log. */
  readonly onLine?: (line: string) => void
}

interface StartedLine {
  readonly msg?: string
  readonly port?: number
  readonly metricsPort?: number
}

function parsed(line: string): StartedLine {
  try {
    return JSON.parse(line) as StartedLine
  } catch {
    return {}
  }
}

/** The header with which a caller of `startService` shows its token. */
export const bearerOf = (caller: string): string => `Bearer ${tokenOf(caller)}`

/** Starts a service with these callers on a free port of loopback. Rejects with what it wrote if it does not start. */
export async function startService({ server, callers, onLine }: ServiceStart): Promise<Service> {
  const folder = openCallersFolder()
  folder.write(...Object.entries(callers).map(([name, more]) => entryOf(name, more)))
  const child = spawn(server.command, [...server.args, 'http', '--port', '0'], {
    // Clients answer forms in their conversations, which count only where the operator says so.
    env: { QUALYS_APPROVE_BY: 'client,page,terminal', ...server.env, QUALYS_CALLERS_FILE: folder.path },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'close').then(([code]) => {
    folder.remove()
    return code as number | null
  })
  const first: string[] = []
  const { port, metricsPort } = await new Promise<{ port: number; metricsPort: number | undefined }>(
    (resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        onLine?.(line)
        if (first.length < 20) first.push(line)
        const { msg, port, metricsPort } = parsed(line)
        if (msg === 'started' && port !== undefined) resolve({ port, metricsPort })
      })
      void ended.then((code) => reject(new Error(`the service ended with ${code}: ${first.join('\n')}`)))
    },
  )
  const stop = async (): Promise<number | null> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), endMs)
    child.kill('SIGTERM')
    return await ended.finally(() => clearTimeout(timer))
  }
  return { pid: child.pid ?? 0, port, url: `http://127.0.0.1:${port}/mcp`, metricsPort, ended, stop }
}
