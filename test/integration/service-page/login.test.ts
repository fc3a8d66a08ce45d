import { describe, expect } from 'vitest'
import { tokenOf } from '../../support/service/callers.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'
import { formIn, linkIn, readable } from '../../support/service-page/browser.ts'
import {
  askAs,
  at,
  browserFor,
  browserOf,
  callOf,
  decide,
  logIn,
  pageSettings,
  people,
} from '../../support/service-page/page.ts'

// Login with the token of a caller.

const test = serviceTestOn()
const page = { callers: people, settings: pageSettings }

test('a link leads to the login, and the login to the request', async ({ serve }) => {
  const service = await serve(page)
  const code = await askAs(service, 'ada')
  const browser = browserFor(service)
  const asked = await browser.open(at(`/approve/${code}`), { from: 'https://chat.example' })
  expect([asked.status, readable(asked)]).toEqual([200, expect.stringContaining('Log in')])
  // Who is not logged in learns nothing, not even whether there is such a request.
  expect(asked.text).not.toMatch(new RegExp(`${code}|clone|61179`, 'i'))
  const shown = await browser.submit(asked, { token: tokenOf('eve') })
  expect(shown.url.href).toBe(at(`/approve/${code}`))
  expect(readable(shown)).toContain('car_clone_script')
  expect(readable(shown)).toContain('You are logged in as Eve.')
  const done = await decide(browser, code, 'approve')
  expect([done.status, callOf(service, code)]).toMatchObject([
    200,
    { state: 'approved', approval: { way: 'page', by: 'login', person: 'Eve' } },
  ])
})

test('two requests in two tabs each come back to their own', async ({ serve }) => {
  const service = await serve(page)
  const codes = [await askAs(service, 'ada', 'One'), await askAs(service, 'ada', 'Two')]
  const browser = browserFor(service)
  const forms = [
    await browser.open(at(`/approve/${codes[0]}`)),
    await browser.open(at(`/approve/${codes[1]}`)),
  ]
  for (const [index, form] of forms.entries()) {
    const shown = await browser.submit(form, { token: tokenOf('eve') })
    expect([shown.status, shown.url.href]).toEqual([200, at(`/approve/${codes[index]}`)])
  }
})

describe('the form', () => {
  test.for<readonly [string, string, RegExp]>([
    ['an unknown token', 'no-such-token-0123456789-0123456789-0123456789', /belongs to no caller/],
    ['an empty one', '', /belongs to no caller/],
    ['the hash of a token', 'a'.repeat(64), /belongs to no caller/],
    ['a token of a caller that has ended', tokenOf('old'), /has ended/],
    ['one that is far too long', tokenOf('eve').repeat(400), /belongs to no caller/],
  ])('refuses %s, in one sentence, and asks again', async ([, token, sentence], { serve }) => {
    const service = await serve({
      ...page,
      callers: { ...people, old: { role: 'approver', expires: '2020-01-01' } },
    })
    const browser = browserFor(service)
    const form = await browser.open(at('/decisions'))
    const again = await browser.submit(form, { token })
    expect([again.status, readable(again)]).toEqual([403, expect.stringMatching(sentence)])
    if (token !== '') expect(again.text).not.toContain(token.slice(0, 30))
    expect(browser.jar.value(again.url, '__Host-qualys')).toBeUndefined()
    // The way back is not lost.
    const shown = await browser.submit(again, { token: tokenOf('eve') })
    expect(shown.url.href).toBe(at('/decisions'))
  })

  test('takes a token with blanks around it, as it is pasted', async ({ serve }) => {
    const browser = browserFor(await serve(page))
    const shown = await browser.submit(await browser.open(at('/waiting')), { token: ` ${tokenOf('eve')}\n` })
    expect(readable(shown)).toContain('You are logged in as Eve.')
  })

  test('keeps tokens out of addresses: one in a query logs nobody in', async ({ serve }) => {
    const service = await serve(page)
    const browser = browserFor(service)
    for (const path of ['/login', '/waiting', '/login/done', '/login/issuer']) {
      const shown = await browser.open(at(`${path}?token=${tokenOf('eve')}`))
      expect(readable(shown)).not.toContain('logged in as')
      expect(shown.text).not.toContain(tokenOf('eve'))
    }
    expect(browser.jar.value(new URL(at('/')), '__Host-qualys')).toBeUndefined()
    expect(formIn(await browser.open(at('/login'))).url.href).toBe(at('/login'))
  })
})

test('the login itself leads to what waits, for who is logged in already as well', async ({ serve }) => {
  const service = await serve(page)
  const browser = await browserOf(service, 'eve')
  const form = await browser.open(at('/login'))
  const shown = await browser.submit(form, { token: tokenOf('root') }, /^\/login$/)
  expect([shown.url.href, readable(shown)]).toEqual([
    at('/waiting'),
    expect.stringContaining('You are logged in as Root.'),
  ])
})

test('no token, cookie, code or query is logged; persons are', async ({ serve }) => {
  const service = await serve(page)
  const code = await askAs(service, 'ada')
  const browser = browserFor(service)
  const asked = await browser.open(at(`/approve/${code}?secret=of-the-query`))
  await browser.submit(asked, { token: 'wrong-token-0123456789-0123456789-012345' })
  await logIn(browser, 'eve', `/approve/${code}`)
  const cookie = browser.jar.value(asked.url, '__Host-qualys') ?? ''
  expect(cookie).toMatch(/^[\w-]{43}$/)
  await decide(browser, code, 'decline')
  await browser.submit(await browser.open(at('/logout')), {}, /^\/logout$/)
  const log = service.log.join('\n')
  for (const secret of [
    cookie,
    tokenOf('eve'),
    'wrong-token',
    'of-the-query',
    code,
    formIn(asked).fields['login'],
  ])
    expect(log).not.toContain(secret)
  const lines = service.lines()
  expect(lines).toContainEqual(
    expect.objectContaining({
      msg: 'a person logged in to the page',
      person: 'Eve',
      knownBy: 'callers file',
    }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'a login to the page did not succeed', reason: 'token' }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'a person logged out of the page', person: 'Eve' }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({
      msg: 'request ended',
      route: 'page',
      httpMethod: 'POST',
      person: 'Eve',
      status: 200,
    }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ tool: 'car_clone_script', decision: 'decline', person: 'Eve' }),
  )
})

test('requests to the page are counted as such, and wrong tokens as refusals', async ({ serve }) => {
  const service = await serve(page)
  const browser = browserFor(service)
  await browser.submit(await browser.open(at('/waiting')), { token: 'wrong' })
  const metrics = await service.metrics()
  for (const line of [
    'qualys_mcp_http_requests_total{route="page",status="2xx"} 1',
    'qualys_mcp_http_requests_total{route="page",status="4xx"} 1',
    'qualys_mcp_http_refusals_total{reason="caller"} 1',
  ])
    expect(metrics).toContain(line)
})

test('the pages to log in keep to the rules of the page, and load nothing from elsewhere', async ({
  serve,
}) => {
  const service = await serve(page)
  const browser = browserFor(service)
  const first = await browser.open(at('/waiting'))
  const refused = await browser.submit(first, { token: 'wrong' })
  await logIn(browser, 'eve')
  const pages = [first, refused, await browser.open(at('/logout'))]
  for (const { headers, text } of pages) {
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("form-action 'self'; frame-ancestors 'none'"),
    })
    expect(text).not.toMatch(/<script|\son\w+=|style=|(?:src|href|action)="(?!\/|#|data:image)/)
  }
  const style = await browser.open(at('/page.css'), {
    headers: { 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'same-origin' },
  })
  expect([style.status, style.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8'])
})

test('a service without a login for people says so', async ({ serve }) => {
  const issuer = {
    QUALYS_OIDC_ISSUER: 'https://id.example.com',
    QUALYS_OIDC_AUDIENCE: 'qualys-mcp',
    QUALYS_OIDC_ROLES: '{"groups:approvers":"approver"}',
  }
  const service = await serve({ callers: {}, settings: { ...pageSettings, ...issuer } })
  const browser = browserFor(service)
  for (const path of ['/waiting', '/login', '/login/issuer']) {
    const shown = await browser.open(at(path))
    expect([shown.status, readable(shown)]).toEqual([503, expect.stringContaining('QUALYS_OIDC_CLIENT_ID')])
  }
  expect(service.lines()).toContainEqual(
    expect.objectContaining({ level: 'warn', msg: expect.stringContaining('no effect can be approved') }),
  )
})

test('without QUALYS_PUBLIC_URL there is no page', async ({ serve }) => {
  const service = await serve({
    callers: people,
    settings: { QUALYS_MODE: 'confirm', QUALYS_APPROVE_BY: undefined },
  })
  const { client } = service
  for (const path of ['/waiting', '/login', '/approve/ABCD-EFGH', '/page.css']) {
    const { status } = await client('ada').post('', { path, method: 'GET' })
    expect(status).toBe(404)
  }
  expect(service.lines()).toContainEqual(
    expect.objectContaining({ level: 'warn', msg: expect.stringContaining('QUALYS_PUBLIC_URL') }),
  )
})

test('a session is no caller of /mcp, and a token in a header is no login', async ({ serve }) => {
  const service = await serve(page)
  const browser = await browserOf(service, 'eve')
  const cookie = `__Host-qualys=${browser.jar.value(new URL(at('/')), '__Host-qualys')}`
  const refused = await service
    .client('ada')
    .request('tools/list', {}, { headers: { authorization: undefined, cookie } })
  expect(refused.status).toBe(401)
  const stranger = browserFor(service)
  const shown = await stranger.open(at('/waiting'), {
    headers: { authorization: `Bearer ${tokenOf('eve')}` },
  })
  expect(readable(shown)).not.toContain('logged in as')
  expect(() => linkIn(shown, /Decisions/)).toThrow()
})
