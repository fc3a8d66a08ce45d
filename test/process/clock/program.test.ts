import { describe, expect } from 'vitest'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'

// The built program on a machine whose clock is wrong: it logs in, calls, and logs in again when its token is
// refused.

const test = testOn({ jobs: 100, assets: 60 })

const hour = 3600_000

/** An environment that shifts Date by this amount; the monotonic clock is unchanged. */
function shifted(sandbox: TestSandbox, ms: number): Record<string, string> {
  const code = `const Real = Date
    globalThis.Date = class extends Real {
      constructor(...args) { args.length === 0 ? super(Real.now() + ${ms}) : super(...args) }
      static now() { return Real.now() + ${ms} }
    }`
  const options = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
  return { ...processEnvironment(environmentFor(sandbox)), ...options }
}

const logins = async ({ control }: TestSandbox): Promise<number> =>
  (await control.requests()).filter(({ path }) => path === '/auth').length

// Tokens by the hour: test/integration/clock.
describe.for([-72, 5])('a clock that is wrong by %i h', (hours) => {
  test('a call', async ({ sandbox }) => {
    const env = shifted(sandbox, hours * hour)
    const { code, stdout, stderr } = await runProgram(['call', 'car_list_script_types'], env)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Custom Script')
    expect((await sandbox.control.requests()).map(({ status }) => status)).toEqual([201, 200])
  })

  test('a server whose token is refused logs in once more', async ({ sandbox }) => {
    const server = await new RawServer(shifted(sandbox, hours * hour)).initialize()
    const call = () => server.line('tools/call', { name: 'car_list_script_types', arguments: {} })
    expect(await call()).toContain('Custom Script')
    expect(await call()).toContain('Custom Script')
    expect(await logins(sandbox)).toBe(1)
    await sandbox.control.revoke()
    expect(await call()).toContain('Custom Script')
    expect(await logins(sandbox)).toBe(2)
    await server.finish()
  })

  test('output that depends on the clock says which time it assumes', async ({ sandbox }) => {
    const startAt = new Date(Date.now() - 100 * hour).toISOString()
    const args = {
      title: 'Nightly',
      scripts: [{ id: '19218' }],
      startDate: startAt.slice(0, 10),
      startTime: startAt.slice(11, 16),
      assets: ['1'],
      activate: true,
    }
    const env = shifted(sandbox, hours * hour)
    const { stdout, stderr } = await runProgram(['call', 'car_create_schedule', JSON.stringify(args)], env)
    const [, said = ''] = /now is (\S+)\)/.exec(stdout + stderr) ?? []
    expect(Math.abs(Date.parse(said) - Date.now() - hours * hour), stdout + stderr).toBeLessThan(hour / 2)
  })
})
