import { describe, expect } from 'vitest'
import { tokenOf } from '../../support/service/callers.ts'
import { type ServiceFixtures, serviceTestOn } from '../../support/service/fixture.ts'
import { linkIn, readable } from '../../support/service-page/browser.ts'
import { clientId, logInAtIssuer, openLoginProvider } from '../../support/service-page/login-provider.ts'
import {
  askAs,
  at,
  browserFor,
  callOf,
  decide,
  pageOrigin,
  pageSettings,
  people,
} from '../../support/service-page/page.ts'

// Login at a certified OpenID provider: the code flow with PKCE, state and nonce, over HTTP.

const test = serviceTestOn()
const cookieName = '__Host-qualys'
const home = new URL(at('/'))

describe('where the issuer is the only login', () => {
  test('a link leads there at once, and back to the request', async ({ serve }) => {
    const provider = await openLoginProvider({
      people: { eve: { groups: ['approvers'] }, ada: { groups: ['askers'] } },
    })
    const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
    const browser = browserFor(service)
    const asked = await browser.open(at('/approve/ABCD-EFGH'), { from: 'https://chat.example' })
    const [, authorize = ''] = asked.trail
    const { origin, searchParams } = new URL(authorize)
    expect(origin).toBe(provider.issuer)
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: `${pageOrigin}/login/done`,
      // What gives roles, as far as the issuer lists it.
      scope: 'openid groups qualys.approve',
      resource: 'https://mcp.example.com/mcp',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    // Where the login leads back to does not travel.
    expect(decodeURIComponent(authorize)).not.toContain('ABCD')
    const shown = await logInAtIssuer(browser, asked, 'eve')
    expect(shown.url.href).toBe(at('/approve/ABCD-EFGH'))
    expect(readable(await browser.open(at('/waiting')))).toContain('You are logged in as eve.')
    expect(provider.asked).toEqual([
      expect.objectContaining({
        grant_type: 'authorization_code',
        redirect_uri: `${pageOrigin}/login/done`,
        code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      }),
    ])
  })

  test('a logout says that the issuer may still know the person', async ({ serve }) => {
    const provider = await openLoginProvider()
    const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
    const browser = browserFor(service)
    await logInAtIssuer(browser, await browser.open(at('/waiting')), 'eve')
    const out = await browser.submit(await browser.open(at('/logout')), {}, /^\/logout$/)
    expect(readable(out)).toContain('perhaps still logged in at the issuer')
    expect(browser.jar.value(home, cookieName)).toBeUndefined()
    // It asks nothing but consent, since the issuer knows the person.
    const again = await logInAtIssuer(browser, await browser.open(linkIn(out, /Log in/)), 'nobody else')
    expect(readable(again)).toContain('You are logged in as eve.')
  })
})

test('beside a callers file the page offers both', async ({ serve, effects }) => {
  const provider = await openLoginProvider()
  const service = await serve({ callers: people, settings: { ...pageSettings, ...provider.settings } })
  const code = await askAs(service, 'ada')
  const browser = browserFor(service)
  const both = await browser.open(at(`/approve/${code}`))
  const atIssuer = await browser.open(linkIn(both, /^Log in at 127\.0\.0\.1:\d+$/))
  const shown = await logInAtIssuer(browser, atIssuer, 'eve')
  expect(shown.url.href).toBe(at(`/approve/${code}`))
  expect((await decide(browser, code, 'approve')).status).toBe(200)
  expect(callOf(service, code).approval).toMatchObject({ by: 'login', person: 'eve' })
  const run = await service.client('ada').call('car_clone_script', { scriptId: 61179, title: 'A copy' })
  expect([run.isError, await effects()]).toEqual([false, ['POST /sm/v1/scripts/61179/clone']])
  const other = browserFor(service)
  const byToken = await other.submit(await other.open(at(`/approve/${code}`)), { token: tokenOf('root') })
  expect(readable(byToken)).toContain('You are logged in as Root.')
})

describe('the client', () => {
  test.for<readonly [string, Parameters<typeof openLoginProvider>[0]]>([
    ['with a secret, sent as the standard says', { authMethod: 'client_secret_basic' }],
    [
      'with a secret, in the form where the issuer takes that alone',
      {
        authMethod: 'client_secret_post',
        change: {
          '/.well-known/openid-configuration': (answer) => ({
            ...answer,
            token_endpoint_auth_methods_supported: ['client_secret_post', 'none'],
          }),
        },
      },
    ],
    ['without one', { hasSecret: false }],
  ])('%s', async ([, options], { serve }) => {
    const provider = await openLoginProvider(options)
    const service = await serve({ callers: {}, settings: { ...pageSettings, ...provider.settings } })
    const browser = browserFor(service)
    const shown = await logInAtIssuer(browser, await browser.open(at('/waiting')), 'eve')
    expect(readable(shown)).toContain('You are logged in as eve.')
  })
})

describe('roles come', () => {
  const rolesOf = async (
    claims: object,
    serve: ServiceFixtures['serve'],
    options: Parameters<typeof openLoginProvider>[0] = {},
  ): Promise<string> => {
    const provider = await openLoginProvider({ people: { eve: { ...claims } }, ...options })
    const service = await serve({ callers: people, settings: { ...pageSettings, ...provider.settings } })
    const code = await askAs(service, 'ada')
    const browser = browserFor(service)
    const both = await browser.open(at(`/approve/${code}`))
    return readable(await logInAtIssuer(browser, await browser.open(linkIn(both, /^Log in at/)), 'eve'))
  }

  test('from the ID token by the same rules as for access tokens', async ({ serve }) => {
    expect(await rolesOf({ groups: ['readers', 'approvers'] }, serve)).toContain('car_clone_script')
  })

  test('from the ID token alone where it gives one: the access token adds none', async ({ serve }) => {
    // The scope would make an approver of a reader.
    expect(await rolesOf({ groups: ['readers'] }, serve)).toContain('There is no such request')
  })

  test('from the access token where the ID token gives none', async ({ serve }) => {
    expect(await rolesOf({}, serve)).toContain('car_clone_script')
  })

  test('from nowhere else: whoever has none is told so', async ({ serve }) => {
    const shown = await rolesOf({ groups: ['others'] }, serve, { scope: 'other' })
    expect(shown).toContain('You have no role here')
    expect(shown).not.toContain('car_clone_script')
  })
})
