import { describe, expect } from 'vitest'
import { canary } from '../../support/canary.ts'
import { test, unusedAddress } from '../../support/doctor/doctor-fixtures.ts'
import { leakSearch } from '../../support/leak-search.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// Two products with one login: either may be down, refused or left out, and the other one still works.

const password = canary('password')
const find = leakSearch([password])

type Extra = Readonly<Record<string, string>>

/** Ways in which one product fails while the other one works, and the report about the failed one. */
const badSaq: Readonly<Record<string, (sandbox: TestSandbox) => Promise<Extra>>> = {
  'a user without SAQ': async () => ({ QUALYS_USERNAME: 'no-saq' }),
  'nothing at its address': async () => ({ QUALYS_API_URL: await unusedAddress() }),
  'an error of the server': async (sandbox) =>
    fault(sandbox, 'GET /qps/rest/portal/version', { kind: 'status', status: 500 }),
  'a web page': async (sandbox) =>
    fault(sandbox, 'GET /qps/rest/portal/version', { kind: 'html', status: 200 }),
  'a limit': async (sandbox) =>
    fault(sandbox, 'GET /qps/rest/portal/version', { kind: 'limit', toWaitSec: 30 }),
}
const badCar: Readonly<Record<string, (sandbox: TestSandbox) => Promise<Extra>>> = {
  'nothing at its address': async () => ({ QUALYS_GATEWAY_URL: await unusedAddress() }),
  'a login that is refused there alone': async (sandbox) =>
    fault(sandbox, 'POST /auth', { kind: 'status', status: 401 }),
  'an error of the server': async (sandbox) => fault(sandbox, 'POST /auth', { kind: 'status', status: 500 }),
}

async function fault(sandbox: TestSandbox, route: string, of: object): Promise<Extra> {
  await sandbox.control.faults([{ route, ...of }])
  return {}
}

describe('both products work', () => {
  test('and doctor says so', async ({ sandbox, runDoctor, contactedProducts }) => {
    const { ok, text } = await runDoctor({})
    expect(ok).toBe(true)
    expect(text.split('\n').filter((line) => /^(ok|FAIL)/.test(line))).toEqual([
      expect.stringMatching(/^ok {4}login: /),
      expect.stringMatching(/^ok {4}first CAR read: .* 100 runs$/),
      `ok    SAQ version: 2.14.0.4 (${sandbox.apiUrl} ${sandbox.username})`,
    ])
    expect(await contactedProducts()).toEqual(['car', 'saq'])
  })

  test('and qualys_status says so', async ({ sandbox, readStatus }) => {
    const { row, text } = await readStatus({})
    expect(row).toMatchObject({
      login: expect.stringMatching(/^ok/),
      saq: 'ok, version 2.14.0.4',
      saqUser: `${sandbox.apiUrl} ${sandbox.username}`,
    })
    for (const [name, value] of Object.entries(row)) expect(text).toContain(`\n${name}: ${value}`)
  })
})

describe('CAR works, SAQ does not:', () => {
  test.for(Object.entries(badSaq))('%s', async ([, make], { sandbox, runDoctor, readStatus }) => {
    const extra = await make(sandbox)
    const { ok, text } = await runDoctor(extra)
    expect(ok).toBe(false)
    expect(text).toMatch(/^ok {4}login: /m)
    expect(text).toMatch(/^ok {4}first CAR read: .* 100 runs$/m)
    expect(text).toMatch(
      /^FAIL {2}SAQ version: .+\n {6}\S.+\n {6}Without SAQ: QUALYS_TOOLSETS=car leaves its tools out\.$/m,
    )
    const { row, isError } = await readStatus(extra)
    expect(isError).toBe(false)
    expect(row).toMatchObject({
      login: expect.stringMatching(/^ok/),
      saq: expect.stringMatching(/^failed: \S.+\. \S/),
    })
    expect(row).not.toHaveProperty('saqUser')
  })

  test('a portal that names no version of SAQ', async ({ sandbox, runDoctor, readStatus }) => {
    const body =
      '{"ServiceResponse":{"data":[{"Portal-Version":{"WAS-VERSION":"6"}}],"responseCode":"SUCCESS","count":1}}'
    const extra = await fault(sandbox, 'GET /qps/rest/portal/version', { kind: 'reply', body })
    const { ok, text } = await runDoctor(extra)
    expect(ok).toBe(false)
    expect(text).toMatch(
      /^FAIL {2}SAQ version: .*names no QUESTIONNAIRE-VERSION\.\n +SAQ may not be in this subscription/m,
    )
    expect((await readStatus(extra)).row['saq']).toContain('SAQ may not be in this subscription')
  })

  test.for(['QUESTIONNAIRE-VERSION', 'QUESTIONNAIRE__V2-VERSION'])(
    '%s is its version, on one line',
    async (key, { sandbox, runDoctor, readStatus }) => {
      const version = '2.0\nFAIL  login: \u001b[31mx'
      const body = JSON.stringify({
        ServiceResponse: {
          data: [{ 'Portal-Version': { [key]: version } }],
          responseCode: 'SUCCESS',
          count: 1,
        },
      })
      await fault(sandbox, 'GET /qps/rest/portal/version', { kind: 'reply', body })
      expect((await runDoctor({})).text).toContain('ok    SAQ version: 2.0 FAIL login: x (')
      expect((await readStatus({})).row['saq']).toBe('ok, version 2.0 FAIL login: x')
    },
  )
})

describe('SAQ works, CAR does not:', () => {
  test.for(Object.entries(badCar))('%s', async ([, make], { sandbox, runDoctor, readStatus }) => {
    const extra = await make(sandbox)
    const { ok, text } = await runDoctor(extra)
    expect(ok).toBe(false)
    expect(text).toMatch(/^FAIL {2}login: .+\n {6}\S/m)
    expect(text).not.toContain('first CAR read')
    expect(text).toMatch(/^ok {4}SAQ version: 2\.14\.0\.4/m)
    expect(text).not.toContain('Without SAQ')
    const { row, isError } = await readStatus(extra)
    expect(isError).toBe(false)
    expect(row).toMatchObject({ login: expect.stringMatching(/^failed: \S/), saq: 'ok, version 2.14.0.4' })
  })

  test('a user without CAR', async ({ runDoctor }) => {
    const { ok, text } = await runDoctor({ QUALYS_USERNAME: 'no-car' })
    expect(ok).toBe(false)
    expect(text).toMatch(/^FAIL {2}first CAR read: /m)
    expect(text).toMatch(/^ok {4}SAQ version: /m)
  })
})

describe('neither product works', () => {
  test('both failures are reported, each with its own advice', async ({ runDoctor, readStatus }) => {
    const { ok, text } = await runDoctor({ QUALYS_PASSWORD: password })
    expect(ok).toBe(false)
    expect(text.match(/^FAIL {2}.+\n {6}\S/gm)).toHaveLength(2)
    const { row } = await readStatus({ QUALYS_PASSWORD: password })
    expect(row).toMatchObject({
      login: expect.stringMatching(/^failed: /),
      saq: expect.stringMatching(/^failed: /),
    })
  })

  test('no platform is set', async ({ runDoctor, contactedProducts }) => {
    const { ok, text } = await runDoctor({ QUALYS_GATEWAY_URL: '', QUALYS_API_URL: '' })
    expect(ok).toBe(false)
    expect(text.match(/^FAIL {2}.+\n {6}\S/gm)).toHaveLength(2)
    expect(await contactedProducts()).toEqual([])
  })
})

describe('one product alone', () => {
  const sets: readonly (readonly [string, string, string])[] = [
    ['car', 'car', 'saq'],
    ['car.runs', 'car', 'saq'],
    ['saq', 'saq', 'car'],
    ['saq.users', 'saq', 'car'],
  ]

  test.for(sets)(
    'QUALYS_TOOLSETS=%s: nothing else is contacted',
    async ([toolset, product, other], { sandbox, runDoctor, readStatus, contactedProducts }) => {
      const extra = {
        QUALYS_TOOLSETS: toolset,
        [other === 'car' ? 'QUALYS_GATEWAY_URL' : 'QUALYS_API_URL']: await unusedAddress(),
      }
      const { ok, text } = await runDoctor(extra)
      expect(ok, text).toBe(true)
      expect(await contactedProducts()).toEqual([product])
      expect(/^ok {4}login: /m.test(text)).toBe(product === 'car')
      expect(/^ok {4}SAQ version: /m.test(text)).toBe(product === 'saq')
      await sandbox.control.clearRequests()
      const { row } = await readStatus(extra)
      expect(await contactedProducts()).toEqual([product])
      expect(Object.hasOwn(row, 'login')).toBe(product === 'car')
      expect(Object.hasOwn(row, 'saq')).toBe(product === 'saq')
    },
  )

  test.for(sets)(
    'QUALYS_TOOLSETS=%s fails by itself alone',
    async ([toolset, product], { runDoctor, contactedProducts }) => {
      const { ok, text } = await runDoctor({ QUALYS_TOOLSETS: toolset, QUALYS_PASSWORD: password })
      expect(ok).toBe(false)
      expect(text.match(/^FAIL/gm)).toHaveLength(1)
      expect(text).not.toContain('Without SAQ')
      expect(await contactedProducts()).toEqual([product])
    },
  )

  test('qualys_status alone sends no request', async ({ readStatus, contactedProducts }) => {
    await readStatus({ QUALYS_TOOLS: 'qualys_status' })
    expect(await contactedProducts()).toEqual([])
  })

  test.for([
    ['saq_campaign_status', 'saq'],
    ['car_follow_run', 'car'],
  ])(
    'a product of which only %s is left is still checked',
    async ([tool, product], { runDoctor, contactedProducts }) => {
      const { ok } = await runDoctor({ QUALYS_TOOLS: tool, QUALYS_PASSWORD: password })
      expect([ok, await contactedProducts()]).toEqual([false, [product]])
    },
  )
})

describe('secrets', () => {
  const leaky = (sandbox: TestSandbox): string[] => [
    password,
    Buffer.from(`${sandbox.username}:${password}`).toString('base64'),
  ]

  test('none is shown, whatever either product answers', async ({ sandbox, runDoctor, readStatus }) => {
    for (const output of leaky(sandbox)) {
      const message = `no ${output.replaceAll('&', '&amp;').replaceAll('<', '&lt;')} here`
      const refusal = `<ServiceResponse><responseCode>INVALID_CREDENTIALS</responseCode><responseErrorDetails><errorMessage>${message}</errorMessage></responseErrorDetails></ServiceResponse>`
      const version = JSON.stringify({
        ServiceResponse: {
          data: [{ P: { 'QUESTIONNAIRE-VERSION': `2 ${output}` } }],
          responseCode: 'SUCCESS',
        },
      })
      for (const saq of [refusal, version]) {
        await sandbox.control.faults([
          { route: 'GET /qps/rest/portal/version', kind: 'reply', body: saq },
          { route: 'POST /auth', kind: 'reply', status: 401, body: { message: output } },
        ])
        const { text } = await runDoctor({ QUALYS_PASSWORD: password })
        expect(find(text), text).toEqual([])
        const status = await readStatus({ QUALYS_PASSWORD: password })
        expect(find(JSON.stringify(status)), status.text).toEqual([])
      }
    }
  })

  test('none is shown where everything works', async ({ sandbox, runDoctor, readStatus }) => {
    const outputs = [await runDoctor({}), await readStatus({})]
    expect(JSON.stringify(outputs)).not.toContain(
      Buffer.from(`${sandbox.username}:${sandbox.password}`).toString('base64'),
    )
  })
})
