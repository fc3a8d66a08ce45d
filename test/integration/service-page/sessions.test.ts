import { describe, expect } from 'vitest'
import { testClock } from '../../support/callers/callers-folder.ts'
import { tokenOf } from '../../support/service/callers.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'
import { type Browser, formIn, readable } from '../../support/service-page/browser.ts'
import {
  askAs,
  at,
  browserFor,
  browserOf,
  callOf,
  decide,
  logIn,
  pageOrigin,
  pageSettings,
  people,
} from '../../support/service-page/page.ts'

// How long somebody is logged in, and what ends it.

const test = serviceTestOn()
const page = { callers: people, settings: pageSettings }
const cookieName = '__Host-qualys'
const home = new URL(at('/'))
const hour = 3_600_000

const isLoggedIn = async (browser: Browser): Promise<boolean> =>
  readable(await browser.open(at('/waiting'))).includes('You are logged in as')

describe('the cookie', () => {
  test('is one of this host alone, which scripts and other sites cannot use', async ({ serve }) => {
    const browser = await browserOf(await serve(page), 'eve')
    const attributes = browser.jar.attributes(home, cookieName)
    expect(Object.fromEntries(attributes ?? [])).toEqual({
      path: '/',
      secure: '',
      httponly: '',
      samesite: 'Lax',
      'max-age': '28800',
    })
  })

  test.for<readonly [string, (good: string) => string]>([
    ['a made up one', () => 'A'.repeat(43)],
    ['one with a changed character', (good) => `${good.slice(0, -1)}${good.endsWith('A') ? 'E' : 'A'}`],
    ['a shortened one', (good) => good.slice(0, -1)],
    ['an empty one', () => ''],
    ['the person', () => 'Eve'],
    ['a very long one', (good) => good.repeat(100)],
    ['one with a good one behind it', (good) => `x; ${cookieName}=${good}`],
    ['two', (good) => `${good}; ${cookieName}=${good}`],
  ])('that is forged opens nothing: %s', async ([, forge], { serve }) => {
    const service = await serve(page)
    const good = (await browserOf(service, 'eve')).jar.value(home, cookieName) ?? ''
    const code = await askAs(service, 'ada')
    const stranger = browserFor(service)
    const headers = { cookie: `${cookieName}=${forge(good)}` }
    for (const path of ['/waiting', '/decisions', '/passkeys', `/approve/${code}`]) {
      const shown = await stranger.open(at(path), { headers })
      expect(readable(shown)).not.toContain('You are logged in as')
      expect(shown.text).not.toMatch(/clone/i)
    }
    expect(
      (await stranger.open(at('/waiting'), { headers: { cookie: `${cookieName}=${good}` } })).text,
    ).toContain('You are logged in as Eve')
  })
})

describe('a login', () => {
  test('gives a new cookie, whatever the browser brought: nobody can plant one', async ({ serve }) => {
    const service = await serve(page)
    const planted = 'P'.repeat(43)
    const victim = browserFor(service)
    victim.jar.plant(home, cookieName, planted)
    await logIn(victim, 'eve')
    expect(victim.jar.value(home, cookieName)).not.toBe(planted)
    const attacker = browserFor(service)
    attacker.jar.plant(home, cookieName, planted)
    expect(await isLoggedIn(attacker)).toBe(false)
  })

  test('ends the session that the browser had', async ({ serve }) => {
    const service = await serve(page)
    const browser = await browserOf(service, 'tom')
    const before = browser.jar.value(home, cookieName) ?? ''
    await browser.submit(await browser.open(at('/login')), { token: tokenOf('eve') }, /^\/login$/)
    expect(readable(await browser.open(at('/waiting')))).toContain('You are logged in as Eve.')
    const other = browserFor(service)
    other.jar.plant(home, cookieName, before)
    expect(await isLoggedIn(other)).toBe(false)
  })

  test('in one browser is none in another', async ({ serve }) => {
    const service = await serve(page)
    await browserOf(service, 'eve')
    expect(await isLoggedIn(browserFor(service))).toBe(false)
  })

  test('holds for eight hours, and no longer', async ({ serve }) => {
    const clock = testClock(Date.now())
    const service = await serve({ ...page, now: clock.now })
    const browser = await browserOf(service, 'eve')
    clock.pass(8 * hour - 1)
    expect(await isLoggedIn(browser)).toBe(true)
    clock.pass(1)
    expect(await isLoggedIn(browser)).toBe(false)
    // What is over does not come back with the clock.
    clock.pass(-hour)
    expect(await isLoggedIn(browser)).toBe(false)
  })

  test('must be over after ten minutes: the way back is then forgotten', async ({ serve }) => {
    const clock = testClock(Date.now())
    const service = await serve({ ...page, now: clock.now })
    const browser = browserFor(service)
    const form = await browser.open(at('/decisions'))
    clock.pass(600_000)
    const shown = await browser.submit(form, { token: tokenOf('eve') })
    expect(shown.url.href).toBe(at('/waiting'))
  })

  test('ends with the service', async ({ serve }) => {
    const first = await serve(page)
    const browser = await browserOf(first, 'eve')
    const cookie = browser.jar.value(home, cookieName) ?? ''
    await first.close()
    const again = browserFor(await serve(page))
    again.jar.plant(home, cookieName, cookie)
    expect(await isLoggedIn(again)).toBe(false)
  })
})

describe('a logout', () => {
  test('is a post, and ends the session for whoever has its cookie', async ({ serve }) => {
    const service = await serve(page)
    const browser = await browserOf(service, 'eve')
    const cookie = browser.jar.value(home, cookieName) ?? ''
    const asked = await browser.open(at('/logout'))
    expect(await isLoggedIn(browser)).toBe(true)
    const shown = await browser.submit(asked, {}, /^\/logout$/)
    expect([shown.status, readable(shown)]).toEqual([
      200,
      expect.stringContaining('You are logged out of this page'),
    ])
    expect(browser.jar.value(home, cookieName)).toBeUndefined()
    browser.jar.plant(home, cookieName, cookie)
    expect(await isLoggedIn(browser)).toBe(false)
  })

  test('takes the form of a request that was open', async ({ serve }) => {
    const service = await serve(page)
    const code = await askAs(service, 'ada')
    const browser = await browserOf(service, 'eve')
    const form = formIn(await browser.open(at(`/approve/${code}`)), /^\/approve\//)
    await browser.submit(await browser.open(at('/logout')), {}, /^\/logout$/)
    const lost = await browser.post(form.url, { ...form.fields, decision: 'approve' })
    expect([lost.status, readable(lost)]).toEqual([403, expect.stringContaining('so nothing was done')])
    // Nor does another login bring the form back.
    await logIn(browser, 'eve')
    const stale = await browser.post(form.url, { ...form.fields, decision: 'approve' })
    expect([stale.status, callOf(service, code).state]).toEqual([403, 'pending'])
  })
})

describe('the callers file', () => {
  const gone: readonly (readonly [
    string,
    Parameters<typeof askAs>[0]['setCallers'] extends (to: infer T) => void ? T : never,
  ])[] = [
    ['removes the caller', { ada: people['ada'] ?? {} }],
    ['takes a role away', { ...people, eve: { role: 'viewer', person: 'Eve' } }],
    ['adds a role', { ...people, eve: { role: ['approver', 'admin'], person: 'Eve' } }],
    ['names another person', { ...people, eve: { role: 'approver', person: 'Mallory' } }],
    ['narrows the toolsets', { ...people, eve: { role: 'approver', person: 'Eve', toolsets: ['saq'] } }],
    ['ends the token', { ...people, eve: { role: 'approver', person: 'Eve', expires: '2020-01-01' } }],
  ]

  test.for(gone)('logs a person out that it is about: it %s', async ([, callers], { serve }) => {
    const clock = testClock(Date.now())
    const service = await serve({ ...page, now: clock.now })
    const code = await askAs(service, 'ada')
    const browser = await browserOf(service, 'eve')
    const form = formIn(await browser.open(at(`/approve/${code}`)), /^\/approve\//)
    service.setCallers(callers)
    clock.pass(1_000)
    const lost = await browser.post(form.url, { ...form.fields, decision: 'approve' }, { from: pageOrigin })
    expect([lost.status, callOf(service, code).state]).toEqual([403, 'pending'])
    expect(await isLoggedIn(browser)).toBe(false)
    // The old session does not come back with the old entry.
    service.setCallers(people)
    clock.pass(1_000)
    expect(await isLoggedIn(browser)).toBe(false)
  })

  test('leaves others logged in', async ({ serve }) => {
    const clock = testClock(Date.now())
    const service = await serve({ ...page, now: clock.now })
    const [eve, tom] = [await browserOf(service, 'eve'), await browserOf(service, 'tom')]
    const { eve: _, ...others } = people
    service.setCallers(others)
    clock.pass(1_000)
    expect([await isLoggedIn(eve), await isLoggedIn(tom)]).toEqual([false, true])
  })

  test('lets nobody in while it is damaged, and everybody again once it is as it was', async ({ serve }) => {
    const clock = testClock(Date.now())
    const service = await serve({ ...page, now: clock.now })
    const browser = await browserOf(service, 'eve')
    const { readFileSync } = await import('node:fs')
    const text = readFileSync(`${service.folder}/callers.json`, 'utf8')
    service.writeCallersFile('{"callers":')
    clock.pass(1_000)
    expect(await isLoggedIn(browser)).toBe(false)
    service.writeCallersFile(text)
    clock.pass(1_000)
    expect(await isLoggedIn(browser)).toBe(true)
  })

  test('ends a session when the token ends', async ({ serve }) => {
    const clock = testClock(Date.now())
    const expires = new Date(clock.now() + hour).toISOString()
    const callers = { ...people, eve: { ...people['eve'], expires } }
    const browser = await browserOf(await serve({ ...page, callers, now: clock.now }), 'eve')
    expect(await isLoggedIn(browser)).toBe(true)
    clock.pass(hour)
    expect(await isLoggedIn(browser)).toBe(false)
  })
})

test('while the service ends nobody decides any more', async ({ serve }) => {
  const service = await serve(page)
  const code = await askAs(service, 'ada')
  const browser = await browserOf(service, 'eve')
  const form = formIn(await browser.open(at(`/approve/${code}`)), /^\/approve\//)
  await service.drain()
  const refused = await browser.post(form.url, { ...form.fields, decision: 'approve' })
  expect([refused.status, callOf(service, code).state]).toEqual([503, 'pending'])
  expect((await browser.open(at('/waiting'))).status).toBe(503)
})

test('two people decide at once: one of them does', async ({ serve }) => {
  const service = await serve({ ...page, callers: { ...people, bob: { role: 'approver', person: 'Bob' } } })
  const code = await askAs(service, 'ada')
  const [eve, bob] = [await browserOf(service, 'eve'), await browserOf(service, 'bob')]
  const answers = await Promise.all([decide(eve, code, 'approve'), decide(bob, code, 'decline')])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
})
