import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { listScriptTypes } from '../../../src/operations/car/scripts.ts'
import type { Session } from '../../../src/session/session.ts'
import { testOn } from '../../support/fixtures.ts'
import type { SandboxRequest } from '../../support/sandbox.ts'
import { sessionFor } from '../../support/waiting/gateway.ts'

// Logins at the sandbox, for each kind of account; all forms of request and token are covered by the unit tests.

interface TokenFile {
  readonly path: string
  /** Writes another token into it. */
  readonly renew: () => Promise<void>
  readonly session: () => Session
}

const test = testOn({ jobs: 100 }).extend<{ tokenFile: TokenFile }>({
  tokenFile: async ({ sandbox }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'qualys-token-'))
    const path = join(folder, 'jwt')
    const { gatewayUrl, username, password, control } = sandbox
    await use({
      path,
      session: () => sessionFor(sandbox, { QUALYS_TOKEN_FILE: path }),
      renew: async () => {
        const body = new URLSearchParams({ username, password, token: 'true' })
        const token = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
        await control.clearRequests()
        await writeFile(path, `${token}\n`, { mode: 0o600 })
      },
    })
    await rm(folder, { recursive: true })
  },
})

const types = (on: Session): Promise<unknown> => on.call(listScriptTypes, {})
const isLogin = ({ path }: SandboxRequest): boolean => path.startsWith('/auth')

describe('the login request', () => {
  test('special characters in user name and password arrive unchanged', async ({ sandbox }) => {
    const odd = 'p+q & r#s=t "ü" %2B;'
    const on = sessionFor(sandbox, { QUALYS_USERNAME: `u ${odd}`, QUALYS_PASSWORD: odd })
    await expect(types(on)).rejects.toMatchObject({ kind: 'setup' })
    const [request] = await sandbox.control.requests()
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

  test.for([
    { level: 'user', path: '/auth/oidc' },
    { level: 'subscription', path: '/auth/oauth' },
  ])('client of $level level: $path, the pair in headers, no body', async ({ level, path }, { sandbox }) => {
    const { clientId, clientSecret } = sandbox
    const extra = {
      QUALYS_CLIENT_ID: clientId,
      QUALYS_CLIENT_SECRET: clientSecret,
      QUALYS_CLIENT_LEVEL: level,
    }
    await types(sessionFor(sandbox, extra))
    expect((await sandbox.control.requests())[0]).toMatchObject({
      method: 'POST',
      path,
      query: {},
      headers: { clientid: clientId, clientsecret: clientSecret },
      body: '',
    })
  })

  test.for([{ loginStatus: 200 }, { loginBody: 'quoted' }, { loginBody: 'json' }])(
    'the answer %o is accepted',
    async (knobs, { sandbox, session }) => {
      await sandbox.control.knobs(knobs)
      await types(session)
      const call = (await sandbox.control.requests()).find((request) => !isLogin(request))
      expect(call?.headers['authorization']).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
    },
  )

  test('a web page instead of a token is drift, and is not sent on', async ({ sandbox, session }) => {
    await sandbox.control.faults([{ route: 'POST /auth', kind: 'html', status: 200 }])
    await expect(types(session)).rejects.toMatchObject({
      kind: 'drift',
      message: expect.not.stringMatching(/[<>]/),
    })
    expect((await sandbox.control.requests()).map(({ path }) => path)).toEqual(['/auth'])
  })
})

describe('a token file', () => {
  test('is read, overrides a password, and is read again when its token is refused', async ({
    sandbox,
    tokenFile,
  }) => {
    await tokenFile.renew()
    const on = tokenFile.session()
    await types(on)
    await sandbox.control.revoke()
    await tokenFile.renew()
    await Promise.all(Array.from({ length: 10 }, () => types(on)))
    const seen = await sandbox.control.requests()
    expect(seen.filter(isLogin)).toEqual([])
    expect(seen.length).toBeGreaterThanOrEqual(10)
  })

  test('with an expired token is a setup error', async ({ sandbox, tokenFile }) => {
    await tokenFile.renew()
    await sandbox.control.revoke()
    await expect(types(tokenFile.session())).rejects.toMatchObject({
      kind: 'setup',
      next: expect.stringContaining('token file'),
    })
    expect((await sandbox.control.requests()).map(({ status }) => status)).toEqual([401, 401])
  })

  test('that is missing is a setup error, until it exists', async ({ tokenFile }) => {
    const on = tokenFile.session()
    await expect(types(on)).rejects.toMatchObject({
      kind: 'setup',
      message: expect.stringContaining('QUALYS_TOKEN_FILE'),
    })
    await tokenFile.renew()
    await expect(types(on)).resolves.toBeDefined()
  })
})
