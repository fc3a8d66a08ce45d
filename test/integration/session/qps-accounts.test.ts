import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Secret } from '../../../src/secrets.ts'
import { type Access, passwordAccess } from '../../../src/session/access.ts'
import { LoginError } from '../../../src/session/errors.ts'
import type { Environment } from '../../../src/settings.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox, type Seen } from '../../support/sandbox.ts'
import { refusal, simple } from '../../support/session/qps.ts'

// Two products in one process: each opens with what is set for it, and fails alone.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let folder: string
const others: Assistant[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  folder = await mkdtemp(join(tmpdir(), 'qualys-accounts-'))
})
beforeEach(() => sandbox.control.reset())
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(others.splice(0).map((other) => other.close()))
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

async function assistant(extra: Environment = {}): Promise<Assistant> {
  const other = await assistantOn(sandbox, { QUALYS_MAX_WAIT_SECONDS: '0', ...extra })
  others.push(other)
  return other
}
/** A file with a token, or with this. */
async function tokenFile(text?: string): Promise<string> {
  const { gatewayUrl, username, password } = sandbox
  const body = new URLSearchParams({ username, password, token: 'true' })
  const token = text ?? (await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text())
  await sandbox.control.forget()
  const path = join(folder, `jwt-${Math.random()}`)
  await writeFile(path, token, { mode: 0o600 })
  return path
}
const nobody: Environment = { QUALYS_USERNAME: undefined, QUALYS_PASSWORD: undefined }
const wrongPassword: Environment = { QUALYS_PASSWORD: 'not the password' }
const client = (): Environment => ({
  QUALYS_CLIENT_ID: sandbox.clientId,
  QUALYS_CLIENT_SECRET: sandbox.clientSecret,
})
const wrongClient = (): Environment => ({ ...client(), QUALYS_CLIENT_SECRET: 'not the secret' })

const atGateway = ({ path }: Seen): boolean => path.startsWith('/sm/')
const atApi = ({ path }: Seen): boolean => path.startsWith('/qps/')
const isLogin = ({ path }: Seen): boolean => path.startsWith('/auth')
const seen = (): Promise<Seen[]> => sandbox.control.requests()
const schemes = (requests: readonly Seen[]): string[] =>
  requests.map(({ headers }) => headers['authorization']?.split(' ')[0] ?? 'none')
const car = (there: Assistant) => there.call('car_list_script_types')
const saq = (there: Assistant) => there.call('saq_count_users')

describe('what is set', () => {
  const cases: readonly (readonly [
    name: string,
    env: () => Environment | Promise<Environment>,
    car: boolean,
    saq: boolean | RegExp,
  ])[] = [
    ['user name and password', () => ({}), true, true],
    ['a client as well', client, true, true],
    ['a wrong client, and the password', wrongClient, false, true],
    [
      'a client, and a wrong password',
      () => ({ ...client(), ...wrongPassword }),
      true,
      /^SAQ refuses user name and password at /,
    ],
    [
      'a wrong client, and a wrong password',
      () => ({ ...wrongClient(), ...wrongPassword }),
      false,
      /^SAQ refuses user name and password at /,
    ],
    ['a wrong password alone', () => wrongPassword, false, /^SAQ refuses user name and password at /],
    [
      'a client alone',
      () => ({ ...client(), ...nobody }),
      true,
      /SAQ got the token.*ask the operator to set QUALYS_USERNAME and QUALYS_PASSWORD/,
    ],
    [
      'a client, and a user name alone',
      () => ({ ...client(), QUALYS_PASSWORD: undefined }),
      true,
      /set QUALYS_USERNAME and QUALYS_PASSWORD/,
    ],
    ['a wrong client alone', () => ({ ...wrongClient(), ...nobody }), false, /refuses the login/],
    [
      'a token file alone',
      async () => ({ ...nobody, QUALYS_TOKEN_FILE: await tokenFile() }),
      true,
      /SAQ got the token.*QUALYS_USERNAME and QUALYS_PASSWORD/,
    ],
    ['a token file, and the password', async () => ({ QUALYS_TOKEN_FILE: await tokenFile() }), true, true],
    [
      'a token file, and a wrong password',
      async () => ({ ...wrongPassword, QUALYS_TOKEN_FILE: await tokenFile() }),
      true,
      /^SAQ refuses user name and password at /,
    ],
    [
      'a token that is none, and the password',
      async () => ({ QUALYS_TOKEN_FILE: await tokenFile('eyJhbGciOiJIUzUxMiJ9.e30.c2ln') }),
      false,
      true,
    ],
    [
      'a token file that is not there, and the password',
      () => ({ QUALYS_TOKEN_FILE: join(folder, 'nothing') }),
      false,
      true,
    ],
    ['half a client, and the password', () => ({ QUALYS_CLIENT_ID: 'half' }), true, true],
  ]

  describe.each(['car first', 'saq first', 'both at once'])('%s', (order) => {
    test.each(cases)('%s', async (_name, env, carWorks, saqWorks) => {
      const there = await assistant(await env())
      const calls = order === 'saq first' ? [saq, car] : [car, saq]
      const heard: Awaited<ReturnType<typeof saq>>[] = []
      if (order === 'both at once') heard.push(...(await Promise.all(calls.map((call) => call(there)))))
      else for (const call of calls) heard.push(await call(there))
      const [ofCar, ofSaq] = order === 'saq first' ? heard.toReversed() : heard
      expect(ofCar?.isError, ofCar?.text).toBe(!carWorks)
      expect(ofSaq?.isError, ofSaq?.text).toBe(saqWorks !== true)
      if (saqWorks instanceof RegExp) expect(ofSaq?.text).toMatch(saqWorks)
      for (const { isError, error } of heard) if (isError) expect(error).toMatchObject({ kind: 'setup' })
      const requests = await seen()
      // A token that is refused is replaced once; nothing else is sent twice.
      const byToken = schemes(requests.filter(atApi)).includes('Bearer')
      expect(requests.filter(atApi).length).toBeLessThanOrEqual(byToken ? 2 : 1)
      expect(requests.filter(isLogin).length).toBeLessThanOrEqual(byToken ? 2 : 1)
      expect(requests.filter(atGateway).length).toBeLessThanOrEqual(2)
    })
  })

  test('a password opens SAQ by itself: the gateway is not asked', async () => {
    const there = await assistant(wrongClient())
    expect((await saq(there)).isError).toBe(false)
    const requests = await seen()
    expect(requests.map(({ path }) => path)).toEqual(['/qps/rest/1.0/count/saq/user'])
    expect(schemes(requests)).toEqual(['Basic'])
  })

  test('without one, SAQ gets the token, and works where Qualys takes it', async () => {
    await sandbox.control.knobs({ saqBearer: true })
    for (const env of [client(), { QUALYS_TOKEN_FILE: await tokenFile() }]) {
      const there = await assistant({ ...nobody, ...env })
      expect((await saq(there)).text).toBe('users: count: 5000')
    }
    expect(schemes((await seen()).filter(atApi))).toEqual(['Bearer', 'Bearer'])
  })

  test('odd characters of user name and password arrive as they are', async () => {
    const odd = 'p:a:ß € "ü" %2B;/='
    await saq(await assistant({ QUALYS_USERNAME: 'user_äb1', QUALYS_PASSWORD: odd }))
    const [{ headers } = {} as Seen] = await seen()
    const [, packed = ''] = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(headers['authorization'] ?? '') ?? []
    expect(Buffer.from(packed, 'base64').toString()).toBe(`user_äb1:${odd}`)
  })

  test.each([
    ['no-car', false, true],
    ['no-saq', true, false],
  ])('the user %s', async (username, carWorks, saqWorks) => {
    const there = await assistant({ QUALYS_USERNAME: username, QUALYS_PASSWORD: 'sandbox1' })
    expect([(await car(there)).isError, (await saq(there)).isError]).toEqual([!carWorks, !saqWorks])
  })

  // What is wrong is the client, and CAR is what it opens.
  test('a wrong client is told from a wrong password', async () => {
    const { text } = await car(await assistant(wrongClient()))
    expect(text).toContain('QUALYS_CLIENT_ID')
    expect(text).not.toContain('check user name and password')
  })

  test('a refused login names CAR', async () => {
    for (const env of [wrongPassword, wrongClient()])
      expect((await car(await assistant(env))).text).toContain('CAR')
  })
})

describe('a password that is refused', () => {
  /** The clock that pauses are counted by stands still and is moved by hand. */
  function holdClock(): (seconds: number) => void {
    vi.useFakeTimers({ toFake: ['performance'] })
    return (seconds) => vi.advanceTimersByTime(seconds * 1_000)
  }

  test('is not sent again for half a minute, by any tool, and then once', async () => {
    const pass = holdClock()
    const there = await assistant(wrongPassword)
    const tools = ['saq_search_users', 'saq_count_campaigns', 'saq_get_version', 'saq_search_users'] as const
    const first = await there.call('saq_search_users')
    for (const tool of tools) expect((await there.call(tool)).text).toBe(first.text)
    expect(await seen()).toHaveLength(1)
    pass(29.9)
    expect((await saq(there)).text).toBe(first.text)
    expect(await seen()).toHaveLength(1)
    pass(0.2)
    for (const tool of tools) expect((await there.call(tool)).isError).toBe(true)
    expect(await seen()).toHaveLength(2)
  })

  test('the pause begins anew with each refusal', async () => {
    const pass = holdClock()
    const there = await assistant(wrongPassword)
    for (let turn = 1; turn <= 3; turn++) {
      await saq(there)
      pass(20)
      await saq(there)
      expect(await seen()).toHaveLength(turn)
      pass(11)
    }
  })

  test.each([
    ['within 200', refusal('INVALID_CREDENTIALS', 'Authentication failed'), 200],
    ['with 401', refusal('INVALID_CREDENTIALS', 'Authentication failed'), 401],
    ['with 401 and a web page', '<html><h1>401</h1><br></html>', 401],
    ['in a SIMPLE_RETURN', simple(undefined, 'Bad Login/Password'), 401],
    // Qualys may mean a licence by it, and a password: the pause costs little.
    ['with 401 for want of a permission', refusal('UNAUTHORIZED', 'You are not authorized'), 401],
    ['for want of a registration', simple('2003', 'Registration must be completed'), 409],
  ])('%s: once mended, it opens after the pause', async (_name, body, status) => {
    const pass = holdClock()
    const there = await assistant()
    await sandbox.control.faults([
      { route: '*', kind: 'reply', times: 1, body, status, contentType: 'text/xml' },
    ])
    expect((await saq(there)).error).toMatchObject({ kind: 'setup' })
    expect((await saq(there)).error).toMatchObject({ kind: 'setup' })
    expect(await seen()).toHaveLength(1)
    pass(30)
    expect((await saq(there)).isError).toBe(false)
    expect((await saq(there)).isError).toBe(false)
  })

  test('leaves CAR alone', async () => {
    const there = await assistant({ ...client(), ...wrongPassword })
    await saq(there)
    expect((await car(there)).isError).toBe(false)
    await saq(there)
    expect((await car(there)).isError).toBe(false)
    expect((await seen()).filter(atApi)).toHaveLength(1)
  })

  test('stops a walk, page by page', async () => {
    const there = await assistant()
    const { continuationToken } = (await there.call('saq_search_users', {}, 'json')).structured
    const body = refusal('INVALID_CREDENTIALS', 'Authentication failed')
    await sandbox.control.faults([{ route: '*', kind: 'reply', times: 1, body, contentType: 'text/xml' }])
    await sandbox.control.forget()
    for (let call = 0; call < 3; call++)
      expect((await there.call('saq_search_users', { continuationToken })).error).toMatchObject({
        kind: 'setup',
      })
    expect(await seen()).toHaveLength(1)
  })

  // Fifty wrong passwords at once lock an account; CAR's login sends one.
  test('is sent no more often than calls run at the same time', async () => {
    const there = await assistant({ ...wrongPassword, QUALYS_CONCURRENCY: '2' })
    await Promise.all(Array.from({ length: 50 }, () => saq(there)))
    expect((await seen()).length).toBeLessThanOrEqual(2)
  })

  test.each([
    ['a permission', refusal('UNAUTHORIZED', 'You are not authorized'), 200],
    ['a bad request', refusal('INVALID_REQUEST', 'no'), 200],
    ['a limit', '', 429],
    ['a proxy', '<html><h1>403</h1></html>', 403],
    ['maintenance', '<html><h1>503</h1></html>', 503],
  ])('is none for want of %s: the next call goes out', async (_name, body, status) => {
    const there = await assistant()
    await sandbox.control.faults([
      { route: '*', kind: 'reply', times: 1, body, status, contentType: 'text/xml' },
    ])
    expect((await saq(there)).isError).toBe(true)
    expect((await saq(there)).isError).toBe(false)
  })
})

describe('a token that SAQ refuses', () => {
  const byClient = () => assistant({ ...nobody, ...client() })

  test('with 401 is replaced once, and the request sent again', async () => {
    await sandbox.control.knobs({ saqBearer: true, saqLoginStatus: 401 })
    const there = await byClient()
    await saq(there)
    await sandbox.control.revoke()
    await sandbox.control.forget()
    expect((await saq(there)).isError).toBe(false)
    expect((await seen()).map(({ path, status }) => `${path} ${status}`)).toEqual([
      '/qps/rest/1.0/count/saq/user 401',
      '/auth/oidc 201',
      '/qps/rest/1.0/count/saq/user 200',
    ])
  })

  // As recorded, a refused login comes within HTTP 200.
  test('within HTTP 200 is replaced as well', async () => {
    await sandbox.control.knobs({ saqBearer: true })
    const there = await byClient()
    await saq(there)
    await sandbox.control.revoke()
    expect((await saq(there)).isError).toBe(false)
  })

  test('also when fresh is no endless loop', async () => {
    await sandbox.control.knobs({ saqLoginStatus: 401 })
    const { text } = await saq(await byClient())
    expect(text).toMatch(/refuses the token, also a fresh one.*QUALYS_USERNAME and QUALYS_PASSWORD/)
    expect((await seen()).filter(atApi)).toHaveLength(2)
    expect((await seen()).filter(isLogin)).toHaveLength(2)
  })
})

describe('access by password, by itself', () => {
  const login = { username: 'acme_ab1', password: new Secret('p:ß') }
  const refused = (name: string) => new LoginError(name, '')
  const headerOf = (access: Access) =>
    access.through(({ send }) => send(async (header) => header()), undefined)
  const refuse = (access: Access, error: Error) =>
    access.through(async () => Promise.reject(error), undefined).catch(() => undefined)

  test('gives the same header until it is refused, then the refusal, then the header again', async () => {
    let now = 1_000
    const access = passwordAccess(login, () => now)
    const header = await headerOf(access)
    expect(header).toBe(`Basic ${Buffer.from('acme_ab1:p:ß').toString('base64')}`)
    expect(await access.through(async ({ another }) => another(), undefined)).toBe(false)
    const error = refused('refused')
    await refuse(access, error)
    await expect(headerOf(access)).rejects.toBe(error)
    now += 29_999
    await expect(headerOf(access)).rejects.toBe(error)
    now += 1
    expect(await headerOf(access)).toBe(header)
  })

  test('another failure is no refusal', async () => {
    const access = passwordAccess(login)
    await refuse(access, new Error('away'))
    expect(await headerOf(access)).toMatch(/^Basic /)
  })

  test('until one is let in, they go one at a time; then together', async () => {
    const access = passwordAccess(login)
    let inside = 0
    let most = 0
    const enter = () =>
      access.through(async () => {
        most = Math.max(most, ++inside)
        await new Promise((done) => setImmediate(done))
        inside--
      }, undefined)
    await Promise.allSettled([
      access.through(async () => {
        most = Math.max(most, ++inside)
        await new Promise((done) => setImmediate(done))
        inside--
        throw new Error('away')
      }, undefined),
      enter(),
    ])
    expect(most).toBe(1)
    await Promise.all([enter(), enter(), enter()])
    expect(most).toBeGreaterThan(1)
  })

  test('those whose turn has not come are stopped by a refusal, which they do not prolong', async () => {
    let now = 0
    const access = passwordAccess(login, () => now)
    await headerOf(access)
    const error = refused('refused')
    let go = (): void => undefined
    const waiting = access.through(
      ({ send }) =>
        send(async (header) => {
          await new Promise<void>((resolve) => {
            go = resolve
          })
          return header()
        }),
      undefined,
    )
    await refuse(access, error)
    now = 29_000
    go()
    await expect(waiting).rejects.toBe(error)
    now = 30_000
    await expect(headerOf(access)).resolves.toMatch(/^Basic /)
  })

  test('who gives up waiting for the first one leaves', async () => {
    const access = passwordAccess(login)
    let end = (): void => undefined
    const first = access.through(
      () =>
        new Promise<void>((resolve) => {
          end = resolve
        }),
      undefined,
    )
    const gone = new AbortController()
    const second = access.through(async () => 'in', gone.signal)
    gone.abort(new Error('gone'))
    await expect(second).rejects.toThrow('gone')
    end()
    await first
  })
})
