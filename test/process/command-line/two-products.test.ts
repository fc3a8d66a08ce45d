import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { doctor } from '../../../src/commands/doctor.ts'
import { accountOf } from '../../../src/session/account.ts'
import { openSession } from '../../../src/session/session.ts'
import { readSettings } from '../../../src/settings.ts'
import { assistantOn } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { processEnvironment, run } from '../../support/command-line/program.ts'
import { environmentFor } from '../../support/environment.ts'
import { leakSearch } from '../../support/leak-search.ts'
import { openSandbox } from '../../support/sandbox.ts'

// Two products behind one login: either may be down, refused or left out, and the other one still works.

const password = canary('password')
const find = leakSearch([password])
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let nowhere: string

beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200 })
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  nowhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise((resolve) => server.close(resolve))
})
afterEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

type Extra = Readonly<Record<string, string>>

const environment = (extra: Extra): Record<string, string> =>
  processEnvironment(environmentFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra }))

/** What `doctor` prints, and whether all is well. */
async function examined(extra: Extra): Promise<{ ok: boolean; text: string }> {
  const configuration = readSettings({}, environment(extra))
  const session = openSession(configuration.settings, async () => accountOf(configuration.settings))
  const lines: string[] = []
  const ok = await doctor(session, configuration, (line) => lines.push(line))
  await session.close()
  return { ok, text: lines.join('\n') }
}

/** What `qualys_status` says, as text and by field. */
async function stated(
  extra: Extra,
): Promise<{ text: string; row: Record<string, unknown>; isError: boolean }> {
  const assistant = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
  const { text, isError } = await assistant.call('qualys_status')
  const { structured } = await assistant.call('qualys_status', {}, 'json')
  await assistant.close()
  return { text, row: structured.rows[0] ?? {}, isError }
}

/** Which products were asked anything. */
async function contacted(): Promise<string[]> {
  const paths = (await sandbox.control.requests()).map(({ path }) => path)
  const products = paths.map((path) => (path.startsWith('/qps/') ? 'saq' : 'car'))
  return [...new Set(products)].sort()
}

/** Ways for one product to fail while the other one works, and what is said of the one that fails. */
const badSaq: Readonly<Record<string, () => Promise<Extra>>> = {
  'a user without SAQ': async () => ({ QUALYS_USERNAME: 'no-saq' }),
  'nothing at its address': async () => ({ QUALYS_API_URL: nowhere }),
  'an error of the server': async () =>
    fault('GET /qps/rest/portal/version', { kind: 'status', status: 500 }),
  'a web page': async () => fault('GET /qps/rest/portal/version', { kind: 'html', status: 200 }),
  'a limit': async () => fault('GET /qps/rest/portal/version', { kind: 'limit', toWaitSec: 30 }),
}
const badCar: Readonly<Record<string, () => Promise<Extra>>> = {
  'nothing at its address': async () => ({ QUALYS_GATEWAY_URL: nowhere }),
  'a login that is refused there alone': async () => fault('POST /auth', { kind: 'status', status: 401 }),
  'an error of the server': async () => fault('POST /auth', { kind: 'status', status: 500 }),
}

async function fault(route: string, of: object): Promise<Extra> {
  await sandbox.control.faults([{ route, ...of }])
  return {}
}

describe('both are well', () => {
  test('and doctor says so', async () => {
    const { ok, text } = await examined({})
    expect(ok).toBe(true)
    expect(text.split('\n').filter((line) => /^(ok|FAIL)/.test(line))).toEqual([
      expect.stringMatching(/^ok {4}login: /),
      expect.stringMatching(/^ok {4}first CAR read: .* 200 runs$/),
      `ok    SAQ version: 2.14.0.4 (${sandbox.apiUrl} ${sandbox.username})`,
    ])
    expect(await contacted()).toEqual(['car', 'saq'])
  })

  test('and qualys_status says so', async () => {
    const { row, text } = await stated({})
    expect(row).toMatchObject({
      login: expect.stringMatching(/^ok/),
      saq: 'ok, version 2.14.0.4',
      saqUser: `${sandbox.apiUrl} ${sandbox.username}`,
    })
    for (const [name, value] of Object.entries(row)) expect(text).toContain(`\n${name}: ${value}`)
  })
})

describe('CAR is well, SAQ is not:', () => {
  test.each(Object.entries(badSaq))('%s', async (_name, make) => {
    const extra = await make()
    const { ok, text } = await examined(extra)
    expect(ok).toBe(false)
    expect(text).toMatch(/^ok {4}login: /m)
    expect(text).toMatch(/^ok {4}first CAR read: .* 200 runs$/m)
    expect(text).toMatch(
      /^FAIL {2}SAQ version: .+\n {6}\S.+\n {6}Without SAQ: QUALYS_TOOLSETS=car leaves its tools out\.$/m,
    )
    const { row, isError } = await stated(extra)
    expect(isError).toBe(false)
    expect(row).toMatchObject({
      login: expect.stringMatching(/^ok/),
      saq: expect.stringMatching(/^failed: \S.+\. \S/),
    })
    expect(row).not.toHaveProperty('saqUser')
  })

  test('a portal that names no version of SAQ', async () => {
    const body =
      '{"ServiceResponse":{"data":[{"Portal-Version":{"WAS-VERSION":"6"}}],"responseCode":"SUCCESS","count":1}}'
    const extra = await fault('GET /qps/rest/portal/version', { kind: 'reply', body })
    const { ok, text } = await examined(extra)
    expect(ok).toBe(false)
    expect(text).toMatch(
      /^FAIL {2}SAQ version: .*names no QUESTIONNAIRE-VERSION\.\n +SAQ may not be in this subscription/m,
    )
    expect((await stated(extra)).row['saq']).toContain('SAQ may not be in this subscription')
  })

  test.each(['QUESTIONNAIRE-VERSION', 'QUESTIONNAIRE__V2-VERSION'])(
    '%s is its version, on one line',
    async (key) => {
      const version = '2.0\nFAIL  login: \u001b[31mx'
      const body = JSON.stringify({
        ServiceResponse: {
          data: [{ 'Portal-Version': { [key]: version } }],
          responseCode: 'SUCCESS',
          count: 1,
        },
      })
      await fault('GET /qps/rest/portal/version', { kind: 'reply', body })
      expect((await examined({})).text).toContain('ok    SAQ version: 2.0 FAIL login: x (')
      expect((await stated({})).row['saq']).toBe('ok, version 2.0 FAIL login: x')
    },
  )
})

describe('SAQ is well, CAR is not:', () => {
  test.each(Object.entries(badCar))('%s', async (_name, make) => {
    const extra = await make()
    const { ok, text } = await examined(extra)
    expect(ok).toBe(false)
    expect(text).toMatch(/^FAIL {2}login: .+\n {6}\S/m)
    expect(text).not.toContain('first CAR read')
    expect(text).toMatch(/^ok {4}SAQ version: 2\.14\.0\.4/m)
    expect(text).not.toContain('Without SAQ')
    const { row, isError } = await stated(extra)
    expect(isError).toBe(false)
    expect(row).toMatchObject({ login: expect.stringMatching(/^failed: \S/), saq: 'ok, version 2.14.0.4' })
  })

  test('a user without CAR', async () => {
    const { ok, text } = await examined({ QUALYS_USERNAME: 'no-car' })
    expect(ok).toBe(false)
    expect(text).toMatch(/^FAIL {2}first CAR read: /m)
    expect(text).toMatch(/^ok {4}SAQ version: /m)
  })
})

describe('neither is well', () => {
  test('both are said, each with its own advice', async () => {
    const { ok, text } = await examined({ QUALYS_PASSWORD: password })
    expect(ok).toBe(false)
    expect(text.match(/^FAIL {2}.+\n {6}\S/gm)).toHaveLength(2)
    const { row } = await stated({ QUALYS_PASSWORD: password })
    expect(row).toMatchObject({
      login: expect.stringMatching(/^failed: /),
      saq: expect.stringMatching(/^failed: /),
    })
  })

  test('no platform is set', async () => {
    const { ok, text } = await examined({ QUALYS_GATEWAY_URL: '', QUALYS_API_URL: '' })
    expect(ok).toBe(false)
    expect(text.match(/^FAIL {2}.+\n {6}\S/gm)).toHaveLength(2)
    expect(await contacted()).toEqual([])
  })
})

describe('one product alone', () => {
  const sets: readonly (readonly [string, string, string])[] = [
    ['car', 'car', 'saq'],
    ['car.runs', 'car', 'saq'],
    ['saq', 'saq', 'car'],
    ['saq.users', 'saq', 'car'],
  ]

  test.each(sets)('QUALYS_TOOLSETS=%s: nothing else is contacted', async (toolset, product, other) => {
    const extra = {
      QUALYS_TOOLSETS: toolset,
      [other === 'car' ? 'QUALYS_GATEWAY_URL' : 'QUALYS_API_URL']: nowhere,
    }
    const { ok, text } = await examined(extra)
    expect(ok, text).toBe(true)
    expect(await contacted()).toEqual([product])
    expect(/^ok {4}login: /m.test(text)).toBe(product === 'car')
    expect(/^ok {4}SAQ version: /m.test(text)).toBe(product === 'saq')
    await sandbox.control.forget()
    const { row } = await stated(extra)
    expect(await contacted()).toEqual([product])
    expect(Object.hasOwn(row, 'login')).toBe(product === 'car')
    expect(Object.hasOwn(row, 'saq')).toBe(product === 'saq')
  })

  test.each(sets)('QUALYS_TOOLSETS=%s fails by itself alone', async (toolset, product) => {
    const { ok, text } = await examined({ QUALYS_TOOLSETS: toolset, QUALYS_PASSWORD: password })
    expect(ok).toBe(false)
    expect(text.match(/^FAIL/gm)).toHaveLength(1)
    expect(text).not.toContain('Without SAQ')
    expect(await contacted()).toEqual([product])
  })

  test('qualys_status alone asks nobody', async () => {
    await stated({ QUALYS_TOOLS: 'qualys_status' })
    expect(await contacted()).toEqual([])
  })

  test.each([
    ['saq_campaign_status', 'saq'],
    ['car_follow_run', 'car'],
  ])('a product of which %s alone is left is still looked at', async (tool, product) => {
    const { ok } = await examined({ QUALYS_TOOLS: tool, QUALYS_PASSWORD: password })
    expect([ok, await contacted()]).toEqual([false, [product]])
  })
})

describe('secrets', () => {
  const leaky = (): string[] => [password, Buffer.from(`${sandbox.username}:${password}`).toString('base64')]

  test('none is said, whatever either product answers', async () => {
    for (const said of leaky()) {
      const message = `no ${said.replaceAll('&', '&amp;').replaceAll('<', '&lt;')} here`
      const refusal = `<ServiceResponse><responseCode>INVALID_CREDENTIALS</responseCode><responseErrorDetails><errorMessage>${message}</errorMessage></responseErrorDetails></ServiceResponse>`
      const version = JSON.stringify({
        ServiceResponse: { data: [{ P: { 'QUESTIONNAIRE-VERSION': `2 ${said}` } }], responseCode: 'SUCCESS' },
      })
      for (const saq of [refusal, version]) {
        await sandbox.control.faults([
          { route: 'GET /qps/rest/portal/version', kind: 'reply', body: saq },
          { route: 'POST /auth', kind: 'reply', status: 401, body: { message: said } },
        ])
        const { text } = await examined({ QUALYS_PASSWORD: password })
        expect(find(text), text).toEqual([])
        const status = await stated({ QUALYS_PASSWORD: password })
        expect(find(JSON.stringify(status)), status.text).toEqual([])
      }
    }
  })

  test('nor where all is well', async () => {
    const said = [await examined({}), await stated({})]
    expect(JSON.stringify(said)).not.toContain(
      Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64'),
    )
  })
})

describe('the program', () => {
  test.each<[string, Extra, number]>([
    ['both well', {}, 0],
    ['SAQ refused', { QUALYS_USERNAME: 'no-saq' }, 1],
    ['CAR refused', { QUALYS_USERNAME: 'no-car' }, 1],
    ['both refused', { QUALYS_PASSWORD: password }, 1],
    ['SAQ refused and left out', { QUALYS_USERNAME: 'no-saq', QUALYS_TOOLSETS: 'car' }, 0],
    ['CAR refused and left out', { QUALYS_USERNAME: 'no-car', QUALYS_TOOLSETS: 'saq' }, 0],
  ])('ends with the right code: %s', async (_name, extra, code) => {
    const ended = await run(['doctor'], environment(extra))
    expect(ended, ended.stdout).toMatchObject({ code, stderr: '' })
    expect(find(ended.stdout)).toEqual([])
  })
})
