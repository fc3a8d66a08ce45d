import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { doctor } from '../../../src/cli/doctor.ts'
import { type Environment, readSettings } from '../../../src/config/settings.ts'
import { accountOf } from '../../../src/session/auth/account.ts'
import { openSession } from '../../../src/session/session.ts'
import { openAssistantOn } from '../assistant.ts'
import { environmentFor } from '../environment.ts'
import { testOn } from '../fixtures.ts'

/** An address of this machine at which nothing listens. */
export async function unusedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

interface DoctorFixtures {
  /** What `doctor` prints, and whether it found no error. */
  readonly runDoctor: (extra: Environment) => Promise<{ readonly ok: boolean; readonly text: string }>
  /** What `qualys_status` replies, as text and as a row. */
  readonly readStatus: (extra: Environment) => Promise<{
    readonly text: string
    readonly row: Readonly<Record<string, unknown>>
    readonly isError: boolean
  }>
  /** The products that received a request. */
  readonly contactedProducts: () => Promise<string[]>
}

/** A `test` that runs `doctor` and `qualys_status` in this process, on a sandbox. */
export const test = testOn({ jobs: 100 }).extend<DoctorFixtures>({
  runDoctor: async ({ sandbox }, use) =>
    use(async (extra) => {
      const environment = environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
      const configuration = readSettings({}, environment)
      const session = openSession(configuration.settings, async () => accountOf(configuration.settings))
      const lines: string[] = []
      const ok = await doctor(session, configuration, (line) => lines.push(line))
      await session.close()
      return { ok, text: lines.join('\n') }
    }),
  readStatus: async ({ sandbox }, use) =>
    use(async (extra) => {
      const assistant = await openAssistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
      const { text, isError } = await assistant.call('qualys_status')
      const { structured } = await assistant.call('qualys_status', {}, 'json')
      await assistant.close()
      return { text, row: structured.rows[0] ?? {}, isError }
    }),
  contactedProducts: async ({ sandbox }, use) =>
    use(async () => {
      const paths = (await sandbox.control.requests()).map(({ path }) => path)
      return [...new Set(paths.map((path) => (path.startsWith('/qps/') ? 'saq' : 'car')))].sort()
    }),
})
