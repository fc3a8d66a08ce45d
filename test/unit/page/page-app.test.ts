import { describe, expect, test } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import { openLog } from '../../../src/shared/log.ts'
import type { PageResponse } from '../../../src/tools/effects/approval/page/contract.ts'
import { askedAt, memoryStore, waitingCall } from '../../support/page/calls.ts'
import { hiddenValue, noPasskeys, testPage } from '../../support/page/page.ts'

const path = '/approve/ABCD-EFGH'
const textOf = ({ body }: PageResponse): string => String(body)

/** One passkey of a person, whose signature is never asked for. */
const passkeysFor = (person: string): typeof noPasskeys => ({
  ...noPasskeys,
  list: () => [
    {
      person,
      label: 'laptop',
      credentialId: 'AAAA',
      publicKey: 'AAAA',
      rpId: 'localhost',
      origin: 'http://localhost:40123',
      counter: 0,
      addedAt: '2026-11-29T20:00:00.000Z',
      addedBy: person,
    },
  ],
  assertionOptions: async () => ({ challenge: 'AAAA' }),
})

/** A page with one call, as somebody with the key sees it. */
async function openedPage(call = waitingCall()) {
  const store = memoryStore(call)
  const page = testPage({ store })
  const fields = { key: page.key.text }
  const shown = await page.post(path, fields)
  return { ...page, store, fields, shown, form: { ...fields, token: hiddenValue(shown, 'token') } }
}

describe('every answer', () => {
  const { get, post, send, app } = testPage({ store: memoryStore(waitingCall()) })
  test.each<[string, () => Promise<PageResponse>]>([
    ['a page', () => get(path)],
    ['a wrong code', () => get('/approve/ZZZZ-ZZZZ')],
    ['the style', () => get('/page.css')],
    ['the script', () => get('/page.js')],
    ['a list', () => get('/waiting')],
    ['an unknown path', () => get('/nothing')],
    ['a wrong method', () => get('/open')],
    ['a refused post', () => post(path, {}, { origin: 'https://evil.example' })],
    ['JSON', () => send(`${path}/passkey`, {})],
    [
      'an unknown method',
      () =>
        app.handle({ method: 'PUT', path, query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) }),
    ],
  ])('has the headers of safety: %s', async (_, ask) => {
    const { headers } = await ask()
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['permissions-policy']).toContain('camera=()')
  })

  test('names no other origin, and has neither inline scripts nor inline styles', async () => {
    const { shown } = await openedPage()
    for (const page of [shown, await get(path), await get('/approve/ZZZZ-ZZZZ')]) {
      expect(textOf(page).replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//)
      expect(textOf(page)).not.toMatch(/<style|\sstyle=|<script>|\son\w+=|javascript:/)
    }
  })
})

describe('the page of a request', () => {
  test('says what is asked, by whom, until when, and for which digest', async () => {
    const call = waitingCall()
    const text = textOf((await openedPage(call)).shown)
    for (const part of [
      'Run a script now (execute): 2 hosts',
      'What a script has done cannot be undone.',
      'the assistant on this machine',
      'car_execute_script',
      '2026-11-29 20:10:00 UTC</time> (9 minutes left)',
      'web-02',
      call.digest,
      'Not part of what you approve',
    ])
      expect(text).toContain(part)
    expect(text.indexOf('cannot be undone')).toBeLessThan(text.indexOf('Who asks'))
  })

  test.each<[string, Parameters<typeof waitingCall>[0], RegExp]>([
    [
      'approved',
      { state: 'approved', approval: { way: 'terminal', by: 'terminal', at: askedAt } },
      /Approved<\/strong> in a terminal/,
    ],
    [
      'approved with a passkey',
      { state: 'approved', approval: { way: 'page', by: 'passkey', person: 'anna<b>', at: askedAt } },
      /Approved<\/strong> by anna&lt;b&gt; with a passkey/,
    ],
    [
      'declined',
      { state: 'declined', declined: { way: 'page', person: 'ben' } },
      /Declined<\/strong> by ben on the approval page/,
    ],
    ['run', { state: 'used', outcome: 'Qualys refused it.' }, /Run<\/strong>.*Qualys refused it\./s],
    ['run without an answer yet', { state: 'used' }, /What Qualys answered is not known yet/],
  ])('tells what became of it: %s', async (_, parts, pattern) => {
    const { shown } = await openedPage(waitingCall(parts))
    expect(textOf(shown)).toMatch(pattern)
    expect(textOf(shown)).not.toContain('value="approve"')
  })

  test('of a caller of the service names person and caller', async () => {
    const { shown } = await openedPage(
      waitingCall({ recordParts: { caller: 'http:ops<1>' }, person: 'anna', needsOther: true }),
    )
    expect(textOf(shown)).toContain('the assistant of anna (caller http:ops&lt;1&gt;)')
    expect(textOf(shown)).toContain('Another person than the one who asks has to approve.')
  })
})

describe('with the link alone', () => {
  test('a request is shown, and not decided', async () => {
    const store = memoryStore(waitingCall())
    const { get, post } = testPage({ store })
    const shown = await get(path)
    expect(shown.status).toBe(200)
    expect(textOf(shown)).toContain('web-01')
    expect(textOf(shown)).toContain('approve ABCD-EFGH --state-dir /nowhere --page')
    expect(textOf(shown)).not.toMatch(/name="(?:token|key|decision)"/)
    for (const decision of ['approve', 'decline']) expect((await post(path, { decision })).status).toBe(403)
    expect(store.all[0]?.state).toBe('pending')
  })

  test('no list is shown, and nothing else opened', async () => {
    const { get, post } = testPage({ store: memoryStore(waitingCall()), decisions: async () => [] })
    for (const list of ['/waiting', '/decisions', '/passkeys']) {
      const shown = await get(list)
      expect(shown.status).toBe(403)
      expect(textOf(shown)).not.toContain('ABCD-EFGH')
      expect((await post(list)).status).toBe(403)
    }
    expect((await post('/open', { path })).status).toBe(403)
  })
})

describe('with the page key', () => {
  test('a person approves once', async () => {
    const { post, form, store, setTime } = await openedPage()
    setTime(askedAt + 90_000)
    const done = await post(path, { ...form, decision: 'approve' })
    expect(done.status).toBe(200)
    expect(textOf(done)).toContain('<strong>Approved</strong>')
    expect(store.all[0]).toMatchObject({
      state: 'approved',
      approval: { way: 'page', by: 'page key', at: askedAt + 90_000 },
    })
    const again = await post(path, { ...form, decision: 'decline' })
    expect(again.status).toBe(409)
    expect(textOf(again)).toContain('decided already')
    expect(store.all[0]?.state).toBe('approved')
  })

  test('a person declines', async () => {
    const { post, form, store } = await openedPage()
    expect((await post(path, { ...form, decision: 'decline' })).status).toBe(200)
    expect(store.all[0]).toMatchObject({ state: 'declined', declined: { way: 'page' } })
  })

  test('of two who decide at once, one is told that it was too late', async () => {
    const { post, form, store } = await openedPage()
    const answers = await Promise.all(
      ['approve', 'decline'].map((decision) => post(path, { ...form, decision })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(store.all[0]?.state).toBe('approved')
  })

  test('GET shows, and approves nothing', async () => {
    const { get, form, store } = await openedPage()
    const query = new URLSearchParams({ ...form, decision: 'approve' })
    const shown = await get(`${path}?${query}`)
    expect(shown.status).toBe(200)
    expect(textOf(shown)).toContain('value="approve"')
    expect(store.all[0]?.state).toBe('pending')
  })

  test('a file opens a page, and approves nothing', async () => {
    const { post, form, store } = await openedPage()
    const fromFile = { origin: 'null', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    const shown = await post('/open', { ...form, path, decision: 'approve' }, fromFile)
    expect(shown.status).toBe(200)
    expect(textOf(shown)).toContain('value="approve"')
    expect(store.all[0]?.state).toBe('pending')
    for (const list of ['/waiting', '/decisions', '/passkeys'])
      expect((await post('/open', { ...form, path: list }, fromFile)).status).toBe(200)
    expect((await post('/open', { ...form, path: 'https://evil.example' }, fromFile)).status).toBe(404)
  })

  test.each<[string, Record<string, string>]>([
    ['no token', { token: '' }],
    ['a token that was made up', { token: `9999999999999.${'A'.repeat(43)}` }],
  ])('nothing is decided with %s', async (_, parts) => {
    const { post, form, store } = await openedPage()
    const answer = await post(path, { ...form, decision: 'approve', ...parts })
    expect(answer.status).toBe(403)
    expect(textOf(answer)).toContain('so nothing was decided')
    expect(store.all[0]?.state).toBe('pending')
  })

  test('the token of one request decides no other, nor the same one with another record', async () => {
    const other = waitingCall({ code: 'JKMN-PQRS', recordParts: { id: '1'.repeat(32) } })
    const { post, form, store } = await openedPage()
    store.all.push(other)
    expect((await post('/approve/JKMN-PQRS', { ...form, decision: 'approve' })).status).toBe(403)
    store.all[0] = { ...other, code: 'ABCD-EFGH' }
    expect((await post(path, { ...form, decision: 'approve' })).status).toBe(403)
    expect(store.all.map(({ state }) => state)).toEqual(['pending', 'pending'])
  })

  test('a token ends with its request', async () => {
    const { post, form, store, setTime } = await openedPage()
    setTime(askedAt + 10 * 60_000)
    expect((await post(path, { ...form, decision: 'approve' })).status).toBe(403)
    expect(store.all[0]?.state).toBe('pending')
  })

  test('the token of a reader is none of the one with the key', async () => {
    const store = memoryStore(waitingCall({ ways: ['page'] }))
    const { post, key, get } = testPage({ store, passkeys: passkeysFor('anna') })
    const shown = await get(path)
    const token = /&quot;token&quot;:&quot;([^&]+)&quot;/.exec(textOf(shown))?.[1] ?? ''
    expect(token).not.toBe('')
    expect((await post(path, { key: key.text, token, decision: 'approve' })).status).toBe(403)
    expect(store.all[0]?.state).toBe('pending')
  })

  test('a request whose file was changed is shown as such, and declined alone', async () => {
    const call = waitingCall()
    const changed = { ...call.preview, facts: { ...call.preview.facts, headline: 'List scripts: 1 page' } }
    const { post, shown, form, store } = await openedPage({ ...call, preview: changed })
    expect(textOf(shown)).toContain('was changed since it was asked')
    expect(textOf(shown)).not.toContain('value="approve"')
    expect((await post(path, { ...form, decision: 'approve' })).status).toBe(403)
    expect(store.all[0]?.state).toBe('pending')
    expect((await post(path, { ...form, decision: 'decline' })).status).toBe(200)
  })

  test('notes that changed do not change what is approved', async () => {
    const call = waitingCall()
    const { post, form } = await openedPage({ ...call, preview: { ...call.preview, notes: ['other'] } })
    expect((await post(path, { ...form, decision: 'approve' })).status).toBe(200)
  })

  test('what is no decision decides nothing', async () => {
    const { post, form, store } = await openedPage()
    expect((await post(path, { ...form, decision: 'yes' })).status).toBe(400)
    expect(store.all[0]?.state).toBe('pending')
  })

  test.each(['', 'x', 'A'.repeat(43), '\0'])('a wrong key opens nothing: %j', async (key) => {
    const { post, get } = await openedPage()
    for (const answer of [
      await post(path, { key }),
      await post('/open', { key, path }),
      await get(`${path}?key=${encodeURIComponent(key)}`),
    ]) {
      expect(answer.status).toBe(403)
      expect(textOf(answer)).toContain('another start of the program')
      expect(textOf(answer)).not.toContain('web-01')
    }
  })

  test('the lists are shown, and lead on with the key', async () => {
    const page = testPage({
      store: memoryStore(
        waitingCall(),
        waitingCall({ code: 'JKMN-PQRS', state: 'declined', recordParts: { id: '1'.repeat(32) } }),
      ),
      decisions: async () => [
        {
          at: '2026-11-29T20:00:00.000Z',
          decision: 'approved',
          tool: 'car_execute_script',
          effect: 'execute',
          headline: '<script>',
          by: 'a person, in a terminal',
          outcome: 'done',
        },
      ],
    })
    const fields = { key: page.key.text }
    const waiting = textOf(await page.post('/waiting', fields))
    expect(waiting).toContain('action="/approve/ABCD-EFGH"')
    expect(waiting).toContain(`name="key" value="${page.key.text}"`)
    expect(waiting).toContain('Decided in the last minutes')
    const decisions = textOf(await page.post('/decisions', fields))
    expect(decisions).toContain('&lt;script&gt;')
    expect(decisions).toContain('a person, in a terminal')
  })

  test('no log line and no address holds it', async () => {
    const lines: string[] = []
    const log = openLog(
      'debug',
      (text) => text,
      (line) => lines.push(line),
    )
    const page = testPage({ store: memoryStore(waitingCall()), log })
    const shown = await page.post(path, { key: page.key.text })
    const form = { key: page.key.text, token: hiddenValue(shown, 'token') }
    await page.post(path, { ...form, decision: 'approve' })
    expect(lines.join('')).toContain('a call was decided')
    expect(lines.join('')).not.toContain(page.key.text)
    expect(textOf(shown)).not.toMatch(new RegExp(`(?:href|action|src)="[^"]*${page.key.text}`))
  })
})

describe('a code', () => {
  test('that is wrong is answered slowly, the same way for each', async () => {
    const { get, waits } = testPage({ store: memoryStore(waitingCall()) })
    const answers = [await get('/approve/ZZZZ-ZZZZ'), await get('/approve/JKMN-PQRS')]
    expect(waits).toEqual([1_000, 1_000])
    expect(answers.map(({ status }) => status)).toEqual([404, 404])
    expect(answers[0]?.body).toBe(answers[1]?.body)
    await get(path)
    expect(waits).toHaveLength(2)
  })

  test('that is wrong is not counted where the request itself is refused', async () => {
    const { get, waits } = testPage({ store: memoryStore(waitingCall()) })
    const picture = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
    for (let at = 0; at < 50; at++) expect((await get('/approve/ZZZZ-ZZZZ', picture)).status).toBe(403)
    expect(waits).toEqual([])
    expect((await get(path)).status).toBe(200)
  })

  test('that is wrong is slow in every way that takes one', async () => {
    const { post, send, key, waits } = testPage({ store: memoryStore(waitingCall()) })
    await post('/approve/ZZZZ-ZZZZ', { decision: 'approve' })
    await send('/approve/ZZZZ-ZZZZ/passkey', {})
    await post('/open', { key: key.text, path: '/approve/ZZZZ-ZZZZ' })
    expect(waits).toEqual([1_000, 1_000, 1_000])
  })

  test.each(['/approve/', '/approve/..', `/approve/${'A'.repeat(33)}`, '/approve/A%00', '/approve/a/b'])(
    'that cannot be one is no page: %s',
    async (odd) => {
      const { get } = testPage({ store: memoryStore(waitingCall()) })
      expect((await get(odd)).status).toBe(404)
    },
  )
})

describe('who is logged in', () => {
  const authority = (parts: object) => ({
    viewerOf: async () => ({
      by: 'login' as const,
      person: 'anna',
      sees: () => true,
      obstacle: () => undefined,
      fields: {},
      ...parts,
    }),
    tokenBinding: () => 'session 1',
  })

  test('approves as this person, and is led by links', async () => {
    const store = memoryStore(waitingCall())
    const { get, post } = testPage({ store, authority: authority({}) })
    const shown = await get(path)
    expect(textOf(shown)).toContain('<a href="/waiting">')
    expect(textOf(shown)).toContain('You are logged in as anna.')
    const done = await post(path, { token: hiddenValue(shown, 'token'), decision: 'approve' })
    expect(done.status).toBe(200)
    expect(store.all[0]?.approval).toEqual({ way: 'page', by: 'login', person: 'anna', at: askedAt + 60_000 })
  })

  test('is told what is in the way, and decides nothing', async () => {
    const store = memoryStore(waitingCall())
    const { get, post } = testPage({
      store,
      authority: authority({ obstacle: () => 'Four eyes are wanted.' }),
    })
    const shown = await get(path)
    expect(textOf(shown)).toContain('Four eyes are wanted.')
    expect(textOf(shown)).not.toContain('name="decision"')
    expect((await post(path, { decision: 'approve' })).status).toBe(403)
    expect((await post(path, { decision: 'decline' })).status).toBe(403)
    expect(store.all[0]?.state).toBe('pending')
  })

  test('sees nothing of what others ask for', async () => {
    const call = waitingCall()
    const decision = {
      at: '2026-11-29T20:00:00.000Z',
      decision: 'approved' as const,
      tool: 'car_execute_script',
      effect: 'execute',
      by: 'a person',
    }
    const { get, waits } = testPage({
      store: memoryStore(call),
      authority: authority({ sees: () => false }),
      decisions: async () => [decision, { ...decision, record: call.record }],
    })
    const hidden = await get(path)
    expect(hidden.body).toBe((await get('/approve/ZZZZ-ZZZZ')).body)
    expect(waits).toHaveLength(2)
    expect(textOf(await get('/waiting'))).toContain('Nothing waits.')
    expect(textOf(await get('/decisions'))).toContain('holds no decision')
  })

  test('is led to the login first', async () => {
    const { get } = testPage({
      store: memoryStore(waitingCall()),
      authority: {
        viewerOf: async () => ({ response: { status: 303, headers: { location: '/login' }, body: '' } }),
        tokenBinding: () => '',
      },
    })
    const answer = await get(path)
    expect(answer).toMatchObject({
      status: 303,
      headers: { location: '/login', 'cache-control': 'no-store' },
    })
  })
})

describe('a failure', () => {
  const failing = (error: Error) => ({
    ...memoryStore(),
    find: () => {
      throw error
    },
  })

  test('that the operator can fix is told', async () => {
    const { get } = testPage({ store: failing(new SetupError('The folder is <open>.', 'Close it.')) })
    const answer = await get(path)
    expect(answer.status).toBe(503)
    expect(textOf(answer)).toContain('The folder is &lt;open&gt;. Close it.')
  })

  test('of the program is in the log alone', async () => {
    const lines: string[] = []
    const log = openLog(
      'debug',
      (text) => text,
      (line) => lines.push(line),
    )
    const { get, send } = testPage({ store: failing(new Error('secret detail')), log })
    const answer = await get(path)
    expect(answer.status).toBe(500)
    expect(textOf(answer)).not.toContain('secret detail')
    expect(lines.join('')).toContain('secret detail')
    expect(await send(`${path}/passkey`, {})).toMatchObject({
      status: 500,
      headers: { 'content-type': 'application/json' },
    })
  })
})

test('HEAD is answered like GET', async () => {
  const { app, get } = testPage({ store: memoryStore(waitingCall()) })
  const request = { path, query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) }
  const { status, headers } = await app.handle({ ...request, method: 'HEAD' })
  expect({ status, headers }).toEqual((({ status, headers }) => ({ status, headers }))(await get(path)))
})

test.each([
  ['GET', '/open', 'POST'],
  ['GET', '/passkeys/options', 'POST'],
  ['GET', `${path}/passkey`, 'POST'],
])('%s %s is not answered, and says what is', async (_, odd, allow) => {
  const { get } = testPage()
  expect(await get(odd)).toMatchObject({ status: 405, headers: { allow } })
})
