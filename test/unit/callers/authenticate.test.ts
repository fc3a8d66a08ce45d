import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { authenticator } from '../../../src/service/callers/authenticate.ts'
import { CallersFile } from '../../../src/service/callers/callers-file.ts'
import { resourceMetadata } from '../../../src/service/callers/metadata.ts'
import { type RefusalReason, refusalOf } from '../../../src/service/callers/refusals.ts'
import { sha256 } from '../../../src/shared/crypto.ts'
import { entryOf, openCallersFolder, testClock, tokenOf } from '../../support/callers/callers-folder.ts'
import { MemoryIssuer, roleRules } from '../../support/callers/memory-issuer.ts'
import { type SigningKey, signingKey } from '../../support/callers/tokens.ts'
import { leaks } from '../../support/leak-search.ts'

// Who a request is from, by its header alone, and the answer to a request that is from nobody.

const publicUrl = 'https://qualys-mcp.example.com'
const metadata = `resource_metadata="${publicUrl}/.well-known/oauth-protected-resource/mcp"`

let folder: ReturnType<typeof openCallersFolder>
let clock: ReturnType<typeof testClock>
let key: SigningKey
let id: MemoryIssuer
beforeEach(async () => {
  folder = openCallersFolder()
  clock = testClock()
  folder.write(entryOf('ada'), entryOf('old', { expires: '2020-01-31' }))
  key ??= await signingKey('key')
  id = new MemoryIssuer([key])
})
afterEach(() => folder.remove())

const byFile = () => authenticator({ callersFile: new CallersFile(folder.path, clock), publicUrl })
const byIssuer = (more: object = {}) =>
  authenticator({ issuer: id.issuer, oidcRoles: roleRules, publicUrl, ...more })
const byBoth = () => byIssuer({ callersFile: new CallersFile(folder.path, clock) })

type Authority = ReturnType<typeof authenticator>

/** Who a header lets in, or the refusal. */
async function outcomeOf(by: Authority, authorization?: string | readonly string[]) {
  const outcome = await by.authenticate({ authorization })
  return 'caller' in outcome ? { caller: outcome.caller.name } : outcome.refusal
}
const bearer = (name: string): string => `Bearer ${tokenOf(name)}`

describe('with a callers file', () => {
  test('the scheme has no case, and the header may come as a list of one', async () => {
    for (const header of [bearer('ada'), `bEARER   ${tokenOf('ada')}`, [bearer('ada')]])
      expect(await outcomeOf(byFile(), header)).toEqual({ caller: 'ada' })
  })

  test.each<[string, string | readonly string[] | undefined, RefusalReason, string]>([
    ['no header', undefined, 'no token', 'Bearer'],
    ['an empty list', [], 'no token', 'Bearer'],
    ['an empty header', '', 'no token', 'Bearer'],
    ['another scheme', 'Basic YWRhOmFkYQ==', 'no token', 'Bearer'],
    ['two headers', [bearer('ada'), bearer('ada')], 'header', 'Bearer error="invalid_request"'],
    ['no token behind the scheme', 'Bearer', 'header', 'Bearer error="invalid_request"'],
    ['two tokens', `${bearer('ada')} ${tokenOf('ada')}`, 'header', 'Bearer error="invalid_request"'],
    [
      'two tokens and a comma',
      `${bearer('ada')}, ${bearer('ada')}`,
      'header',
      'Bearer error="invalid_request"',
    ],
    ['letters beyond ASCII', `${bearer('ada')}é`, 'header', 'Bearer error="invalid_request"'],
    ['an unknown token', bearer('eve'), 'unknown token', 'Bearer error="invalid_token"'],
    ['an expired caller', bearer('old'), 'expired caller', 'Bearer error="invalid_token"'],
    [
      'a JWT',
      'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.',
      'unknown token',
      'Bearer error="invalid_token"',
    ],
    ['a very long token', `Bearer ${'x'.repeat(20_000)}`, 'unknown token', 'Bearer error="invalid_token"'],
  ])('%s is refused with 401, and names no metadata', async (_what, header, reason, challenge) => {
    const refusal = await outcomeOf(byFile(), header)
    expect(refusal).toMatchObject({ status: 401, reason })
    expect('challenge' in refusal && refusal.challenge.replace(/, error_description=.*$/, '')).toBe(challenge)
  })

  test('a damaged file is the fault of nobody who calls, and the log knows', async () => {
    folder.writeText('{')
    const refusal = await outcomeOf(byFile(), bearer('ada'))
    expect(refusal).toMatchObject({ status: 401, reason: 'callers file' })
    expect(refusal).toEqual({ ...refusalOf('unknown token', undefined, []), reason: 'callers file' })
  })
})

describe('with an issuer', () => {
  test('a good token lets its subject in', async () => {
    expect(await outcomeOf(byIssuer(), `Bearer ${await id.token(key)}`)).toEqual({ caller: 'ada' })
  })

  test('a request without a token learns where to get one, and of no error', async () => {
    expect(await outcomeOf(byIssuer())).toMatchObject({ status: 401, challenge: `Bearer ${metadata}` })
  })

  test('a bad token is named bad, with the reason', async () => {
    const header = `Bearer ${await id.token(key, { exp: 1 })}`
    expect(await outcomeOf(byIssuer(), header)).toMatchObject({
      status: 401,
      reason: 'expired',
      challenge: `Bearer ${metadata}, error="invalid_token", error_description="The token has expired: get a new one from the issuer."`,
    })
  })

  test('a token without a role gets 403, with a scope of the least role', async () => {
    const header = `Bearer ${await id.token(key, { scope: 'openid' })}`
    const refusal = await outcomeOf(byIssuer(), header)
    expect(refusal).toMatchObject({ status: 403, reason: 'no role' })
    expect(refusal).toHaveProperty(
      'challenge',
      expect.stringMatching(/error="insufficient_scope", .*, scope="qualys\.read"$/),
    )
    const groups = await outcomeOf(byIssuer({ oidcRoles: [] }), header)
    expect(groups).toHaveProperty('challenge', expect.not.stringContaining('scope="'))
  })

  test('an issuer that is away is no fault of the token', async () => {
    id.away()
    const refusal = await outcomeOf(byIssuer(), `Bearer ${await id.token(key)}`)
    expect(refusal).toMatchObject({ status: 503, reason: 'issuer away', challenge: `Bearer ${metadata}` })
  })

  test('what is no JWT is no token of it', async () => {
    expect(await outcomeOf(byIssuer(), bearer('ada'))).toMatchObject({ status: 401, reason: 'malformed' })
    expect(id.fetched).toEqual([])
  })

  test('without a public address nothing is said about it', async () => {
    const refusal = await outcomeOf(byIssuer({ publicUrl: undefined }), 'Bearer a.b.c')
    expect(refusal).toHaveProperty('challenge', expect.stringMatching(/^Bearer error="invalid_token", /))
  })
})

test('with both, each token goes to the one that made it', async () => {
  expect(await outcomeOf(byBoth(), `Bearer ${await id.token(key, { sub: 'issued' })}`)).toEqual({
    caller: 'issued',
  })
  expect(await outcomeOf(byBoth(), bearer('ada'))).toEqual({ caller: 'ada' })
  expect(await outcomeOf(byBoth(), 'Bearer a.b.')).toMatchObject({ reason: 'malformed' })
})

describe('no refusal', () => {
  test('holds a token, a part of one, or a hash', async () => {
    const canary = tokenOf('eve')
    const headers = [
      `Bearer ${canary}`,
      `Bearer ${canary} ${canary}`,
      `Basic ${canary}`,
      bearer('old'),
      `Bearer ${await id.token(key, { exp: 1, 'canary-claim': canary })}`,
      `Bearer ${await id.token(key, { sub: 'canary-subject', scope: 'canary-scope' })}`,
      `Bearer ${await id.token(key, { iss: 'https://canary.example.com' })}`,
      `Bearer ${await id.token(await signingKey('canary-key'))}`,
    ]
    for (const by of [byFile(), byIssuer(), byBoth()])
      for (const header of headers) {
        const text = JSON.stringify(await by.authenticate({ authorization: header }))
        expect(text).toContain('refusal')
        expect(leaks(text)).toEqual([])
        for (const name of ['eve', 'old', 'ada']) expect(text).not.toContain(sha256(tokenOf(name)))
      }
  })

  test('has a description that a header cannot hold', () => {
    const reasons = [
      'no token',
      'header',
      'unknown token',
      'expired caller',
      'callers file',
      'expired',
      'not yet valid',
      'audience',
      'issuer',
      'signature',
      'algorithm',
      'malformed',
      'no role',
      'issuer away',
    ] as const satisfies readonly RefusalReason[]
    for (const reason of reasons) {
      const { sentence, challenge } = refusalOf(reason, 'https://a.example.com/x', ['s'])
      expect(sentence).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
      expect(challenge).toMatch(/^Bearer (?:[a-z_]+="[^"\\]*"(?:, |$))+$/)
    }
  })
})

describe('the metadata of the resource', () => {
  const settings = { publicUrl, oidcIssuer: 'https://id.example.com/tenant/', oidcRoles: roleRules }

  test('names the service, the issuer exactly, and the scopes that give a role', () => {
    expect(resourceMetadata(settings)).toEqual({
      resource: `${publicUrl}/mcp`,
      authorization_servers: ['https://id.example.com/tenant/'],
      scopes_supported: ['qualys.read', 'qualys.run'],
      bearer_methods_supported: ['header'],
      resource_name: 'qualys-mcp',
    })
  })

  test('names no scopes where roles come from groups', () => {
    expect(resourceMetadata({ ...settings, oidcRoles: roleRules.slice(2) })).not.toHaveProperty(
      'scopes_supported',
    )
  })

  test('is not there without an issuer or a public address', () => {
    expect(resourceMetadata({ ...settings, oidcIssuer: undefined })).toBeUndefined()
    expect(resourceMetadata({ ...settings, publicUrl: undefined })).toBeUndefined()
  })
})
