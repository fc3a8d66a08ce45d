import { exportSPKI, SignJWT } from 'jose'
import { describe, expect } from 'vitest'
import { signingKey, unsignedToken } from '../../../support/callers/tokens.ts'
import { tokenOf } from '../../../support/service/callers.ts'
import { revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openTestIssuer, type TestIssuer } from '../../../support/service/issuer.ts'

// Tokens of every bad kind, through the whole service: none reaches a handler, and each gets the challenge of its fault.

const test = serviceTestOn()

const ago = (seconds: number): number => Math.floor(Date.now() / 1_000) - seconds

const bad: readonly (readonly [string, (issuer: TestIssuer) => Promise<string>, RegExp])[] = [
  ['expired', ({ token }) => token({ exp: ago(120) }), /has expired/],
  ['not valid yet', ({ token }) => token({ nbf: ago(-120) }), /is not valid yet/],
  ['for another service', ({ token }) => token({ aud: 'https://other.example.com' }), /for another service/],
  ['for no service', ({ token }) => token({ aud: undefined }), /is no access token/],
  ['without an end', ({ token }) => token({ exp: undefined }), /is no access token/],
  ['of a foreign issuer', ({ token }) => token({ iss: 'https://id.evil.example' }), /does not trust/],
  ['of nobody', async ({ claims }) => unsignedToken(claims()), /algorithm/],
  [
    'signed by a stranger',
    async ({ token }) => token({}, await signingKey('first')),
    /not from a key of the issuer/,
  ],
  ['of another algorithm', async ({ token }) => token({}, await signingKey('first', 'ES384')), /algorithm/],
  [
    'signed with the public key as a secret',
    async ({ key, claims }) => {
      const secret = Buffer.from(await exportSPKI(key.publicKey))
      return new SignJWT({ ...claims() })
        .setProtectedHeader({ alg: 'HS256', kid: 'first', typ: 'at+jwt' })
        .sign(secret)
    },
    /algorithm/,
  ],
  [
    'whose claims were changed',
    async ({ token }) => {
      const [head, , signature] = (await token()).split('.')
      const [, claims] = (await token({ scope: 'qualys.run' })).split('.')
      return [head, claims, signature].join('.')
    },
    /not from a key of the issuer/,
  ],
  ['that serves a login', ({ token, key }) => token({}, key, { typ: 'logout+jwt' }), /is no access token/],
  ['without a subject', ({ token }) => token({ sub: undefined }), /is no access token/],
  ['with a subject of two lines', ({ token }) => token({ sub: 'ada\nroot' }), /is no access token/],
]

describe('a token', () => {
  test.for(bad)('%s', async ([, tokenFor, sentence], { serve, upstream }) => {
    const issuer = await openTestIssuer()
    const service = await serve({ callers: {}, settings: issuer.settings })
    const token = await tokenFor(issuer)
    for (const revision of revisions) {
      const answer = await service.client('ada', { revision, token }).call('car_list_script_types')
      expect(answer.status).toBe(401)
      expect(answer.headers['www-authenticate']).toMatch(
        /^Bearer resource_metadata="[^"]+", error="invalid_token"/,
      )
      expect(answer.error?.message).toMatch(sentence)
      expect(answer.body).not.toContain(token.slice(-20))
    }
    expect(await upstream()).toEqual([])
  })
})

test.for<readonly [string, string | undefined, string | undefined]>([
  ['without a token', undefined, 'Bearer'],
  ['with another scheme', 'Basic YTpi', 'Bearer'],
  ['with an empty token', 'Bearer ', undefined],
  ['with two tokens', `Bearer ${tokenOf('ada')} ${tokenOf('ada')}`, undefined],
  ['with a token that is no ASCII', 'Bearer tök', undefined],
  ['with a short token', 'Bearer x', undefined],
  ['with the hash of a token', `Bearer ${'a'.repeat(64)}`, undefined],
])(
  'a request %s is refused; without an issuer there is nothing to begin OAuth with',
  async ([, authorization, challenge], { serve, upstream }) => {
    const service = await serve()
    const answer = await service.client('ada').request('tools/list', {}, { headers: { authorization } })
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
    if (challenge !== undefined) expect(answer.headers['www-authenticate']).toBe(challenge)
    expect(answer.headers['www-authenticate']).not.toMatch(/resource_metadata|authorization_uri/)
    expect(await upstream()).toEqual([])
  },
)

test('while the issuer is away known keys go on, and a token of an unknown one gets 503', async ({
  serve,
}) => {
  const issuer = await openTestIssuer()
  const service = await serve({ callers: { eve: {} }, settings: issuer.settings })
  const known = service.client('ada', { token: await issuer.token() })
  expect((await known.request('tools/list')).status).toBe(200)
  await issuer.close()
  expect((await known.request('tools/list')).status).toBe(200)
  const unknown = service.client('ada', { token: await issuer.token({}, await signingKey('second')) })
  const answer = await unknown.request('tools/list')
  expect([answer.status, answer.headers['retry-after'], answer.headers['www-authenticate']]).toEqual([
    503,
    '30',
    undefined,
  ])
  expect((await service.client('eve').request('tools/list')).status).toBe(200)
})

test('a service that lets its callers in is ready, also while the issuer is away', async ({ serve }) => {
  const issuer = await openTestIssuer()
  const service = await serve({ callers: {}, settings: issuer.settings })
  const ready = async (): Promise<number> =>
    (await fetch(`http://127.0.0.1:${service.metricsPort}/readyz`)).status
  const known = service.client('ada', { token: await issuer.token() })
  expect([(await known.request('tools/list')).status, await ready()]).toEqual([200, 200])
  await issuer.close()
  // Anybody can send this one.
  const unknown = service.client('ada', { token: await issuer.token({}, await signingKey('second')) })
  expect((await unknown.request('tools/list')).status).toBe(503)
  expect([(await known.request('tools/list')).status, await ready()]).toEqual([200, 200])
})

test('a service whose only callers are those of an issuer that was never reached is not ready', async ({
  serve,
}) => {
  const issuer = await openTestIssuer()
  await issuer.close()
  const service = await serve({ callers: {}, settings: issuer.settings })
  expect((await service.client('ada', { token: await issuer.token() }).request('tools/list')).status).toBe(
    503,
  )
  expect((await fetch(`http://127.0.0.1:${service.metricsPort}/readyz`)).status).toBe(503)
})

describe('the callers file', () => {
  test('whose caller has ended', async ({ serve }) => {
    const service = await serve({ callers: { old: { expires: '2020-01-01' }, ada: {} } })
    const answer = await service.client('old').request('tools/list')
    expect([answer.status, answer.error?.message]).toEqual([
      401,
      'The token has ended: ask the operator for a new one.',
    ])
    expect((await service.client('ada').request('tools/list')).status).toBe(200)
  })

  test('that loses a caller refuses the token within a second or so; one that is damaged lets nobody in', async ({
    serve,
  }) => {
    const service = await serve({ callers: { ada: {}, eve: {} } })
    const status = async (name: string): Promise<number> =>
      (await service.client(name).request('prompts/list')).status
    const ready = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${service.metricsPort}/readyz`)).status
    expect([await status('ada'), await status('eve'), await ready()]).toEqual([200, 200, 200])
    service.setCallers({ ada: {} })
    await expect.poll(() => status('eve'), { timeout: 5_000, interval: 100 }).toBe(401)
    expect([await status('ada'), await ready()]).toEqual([200, 200])
    service.writeCallersFile('{"callers":')
    await expect.poll(() => status('ada'), { timeout: 5_000, interval: 100 }).toBe(401)
    expect(await ready()).toBe(503)
  })
})
