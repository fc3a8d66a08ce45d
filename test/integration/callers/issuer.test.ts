import { exportSPKI, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Issuer } from '../../../src/service/callers/issuer.ts'
import { TokenError } from '../../../src/service/callers/token-error.ts'
import { fetchJson, type IssuerServer, openIssuerServer } from '../../support/callers/issuer-server.ts'
import { issuerSettings } from '../../support/callers/memory-issuer.ts'
import {
  goodClaims,
  type SigningKey,
  signedToken,
  signingKey,
  unsignedToken,
} from '../../support/callers/tokens.ts'

// Tokens of every kind, against an issuer that serves its keys over HTTP.

const open: { close: () => Promise<void> }[] = []
let key: SigningKey
let young: SigningKey
let server: IssuerServer
let foreign: IssuerServer
let issuer: Issuer

async function openServer(): Promise<IssuerServer> {
  const opened = await openIssuerServer([key])
  open.push(opened)
  return opened
}

beforeAll(async () => {
  ;[key, young] = await Promise.all([signingKey('key', 'RS256'), signingKey('young', 'RS256')])
  server = await openServer()
  foreign = await openServer()
  issuer = new Issuer(issuerSettings(server.url), { fetchJson })
})
afterAll(async () => {
  await Promise.all(open.map(({ close }) => close()))
})

/** The reason for which a token is refused, or who it lets in. */
async function outcomeOf(token: string, by = issuer): Promise<string> {
  try {
    return `let in: ${(await by.verify(token)).name}`
  } catch (error) {
    if (error instanceof TokenError) return error.reason
    throw error
  }
}

const seconds = (offset: number): number => Math.floor(Date.now() / 1_000) + offset
const claims = (more: object = {}) => ({ ...goodClaims(server.url, Date.now()), ...more })
const token = (more: object = {}, header: object = {}) => signedToken(key, claims(more), header)

test('a good token lets its subject in', async () => {
  expect(await issuer.verify(await token())).toMatchObject({
    name: 'ada',
    knownBy: 'issuer',
    roles: new Set(['viewer']),
  })
})

describe('the claims of a token', () => {
  test.each<[string, object, string]>([
    ['that has expired', { exp: seconds(-90) }, 'expired'],
    ['that expired within the leeway', { exp: seconds(-30) }, 'let in: ada'],
    ['without an end', { exp: undefined }, 'malformed'],
    ['with an end that is no number', { exp: '2099' }, 'malformed'],
    ['that is not valid yet', { nbf: seconds(90) }, 'not yet valid'],
    ['that is valid within the leeway', { nbf: seconds(30) }, 'let in: ada'],
    ['for another service', { aud: 'https://mail.example.com' }, 'audience'],
    ['for no service', { aud: undefined }, 'malformed'],
    [
      'for several services',
      { aud: ['https://mail.example.com', 'https://other.example.com'] },
      'let in: ada',
    ],
    ['without a subject', { sub: undefined }, 'malformed'],
    ['with an empty subject', { sub: '' }, 'malformed'],
    ['without a role', { scope: 'openid profile' }, 'no role'],
    ['with a role of a group', { scope: '', realm_access: { roles: ['qualys-admins'] } }, 'let in: ada'],
    ['without an issuer', { iss: undefined }, 'issuer'],
  ])('%s', async (_what, more, outcome) => {
    expect(await outcomeOf(await token(more))).toBe(outcome)
  })

  test('of an issuer that is named with one slash more', async () => {
    expect(await outcomeOf(await token({ iss: `${server.url}/` }))).toBe('issuer')
  })
})

describe('the signature of a token', () => {
  test('of a foreign issuer, with the same key', async () => {
    expect(await outcomeOf(await token({ iss: foreign.url }))).toBe('issuer')
  })

  test('of nobody', async () => {
    expect(await outcomeOf(unsignedToken(claims()))).toBe('algorithm')
  })

  test('with the public key as a shared secret', async () => {
    const secret = Buffer.from(await exportSPKI(key.publicKey))
    const forged = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secret)
    expect(await outcomeOf(forged)).toBe('algorithm')
  })

  test('with an algorithm that the settings do not name', async () => {
    const strict = new Issuer(issuerSettings(server.url, { oidcAlgorithms: ['ES256'] }), { fetchJson })
    expect(await outcomeOf(await token(), strict)).toBe('algorithm')
  })

  test('by another key under the name of a good one', async () => {
    const forger = await signingKey(key.kid, 'RS256')
    expect(await outcomeOf(await signedToken(forger, claims()))).toBe('signature')
  })

  test('by a key that the token brings along', async () => {
    const forger = await signingKey('forger', 'RS256')
    const header = { jwk: forger.jwk, jku: `${foreign.url}/keys` }
    expect(await outcomeOf(await signedToken(forger, claims(), header))).toBe('signature')
  })

  test('over other claims', async () => {
    const [header, , signature] = (await token()).split('.')
    const [, body] = (await token({ sub: 'eve' })).split('.')
    expect(await outcomeOf([header, body, signature].join('.'))).toBe('signature')
  })

  test('with an extension that nobody knows', async () => {
    const [, body, signature] = (await token()).split('.')
    const header = { alg: 'RS256', kid: key.kid, crit: ['x'], x: 1 }
    const forged = [Buffer.from(JSON.stringify(header)).toString('base64url'), body, signature].join('.')
    expect(await outcomeOf(forged)).toBe('algorithm')
  })
})

describe('the form of a token', () => {
  test.each(['', 'x', 'a.b.c', '..', 'eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.c2ln', `${'a'.repeat(20_000)}.b.c`])(
    'that is none: %#',
    async (text) => {
      expect(await outcomeOf(text)).toMatch(/^(?:malformed|algorithm)$/)
    },
  )

  test('may be that of any JWT, but not of one for another purpose', async () => {
    for (const typ of ['JWT', 'AT+JWT', 'application/at+jwt', undefined])
      expect(await outcomeOf(await token({}, { typ })), String(typ)).toBe('let in: ada')
    for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt'])
      expect(await outcomeOf(await token({}, { typ })), typ).toBe('malformed')
  })

  test('of more than 16 KiB is not read', async () => {
    const long = await token({ padding: 'x'.repeat(16 * 1024) })
    expect(await outcomeOf(long)).toBe('malformed')
  })
})

describe('an issuer', () => {
  test('may change its key', async () => {
    const own = await openServer()
    const by = new Issuer(issuerSettings(own.url), { fetchJson })
    const tokenBy = (signer: SigningKey) => signedToken(signer, goodClaims(own.url, Date.now()))
    expect(await outcomeOf(await tokenBy(key), by)).toBe('let in: ada')
    own.keys = [young]
    expect(await outcomeOf(await tokenBy(young), by)).toBe('let in: ada')
    expect(await outcomeOf(await tokenBy(key), by)).toBe('signature')
  })

  test('may be down: known keys go on, and a token with an unknown one is told so', async () => {
    const own = await openServer()
    const by = new Issuer(issuerSettings(own.url), { fetchJson })
    const tokenBy = (signer: SigningKey) => signedToken(signer, goodClaims(own.url, Date.now()))
    expect(await outcomeOf(await tokenBy(key), by)).toBe('let in: ada')
    expect(by.fault()).toBeUndefined()
    await own.close()
    expect(await outcomeOf(await tokenBy(key), by)).toBe('let in: ada')
    expect(await outcomeOf(await tokenBy(young), by)).toBe('issuer away')
    // The service is ready as long as keys serve.
    expect(by.fault()).toBeUndefined()
    expect(await outcomeOf(await tokenBy(key), by)).toBe('let in: ada')
  })
})
