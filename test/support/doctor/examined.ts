import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { doctor } from '../../../src/cli/doctor.ts'
import { type Environment, readSettings } from '../../../src/config/settings.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { openSession } from '../../../src/session/session.ts'
import { assistantOn } from '../assistant.ts'
import { environmentFor } from '../environment.ts'
import { testOn } from '../fixtures.ts'

/** An address of this machine at which nothing listens. */
export async function nobodyAt(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

interface Examined {
  /** What `doctor` prints, and whether all is well. */
  readonly examined: (extra: Environment) => Promise<{ readonly ok: boolean; readonly text: string }>
  /** What `qualys_status` says, as text and by field. */
  readonly stated: (extra: Environment) => Promise<{
    readonly text: string
    readonly row: Readonly<Record<string, unknown>>
    readonly isError: boolean
  }>
  /** Which products were asked anything. */
  readonly contacted: () => Promise<string[]>
}

/** A `test` with `doctor` and `qualys_status` in this process, on a sandbox. */
export const test = testOn({ jobs: 100 }).extend<Examined>({
  examined: async ({ sandbox }, use) =>
    use(async (extra) => {
      const environment = environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
      const configuration = readSettings({}, environment)
      const session = openSession(configuration.settings, async () => accountOf(configuration.settings))
      const lines: string[] = []
      const ok = await doctor(session, configuration, (line) => lines.push(line))
      await session.close()
      return { ok, text: lines.join('\n') }
    }),
  stated: async ({ sandbox }, use) =>
    use(async (extra) => {
      const assistant = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
      const { text, isError } = await assistant.call('qualys_status')
      const { structured } = await assistant.call('qualys_status', {}, 'json')
      await assistant.close()
      return { text, row: structured.rows[0] ?? {}, isError }
    }),
  contacted: async ({ sandbox }, use) =>
    use(async () => {
      const paths = (await sandbox.control.requests()).map(({ path }) => path)
      return [...new Set(paths.map((path) => (path.startsWith('/qps/') ? 'saq' : 'car')))].sort()
    }),
})
