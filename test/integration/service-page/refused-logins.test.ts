import { decodeJwt } from 'jose'
import { describe, expect } from 'vitest'
import { serviceTestOn } from '../../support/service/fixture.ts'
import { readable } from '../../support/service-page/browser.ts'
import { lastStep, logInAtIssuer, openLoginProvider } from '../../support/service-page/login-provider.ts'
import { at, browserFor, pageSettings } from '../../support/service-page/page.ts'

// Logins at an issuer that must come to nothing: forged, replayed, of another browser, or with an issuer that does wrong.

const test = serviceTestOn()
const cookieName = '__Host-qualys'
const home = new URL(at('/'))

function declined(query: URLSearchParams): void {
  query.delete('code')
  query.set('error', 'access_denied')
  query.set('error_description', '<script>hostile</script>')
}

function odd(query: URLSearchParams): void {
  query.delete('code')
  query.set('error', '<b>hostile</b>')
}

function busy(query: URLSearchParams): void {
  query.delete('code')
  query.set('error', 'temporarily_unavailable')
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/** The ID token with other claims, and the signature that it had. */
function forged(token: unknown, claims: object): string {
  const [head, , signature] = String(token).split('.')
  return [head, encoded({ ...decodeJwt(String(token)), ...claims }), signature].join('.')
}

const unsigned = (token: unknown): string =>
  `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(decodeJwt(String(token)))}.`

describe('a login is refused', () => {
  test('without the cookie of the browser that began it', async ({ serve }) => {
    const provider = await openLoginProvider()
    const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
    // The attacker stops before the last step, and sends the victim there.
    const last = await lastStep(browserFor(service), at('/waiting'))
    const victim = browserFor(service)
    const shown = await victim.open(last, { from: 'https://evil.example' })
    expect([shown.status, readable(shown)]).toEqual([400, expect.stringContaining('This login is over')])
    expect(victim.jar.value(home, cookieName)).toBeUndefined()
    // Nor with a cookie of a login of their own.
    const other = browserFor(service)
    await other.open(at('/waiting'), { follow: false })
    expect((await other.open(last)).status).toBe(400)
    expect(provider.asked).toEqual([])
  })

  test('the second time', async ({ serve }) => {
    const provider = await openLoginProvider()
    const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
    const browser = browserFor(service)
    const last = await lastStep(browser, at('/waiting'))
    expect((await browser.open(last)).status).toBe(200)
    const again = await browser.open(last)
    expect(again.status).toBe(400)
    expect(provider.asked).toHaveLength(1)
  })

  test.for<readonly [string, (query: URLSearchParams) => void, number, RegExp]>([
    ['with another state', (query) => query.set('state', 'A'.repeat(43)), 400, /This login is over/],
    ['without a state', (query) => query.delete('state'), 400, /This login is over/],
    [
      'with two states',
      (query) => query.append('state', 'x'),
      403,
      /did not log you in as this service expects/,
    ],
    [
      'with a made up code',
      (query) => query.set('code', 'made-up'),
      403,
      /did not log you in as this service/,
    ],
    ['without a code', (query) => query.delete('code'), 403, /did not log you in as this service expects/],
    [
      'of another issuer',
      (query) => query.set('iss', 'https://evil.example'),
      403,
      /did not log you in as this/,
    ],
    ['that was declined', declined, 403, /declined or broken off at the issuer/],
    ['with an error that is no word', odd, 403, /did not log you in as this service expects/],
    ['while the issuer is busy', busy, 503, /cannot be asked at present/],
  ])('%s', async ([, change, status, sentence], { serve }) => {
    const provider = await openLoginProvider()
    const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
    const browser = browserFor(service)
    const last = await lastStep(browser, at('/waiting'))
    change(last.searchParams)
    const shown = await browser.open(last)
    expect([shown.status, readable(shown)]).toEqual([status, expect.stringMatching(sentence)])
    // Nothing that the address says is shown or logged.
    for (const text of [shown.text, service.log.join('\n')]) expect(text).not.toMatch(/made-up|evil|hostile/)
    expect(browser.jar.value(home, cookieName)).toBeUndefined()
  })

  const badAnswers: readonly (readonly [
    string,
    (answer: Readonly<Record<string, unknown>>) => object,
    RegExp,
  ])[] = [
    ['without an ID token', ({ id_token: _, ...rest }) => rest, /did not log you in/],
    [
      'with an ID token of another login',
      ({ id_token, ...rest }) => ({ ...rest, id_token: forged(id_token, { nonce: 'x' }) }),
      /did not log you in/,
    ],
    [
      'with an ID token of another person',
      ({ id_token, ...rest }) => ({ ...rest, id_token: forged(id_token, { sub: 'root' }) }),
      /did not log you in/,
    ],
    [
      'with an ID token that nobody signed',
      ({ id_token, ...rest }) => ({ ...rest, id_token: unsigned(id_token) }),
      /did not log you in/,
    ],
    [
      'that is an error with a text of its own',
      () => ({ error: 'hostile_error', error_description: '<b>hostile</b>' }),
      /did not log you in/,
    ],
  ]

  test.for(badAnswers)('by an answer %s', async ([, change, sentence], { serve }) => {
    const provider = await openLoginProvider({ change: { '/token': (answer) => ({ ...change(answer) }) } })
    const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
    const browser = browserFor(service)
    const shown = await logInAtIssuer(browser, await browser.open(at('/waiting')), 'eve')
    expect([shown.status, readable(shown)]).toEqual([403, expect.stringMatching(sentence)])
    expect(shown.text).not.toContain('hostile')
    expect(browser.jar.value(home, cookieName)).toBeUndefined()
  })
})

test('an ID token that is signed otherwise than QUALYS_OIDC_ALGORITHMS says logs nobody in', async ({
  serve,
}) => {
  const provider = await openLoginProvider()
  const settings = { ...pageSettings, ...provider.settings, QUALYS_OIDC_ALGORITHMS: 'ES256' }
  const browser = browserFor(await serve({ callers: {}, settings }))
  const shown = await logInAtIssuer(browser, await browser.open(at('/waiting')), 'eve')
  expect([shown.status, readable(shown)]).toEqual([403, expect.stringContaining('did not log you in')])
  expect(browser.jar.value(home, cookieName)).toBeUndefined()
})

test('an issuer that is away, or describes another one, is told in one sentence', async ({ serve }) => {
  const provider = await openLoginProvider()
  const settings = { ...pageSettings, ...provider.settings }
  await provider.close()
  const away = await browserFor(await serve({ callers: {}, settings })).open(at('/waiting'))
  expect([away.status, readable(away)]).toEqual([503, expect.stringContaining('cannot be asked at present')])
  const other = await openLoginProvider({
    change: {
      '/.well-known/openid-configuration': (answer) => ({ ...answer, issuer: 'https://other.example' }),
    },
  })
  const service = await serve({ callers: {}, settings: { ...pageSettings, ...other.settings } })
  const wrong = await browserFor(service).open(at('/waiting'))
  expect([wrong.status, readable(wrong)]).toEqual([403, expect.stringContaining('did not log you in')])
  expect(wrong.text).not.toContain('other.example')
})

test.for(['authorization_endpoint', 'token_endpoint', 'jwks_uri'])(
  'an issuer whose %s is without TLS elsewhere is not asked there',
  async (name, { serve }) => {
    const provider = await openLoginProvider({
      change: {
        '/.well-known/openid-configuration': (answer) => ({ ...answer, [name]: 'http://evil.example/x' }),
      },
    })
    const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
    const browser = browserFor(service)
    const shown = await logInAtIssuer(browser, await browser.open(at('/waiting')), 'eve')
    expect(shown.status).toBeGreaterThanOrEqual(400)
    expect(shown.trail.join()).not.toContain('evil.example')
    expect(browser.jar.value(home, cookieName)).toBeUndefined()
  },
)

test('no code, token, verifier, secret or query of a login is logged', async ({ serve }) => {
  const provider = await openLoginProvider()
  const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
  const browser = browserFor(service)
  const last = await lastStep(browser, at('/waiting'))
  await browser.open(last)
  const log = service.log.join('\n')
  const secrets = [
    ...provider.secrets(),
    ...[...last.searchParams].filter(([name]) => name !== 'iss').map(([, value]) => value),
    provider.settings['QUALYS_OIDC_CLIENT_SECRET'] ?? '?',
    browser.jar.value(home, cookieName) ?? '?',
  ]
  expect(secrets.length).toBeGreaterThan(6)
  for (const secret of secrets) expect(log).not.toContain(secret)
  expect(service.lines()).toContainEqual(
    expect.objectContaining({ msg: 'a person logged in to the page', person: 'eve', knownBy: 'issuer' }),
  )
})
