import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Session } from '../../../src/session/session.ts'
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
const seen = (): Promise<Seen[]> => sandbox.control.requests()

describe('the login request', () => {
  test('odd characters in user name and password arrive as they are', async () => {
    const odd = 'p+q & r#s=t "ü" %2B;'
    await expect(types(session({ QUALYS_USERNAME: `u ${odd}`, QUALYS_PASSWORD: odd }))).rejects.toThrow()
    const [request] = await seen()
    expect(request).toMatchObject({
      method: 'POST',
      path: '/auth',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      username: `u ${odd}`,
      password: odd,
      token: 'true',
    })
    expect(request?.headers).not.toHaveProperty('authorization')
  })

  test.each([
    { level: 'user', path: '/auth/oidc' },
    { level: 'subscription', path: '/auth/oauth' },
  ])('client of $level level: $path, the pair in headers, no body', async ({ level, path }) => {
    const { clientId, clientSecret } = sandbox
    await types(
      session({ QUALYS_CLIENT_ID: clientId, QUALYS_CLIENT_SECRET: clientSecret, QUALYS_CLIENT_LEVEL: level }),
    )
    expect((await seen())[0]).toMatchObject({
      method: 'POST',
      path,
      query: {},
      headers: { clientid: clientId, clientsecret: clientSecret },
      body: '',
    })
  })

  test('a secret that no header can carry is a setup error, and nothing is sent', async () => {
    const on = session({
      QUALYS_CLIENT_ID: 'client',
      QUALYS_CLIENT_SECRET: 'snow\u2603man',
      QUALYS_MAX_WAIT_SECONDS: '0',
    })
    await expect(types(on)).rejects.toMatchObject({ kind: 'setup' })
    expect(await seen()).toEqual([])
  })

  test.each([
    { loginStatus: 200 },
    { loginBody: 'quoted' },
    { loginBody: 'json' },
    { loginStatus: 200, loginBody: 'json' },
  ])('the answer %o is understood', async (knobs) => {
    await sandbox.control.knobs(knobs)
    await types(session())
    const call = (await seen()).find((request) => !isLogin(request))
    expect(call?.headers['authorization']).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
  })

  test.each([
    { name: 'a web page', fault: { kind: 'html', status: 200 } },
    { name: 'nothing', fault: { kind: 'empty', status: 200 } },
    { name: 'JSON without a token', fault: { kind: 'reply', body: { ok: true } } },
    {
      name: 'a token with a line break',
      fault: { kind: 'reply', body: 'eyJhbGciOiJIUzUxMiJ9.e30.x\r\nX-Evil: 1' },
    },
  ])('$name instead of a token is drift, and is not sent on', async ({ fault }) => {
    await sandbox.control.faults([{ route: 'POST /auth', ...fault }])
    await expect(types(session())).rejects.toMatchObject({
      kind: 'drift',
      message: expect.not.stringMatching(/[<>]|Evil/),
    })
    expect((await seen()).map(({ path }) => path)).toEqual(['/auth'])
  })
})

describe('a token file', () => {
  let folder: string
  let path: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qualys-token-'))
    path = join(folder, 'jwt')
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function mint(): Promise<string> {
    const { gatewayUrl, username, password } = sandbox
    const body = new URLSearchParams({ username, password, token: 'true' })
    const token = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
    await sandbox.control.forget()
    return token
  }
  const withFile = (): Session => session({ QUALYS_TOKEN_FILE: path })

  test('is read, wins over a password, and is read again when refused', async () => {
    await writeFile(path, `${await mint()}\n`, { mode: 0o600 })
    const on = withFile()
    await types(on)
    await sandbox.control.revoke()
    await writeFile(path, await mint(), { mode: 0o600 })
    await Promise.all(Array.from({ length: 10 }, () => types(on)))
    expect((await seen()).filter(isLogin)).toEqual([])
  })

  test('with a token past its time is a setup error', async () => {
    await writeFile(path, await mint(), { mode: 0o600 })
    await sandbox.control.revoke()
    await expect(types(withFile())).rejects.toMatchObject({
      kind: 'setup',
      next: expect.stringContaining('token file'),
    })
    expect((await seen()).map(({ status }) => status)).toEqual([401, 401])
  })

  test('that is missing is a setup error, until it is there', async () => {
    await rm(path, { force: true })
    const on = withFile()
    await expect(types(on)).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('QUALYS_TOKEN_FILE'),
    })
    await writeFile(path, await mint(), { mode: 0o600 })
    await expect(types(on)).resolves.toBeDefined()
  })

  test.each(['', 'Bearer eyJhbGciOiJIUzUxMiJ9.e30.c2ln', '<html></html>'])(
    'that holds "%s" is a setup error',
    async (text) => {
      await writeFile(path, text, { mode: 0o600 })
      await expect(types(withFile())).rejects.toMatchObject({ kind: 'setup' })
      expect(await seen()).toEqual([])
    },
  )
})
