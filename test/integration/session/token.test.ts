import { describe, expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { listScriptLanguages, listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Session } from '../../../src/session/session.ts'
import { testOn } from '../../support/fixtures.ts'
import type { SandboxRequest, TestSandbox } from '../../support/sandbox.ts'
import { deferred, noRows } from '../../support/session/gateway.ts'
import { holdClock, skipPauses } from '../../support/waiting/fake-time.ts'
import { gatewayFor, sessionFor } from '../../support/waiting/gateway.ts'

// One token for all calls of an account, at the sandbox; its lifetime is covered by the unit tests.

const test = testOn({ jobs: 100 })
const minute = 60_000

const types = (on: Session): Promise<unknown> => on.call(listScriptTypes, {})
const isLogin = ({ path }: SandboxRequest): boolean => path.startsWith('/auth')
const bearer = ({ headers }: SandboxRequest): string | undefined => headers['authorization']
const logins = async ({ control }: TestSandbox): Promise<number> =>
  (await control.requests()).filter(isLogin).length
const many = <T>(times: number, work: () => Promise<T>): Promise<PromiseSettledResult<T>[]> =>
  Promise.allSettled(Array.from({ length: times }, work))
const setupError = expect.objectContaining({
  status: 'rejected',
  reason: expect.objectContaining({ kind: 'setup' }),
})
const fulfilled = expect.objectContaining({ status: 'fulfilled' })
/** A session with the usual retries. */
const patient = (sandbox: TestSandbox, extra: Environment = {}): Session =>
  sessionFor(sandbox, { QUALYS_MAX_WAIT_SECONDS: '5', ...extra })

describe('one login for all', () => {
  test('50 parallel first calls', async ({ sandbox, session }) => {
    expect(await many(50, () => types(session))).toEqual(Array(50).fill(fulfilled))
    expect(await logins(sandbox)).toBe(1)
  })

  test('20 parallel calls after the token ended: one login, and no second refusal', async ({
    sandbox,
    session,
  }) => {
    await types(session)
    await sandbox.control.revoke()
    await sandbox.control.clearRequests()
    expect(await many(20, () => types(session))).toEqual(Array(20).fill(fulfilled))
    const requests = await sandbox.control.requests()
    const calls = requests.filter((request) => !isLogin(request))
    expect(requests.filter(isLogin)).toHaveLength(1)
    // Queued requests are sent with the new token after the first one is refused.
    const refused = calls.filter(({ status }) => status === 401)
    expect(refused.length).toBeGreaterThan(0)
    expect(new Set(refused.map(bearer)).size).toBe(1)
    expect(calls.filter(({ status }) => status === 200)).toHaveLength(20)
    expect(calls).toHaveLength(20 + refused.length)
  })

  test('a late refusal of the old token does not drop the new one', async () => {
    const [arrived, released] = [deferred(), deferred()]
    let logins = 0
    const gateway = await gatewayFor(
      async ({ url = '', headers }, response) => {
        const isOld = headers.authorization === 'Bearer header.payload.signature1'
        const isLate = isOld && url === '/sm/v1/script-language'
        if (isLate) {
          arrived.resolve()
          await released.promise
        }
        if (isOld && revoked) return void response.writeHead(401).end('{"message":"JWT expired"}')
        response.end(noRows)
      },
      (_request, response) => void response.writeHead(201).end(`header.payload.signature${++logins}`),
    )
    let revoked = false
    const on = sessionFor(gateway)
    await types(on)
    revoked = true
    const late = on.call(listScriptLanguages, {})
    await arrived.promise
    await types(on)
    released.resolve()
    await late
    await types(on)
    expect(logins).toBe(2)
  })

  test('a token that is refused even when fresh causes no endless loop', async ({ sandbox, session }) => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/script-types', kind: 'expired' }])
    await expect(types(session)).rejects.toMatchObject({ kind: 'setup', details: { status: 401 } })
    expect((await sandbox.control.requests()).map(({ path }) => path)).toEqual([
      '/auth',
      '/sm/v1/script-types',
      '/auth',
      '/sm/v1/script-types',
    ])
  })
})

describe('lifetime', () => {
  test.for([
    { knobs: {}, lasts: 235 },
    { knobs: { tokenLifetimeSeconds: 7_200 }, lasts: 115 },
    { knobs: { tokenKind: 'opaque', tokenLifetimeSeconds: 7_200 }, lasts: 235 },
  ])(
    '$knobs: one login in $lasts minutes, then another, and no refusal',
    async ({ knobs, lasts }, { sandbox, session }) => {
      await sandbox.control.knobs(knobs)
      const pass = holdClock()
      await types(session)
      pass((lasts - 1) * minute)
      await types(session)
      expect(await logins(sandbox)).toBe(1)
      pass(minute)
      await types(session)
      expect(await logins(sandbox)).toBe(2)
      const seen = await sandbox.control.requests()
      expect(seen.filter(({ status }) => status === 401)).toEqual([])
    },
  )
})

describe('a token that ends while a request waits', () => {
  test('for its turn: it is sent with a new token', async () => {
    const pass = holdClock()
    const [arrived, released] = [deferred(), deferred()]
    const seen: string[] = []
    let logins = 0
    const gateway = await gatewayFor(
      async ({ url = '', headers }, response) => {
        seen.push(`${url} ${headers.authorization}`)
        if (url === '/sm/v1/script-language') {
          arrived.resolve()
          await released.promise
        }
        response.end(noRows)
      },
      (_request, response) => {
        logins++
        seen.push('login')
        response.writeHead(201).end(`header.payload.signature${logins}`)
      },
    )
    const on = sessionFor(gateway, { QUALYS_CONCURRENCY: '1' })
    await types(on)
    const ahead = on.call(listScriptLanguages, {})
    const waitingCall = types(on)
    await arrived.promise
    pass(236 * minute)
    released.resolve()
    await Promise.all([ahead, waitingCall])
    expect(seen).toEqual([
      'login',
      '/sm/v1/script-types Bearer header.payload.signature1',
      '/sm/v1/script-language Bearer header.payload.signature1',
      'login',
      '/sm/v1/script-types Bearer header.payload.signature2',
    ])
  })

  test('for a retry: it is sent with a new token', async ({ sandbox }) => {
    const pass = holdClock()
    skipPauses()
    const on = patient(sandbox)
    await types(on)
    await sandbox.control.clearRequests()
    await sandbox.control.faults([
      { route: 'GET /sm/v1/script-types', kind: 'status', status: 503, times: 1 },
    ])
    await types(on.forCall((news) => void (news.includes('the next try') && pass(236 * minute))))
    const requests = await sandbox.control.requests()
    expect(requests.map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/sm/v1/script-types 503',
      '/auth 201',
      '/sm/v1/script-types 200',
    ])
    const used = requests.filter((request) => !isLogin(request)).map(bearer)
    expect(new Set(used).size).toBe(2)
  })
})

describe('a login that is refused', () => {
  test('wrong password: one attempt for 50 calls, none soon after, one after the pause', async ({
    sandbox,
  }) => {
    const pass = holdClock()
    const on = patient(sandbox, { QUALYS_PASSWORD: 'wrong' })
    expect(await many(50, () => types(on))).toEqual(Array(50).fill(setupError))
    expect(await logins(sandbox)).toBe(1)
    await expect(types(on)).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('(401)'),
    })
    expect(await logins(sandbox)).toBe(1)
    pass(30_600)
    expect(await many(50, () => types(on))).toEqual(Array(50).fill(setupError))
    expect(await logins(sandbox)).toBe(2)
  })

  test.for([
    ['locked', /: the account seems to be locked\.$/, /Manager unlock the user.*accounts lock/],
    ['expired-password', /: the password seems to have expired\.$/, /set a new password.*QUALYS_PASSWORD/],
    ['no-api', /: the user seems to be deactivated, or without API access\.$/, /activate the user/],
    ['ip-blocked', /: this machine's address seems not to be allowed\.$/, /IP allow-list/],
    ['sso-only', /Exception"\.$/, /password.*platform.*API access.*SSO.*IP/],
  ] as const)('%s', async ([username, seems, next], { sandbox }) => {
    const error = await types(patient(sandbox, { QUALYS_USERNAME: username })).catch(
      (error: unknown) => error,
    )
    expect(error).toMatchObject({
      kind: 'setup',
      message: expect.stringMatching(/refuses the login .* and says "[^"]*Exception"/),
      next: expect.stringMatching(next),
    })
    expect(error).toMatchObject({ message: expect.stringMatching(seems) })
    expect(await logins(sandbox)).toBe(1)
  })

  test.for([
    { name: 'limited', fault: { kind: 'limit' }, kind: 'busy' },
    { name: 'in maintenance', fault: { kind: 'html', status: 503 }, kind: 'vendor' },
    { name: 'cut off', fault: { kind: 'reset' }, kind: 'vendor' },
  ])('$name is no refusal: the next call logs in again', async ({ fault, kind }, { sandbox }) => {
    await sandbox.control.faults([{ route: 'POST /auth', times: 1, ...fault }])
    const on = sessionFor(sandbox)
    await expect(types(on)).rejects.toMatchObject({ kind })
    await expect(types(on)).resolves.toBeDefined()
  })
})
