import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { runProgram } from '../command-line/program.ts'
import { countRequests, readAuditLines } from '../effects/unattended.ts'
import { environmentFor } from '../environment.ts'
import { testOn } from '../fixtures.ts'
import type { TestSandbox } from '../sandbox.ts'
import { type Message, RawServer } from '../stdio/raw-server.ts'

// Servers of the built program that share an audit log.

export const effect = ['car_add_blocked_commands', { languageId: 201, commands: ['format'] }] as const
const request = 'POST /sm/v1/block-commands'

interface AuditFixtures {
  readonly folder: string
  /** The audit log. */
  readonly file: string
  readonly settings: Environment
  readonly serve: (extra?: Environment) => Promise<RawServer>
}

export const test = testOn({ jobs: 100, assets: 60 }).extend<AuditFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-audit-'))
    await use(folder)
    rmSync(folder, { recursive: true })
  },
  file: async ({ folder }, use) => use(join(folder, 'audit.jsonl')),
  settings: async ({ sandbox, folder, file }, use) =>
    use(
      environmentFor(sandbox, {
        QUALYS_MODE: 'unattended',
        QUALYS_STATE_DIR: folder,
        QUALYS_AUDIT_FILE: file,
        QUALYS_CONCURRENCY: '16',
        QUALYS_LOG_LEVEL: 'warn',
      }),
    ),
  serve: async ({ settings }, use) => {
    const servers: RawServer[] = []
    await use((extra) => {
      const server = new RawServer({ ...settings, ...extra })
      servers.push(server)
      return server.initialize()
    })
    for (const { child, ended } of servers) {
      child.kill('SIGKILL')
      await ended
    }
  },
})

/** What the program reports about an audit log. */
export const verify = (file: string) => runProgram(['audit', 'verify', file])
export const isFailed = ({ result }: Message): boolean => result?.isError === true
export const eventsIn = (file: string): string[] => readAuditLines(file).map(({ event }) => event)

/** Two servers that each send several effects at the same time leave one intact log, and send each effect once. */
export async function expectIntact(
  sandbox: TestSandbox,
  serve: AuditFixtures['serve'],
  file: string,
  effects: number,
): Promise<void> {
  const both = await Promise.all([serve(), serve()])
  const answers = both.flatMap((server) => Array.from({ length: effects }, () => server.call(...effect)))
  expect((await Promise.all(answers)).filter(isFailed)).toEqual([])
  for (const server of both) expect(await server.finish()).toMatchObject({ code: 0, err: '' })
  expect(await countRequests(sandbox.control, request)).toBe(2 * effects)
  const lines = (2 * (4 * effects + 2)).toLocaleString('en')
  expect(await verify(file)).toEqual({ code: 0, stderr: '', stdout: `2 chains, ${lines} lines: intact\n` })
  // The servers took turns: the lines of one server are not in one block.
  const chains = readAuditLines(file).map(({ chain }) => chain)
  expect(chains.filter((chain, place) => chain !== chains[place + 1]).length).toBeGreaterThan(10)
}
