import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { silent } from '../../../src/log.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { Caller } from '../../../src/session/caller.ts'
import type { Session } from '../../../src/session/session.ts'
import { Wire } from '../../../src/session/wire.ts'
import type { Environment } from '../../../src/settings.ts'
import { environmentFor, settingsFrom } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { openGateway } from '../../support/session/gateway.ts'
import { accountOn, sessionOn } from '../../support/session.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
const open: { close: () => Promise<void> }[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
})
beforeEach(() => sandbox.control.reset())
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})
afterAll(() => sandbox.close())

function session(extra: Environment = {}, on: Sandbox = sandbox): Session {
  const opened = sessionOn(on, extra)
  open.push(opened)
  return opened
}

function named(name: string): Operation {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(name)
  return found
}

const types = named('car_list_script_types')
const route = types.route
const paths = async (): Promise<string[]> => (await sandbox.control.requests()).map(({ path }) => path)
const calls = async (path = '/sm/v1/script-types'): Promise<number> =>
  (await paths()).filter((seen) => seen === path).length
const limit = { kind: 'limit', toWaitSec: 0.02 }
const limitXml = '<SIMPLE_RETURN><RESPONSE><CODE>1960</CODE></RESPONSE></SIMPLE_RETURN>'

describe('reads are repeated', () => {
  const troubles: Record<string, { fault: object; args?: Record<string, unknown>; path: string }> = {
    car_list_script_types: { fault: limit, path: '/sm/v1/script-types' },
    car_list_script_languages: { fault: { ...limit, hint: 'retryAfter' }, path: '/sm/v1/script-language' },
    car_list_reports: { fault: { ...limit, status: 409 }, path: '/sm/v1/reports' },
    car_search_scripts: { fault: { ...limit, hint: 'none', emptyBody: true }, path: '/sm/v1/scripts/search' },
    car_get_script: {
      fault: { kind: 'reply', status: 409, body: limitXml, contentType: 'text/xml' },
      args: { scriptId: '19218' },
      path: '/sm/v1/scripts/19218',
    },
    car_search_jobs: { fault: { kind: 'html', status: 502 }, path: '/sm/v2/jobs/search' },
    car_search_asset_jobs: { fault: { kind: 'html', status: 503 }, path: '/sm/v2/assetjobs/search' },
    car_search_assets: { fault: { kind: 'empty', status: 504 }, path: '/sm/v1/assets/search' },
    car_search_asset_tags: { fault: { kind: 'reset' }, path: '/sm/v1/assettags/search' },
    car_search_schedules: { fault: { kind: 'resetAfterBody' }, path: '/sm/v1/scheduler/search' },
    car_search_blocked_commands: { fault: { kind: 'truncate' }, path: '/sm/v1/block-commands/search' },
  }
  const cases = Object.entries(troubles)

  // All at once, for the pauses add up otherwise.
  test('after each kind of trouble, once', async () => {
    await sandbox.control.faults([
      ...cases.map(([name, { fault }]) => ({ route: named(name).route, times: 1, ...fault })),
      { route: 'GET /sm/v1/scripts/export', kind: 'html', status: 503 },
    ])
    const on = session({ QUALYS_CONCURRENCY: '16', QUALYS_MAX_WAIT_SECONDS: '9' })
    const hopeless = on.call(named('car_export_scripts'), { ids: ['16515'] })
    await Promise.all([
      ...cases.map(([name, { args = {} }]) => on.call(named(name), args)),
      expect(hopeless).rejects.toMatchObject({ kind: 'vendor', details: { status: 503 } }),
    ])
    const seen = await paths()
    const counted = cases.map(([name, { path }]) => [name, seen.filter((one) => one === path).length])
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(cases.map(([name]) => [name, 2])))
    expect(seen.filter((path) => path === '/sm/v1/scripts/export')).toHaveLength(4)
    expect(seen.filter((path) => path === '/auth')).toHaveLength(1)
  })

  test.each([
    { name: 'a bad request', fault: { kind: 'status', status: 400 }, kind: 'input' },
    { name: 'no permission', fault: { kind: 'status', status: 403 }, kind: 'setup' },
    { name: 'not there', fault: { kind: 'status', status: 404 }, kind: 'setup' },
    { name: 'a conflict', fault: { kind: 'status', status: 409 }, kind: 'input' },
    { name: 'an exception', fault: { kind: 'status', status: 500 }, kind: 'vendor' },
    { name: 'JSON that is none', fault: { kind: 'badJson' }, kind: 'drift' },
    { name: 'a web page', fault: { kind: 'html', status: 200 }, kind: 'drift' },
  ])('but not after $name', async ({ fault, kind }) => {
    await sandbox.control.faults([{ route, ...fault }])
    await expect(session().call(types, {})).rejects.toMatchObject({ kind })
    expect(await calls()).toBe(1)
  })

  test.each([
    { name: 'ToWait', fault: { kind: 'limit', toWaitSec: 90 }, seconds: 90 },
    { name: 'Retry-After', fault: { kind: 'limit', hint: 'retryAfter', toWaitSec: 7 }, seconds: 7 },
    { name: 'ToWait on a 409', fault: { kind: 'limit', status: 409, toWaitSec: 3_300 }, seconds: 3_300 },
    {
      name: 'Retry-After on a 503',
      fault: { kind: 'status', status: 503, headers: { 'Retry-After': '90' } },
      seconds: 90,
    },
  ])(
    'but not when $name is longer than QUALYS_MAX_WAIT_SECONDS: busy, with the seconds',
    async ({ fault, seconds }) => {
      await sandbox.control.faults([{ route, ...fault }])
      await expect(session().call(types, {})).rejects.toMatchObject({
        kind: 'busy',
        next: `Call again in ${seconds} s.`,
        details: { retryAfterSeconds: seconds },
      })
      expect(await calls()).toBe(1)
    },
  )

  test('but not without end: a limit that says "no need to wait" does not make a storm', async () => {
    await sandbox.control.faults([{ route, kind: 'limit', toWaitSec: 0 }])
    await expect(session({ QUALYS_MAX_WAIT_SECONDS: '1' }).call(types, {})).rejects.toMatchObject({
      kind: 'busy',
    })
    expect(await calls()).toBeLessThan(8)
  })

  test('but not when the answer is too large', async () => {
    let asked = 0
    const chunk = Buffer.alloc(4 * 1024 * 1024, 0x20)
    const gateway = await openGateway(async (_request, response) => {
      asked++
      for (let sent = 0; sent < 17 && !response.destroyed; sent++) {
        await new Promise((resolve) => response.write(chunk, resolve))
      }
      response.end()
    })
    open.push(gateway)
    await expect(session({ QUALYS_MAX_WAIT_SECONDS: '1' }, gateway).call(types, {})).rejects.toMatchObject({
      kind: 'vendor',
      message: expect.stringContaining('64 MiB'),
    })
    expect(asked).toBe(1)
  })
})

describe('limits in headers', () => {
  test('are remembered, and an answer with none left is still an answer', async () => {
    const on = session()
    const headers = {
      'X-RateLimit-Limit': '300',
      'X-RateLimit-Window-Sec': '3600',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-ToWait-Sec': '99',
    }
    await sandbox.control.faults([{ route, kind: 'reply', body: { body: [] }, headers }])
    expect(await on.call(types, {})).toMatchObject({ kind: 'page', rows: [] })
    const told = { callsLeft: 0, callsPerWindow: 300, windowSeconds: 3600 }
    expect((await on.traffic()).gateway).toMatchObject(told)
    expect(await calls()).toBe(1)
  })

  test('that make no sense are left alone', async () => {
    const on = session()
    const headers = { 'X-RateLimit-Remaining': 'many', 'X-RateLimit-Limit': '' }
    await sandbox.control.faults([{ route, kind: 'reply', body: { body: [] }, headers }])
    await on.call(types, {})
    for (const limit of ['callsLeft', 'callsPerWindow', 'windowSeconds', 'atOnce'])
      expect((await on.traffic()).gateway).not.toHaveProperty(limit)
  })
})

describe('only the configured hosts are called', () => {
  let elsewhere: Sandbox
  let visits: number
  beforeEach(async () => {
    visits = 0
    elsewhere = await openGateway((_request, response) => {
      visits++
      response.end('{}')
    })
    open.push(elsewhere)
  })

  test.each([301, 302, 303, 307, 308])('%i to another host is refused, and not followed', async (status) => {
    const location = `${elsewhere.gatewayUrl}/sm/v1/script-types`
    await sandbox.control.faults([{ route, kind: 'redirect', status, location }])
    await expect(session().call(types, {})).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringMatching(/redirects.*refused/),
      details: { status },
    })
    expect(await calls()).toBe(1)
    expect(visits).toBe(0)
  })

  test('a login that redirects is refused too', async () => {
    const location = `${elsewhere.gatewayUrl}/sm/v1/script-types`
    await sandbox.control.faults([{ route: 'POST /auth', kind: 'redirect', status: 307, location }])
    await expect(session().call(types, {})).rejects.toMatchObject({ kind: 'setup' })
    expect(await paths()).toEqual(['/auth'])
    expect(visits).toBe(0)
  })

  test('a request to any other origin never leaves', async () => {
    const wire = new Wire(accountOn(sandbox), settingsFrom(environmentFor(sandbox)), (text) => text, silent)
    open.push(wire)
    for (const origin of [elsewhere.gatewayUrl, sandbox.gatewayUrl.replace('127.0.0.1', 'localhost')]) {
      const url = new URL(`${origin}/sm/v1/script-types`)
      const sent = wire.send({ method: 'GET', url, headers: {} }, { repeatable: true, caller: new Caller(0) })
      await expect(sent).rejects.toMatchObject({
        kind: 'setup',
        message: expect.stringContaining('not a configured host'),
      })
    }
    expect(visits).toBe(0)
    expect(await paths()).toEqual([])
  })

  test("a host where nothing answers is the operator's to mend", async () => {
    const gone = await openGateway(() => undefined)
    await gone.close()
    await expect(session({}, gone).call(types, {})).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringContaining(`${gone.gatewayUrl} cannot be reached`),
    })
  })
})
