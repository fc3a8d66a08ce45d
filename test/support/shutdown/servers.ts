import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as plain, vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { canary } from '../canary.ts'
import { environmentFor } from '../environment.ts'
import { type Held, holding } from '../held.ts'
import { leaks } from '../leak-search.ts'
import { openSandbox, type TestSandbox } from '../sandbox.ts'
import { RawServer } from '../stdio/raw-server.ts'

// Servers that end while something runs. Tests run at the same time, for most of them wait for a clock: each has a folder
// and servers of its own, and they share a sandbox that nobody resets.

/** A secret that the server has, and that it must write nowhere. */
const secret = canary('held')

/** A call, and the path of the request that it makes at last. */
export interface Work {
  readonly path: string
  readonly tool: string
  readonly args: object
}
export const reading: Work = { path: '/sm/v2/jobs/search', tool: 'car_search_jobs', args: {} }
export const effect: Work = {
  path: '/sm/v1/block-commands',
  tool: 'car_add_blocked_commands',
  args: { languageId: 201, commands: ['format'] },
}

/** A server with calls that are not answered yet. */
export interface InFlight {
  readonly server: RawServer
  readonly held: Held
}

interface Servers {
  readonly sandbox: TestSandbox
  readonly folder: string
  readonly audit: string
  /** Settings of a server that asks nobody and keeps an audit log. */
  readonly environment: (extra?: Environment) => Environment
  readonly serve: (extra?: Environment) => Promise<RawServer>
  /** A gateway that keeps back the answers to this work. */
  readonly hold: (...work: readonly Work[]) => Promise<Held>
  /** A server with this work under way: Qualys has it, and its answers are kept back. */
  readonly inFlight: (...work: readonly Work[]) => Promise<InFlight>
}

export const test = plain.extend<Servers>({
  sandbox: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    async ({}, use) => {
      const sandbox = await openSandbox({ jobs: 100 })
      await use(sandbox)
      await sandbox.close()
    },
    { scope: 'file' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-shutdown-'))
    await use(folder)
    rmSync(folder, { recursive: true })
  },
  audit: async ({ folder }, use) => use(join(folder, 'audit.jsonl')),
  environment: async ({ sandbox, folder, audit }, use) =>
    use((extra = {}) =>
      environmentFor(sandbox, {
        QUALYS_MODE: 'unattended',
        QUALYS_STATE_DIR: folder,
        QUALYS_AUDIT_FILE: audit,
        QUALYS_CLIENT_SECRET: secret,
        ...extra,
      }),
    ),
  serve: async ({ environment }, use) => {
    const servers: RawServer[] = []
    await use((extra) => {
      const server = new RawServer(environment(extra))
      servers.push(server)
      return server.greet()
    })
    for (const { child, ended } of servers) {
      child.kill('SIGKILL')
      await ended
    }
  },
  hold: async ({ sandbox }, use) => {
    const gateways: Held[] = []
    await use(async (...work) => {
      const paths = work.map(({ path }) => path)
      const held = await holding(sandbox.gatewayUrl, paths)
      gateways.push(held)
      return held
    })
    await Promise.all(gateways.map(({ close }) => close()))
  },
  inFlight: async ({ serve, hold }, use) =>
    use(async (...work) => {
      const held = await hold(...work)
      const server = await serve({ QUALYS_GATEWAY_URL: held.url, QUALYS_CONCURRENCY: '4' })
      for (const one of work) begin(server, one)
      await held.arrived
      return { server, held }
    }),
})

/** Makes a call whose answer is looked for later, under the name of its tool. */
export function begin(server: RawServer, { tool, args }: Work): void {
  server.say({ jsonrpc: '2.0', id: tool, method: 'tools/call', params: { name: tool, arguments: args } })
}

/** Resolves when this holds; a busy machine is given time. Unlike `expect.poll` it may be used by tests that run together. */
export const eventually = (look: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(look, { interval: 5, timeout: 30_000 })

/** Resolves when the server has said this on stderr. */
export async function said(server: RawServer, text: string): Promise<void> {
  await eventually(() => expect(server.said).toContain(text))
}

/** What was answered to a call. */
export function answerTo({ tool }: Work, out: string): Record<string, unknown> | undefined {
  const lines = out.split('\n').filter((line) => line.includes(`"id":"${tool}"`))
  expect(lines.length).toBeLessThanOrEqual(1)
  return lines[0] === undefined ? undefined : JSON.parse(lines[0])
}

/** A line of the log. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly reason?: string
  readonly [fact: string]: unknown
}

/** The lines of a log: each is JSON, and holds no secret. */
export function logIn(err: string): LogLine[] {
  expect(leaks(err)).toEqual([])
  return err
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
