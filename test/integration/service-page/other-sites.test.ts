import { describe, expect } from 'vitest'
import { tokenOf } from '../../support/service/callers.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'
import { formIn, readable } from '../../support/service-page/browser.ts'
import {
  askAs,
  at,
  browserFor,
  browserOf,
  callOf,
  logIn,
  pageOrigin,
  pageSettings,
  people,
} from '../../support/service-page/page.ts'

// What pages of other sites can do with the browser of somebody who is logged in: lead here, and nothing else.

const test = serviceTestOn()
const page = { callers: people, settings: pageSettings }
const evil = 'https://evil.example'
const cookieName = '__Host-qualys'
const home = new URL(at('/'))

/** Headers of posts that no page of ours sends. */
const foreign: readonly (readonly [string, Readonly<Record<string, string | undefined>>])[] = [
  ['of another site', { origin: evil, 'sec-fetch-site': 'cross-site' }],
  ['of another site in an old browser', { origin: evil, 'sec-fetch-site': undefined }],
  ['of a page without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['without an origin', { origin: undefined }],
  [
    'without any of these headers',
    { origin: undefined, 'sec-fetch-site': undefined, 'sec-fetch-mode': undefined },
  ],
  ['of another subdomain', { origin: 'https://evil.example.com', 'sec-fetch-site': 'same-site' }],
  ['of the same host without TLS', { origin: 'http://mcp.example.com', 'sec-fetch-site': 'cross-site' }],
  ['of the same host on another port', { origin: `${pageOrigin}:8443`, 'sec-fetch-site': 'same-site' }],
  ['of an origin that begins like ours', { origin: `${pageOrigin}.evil.example` }],
  ['that says it is ours, and comes from elsewhere', { 'sec-fetch-site': 'cross-site' }],
]

describe('a post', () => {
  test.for(foreign)('%s logs nobody in, out, and decides nothing', async ([, headers], { serve }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    const browser = await browserOf(service, 'eve')
    const cookie = browser.jar.value(home, cookieName)
    const form = formIn(await browser.open(at(`/approve/${code}`)), /^\/approve\//)
    // With the cookie, as if SameSite did not hold.
    const withCookie = { ...headers, cookie: `${cookieName}=${cookie}` }
    const answers = [
      await browser.post(form.url, { ...form.fields, decision: 'approve' }, { headers: withCookie }),
      await browser.post(at('/logout'), {}, { headers: withCookie }),
      await browser.post(at('/login'), { token: tokenOf('root') }, { headers: withCookie }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
    expect(callOf(service, code).state).toBe('pending')
    expect(browser.jar.value(home, cookieName)).toBe(cookie)
    expect(readable(await browser.open(at('/waiting')))).toContain('You are logged in as Eve.')
    expect(await service.metrics()).toContain('qualys_mcp_http_refusals_total{reason="origin"} 3')
  })

  test('of our own origin needs the form of this session, too', async ({ serve }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    const [eve, root] = [await browserOf(service, 'eve'), await browserOf(service, 'root')]
    const address = at(`/approve/${code}`)
    const ofRoot = formIn(await root.open(address), /^\/approve\//).fields
    for (const fields of [{}, { token: 'x' }, ofRoot])
      expect((await eve.post(address, { ...fields, decision: 'approve' })).status).toBe(403)
    expect(callOf(service, code).state).toBe('pending')
  })
})

describe('a page of another site', () => {
  test('leads to a request by a link, for who is logged in at once', async ({ serve }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    const browser = await browserOf(service, 'eve')
    const shown = await browser.open(at(`/approve/${code}`), { from: evil })
    expect([shown.status, readable(shown)]).toEqual([
      200,
      expect.stringContaining('You are logged in as Eve.'),
    ])
    expect(callOf(service, code).state).toBe('pending')
  })

  test.for<readonly [string, Readonly<Record<string, string>>]>([
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a script', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['an embedded object', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'object' }],
    ['a request of a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', origin: evil }],
  ])('gets no page as %s', async ([, headers], { serve }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    const browser = await browserOf(service, 'eve')
    for (const path of [`/approve/${code}`, '/waiting', '/login', '/logout', '/login/done', '/page.css']) {
      const shown = await browser.open(at(path), { from: evil, headers })
      expect([path, shown.status]).toEqual([path, 403])
      expect(shown.headers).not.toHaveProperty('access-control-allow-origin')
      expect(shown.text).not.toMatch(/clone/i)
    }
    expect(readable(await browser.open(at('/waiting')))).toContain('You are logged in as Eve.')
  })

  test('gets none either where QUALYS_HTTP_ORIGINS lets it call /mcp', async ({ serve }) => {
    const service = await serve({ ...page, settings: { ...pageSettings, QUALYS_HTTP_ORIGINS: evil } })
    const browser = await browserOf(service, 'eve')
    const headers = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', origin: evil }
    const read = await browser.open(at('/waiting'), { from: evil, headers })
    const posted = await browser.post(
      at('/logout'),
      {},
      { headers: { ...headers, 'sec-fetch-site': 'cross-site' } },
    )
    expect([read.status, posted.status]).toEqual([403, 403])
    for (const shown of [read, posted])
      expect(shown.headers).not.toHaveProperty('access-control-allow-origin')
    expect(readable(await browser.open(at('/waiting')))).toContain('You are logged in as Eve.')
  })
})

describe('the name in a request', () => {
  test.for([
    'localhost',
    '127.0.0.1',
    'evil.example',
    'mcp.example.com.evil.example',
    'mcp.example.com:8443',
    'mcp.example.com.',
    'mcp.example.com, evil.example',
    '',
  ])('must be that of the page: %s', async (host, { serve }) => {
    const service = await serve({ ...page, settings: { ...pageSettings, QUALYS_HTTP_HOSTS: 'evil.example' } })
    const browser = await browserOf(service, 'eve')
    for (const path of ['/waiting', '/login', '/page.css'])
      expect((await browser.open(at(path), { headers: { host } })).status).toBe(403)
    expect((await browser.open(at('/waiting'), { headers: { host: 'MCP.example.com:443' } })).status).toBe(
      200,
    )
    // Nor does the page follow a proxy's word.
    const headers = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    const { trail } = await browser.submit(await browser.open(at('/login'), { headers }), {
      token: tokenOf('eve'),
    })
    expect(trail).toEqual([at('/login'), at('/waiting')])
  })
})

describe('a login leads', () => {
  test.for([
    '/approve/ABCD-EFGH?next=https://evil.example',
    '/login?to=https://evil.example&back=//evil.example&login=https://evil.example',
    '/approve/..%2f..%2f%2fevil.example',
    '/approve/https:evil.example',
    '/approve/\\evil.example',
    '/approve//evil.example',
    '/approve/%0d%0aset-cookie:x=y',
    '/approve/ABCD-EFGH/../../../evil.example',
    '/passkeys/https://evil.example',
  ])('to no other site, whatever was asked for: %s', async (path, { serve }) => {
    const service = await serve(page)
    const browser = browserFor(service)
    const form = await browser.open(at(path))
    // An address that is no page has nothing to log in for.
    if (form.status === 404) return expect(form.text).not.toContain('<form')
    const shown = await browser.submit(form, { token: tokenOf('eve') })
    expect(new Set(shown.trail.map((address) => new URL(address).origin))).toEqual(new Set([pageOrigin]))
    expect(shown.url.href).toMatch(/^https:\/\/mcp\.example\.com\/(?:waiting|approve\/ABCD-EFGH)$/)
  })

  test('not by a field that somebody adds to the form', async ({ serve }) => {
    const service = await serve(page)
    const browser = browserFor(service)
    const form = await browser.open(at('/decisions'))
    const fields = { token: tokenOf('eve'), back: evil, to: evil, next: evil, url: '//evil.example' }
    expect((await browser.submit(form, fields)).url.href).toBe(at('/decisions'))
    const other = browserFor(service)
    const shown = await other.submit(await other.open(at('/decisions')), {
      token: tokenOf('eve'),
      login: evil,
    })
    expect(shown.url.href).toBe(at('/waiting'))
  })

  test('back to where this browser wanted to go, and never where another one did', async ({ serve }) => {
    const service = await serve(page)
    const theirs = formIn(await browserFor(service).open(at('/passkeys'))).fields
    const browser = browserFor(service)
    await browser.open(at('/decisions'))
    const shown = await browser.post(at('/login'), { ...theirs, token: tokenOf('eve') })
    expect(shown.url.href).toBe(at('/waiting'))
  })
})

describe('what is not answered', () => {
  test('other methods', async ({ serve }) => {
    const service = await serve(page)
    const browser = await browserOf(service, 'eve')
    const cookie = `${cookieName}=${browser.jar.value(home, cookieName)}`
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
      const { status } = await service
        .client('ada')
        .post('', { path: '/waiting', method, headers: { host: 'mcp.example.com', cookie } })
      expect([method, status]).toEqual([method, 405])
    }
    for (const path of ['/login/done', '/login/issuer'])
      expect((await browser.post(at(path), { state: 'x' })).status).toBe(405)
  })

  test('bodies of more than 64 KiB, and of other types', async ({ serve }) => {
    const service = await serve(page)
    const browser = browserFor(service)
    const large = await browser.post(at('/login'), { token: 'x'.repeat(65_536) })
    expect(large.status).toBe(413)
    const chunked = await browser.post(
      at('/login'),
      { token: 'x'.repeat(65_536) },
      { headers: { 'transfer-encoding': 'chunked' } },
    )
    expect(chunked.status).toBe(413)
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/json', undefined]) {
      const other = await browser.post(
        at('/login'),
        { token: tokenOf('eve') },
        { headers: { 'content-type': type } },
      )
      expect([type, other.status]).toEqual([type, 415])
    }
    expect(browser.jar.value(home, cookieName)).toBeUndefined()
    await logIn(browser, 'eve')
    expect(browser.jar.value(home, cookieName)).toBeDefined()
  })

  test('an address without a session after hundreds of requests; who is logged in goes on', async ({
    serve,
  }) => {
    const service = await serve(page)
    const known = await browserOf(service, 'eve')
    const stranger = browserFor(service)
    const statuses = await Promise.all(
      Array.from({ length: 120 }, async () => (await stranger.open(at('/login'))).status),
    )
    expect(statuses).toContain(429)
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(40)
    expect((await known.open(at('/waiting'))).status).toBe(200)
  })
})
