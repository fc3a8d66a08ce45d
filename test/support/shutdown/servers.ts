import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as plain, vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { canary } from '../canary.ts'
import { environmentFor } from '../environment.ts'
import { type HoldingGateway, openHoldingGateway } from '../holding-gateway.ts'
import { leaks } from '../leak-search.ts'
import { openSandbox, type TestSandbox } from '../sandbox.ts'
import { RawServer } from '../stdio/raw-server.ts'

// Servers that end while calls run. These tests run at the same time, since most of them wait for a clock: each has
// a folder and servers of its own, and they share a sandbox that is never reset.

/** A secret of the server, which it must not write anywhere. */
const secret = canary('gateway')

/** A call, and the path of its last request. */
export interface Work {
  readonly path: string
  readonly tool: string
  readonly args: object
}
export const readCall: Work = { path: '/sm/v2/jobs/search', tool: 'car_search_jobs', args: {} }
export const effectCall: Work = {
  path: '/sm/v1/block-commands',
  tool: 'car_add_blocked_commands',
  args: { languageId: 201, commands: ['format'] },
}

/** A server with unanswered calls. */
export interface InFlight {
  readonly server: RawServer
  readonly gateway: HoldingGateway
}

interface Servers {
  readonly sandbox: TestSandbox
  readonly folder: string
  readonly audit: string
  /** Settings of an unattended server with an audit log. */
  readonly environment: (extra?: Environment) => Environment
  readonly serve: (extra?: Environment) => Promise<RawServer>
  /** A gateway that holds back the requests of these calls. */
  readonly holdAnswers: (...work: readonly Work[]) => Promise<HoldingGateway>
  /** A server with these calls running: their requests are held back at the gateway. */
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
      return server.initialize()
    })
    for (const { child, ended } of servers) {
      child.kill('SIGKILL')
      await ended
    }
  },
  holdAnswers: async ({ sandbox }, use) => {
    const gateways: HoldingGateway[] = []
    await use(async (...work) => {
      const paths = work.map(({ path }) => path)
      const gateway = await openHoldingGateway(sandbox.gatewayUrl, paths)
      gateways.push(gateway)
      return gateway
    })
    await Promise.all(gateways.map(({ close }) => close()))
  },
  inFlight: async ({ serve, holdAnswers }, use) =>
    use(async (...work) => {
      const gateway = await holdAnswers(...work)
      const server = await serve({ QUALYS_GATEWAY_URL: gateway.url, QUALYS_CONCURRENCY: '4' })
      for (const one of work) startCall(server, one)
      await gateway.arrived
      return { server, gateway }
    }),
})

/** Starts a call whose answer is read later, under the name of its tool. */
export function startCall(server: RawServer, { tool, args }: Work): void {
  server.send({ jsonrpc: '2.0', id: tool, method: 'tools/call', params: { name: tool, arguments: args } })
}

/** Resolves when this is true; allows for a busy machine. Unlike `expect.poll`, concurrent tests can use it. */
export const eventually = (look: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(look, { interval: 5, timeout: 30_000 })

/** Resolves when the server has written this to stderr. */
export async function waitForStderr(server: RawServer, text: string): Promise<void> {
  await eventually(() => expect(server.stderr).toContain(text))
}

/** The answer to a call. */
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

/** The lines of a log: each is JSON, and contains no secret. */
export function parseLog(err: string): LogLine[] {
  expect(leaks(err)).toEqual([])
  return err
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
