import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { listScriptLanguages, listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Session } from '../../../src/session/session.ts'
import { TokenKeeper } from '../../../src/session/token.ts'
import type { Environment } from '../../../src/settings.ts'
import { openSandbox, type Seen } from '../../support/sandbox.ts'
import { sessionOn } from '../../support/session.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
const open: Session[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
beforeEach(() => sandbox.control.reset())
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(open.splice(0).map((session) => session.close()))
})
afterAll(() => sandbox.close())

function session(extra: Environment = {}): Session {
  const opened = sessionOn(sandbox, extra)
  open.push(opened)
  return opened
}

const types = (on: Session): Promise<unknown> => on.call(listScriptTypes, {})
const isLogin = ({ path }: Seen): boolean => path.startsWith('/auth')
const bearer = ({ headers }: Seen): string | undefined => headers['authorization']
const seen = (): Promise<Seen[]> => sandbox.control.requests()
const logins = async (): Promise<number> => (await seen()).filter(isLogin).length
const many = <T>(times: number, work: () => Promise<T>): Promise<PromiseSettledResult<T>[]> =>
  Promise.allSettled(Array.from({ length: times }, work))
const setupError = expect.objectContaining({
  status: 'rejected',
  reason: expect.objectContaining({ kind: 'setup' }),
})
const fulfilled = expect.objectContaining({ status: 'fulfilled' })

/** The clock that lifetimes are counted by stands still and is moved by hand; nothing else is faked. */
function holdClock(): (minutes: number) => void {
  vi.useFakeTimers({ toFake: ['performance'] })
  return (minutes) => vi.advanceTimersByTime(minutes * 60_000)
}

function jwt(claims: object): string {
  return `eyJhbGciOiJIUzUxMiJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2lnbmF0dXJl`
}

describe('one login for all', () => {
  test('50 parallel first calls', async () => {
    await sandbox.control.knobs({ loginDelayMs: 20 })
    const on = session()
    expect(await many(50, () => types(on))).toEqual(Array(50).fill(fulfilled))
    expect(await logins()).toBe(1)
  })

  test('20 parallel calls after the token ended: one login, and no second refusal', async () => {
    const on = session()
    await types(on)
    await sandbox.control.revoke()
    await sandbox.control.forget()
    expect(await many(20, () => types(on))).toEqual(Array(20).fill(fulfilled))
    const requests = await seen()
    const calls = requests.filter((request) => !isLogin(request))
    expect(requests.filter(isLogin)).toHaveLength(1)
    // Those that still wait for their turn when the first is refused go out with the new token.
    const refused = calls.filter(({ status }) => status === 401)
    expect(refused.length).toBeGreaterThan(0)
    expect(new Set(refused.map(bearer)).size).toBe(1)
    expect(calls.filter(({ status }) => status === 200)).toHaveLength(20)
    expect(calls).toHaveLength(20 + refused.length)
  })

  test('a late refusal of the old token does not drop the new one', async () => {
    const on = session()
    await types(on)
    await sandbox.control.revoke()
    await sandbox.control.forget()
    await sandbox.control.faults([{ route: 'GET /sm/v1/script-language', kind: 'delay', ms: 150, times: 1 }])
    await Promise.all([on.call(listScriptLanguages, {}), types(on)])
    await types(on)
    expect(await logins()).toBe(1)

    const issued = ['first', 'second', 'third']
    const keeper = new TokenKeeper(async () => issued.shift() ?? '')
    const old = await keeper.get()
    keeper.refused(old)
    expect(await keeper.get()).toBe('second')
    keeper.refused(old)
    expect(await keeper.get()).toBe('second')
  })

  test('a token that is refused even when fresh is no endless loop', async () => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/script-types', kind: 'expired' }])
    await expect(types(session())).rejects.toMatchObject({ kind: 'setup', details: { status: 401 } })
    expect((await seen()).map(({ path }) => path)).toEqual([
      '/auth',
      '/sm/v1/script-types',
      '/auth',
      '/sm/v1/script-types',
    ])
  })
})

describe('lifetime', () => {
  test.each([
    { name: 'four hours, five minutes early', claims: { iat: 0, exp: 14_400 }, minutes: 235 },
    { name: 'a clock ten hours slow', claims: { iat: 1_800_036_000, exp: 1_800_050_400 }, minutes: 235 },
    { name: 'a clock years ahead', claims: { iat: 1_000_000_000, exp: 1_000_003_600 }, minutes: 55 },
    { name: 'shorter than ten minutes: at half of it', claims: { iat: 0, exp: 480 }, minutes: 4 },
    { name: 'no claims', claims: {}, minutes: 235 },
    { name: 'no start', claims: { exp: 1_800_000_000 }, minutes: 235 },
    { name: 'an end before its start', claims: { iat: 500, exp: 100 }, minutes: 235 },
    { name: 'both in milliseconds', claims: { iat: 1_800_000_000_000, exp: 1_800_003_600_000 }, minutes: 55 },
    {
      name: 'only the end in milliseconds',
      claims: { iat: 1_800_000_000, exp: 1_800_003_600_000 },
      minutes: 55,
    },
    { name: 'an end at its start', claims: { iat: 500, exp: 500 }, minutes: 235 },
    { name: 'a negative start', claims: { iat: -3600, exp: 3600 }, minutes: 115 },
    { name: 'a hundred years', claims: { iat: 0, exp: 3_155_760_000 }, minutes: 1_435 },
    { name: 'no end in sight', claims: { iat: 0, exp: 1e308 }, minutes: 1_435 },
    { name: 'no start, and an end that is past', claims: { exp: 1_000 }, minutes: 235 },
    { name: 'words for numbers', claims: { iat: 'now', exp: 'later' }, minutes: 235 },
  ])('$name: renewed after $minutes minutes', async ({ claims, minutes }) => {
    let now = 5
    let count = 0
    const keeper = new TokenKeeper(
      async () => `${jwt(claims)}${++count}`,
      () => now,
    )
    const token = await keeper.get()
    expect(keeper.minutesLeft()).toBe(minutes)
    now += minutes * 60_000 - 1
    expect(await keeper.get()).toBe(token)
    now += 1
    expect(await keeper.get()).not.toBe(token)
    expect(count).toBe(2)
  })

  test.each([
    { knobs: {}, lasts: 235 },
    { knobs: { tokenLifetimeSeconds: 7_200 }, lasts: 115 },
    { knobs: { tokenKind: 'opaque', tokenLifetimeSeconds: 7_200 }, lasts: 235 },
  ])(
    'at the sandbox, $knobs: one login in $lasts minutes, then another, and no refusal',
    async ({ knobs, lasts }) => {
      await sandbox.control.knobs(knobs)
      const pass = holdClock()
      const on = session()
      await types(on)
      pass(lasts - 1)
      await types(on)
      expect(await logins()).toBe(1)
      pass(1)
      await types(on)
      expect(await logins()).toBe(2)
      expect((await seen()).filter(({ status }) => status === 401)).toEqual([])
    },
  )
})

describe('a token that ends while a request waits', () => {
  test('for its turn: it goes out with a new one', async () => {
    const pass = holdClock()
    const on = session({ QUALYS_CONCURRENCY: '1' })
    await types(on)
    await sandbox.control.forget()
    await sandbox.control.faults([{ route: 'GET /sm/v1/script-language', kind: 'delay', ms: 200 }])
    const ahead = on.call(listScriptLanguages, {})
    const behind = types(on)
    await vi.waitFor(async () => expect(await seen()).toHaveLength(1))
    pass(236)
    await Promise.all([ahead, behind])
    const [first, login, second] = await seen()
    expect([first, login, second].map((request) => request?.path)).toEqual([
      '/sm/v1/script-language',
      '/auth',
      '/sm/v1/script-types',
    ])
    expect(first && bearer(first)).not.toBe(second && bearer(second))
  })

  test('to be sent again: it goes out with a new one', async () => {
    const pass = holdClock()
    const on = session()
    await types(on)
    await sandbox.control.forget()
    await sandbox.control.faults([
      { route: 'GET /sm/v1/script-types', kind: 'status', status: 503, times: 1 },
    ])
    await types(on.for((news) => news.includes('the next try') && pass(236)))
    const requests = await seen()
    expect(requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/sm/v1/script-types 503',
      '/auth 201',
      '/sm/v1/script-types 200',
    ])
    expect(requests.filter((request) => !isLogin(request)).map(bearer)).toHaveLength(2)
    expect(new Set(requests.filter((request) => !isLogin(request)).map(bearer)).size).toBe(2)
  })
})

describe('a login that is refused', () => {
  test('wrong password: one attempt for 50 calls, none soon after, one after the pause', async () => {
    const pass = holdClock()
    const on = session({ QUALYS_PASSWORD: 'wrong' })
    expect(await many(50, () => types(on))).toEqual(Array(50).fill(setupError))
    expect(await logins()).toBe(1)
    await expect(types(on)).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('(401)'),
    })
    expect(await logins()).toBe(1)
    pass(0.51)
    expect(await many(50, () => types(on))).toEqual(Array(50).fill(setupError))
    expect(await logins()).toBe(2)
  })

  test.each([
    ['locked', /: the account seems to be locked\.$/, /Manager unlock the user.*accounts lock/],
    ['expired-password', /: the password seems to have expired\.$/, /set a new password.*QUALYS_PASSWORD/],
    ['no-api', /: the user seems to be deactivated, or without API access\.$/, /activate the user/],
    ['ip-blocked', /: this machine's address seems not to be allowed\.$/, /IP allow-list/],
    ['sso-only', /Exception"\.$/, /password.*platform.*API access.*SSO.*IP/],
  ])('%s', async (username, seems, next) => {
    const on = session({ QUALYS_USERNAME: username })
    const error = await types(on).catch((error: unknown) => error)
    expect(error).toMatchObject({
      kind: 'setup',
      message: expect.stringMatching(/refuses the login .* and says "[^"]*Exception"/),
      next: expect.stringMatching(next),
    })
    expect(error).toMatchObject({ message: expect.stringMatching(seems) })
    expect(await logins()).toBe(1)
  })

  test.each([
    { name: 'limited', fault: { kind: 'limit' }, kind: 'busy' },
    { name: 'in maintenance', fault: { kind: 'html', status: 503 }, kind: 'vendor' },
    { name: 'cut off', fault: { kind: 'reset' }, kind: 'vendor' },
  ])('$name is no refusal: the next call logs in', async ({ fault, kind }) => {
    await sandbox.control.faults([{ route: 'POST /auth', times: 1, ...fault }])
    const on = session({ QUALYS_MAX_WAIT_SECONDS: '0' })
    await expect(types(on)).rejects.toMatchObject({ kind })
    await expect(types(on)).resolves.toBeDefined()
  })
})
