import { expect, test } from 'vitest'
import { loginPlaceOf } from '../../../src/service/connect/tokens/login-place.ts'
import { TokenFault } from '../../../src/service/connect/tokens/token-source.ts'
import { challenge, documents, metadataUrl, place, service } from '../../support/connect/memory-issuer.ts'

const { issuer } = place
const oauth = `${issuer}/.well-known/oauth-authorization-server`
const openid = `${issuer}/.well-known/openid-configuration`
const issuerDocument = {
  issuer,
  device_authorization_endpoint: place.deviceEndpoint,
  token_endpoint: place.tokenEndpoint,
}

test('the service names its issuer, and the issuer its addresses', async () => {
  expect(await loginPlaceOf(service, challenge, documents())).toEqual(place)
})

test('an issuer may describe itself as OpenID does', async () => {
  const fetchJson = documents({ [oauth]: undefined, [openid]: issuerDocument })
  expect(await loginPlaceOf(service, challenge, fetchJson)).toEqual(place)
})

test('an issuer with a path is described below it', async () => {
  const tenant = 'https://login.example.com/tenant/'
  const fetchJson = documents({
    [metadataUrl]: { resource: service.origin, authorization_servers: [tenant] },
    'https://login.example.com/.well-known/oauth-authorization-server/tenant': {
      ...issuerDocument,
      issuer: tenant,
    },
  })
  expect(await loginPlaceOf(service, challenge, fetchJson)).toMatchObject({ issuer: tenant, scope: '' })
})

test('the scopes are those of the challenge, and the one for a lasting login where the issuer has it', async () => {
  const fetchJson = documents({
    [oauth]: { ...issuerDocument, scopes_supported: ['openid', 'offline_access'] },
  })
  const found = await loginPlaceOf(service, `${challenge}, scope="qualys.run qualys.read"`, fetchJson)
  expect(found.scope).toBe('qualys.run qualys.read offline_access')
})

test.each([
  ['a service without an issuer', 'Bearer', {}, /takes tokens of its callers file/],
  [
    'metadata of another server',
    'Bearer resource_metadata="https://evil.example.com/.well-known/oauth-protected-resource"',
    {},
    /another server describes it, which is not trusted/,
  ],
  [
    'metadata of another port',
    `Bearer resource_metadata="${metadataUrl.replace('.com/', '.com:8443/')}"`,
    {},
    /which is not trusted/,
  ],
  [
    'metadata without TLS',
    `Bearer resource_metadata="${metadataUrl.replace('https', 'http')}"`,
    {},
    /not trusted/,
  ],
  [
    'metadata that is away',
    challenge,
    { [metadataUrl]: undefined },
    /does not say where to log in: status 404/,
  ],
  [
    'another resource',
    challenge,
    { [metadataUrl]: { resource: 'https://other.example.com/mcp', authorization_servers: [issuer] } },
    /describes itself as another service/,
  ],
  [
    'a resource beside this one',
    challenge,
    { [metadataUrl]: { resource: `${service.href}-admin`, authorization_servers: [issuer] } },
    /describes itself as another service/,
  ],
  [
    'an issuer without TLS',
    challenge,
    { [metadataUrl]: { resource: service.href, authorization_servers: ['http://login.example.com'] } },
    /no issuer with an https:/,
  ],
  [
    'an issuer under another name',
    challenge,
    { [oauth]: { ...issuerDocument, issuer: `${issuer}/` } },
    /names another issuer/,
  ],
  [
    'an issuer without a login for devices',
    challenge,
    { [oauth]: { ...issuerDocument, device_authorization_endpoint: undefined } },
    /offers no login for programs without a browser/,
  ],
  [
    'an issuer that sends tokens elsewhere without TLS',
    challenge,
    { [oauth]: { ...issuerDocument, token_endpoint: 'http://login.example.com/token' } },
    /offers no login/,
  ],
])('%s: nobody logs in', async (_what, given, changes, sentence) => {
  const found = loginPlaceOf(service, given, documents(changes))
  await expect(found).rejects.toThrow(TokenFault)
  await expect(found).rejects.toThrow(sentence)
})
