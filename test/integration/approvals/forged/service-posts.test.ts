import { expect } from 'vitest'
import { SeededRandom } from '../../../nightly/fuzz/seeded-random.ts'
import { noWait } from '../../../support/approvals/local-server.ts'
import { askFor, type Forgery, sentWith, tryAll } from '../../../support/forged/attacks.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { type Browser, formIn, type Shown, type Visit } from '../../../support/service-page/browser.ts'
import {
  at,
  browserFor,
  browserOf,
  callOf,
  decide,
  pageSettings,
  people,
} from '../../../support/service-page/page.ts'
import { postJson } from '../../../support/service-page/signing.ts'

// Requests to the page of a service that are no decision of an approver who is logged in and saw exactly this call.

const test = serviceTestOn()
const callers = { ...people, kim: { role: 'approver', person: 'Kim' } } as const

type Fields = Readonly<Record<string, string>>

test('forms of others, old ones and changed ones, and every other request: 0 requests', async ({
  serve,
  sandbox,
}) => {
  const service = await serve({ callers, settings: pageSettings, callTimes: noWait })
  const ada = { client: service.client('ada'), stateDir: service.folder }
  const target = await askFor(ada, 'for Eve')
  const other = await askFor(ada, 'another for Eve')
  const path = `/approve/${target.code}`
  const [eve, again, kim, asker, root, tom] = await Promise.all(
    ['eve', 'eve', 'kim', 'ada', 'root', 'tom'].map((name) => browserOf(service, name)),
  )
  if (!eve || !again || !kim || !asker || !root || !tom) throw new Error('Somebody is not logged in.')
  const formOf = async (browser: Browser, code = target.code): Promise<Fields> =>
    formIn(await browser.open(at(`/approve/${code}`)), /^\/approve\//).fields
  const form = await formOf(eve)
  const gone = await browserOf(service, 'eve')
  const formOfGone = await formOf(gone)
  await gone.post(at('/logout'), {})
  const random = new SeededRandom(31)
  const token = form['token'] ?? ''
  const changed = (text: string): string => {
    const place = random.below(text.length - 1)
    return `${text.slice(0, place)}${text[place] === '7' ? '8' : '7'}${text.slice(place + 1)}`
  }
  const yes = { ...form, decision: 'approve' }
  const cookie = `__Host-qualys=${eve.jar.value(new URL(at('/')), '__Host-qualys')}`
  const attempt = (
    name: string,
    send: () => Promise<Pick<Shown, 'status'>>,
    ...statuses: readonly number[]
  ): Forgery => [
    name,
    async () => {
      const { status } = await send()
      expect(statuses, `${name}: ${status}`).toContain(status)
      expect(callOf(service, target.code).state, name).toBe('pending')
    },
  ]
  const post = (browser: Browser, fields: Fields, visit: Visit = {}) => browser.post(at(path), fields, visit)
  const query = new URLSearchParams(yes).toString()
  const forgeries: readonly Forgery[] = [
    attempt('nobody is logged in', () => post(browserFor(service), { decision: 'approve' }), 403),
    attempt('nobody, with the form of Eve', () => post(browserFor(service), yes), 403),
    attempt('nobody, with a page key', () => post(browserFor(service), { ...yes, key: 'x' }), 403),
    attempt('another session of Eve', () => post(again, yes), 403),
    attempt('another approver', () => post(kim, yes), 403),
    attempt('who asks', () => post(asker, yes), 403),
    attempt(
      'who asks, with their own form',
      async () => post(asker, { ...(await formOf(asker)), decision: 'approve' }),
      403,
    ),
    attempt(
      'who asks, with the form of Kim',
      async () => post(asker, { ...(await formOf(kim)), decision: 'approve' }),
      403,
    ),
    attempt('an admin', () => post(root, yes), 403),
    attempt(
      'an admin, with their own form',
      async () => post(root, { ...(await formOf(root)), decision: 'approve' }),
      403,
    ),
    attempt('a person who does not see it', () => post(tom, yes), 404),
    attempt('Eve, logged out', () => post(gone, { ...formOfGone, decision: 'approve' }), 403),
    attempt(
      'Eve, with the form of a session that ended',
      () => post(eve, { ...formOfGone, decision: 'approve' }),
      403,
    ),
    attempt(
      'Eve, with the form of another call',
      async () => post(eve, { ...(await formOf(eve, other.code)), decision: 'approve' }),
      403,
    ),
    attempt('Eve, without a form', () => post(eve, { decision: 'approve' }), 403),
    attempt(
      'Eve, with the form of Kim',
      async () => post(eve, { ...(await formOf(kim)), decision: 'approve' }),
      403,
    ),
    ...random
      .times(12, () => changed(token))
      .map((one) => attempt(`Eve, with ${one}`, () => post(eve, { token: one, decision: 'approve' }), 403)),
    ...random
      .times(6, () => changed(cookie))
      .map((one) =>
        attempt(`the cookie ${one}`, () => post(browserFor(service), yes, { headers: { cookie: one } }), 403),
      ),
    attempt(
      'two cookies',
      () => post(browserFor(service), yes, { headers: { cookie: `${cookie}; ${cookie}` } }),
      403,
    ),
    ...['yes', 'APPROVE', ''].map((decision) =>
      attempt(`the decision ${decision}`, () => post(eve, { ...form, decision }), 400),
    ),
    ...[
      { origin: 'null' },
      { origin: undefined },
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'http://mcp.example.com' },
      { 'sec-fetch-site': 'same-site' },
      { host: 'evil.example' },
      { host: '127.0.0.1' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json' },
    ].map((headers) => attempt(JSON.stringify(headers), () => post(eve, yes, { headers }), 403, 415)),
    attempt('GET with the decision', () => eve.open(at(`${path}?${query}`)), 200),
    attempt('/open', () => eve.post(at('/open'), { ...yes, path, key: 'x' }), 404, 405),
    attempt(
      '/open from a file',
      () => eve.post(at('/open'), { ...yes, path }, { headers: { origin: 'null' } }),
      403,
      404,
      405,
    ),
    ...['/waiting', '/decisions', '/passkeys'].map((one) =>
      attempt(`the decision to ${one}`, () => eve.post(at(one), yes), 200),
    ),
    attempt(
      'a signature that is none',
      () => postJson(service, eve, `${path}/passkey`, { ...form, assertion: {} }),
      403,
    ),
    attempt('a decision to the passkey', () => postJson(service, eve, `${path}/passkey`, yes), 403),
    attempt(
      'a signature of nobody',
      () => postJson(service, browserFor(service), `${path}/passkey`, yes),
      403,
    ),
    attempt(
      'a bearer token to the page',
      () => post(browserFor(service), yes, { headers: { authorization: 'Bearer x' } }),
      403,
    ),
  ]
  expect(await tryAll(ada, target, forgeries)).toBe(forgeries.length)
  expect(forgeries.length).toBeGreaterThan(50)
  expect(await sentWith(sandbox, target.title)).toBe(0)
  expect((await post(eve, yes)).status).toBe(200)
  expect((await target.callAgain()).isError).toBe(false)
  expect(await sentWith(sandbox, target.title)).toBe(1)
  // The same post again decides nothing, for the call that ran and for the next identical one.
  const next = await askFor(ada, target.title)
  expect([(await post(eve, yes)).status, (await eve.post(at(`/approve/${next.code}`), yes)).status]).toEqual([
    409, 403,
  ])
  expect((await next.callAgain()).isError).toBe(true)
  expect(await sentWith(sandbox, target.title)).toBe(1)
  expect((await decide(kim, other.code, 'approve')).status).toBe(200)
  expect((await other.callAgain()).isError).toBe(false)
})
