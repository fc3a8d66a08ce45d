import { expect } from 'vitest'
import { findCall } from '../../../../src/tools/effects/approval/pending/pending-calls.ts'
import { postJson } from '../../../support/approvals/local-person.ts'
import { consentTest as test } from '../../../support/consent/fixtures.ts'
import { attempt, openPlace, tryThenApprove } from '../../../support/forged/page-attempts.ts'
import { ask, postForm, type Received } from '../../../support/page/local.ts'

// All that a person with the page key would send, but by another method, from another page, or to another path.

type Headers = Readonly<Record<string, string | undefined>>

test('by another method, from another page, or to another path: 0 requests', async ({ sandbox }) => {
  const place = await openPlace(sandbox, 'from elsewhere')
  const { link, origin, yes, form, target } = place
  const { port } = new URL(link)
  const address = `${link}?${new URLSearchParams(yes)}`
  const from = (headers: Headers): Promise<Received> => postForm(link, yes, headers)
  const asJson = { 'content-type': 'application/json' }
  const foreign: readonly Headers[] = [
    { origin: 'null' },
    { origin: undefined },
    { origin: 'null', 'sec-fetch-site': 'same-origin' },
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example', 'sec-fetch-site': undefined },
    { origin: `${origin}.evil.example` },
    { origin: `http://127.0.0.1:${port}` },
    { origin: `https://localhost:${port}` },
    { origin: 'http://localhost' },
    { origin: `http://localhost:${Number(port) + 1}`, 'sec-fetch-site': 'same-site' },
    { origin: `${origin}/` },
    { origin: origin.toUpperCase() },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { host: `127.0.0.1:${port}` },
    { host: 'evil.example' },
    { host: 'localhost' },
    { host: `localhost.:${port}` },
    { host: `localhost:${Number(port) + 1}` },
    { host: '' },
  ]
  const fromFile = { origin: 'null', 'sec-fetch-site': 'cross-site' }
  const path = new URL(link).pathname
  const attempts = [
    attempt(place, 'GET with the decision', () => ask(address), 200),
    attempt(place, 'GET with the decision and our origin', () => ask(address, { headers: { origin } }), 200),
    attempt(place, 'HEAD with the decision', () => ask(address, { method: 'HEAD' }), 200),
    attempt(
      place,
      'GET with a body',
      () => ask(link, { body: new URLSearchParams(yes).toString() }),
      200,
      400,
    ),
    ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'].map((method) =>
      attempt(place, method, () => ask(address, { method, headers: { origin } }), 405, 400),
    ),
    ...foreign.map((headers) => attempt(place, JSON.stringify(headers), () => from(headers), 403, 400)),
    ...['text/plain', 'multipart/form-data; boundary=x', 'application/json', ''].map((type) =>
      attempt(place, `the type ${type}`, () => from({ 'content-type': type }), 415),
    ),
    attempt(place, 'compressed', () => from({ 'content-encoding': 'gzip' }), 415),
    ...['/waiting', '/decisions', '/passkeys', path].map((other) =>
      attempt(place, `from a file to ${other}`, () => postForm(`${origin}${other}`, yes, fromFile), 403),
    ),
    ...['/passkeys/options', '/passkeys/add', `${path}/passkey`].map((other) =>
      attempt(place, `from a file to ${other}`, () => postJson(`${origin}${other}`, yes, fromFile), 403),
    ),
    attempt(
      place,
      '/open with the decision',
      () => postForm(`${origin}/open`, { ...yes, path }, fromFile),
      200,
    ),
    attempt(
      place,
      '/open with the decision, from our page',
      () => postForm(`${origin}/open`, { ...yes, path }),
      200,
    ),
    attempt(
      place,
      '/open of the passkey',
      () => postForm(`${origin}/open`, { ...yes, path: `${path}/passkey` }, fromFile),
      404,
    ),
    attempt(
      place,
      '/open without a key',
      () => postForm(`${origin}/open`, { decision: 'approve', path }, fromFile),
      403,
    ),
    attempt(
      place,
      '/open with a wrong key',
      () => postForm(`${origin}/open`, { ...yes, key: 'x', path }, fromFile),
      403,
    ),
    attempt(
      place,
      '/open with the key in the address',
      () => postForm(`${origin}/open?key=${form.key}`, { path }, fromFile),
      403,
    ),
    attempt(
      place,
      '/open from another site',
      () => postForm(`${origin}/open`, { ...yes, path }, { origin: 'https://evil.example' }),
      403,
    ),
    attempt(
      place,
      '/open in a frame',
      () => postForm(`${origin}/open`, { ...yes, path }, { ...fromFile, 'sec-fetch-dest': 'iframe' }),
      403,
    ),
    attempt(
      place,
      '/open by a script',
      () => postForm(`${origin}/open`, { ...yes, path }, { ...fromFile, 'sec-fetch-mode': 'cors' }),
      403,
    ),
    attempt(
      place,
      '/open as JSON',
      () => postForm(`${origin}/open`, { ...yes, path }, { ...fromFile, ...asJson }),
      415,
    ),
    attempt(place, 'GET of /open', () => ask(`${origin}/open?${new URLSearchParams({ ...yes, path })}`), 405),
    ...[
      `${path}/`,
      `/${path}`,
      `${path}%00`,
      `${path}.html`,
      `/approve/${target.code}/approve`,
      '/approve',
      '/approve/',
    ].map((other) => attempt(place, `the path ${other}`, () => postForm(`${origin}${other}`, yes), 404, 400)),
  ]
  expect(await tryThenApprove(sandbox, place, attempts)).toBe(attempts.length)
  expect(attempts.length).toBeGreaterThan(55)
})

test('the key of the page is asked for in no address but those of the page itself', async ({ sandbox }) => {
  const { origin, form, target, server } = await openPlace(sandbox, 'key in an address')
  for (const path of ['/waiting', '/decisions', '/passkeys'])
    expect((await ask(`${origin}${path}?key=x`)).status, path).toBe(403)
  // What the key shows it shows, wherever it stands; it decides in the body of a post alone.
  expect((await ask(`${origin}/waiting?key=${form.key}&decision=approve`)).body).toContain(target.code)
  expect(findCall(server.stateDir, target.code)?.state).toBe('pending')
})
