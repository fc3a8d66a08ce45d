import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { processEnvironment, run, start } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

// The built program on a machine whose clock is off: it logs in, calls, and logs in again when its token is refused.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 60 })
})
beforeEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

const hour = 3600_000

/** An environment in which Date is off by so much; the clock that only moves forward is as it was. */
function shifted(ms: number): Record<string, string> {
  const code = `const Real = Date
    globalThis.Date = class extends Real {
      constructor(...args) { args.length === 0 ? super(Real.now() + ${ms}) : super(...args) }
      static now() { return Real.now() + ${ms} }
    }`
  const options = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
  return { ...processEnvironment(environmentFor(sandbox)), ...options }
}

const logins = async (): Promise<number> =>
  (await sandbox.control.requests()).filter(({ path }) => path === '/auth').length

describe.each([-72, -5, 5, 72])('a clock that is %i h off', (hours) => {
  test('a call', async () => {
    const { code, stdout, stderr } = await run(['call', 'car_list_script_types'], shifted(hours * hour))
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('Custom Script')
    expect((await sandbox.control.requests()).map(({ status }) => status)).toEqual([201, 200])
  })

  test('a server whose token is refused logs in once more', async () => {
    const child = start([], shifted(hours * hour))
    const lines = createInterface({ input: child.stdout })
    const ask = async (message: object): Promise<string> => {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
      const [line] = await once(lines, 'line')
      return String(line)
    }
    const clientInfo = { name: 'test', version: '1' }
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }
    await ask({ id: 1, method: 'initialize', params })
    const call = (id: number): Promise<string> =>
      ask({ id, method: 'tools/call', params: { name: 'car_list_script_types', arguments: {} } })
    expect(await call(2)).toContain('Custom Script')
    expect(await call(3)).toContain('Custom Script')
    expect(await logins()).toBe(1)
    await sandbox.control.revoke()
    expect(await call(4)).toContain('Custom Script')
    expect(await logins()).toBe(2)
    child.stdin.end()
    await once(child, 'close')
  })

  test('what goes by the clock says which time it takes for now', async () => {
    const startAt = new Date(Date.now() - 100 * hour).toISOString()
    const args = {
      title: 'Nightly',
      scripts: [{ id: '19218' }],
      startDate: startAt.slice(0, 10),
      startTime: startAt.slice(11, 16),
      assets: ['1'],
      activate: true,
    }
    const { stdout, stderr } = await run(
      ['call', 'car_create_schedule', JSON.stringify(args)],
      shifted(hours * hour),
    )
    const [, told = ''] = /now is (\S+)\)/.exec(stdout + stderr) ?? []
    expect(Math.abs(Date.parse(told) - Date.now() - hours * hour), stdout + stderr).toBeLessThan(hour / 2)
  })
})
