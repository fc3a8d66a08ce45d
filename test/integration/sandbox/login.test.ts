import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SandboxClient } from './sandbox-client.ts'

let visitor: SandboxClient
beforeAll(async () => {
  visitor = await SandboxClient.arrive()
})
beforeEach(async () => {
  await visitor.control('POST', 'reset')
})
afterAll(() => visitor.leave())

const search = () => visitor.post('/sm/v2/jobs/search', { pageSize: 1 })
const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('POST /auth', () => {
  test('answers 201 with a bare HS512 JWT that lives four hours', async () => {
    const { username, password } = visitor.sandbox
    const answer = await visitor.form('/auth', { username, password, token: 'true' })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('content-type')).toBe('text/plain;charset=UTF-8')
    const [header = ''] = answer.text.split('.')
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'HS512' })
    const { exp, iat, ...others } = claims(answer.text)
    expect(exp - iat).toBe(14_400)
    expect(others).toMatchObject({
      sub: username,
      loginResponse: 'SUCCESSFUL',
      iss: 'qas',
      aud: 'qas',
      usertype: 'fo',
      credentialType: 'UsernamePasswordCredential',
      customerUuid: '74c1bcdd-9bbb-e9dd-802a-65e2c579abc0',
    })
  })

  test('serves a second account with the same data', async () => {
    const first = await search()
    const answer = await visitor.form('/auth', {
      username: 'sandbox_cd2',
      password: 'sandbox2',
      token: 'true',
    })
    const mine = visitor.token
    visitor.token = answer.text
    expect((await search()).json).toEqual(first.json)
    visitor.token = mine
  })

  test.each([
    ['sandbox_ab1', 'wrong', 'InvalidCredentialsException'],
    ['nobody', 'sandbox1', 'InvalidCredentialsException'],
    ['locked', 'any', 'AccountLockedException'],
    ['expired-password', 'any', 'CredentialExpiredException'],
    ['no-api', 'any', 'AccountDisabledException'],
    ['ip-blocked', 'any', 'InvalidLoginLocationException'],
    ['sso-only', 'any', 'UnauthorizedServiceForPrincipalException'],
  ])('%s with %s is refused: %s', async (username, password, exception) => {
    const answer = await visitor.form('/auth', { username, password, token: 'true' })
    expect(answer.status).toBe(401)
    expect(answer.json).toEqual({
      authentication_exceptions: [
        [`Authentication Failure: 1 errors, 0 successes:authenticationFailure.${exception}`],
      ],
    })
  })

  test.each([
    { username: 'a', token: 'true' },
    { password: 'a', token: 'true' },
    { username: 'sandbox_ab1', password: 'sandbox1', token: 'false' },
    { username: 'a', password: 'b' },
  ])('misses a field: %o', async (fields) => {
    expect((await visitor.form('/auth', fields)).status).toBe(400)
  })

  test('reads the form as a form: an unencoded plus sign is a blank', async () => {
    const body = 'username=sandbox_ab1&password=sand+box&token=true'
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await visitor.send('POST', '/auth', body, type)).status).toBe(401)
    const encoded = 'username=sandbox%5Fab1&password=%73andbox1&token=true'
    expect((await visitor.send('POST', '/auth', encoded, type)).status).toBe(201)
  })

  test('the login answers as the knobs say', async () => {
    const { username, password } = visitor.sandbox
    const login = () => visitor.form('/auth', { username, password, token: 'true' })
    await visitor.control('PATCH', 'knobs', { loginStatus: 200, loginBody: 'quoted' })
    const quoted = await login()
    expect(quoted.status).toBe(200)
    expect(quoted.text).toMatch(/^"ey[^"]+"$/)
    await visitor.control('PATCH', 'knobs', { loginBody: 'json', tokenKind: 'opaque' })
    expect((await login()).json['access_token']).toMatch(/^[0-9a-f-]+$/)
  })
})

test.each(['/auth/oidc', '/auth/oauth'])('POST %s takes the client from headers', async (path) => {
  const { clientId, clientSecret } = visitor.sandbox
  const good = await visitor.send('POST', path, undefined, { clientId, clientSecret })
  expect(good.status).toBe(201)
  expect(claims(good.text).sub).toBe('sandbox_ab1')
  expect((await visitor.send('POST', path, undefined, { clientId, clientSecret: 'x' })).status).toBe(401)
  expect((await visitor.send('POST', path, undefined, { clientId })).status).toBe(400)
})

describe('the bearer token', () => {
  const refused = (message: string) => ({ status: 401, error: 'Unauthorized', message })

  test.each([
    ['absent', {}],
    ['garbage', { authorization: 'Bearer x.y.z' }],
    ['basic', { authorization: 'Basic c2FuZGJveA==' }],
  ])('%s: Not authenticated', async (_, headers) => {
    const answer = await visitor.send('POST', '/sm/v2/jobs/search', '{}', headers as Record<string, string>)
    expect(answer.status).toBe(401)
    expect(answer.json).toEqual(refused('Not authenticated'))
  })

  test('with a changed claim: Not authenticated', async () => {
    const [header, , signature] = visitor.token.split('.')
    const forged = Buffer.from(JSON.stringify({ ...claims(visitor.token), sub: 'admin' })).toString(
      'base64url',
    )
    const headers = { authorization: `Bearer ${header}.${forged}.${signature}` }
    expect((await visitor.send('GET', '/sm/v1/script-types', undefined, headers)).json).toEqual(
      refused('Not authenticated'),
    )
  })

  test('expired: JWT expired', async () => {
    await visitor.control('PATCH', 'knobs', { tokenLifetimeSeconds: 0 })
    await visitor.login()
    expect((await search()).json).toEqual(refused('JWT expired'))
    await visitor.control('DELETE', 'knobs')
    await visitor.login()
    expect((await search()).status).toBe(200)
  })

  test('revoked: JWT expired, until the next login', async () => {
    await visitor.control('POST', 'revoke')
    expect((await search()).json).toEqual(refused('JWT expired'))
    await visitor.login()
    expect((await search()).status).toBe(200)
  })

  test('of a user without CAR: 403', async () => {
    const answer = await visitor.form('/auth', { username: 'no-car', password: 'sandbox1', token: 'true' })
    const headers = { authorization: `Bearer ${answer.text}` }
    expect((await visitor.send('GET', '/sm/v1/script-types', undefined, headers)).status).toBe(403)
  })
})

test('another password and client secret work for both servers', async () => {
  const keys = { password: 'another password', clientSecret: 'another-secret' }
  const own = await SandboxClient.arrive({ jobs: 100, keys })
  expect(own.sandbox).toMatchObject(keys)
  const { username, clientId: clientid } = own.sandbox
  const answers = async (password: string, clientsecret: string) => {
    const basic = Buffer.from(`${username}:${password}`).toString('base64')
    const saq = await own.send('GET', '/qps/rest/1.0/count/saq/user', undefined, {
      authorization: `Basic ${basic}`,
    })
    return [
      (await own.form('/auth', { username, password, token: 'true' })).status,
      (await own.send('POST', '/auth/oidc', '', { clientid, clientsecret })).status,
      /<responseCode>(\w+)/.exec(saq.text)?.[1],
    ]
  }
  expect(await answers(keys.password, keys.clientSecret)).toEqual([201, 201, 'SUCCESS'])
  expect(await answers('sandbox', 'sandbox-client-secret')).toEqual([401, 401, 'INVALID_CREDENTIALS'])
  await own.leave()
})
