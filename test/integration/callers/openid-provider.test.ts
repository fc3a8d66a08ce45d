import { afterAll, beforeAll, expect, test } from 'vitest'
import { authenticator } from '../../../src/service/callers/authenticate.ts'
import { Issuer } from '../../../src/service/callers/issuer.ts'
import { fetchJson } from '../../support/callers/issuer-server.ts'
import { issuerSettings, roleRules } from '../../support/callers/memory-issuer.ts'
import { type OpenIdProvider, openOpenIdProvider } from '../../support/callers/openid-provider.ts'

// Tokens that a certified OpenID provider gives to a program (client credentials, RFC 8707, RFC 9068).

let provider: OpenIdProvider
let issuer: Issuer
beforeAll(async () => {
  provider = await openOpenIdProvider()
  issuer = new Issuer(issuerSettings(provider.issuer), { fetchJson })
})
afterAll(() => provider.close())

test.each([
  ['qualys.read', ['viewer']],
  ['qualys.run other', ['viewer', 'operator']],
])('a token with the scope %s lets its client in', async (scope, roles) => {
  const caller = await issuer.verify(await provider.token(scope))
  expect(caller).toMatchObject({ name: 'ci', person: 'ci', knownBy: 'issuer', roles: new Set(roles) })
  expect(caller.expiresAt).toBeGreaterThan(Date.now())
})

test('a token without a scope of ours is told which one to ask for', async () => {
  const { authenticate } = authenticator({
    issuer,
    oidcRoles: roleRules,
    publicUrl: 'https://mcp.example.com',
  })
  const outcome = await authenticate({ authorization: `Bearer ${await provider.token('other')}` })
  expect(outcome).toMatchObject({ refusal: { status: 403, reason: 'no role' } })
  expect(JSON.stringify(outcome)).toContain('scope=\\"qualys.read\\"')
})

test('a token for another resource is refused', async () => {
  const settings = issuerSettings(provider.issuer, { oidcAudience: ['https://mail.example.com'] })
  const elsewhere = new Issuer(settings, { fetchJson })
  await expect(elsewhere.verify(await provider.token('qualys.read'))).rejects.toMatchObject({
    reason: 'audience',
  })
})
