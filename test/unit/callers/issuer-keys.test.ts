import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MemoryIssuer } from '../../support/callers/memory-issuer.ts'
import { type SigningKey, signingKey } from '../../support/callers/tokens.ts'

// When the keys of an issuer are fetched, and what happens while it is away.

const [second, minute, hour] = [1_000, 60_000, 3_600_000]

let [old, young, other]: SigningKey[] = []
beforeAll(async () => {
  ;[old, young, other] = await Promise.all(['old', 'young', 'other'].map((kid) => signingKey(kid)))
})
const key = (one: SigningKey | undefined): SigningKey => {
  if (one === undefined) throw new Error('no key')
  return one
}

let id: MemoryIssuer
beforeEach(() => {
  id = new MemoryIssuer([key(old)])
})
const refusalBy = async (one: SigningKey | undefined): Promise<string | undefined> =>
  id.refusal(await id.token(key(one)))
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('keys', () => {
  test('are fetched with the first token, once for all that come together', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => id.token(key(old))))
    expect(await Promise.all(tokens.map((token) => id.refusal(token)))).toEqual(Array(20).fill(undefined))
    expect(id.fetched).toEqual([
      'https://id.example.com/.well-known/openid-configuration',
      'https://id.example.com/keys',
    ])
  })

  test('are fetched again in the background when they are older than ten minutes', async () => {
    await refusalBy(old)
    id.now += 10 * minute
    await refusalBy(old)
    await settled()
    expect(id.fetches).toBe(1)
    id.keys = [key(young)]
    id.now += 1
    // The old key serves while the new ones are fetched, and no longer.
    expect(await refusalBy(old)).toBeUndefined()
    await expect.poll(() => id.fetches).toBe(2)
    await settled()
    expect(await refusalBy(young)).toBeUndefined()
    expect(await refusalBy(old)).toBe('signature')
  })

  test('are fetched at once for a key that is not known', async () => {
    await refusalBy(old)
    id.keys = [key(old), key(young)]
    expect(await refusalBy(young)).toBeUndefined()
    expect(await refusalBy(old)).toBeUndefined()
    expect(id.fetches).toBe(2)
  })

  test('are searched at most once in 30 seconds, however many tokens name unknown ones', async () => {
    await refusalBy(old)
    for (let at = 0; at < 30; at++) {
      expect(await refusalBy(other)).toBe('signature')
      id.now += second
    }
    expect(id.fetches).toBe(2)
    await refusalBy(other)
    expect(id.fetches).toBe(3)
  })

  test('may be of one algorithm and without a name in the token: each is tried', async () => {
    id.keys = [key(other), key(old), key(young)]
    const nameless = { kid: undefined }
    expect(await id.refusal(await id.token(key(young), {}, nameless))).toBeUndefined()
    id.keys = [key(other), key(old)]
    id.now += hour
    await id.refusal(await id.token(key(old), {}, nameless))
    await expect.poll(() => id.fetches).toBe(2)
    await settled()
    expect(await id.refusal(await id.token(key(young), {}, nameless))).toBe('signature')
  })
})

describe('while the issuer is away', () => {
  test('known keys go on for 24 hours after they were fetched', async () => {
    await refusalBy(old)
    id.away()
    id.now += 24 * hour
    expect(await refusalBy(old)).toBeUndefined()
    expect(id.issuer.fault()).toBeUndefined()
    id.now += 1
    expect(await refusalBy(old)).toBe('issuer away')
    expect(id.issuer.fault()).toMatch(/^The keys of the issuer https:\/\/id\.example\.com cannot be read: /)
    id.back()
    id.now += 5 * second
    expect(await refusalBy(old)).toBeUndefined()
    expect(id.issuer.fault()).toBeUndefined()
  })

  test('a token with an unknown key may be good, so it is told that the issuer is away', async () => {
    await refusalBy(old)
    id.away()
    expect(await refusalBy(young)).toBe('issuer away')
    expect(await refusalBy(old)).toBeUndefined()
    id.keys = [key(young)]
    id.back()
    expect(await refusalBy(young)).toBe('issuer away')
    id.now += 30 * second
    expect(await refusalBy(young)).toBeUndefined()
  })

  test('before any key is known, it is asked again after five seconds', async () => {
    id.away()
    expect(await refusalBy(old)).toBe('issuer away')
    const asked = id.fetched.length
    id.back()
    id.now += 4_999
    expect(await refusalBy(old)).toBe('issuer away')
    expect(id.fetched).toHaveLength(asked)
    id.now += 1
    expect(await refusalBy(old)).toBeUndefined()
  })

  test('it is asked in the background every 30 seconds at most', async () => {
    await refusalBy(old)
    id.away()
    id.now += 11 * minute
    const asked = id.fetched.length
    for (let at = 0; at < 60; at++) {
      expect(await refusalBy(old)).toBeUndefined()
      await settled()
      id.now += second
    }
    // Two attempts, each at two addresses.
    expect(id.fetched.length - asked).toBe(4)
  })
})

describe('the description of an issuer', () => {
  const openid = (name: string) => `${name}/.well-known/openid-configuration`
  const fetchedBy = async (issuer: MemoryIssuer): Promise<readonly string[]> => {
    expect(await issuer.refusal(await issuer.token(key(old)))).toBeUndefined()
    return issuer.fetched
  }

  test('is below its path, and one slash at the end is not doubled', async () => {
    const names = [
      'https://id.example.com/tenant',
      'https://id.example.com/tenant/',
      'https://id.example.com/',
    ]
    for (const name of names) {
      const [first] = await fetchedBy(new MemoryIssuer([key(old)], name))
      expect(first).toBe(openid(name.replace(/\/$/, '')))
    }
  })

  test.each<[string, unknown]>([
    ['is not there', new Error('404')],
    ['names another issuer', { issuer: 'https://id.example.com', jwks_uri: 'https://id.example.com/other' }],
    ['is no object', 'welcome'],
    ['has no address of keys', { issuer: 'https://id.example.com/tenant' }],
  ])('is looked for as RFC 8414 says where that of OpenID %s', async (_what, answer) => {
    const name = 'https://id.example.com/tenant'
    const issuer = new MemoryIssuer([key(old)], name)
    const rfc8414 = 'https://id.example.com/.well-known/oauth-authorization-server/tenant'
    issuer.documents.set(openid(name), answer)
    issuer.documents.set(rfc8414, { issuer: name, jwks_uri: `${name}/keys` })
    expect(await fetchedBy(issuer)).toEqual([openid(name), rfc8414, `${name}/keys`])
  })

  test.each([
    'http://id.example.com/keys',
    'http://localhost.example.com/keys',
    'file:///etc/keys',
    '/keys',
    7,
  ])('may not send the program to %j for the keys', async (address) => {
    id.documents.set(openid(id.name), { issuer: id.name, jwks_uri: address })
    expect(await refusalBy(old)).toBe('issuer away')
    expect(id.fetched).not.toContain(address)
    expect(id.issuer.fault()).toContain('its jwks_uri is no https:// address')
  })

  test('must name the issuer exactly', async () => {
    id.documents.set(openid(id.name), { issuer: `${id.name}/`, jwks_uri: `${id.name}/keys` })
    expect(await refusalBy(old)).toBe('issuer away')
    expect(id.issuer.fault()).toContain('it names another issuer, and the name must be exactly the same')
  })

  test.each([{ keys: 'none' }, { keys: [7] }, [], null])(
    'is of no use with keys such as %j',
    async (keys) => {
      id.documents.set(`${id.name}/keys`, keys)
      expect(await refusalBy(old)).toBe('issuer away')
    },
  )

  test('may say that there are no keys any more', async () => {
    await refusalBy(old)
    id.keys = []
    id.now += 11 * minute
    await refusalBy(old)
    await expect.poll(() => id.fetches).toBe(2)
    await settled()
    expect(await refusalBy(old)).toBe('signature')
  })
})
