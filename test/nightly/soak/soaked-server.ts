import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Agent, fetch as undiciFetch } from 'undici'
import { leftOpen } from '../../support/clients/left-open.ts'
import { bearerOf, startService } from '../../support/clients/service.ts'
import { program } from '../../support/stdio/peers.ts'
import { Caller } from './caller.ts'
import type { FaultSchedule } from './fault-schedule.ts'
import type { Tally } from './tally.ts'

/** The built server in a process of its own, and those who call it. */
export interface SoakedServer {
  readonly pid: number
  readonly callers: readonly Caller[]
  /** Disconnects the callers; resolves when what they had open is closed, or with what is not. */
  readonly disconnect: () => Promise<string | undefined>
  /** Ends the server; returns what is wrong with its end. */
  readonly close: () => Promise<string | undefined>
}

/** How a server is started, and where what goes wrong is noted. */
export interface SoakStart {
  readonly env: Readonly<Record<string, string>>
  readonly schedule: FaultSchedule
  readonly tally: Tally
}

type Mode = 'auto' | 'legacy'

const newClient = (mode: Mode): Client =>
  new Client({ name: 'soak', version: '1' }, { versionNegotiation: { mode } })

/** Notes lines of the log that a working server does not write. */
const readerOf =
  ({ wrong }: Tally) =>
  (line: string): void => {
    if (/"unexpected"|"level":"error"|unhandled|Warning:/i.test(line))
      wrong.push(`stderr: ${line.slice(0, 400)}`)
  }

/** Connects; resolves once the server has answered, before it contacts Qualys. */
async function connect(client: Client, transport: Parameters<Client['connect']>[0]): Promise<void> {
  await client.connect(transport)
  await client.listTools()
}

/** One client, whose process the server is. */
export async function openOverStdio({ env, schedule, tally }: SoakStart, mode: Mode): Promise<SoakedServer> {
  const client = newClient(mode)
  const command = { command: process.execPath, args: [program], env: { ...env }, stderr: 'pipe' as const }
  const transport = new StdioClientTransport(command)
  const read = readerOf(tally)
  transport.stderr?.on('data', (text: Buffer) => {
    for (const line of String(text).split('\n')) read(line)
  })
  await connect(client, transport)
  return {
    pid: transport.pid ?? 0,
    callers: [new Caller(client, schedule, tally)],
    disconnect: async () => undefined,
    close: async () => {
      await client.close()
      return undefined
    },
  }
}

/** Who calls the service, and in which revision. */
const people = [
  ['ada', 'auto'],
  ['ada', 'legacy'],
  ['grace', 'auto'],
  ['linus', 'legacy'],
] as const satisfies readonly (readonly [string, Mode])[]

/** Longer than a call takes to hear that its client is gone. */
const patienceMs = 8_000
/** More than the end of a service without calls takes. */
const maxEndMs = 10_000

/** A service with several callers, of both revisions. */
export async function openOverHttp({ env, schedule, tally }: SoakStart): Promise<SoakedServer> {
  const names = [...new Set(people.map(([name]) => name))]
  const service = await startService({
    server: {
      command: process.execPath,
      args: [program],
      env: { ...env, QUALYS_METRICS_PORT: '0', QUALYS_CALLS_PER_MINUTE: '1000000' },
    },
    callers: Object.fromEntries(names.map((name) => [name, { role: ['operator'] }])),
    onLine: readerOf(tally),
  })
  // Its sockets can be closed, unlike those of Node's own fetch.
  const agent = new Agent()
  const fetch = ((url: string, init: object) =>
    undiciFetch(url, { ...init, dispatcher: agent })) as unknown as typeof globalThis.fetch
  const clients = await Promise.all(
    people.map(async ([name, mode]) => {
      const client = newClient(mode)
      const requestInit = { headers: { authorization: bearerOf(name) } }
      await connect(client, new StreamableHTTPClientTransport(new URL(service.url), { fetch, requestInit }))
      return client
    }),
  )
  return {
    pid: service.pid,
    callers: clients.map((client) => new Caller(client, schedule, tally)),
    disconnect: async () => {
      await Promise.all(clients.map((client) => client.close()))
      await agent.destroy()
      return await leftOpen(service, patienceMs)
    },
    close: async () => {
      const began = performance.now()
      const code = await service.stop()
      const ms = Math.round(performance.now() - began)
      if (code !== 0) return `the service ended with ${code}`
      return ms > maxEndMs ? `the service took ${ms} ms to end, though nobody waited for a call` : undefined
    },
  }
}
