import { describe, expect } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { type Assistant, openAssistantOn } from '../../../support/assistant.ts'
import { refusal } from '../../../support/session/qps.ts'
import { holdClock } from '../../../support/waiting/fake-time.ts'
import {
  accountCases,
  atApi,
  car,
  client,
  expectOutcome,
  isLogin,
  nobody,
  type Order,
  test as plain,
  saq,
  schemes,
  tokenFile,
  wrongClient,
  wrongPassword,
} from '../accounts.ts'

// Two products in one process: each works with its own settings, and fails alone.

/** Opens an assistant without waiting. */
type Open = (extra?: Environment) => Promise<Assistant>

const test = plain.extend<{ open: Open }>({
  open: async ({ sandbox }, use) => {
    const opened: Assistant[] = []
    await use(async (extra = {}) => {
      const assistant = await openAssistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
      opened.push(assistant)
      return assistant
    })
    await Promise.all(opened.map((assistant) => assistant.close()))
  },
})

describe('the configured credentials', () => {
  // Each in one order; nightly, each in all of them.
  const orders: readonly Order[] = ['both at once', 'car first', 'saq first']
  const cases = accountCases.map((one, at) => [one[0], orders[at % 3] ?? 'car first', one] as const)
  test.for(cases)('%s, %s', async ([_name, order, one], { sandbox, folder }) =>
    expectOutcome(one, order, { sandbox, folder }),
  )

  test('a password works for SAQ by itself: the gateway gets no request', async ({ sandbox, open }) => {
    const there = await open(wrongClient(sandbox))
    expect((await saq(there)).isError).toBe(false)
    const requests = await sandbox.control.requests()
    expect(requests.map(({ path }) => path)).toEqual(['/qps/rest/1.0/count/saq/user'])
    expect(schemes(requests)).toEqual(['Basic'])
  })

  test('without a password, SAQ gets the token, and works where Qualys accepts it', async ({
    sandbox,
    folder,
    open,
  }) => {
    await sandbox.control.knobs({ saqBearer: true })
    const file = await tokenFile({ sandbox, folder })
    for (const env of [client(sandbox), { QUALYS_TOKEN_FILE: file }]) {
      const there = await open({ ...nobody, ...env })
      expect((await saq(there)).text).toBe('users: count: 5000')
    }
    const requests = await sandbox.control.requests()
    expect(schemes(requests.filter(atApi))).toEqual(['Bearer', 'Bearer'])
  })

  test('special characters of user name and password arrive unchanged', async ({ sandbox, open }) => {
    const odd = 'p:a:ß € "ü" %2B;/='
    await saq(await open({ QUALYS_USERNAME: 'user_äb1', QUALYS_PASSWORD: odd }))
    const [request] = await sandbox.control.requests()
    const [, packed = ''] = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(request?.headers['authorization'] ?? '') ?? []
    expect(Buffer.from(packed, 'base64').toString()).toBe(`user_äb1:${odd}`)
  })

  test.for([
    ['no-car', false, true],
    ['no-saq', true, false],
  ] as const)('the user %s', async ([username, carWorks, saqWorks], { open }) => {
    const there = await open({ QUALYS_USERNAME: username, QUALYS_PASSWORD: 'sandbox1' })
    expect([(await car(there)).isError, (await saq(there)).isError]).toEqual([!carWorks, !saqWorks])
  })

  // The client credentials are wrong, which only CAR uses.
  test('a wrong client is distinguished from a wrong password, and a refused login names CAR', async ({
    sandbox,
    open,
  }) => {
    const { text } = await car(await open(wrongClient(sandbox)))
    expect(text).toContain('QUALYS_CLIENT_ID')
    expect(text).not.toContain('check user name and password')
    for (const env of [wrongPassword, wrongClient(sandbox)])
      expect((await car(await open(env))).text).toContain('CAR')
  })
})

// The rules of the pause are covered by the unit tests.
describe('a password that is refused', () => {
  test('is not sent again for half a minute, by any tool, and then once', async ({ sandbox, open }) => {
    const pass = holdClock()
    const seen = () => sandbox.control.requests()
    const there = await open(wrongPassword)
    const tools = ['saq_search_users', 'saq_count_campaigns', 'saq_get_version', 'saq_search_users'] as const
    const first = await there.call('saq_search_users')
    for (const tool of tools) expect((await there.call(tool)).text).toBe(first.text)
    expect(await seen()).toHaveLength(1)
    pass(29_900)
    expect((await saq(there)).text).toBe(first.text)
    expect(await seen()).toHaveLength(1)
    pass(200)
    for (const tool of tools) expect((await there.call(tool)).isError).toBe(true)
    expect(await seen()).toHaveLength(2)
  })

  test('does not affect CAR', async ({ sandbox, open }) => {
    const there = await open({ ...client(sandbox), ...wrongPassword })
    await saq(there)
    expect((await car(there)).isError).toBe(false)
    await saq(there)
    expect((await car(there)).isError).toBe(false)
    expect((await sandbox.control.requests()).filter(atApi)).toHaveLength(1)
  })

  test('stops paging through a list', async ({ sandbox, open }) => {
    const there = await open()
    const { continuationToken } = (await there.call('saq_search_users', {}, 'json')).structured
    const body = refusal('INVALID_CREDENTIALS', 'Authentication failed')
    await sandbox.control.faults([{ route: '*', kind: 'reply', times: 1, body, contentType: 'text/xml' }])
    await sandbox.control.clearRequests()
    for (let call = 0; call < 3; call++)
      expect((await there.call('saq_search_users', { continuationToken })).error).toMatchObject({
        kind: 'setup',
      })
    expect(await sandbox.control.requests()).toHaveLength(1)
  })

  // Fifty wrong passwords at once lock an account; CAR's login sends one.
  test('is sent once, however many calls arrive at the same time', async ({ sandbox, open }) => {
    const there = await open({ ...wrongPassword, QUALYS_CONCURRENCY: '2' })
    await Promise.all(Array.from({ length: 50 }, () => saq(there)))
    expect(await sandbox.control.requests()).toHaveLength(1)
  })
})

describe('a token that SAQ refuses', () => {
  test.for([401, 200])(
    'with %i is replaced once, and the request sent again',
    async (saqLoginStatus, { sandbox, open }) => {
      await sandbox.control.knobs({ saqBearer: true, saqLoginStatus })
      const there = await open({ ...nobody, ...client(sandbox) })
      await saq(there)
      await sandbox.control.revoke()
      await sandbox.control.clearRequests()
      expect((await saq(there)).isError).toBe(false)
      const requests = await sandbox.control.requests()
      expect(requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
        `/qps/rest/1.0/count/saq/user ${saqLoginStatus}`,
        '/auth/oidc 201',
        '/qps/rest/1.0/count/saq/user 200',
      ])
    },
  )

  test('even when fresh causes no endless loop', async ({ sandbox, open }) => {
    await sandbox.control.knobs({ saqLoginStatus: 401 })
    const { text } = await saq(await open({ ...nobody, ...client(sandbox) }))
    expect(text).toMatch(/refuses the token, also a fresh one.*QUALYS_USERNAME and QUALYS_PASSWORD/)
    const requests = await sandbox.control.requests()
    expect(requests.filter(atApi)).toHaveLength(2)
    expect(requests.filter(isLogin)).toHaveLength(2)
  })
})
