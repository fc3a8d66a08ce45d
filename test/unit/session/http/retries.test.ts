import { describe, expect, test } from 'vitest'
import { accountOf } from '../../../../src/session/auth/account.ts'
import { HttpClient } from '../../../../src/session/http/client.ts'
import { RetryBudget } from '../../../../src/session/http/retry-budget.ts'
import { silentLog } from '../../../../src/shared/log.ts'
import {
  type Answer,
  apiUrl,
  gatewayUrl,
  openInMemory,
  operationNamed,
  type QualysInMemory,
} from '../../../support/session/memory.ts'
import { refusal, simpleReturn } from '../../../support/session/qps-answers.ts'
import { skipPauses } from '../../../support/waiting/fake-time.ts'

// What is retried, and what is not; and that no other request is sent.

const types = operationNamed('car_list_script_types')
const page = '<html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>'
const noRows = { body: { totalCount: 0, list: [] } }
const noUsers = '<ServiceResponse><responseCode>SUCCESS</responseCode></ServiceResponse>'
const html = (status: number): Answer => ({ status, body: page, headers: { 'content-type': 'text/html' } })
const xml = (status: number, body: string): Answer => ({
  status,
  body,
  headers: { 'content-type': 'text/xml' },
})
const reset = (): Error => Object.assign(new Error('reset'), { code: 'ECONNRESET' })
const limited = (headers: Readonly<Record<string, string>>, status = 429): Answer => ({ status, headers })
const limit = limited({ 'x-ratelimit-towait-sec': '0.02' })

/** Gives this answer once, and successful ones from then on. */
const failOnce = (trouble: Answer | Error, fine: Answer, wait = '9'): QualysInMemory =>
  openInMemory((_sent, nth) => (nth === 1 ? trouble : fine), { extra: { QUALYS_MAX_WAIT_SECONDS: wait } })

describe('a read is repeated, once', () => {
  test.each<readonly [string, string, Answer | Error]>([
    ['after a limit', 'car_list_script_types', limit],
    ['after a limit by Retry-After', 'car_list_script_languages', limited({ 'retry-after': '1' })],
    ['after a limit with 409', 'car_list_reports', { ...limit, status: 409 }],
    ['after a limit without a word', 'car_search_scripts', limited({})],
    ['after a limit of the oldest form', 'car_search_jobs', xml(409, simpleReturn('1960', 'Not now.'))],
    ['after a web page with 502', 'car_search_jobs', html(502)],
    ['after a web page with 503', 'car_search_asset_jobs', html(503)],
    ['after a 504 without a body', 'car_search_assets', { status: 504 }],
    ['after a reset', 'car_search_asset_tags', reset()],
  ])('%s: %s', async (_name, tool, trouble) => {
    const pauses = skipPauses()
    const memory = failOnce(trouble, { body: noRows })
    expect((await memory.call(tool)).isError).toBe(false)
    expect(memory.sent).toHaveLength(2)
    expect(memory.logins).toHaveLength(1)
    expect(pauses).toHaveLength(1)
  })

  test.each<readonly [string, Answer | Error]>([
    [
      'the limit of calls, with its hint',
      { ...xml(409, simpleReturn('1965', 'Wait.')), ...limit, status: 409 },
    ],
    ['the limit of parallel calls, without one', xml(409, simpleReturn('1960', 'Wait.'))],
    ['maintenance', html(503)],
    ['a connection that breaks', reset()],
  ])('of SAQ, after %s', async (_name, trouble) => {
    skipPauses()
    const memory = failOnce(trouble, xml(200, noUsers))
    const { isError, text } = await memory.call('saq_search_users')
    expect(isError, text).toBe(false)
    expect(memory.sent).toHaveLength(2)
  })

  // The API server reports most refusals within HTTP 200 (qualys-platform.md 4.3).
  const item = '<ITEM_LIST><ITEM><KEY>SECONDS_TO_WAIT</KEY><VALUE>45</VALUE></ITEM></ITEM_LIST></RESPONSE>'
  const words = 'This API cannot be run again for another 45 seconds.'
  const limits: [string, string, Answer, Answer][] = [
    [
      'an item',
      'saq_search_users',
      xml(200, simpleReturn('1965', 'No.').replace('</RESPONSE>', item)),
      xml(200, noUsers),
    ],
    ['words', 'saq_search_users', xml(200, simpleReturn('1965', words)), xml(200, noUsers)],
    [
      'words of SAQ itself',
      'saq_search_users',
      xml(200, refusal('LIMIT_EXCEEDED', words)),
      xml(200, noUsers),
    ],
    [
      'words of the gateway',
      'car_search_jobs',
      { body: { errorCode: '1965', message: words } },
      { body: noRows },
    ],
    ['words with 409', 'saq_search_users', xml(409, simpleReturn('1965', words)), xml(200, noUsers)],
    ['words with 400', 'saq_search_users', xml(400, simpleReturn('1965', words)), xml(200, noUsers)],
    ['words with 429', 'car_search_jobs', { status: 429, body: { message: words } }, { body: noRows }],
  ]
  test.each(limits)(
    'after a limit with its seconds in %s, if they fit',
    async (_name, tool, trouble, fine) => {
      const pauses = skipPauses()
      const memory = failOnce(trouble, fine, '60')
      const { isError, text } = await memory.call(tool)
      expect(isError, text).toBe(false)
      expect(memory.sent).toHaveLength(2)
      const waited = pauses.reduce((sum, ms) => sum + ms, 0)
      expect(waited).toBeGreaterThanOrEqual(45_000)
      expect(waited).toBeLessThan(48_000)
    },
  )

  test.each(limits)('but told the seconds in %s, if they do not', async (_name, tool, trouble, fine) => {
    const memory = failOnce(trouble, fine, '40')
    const { error } = await memory.call(tool)
    expect(error).toMatchObject({ kind: 'busy', next: 'Call again in 45 s.', retryAfterSeconds: 45 })
    expect(memory.sent).toHaveLength(1)
  })

  test('after a limit inside a success whose seconds just fit', async () => {
    skipPauses()
    const memory = failOnce(xml(200, simpleReturn('1965', words)), xml(200, noUsers), '45')
    expect((await memory.call('saq_search_users')).isError).toBe(false)
  })

  test('as long as the seconds of a limit fit, and then no more', async () => {
    skipPauses()
    const memory = openInMemory(xml(200, simpleReturn('1965', words)), {
      extra: { QUALYS_MAX_WAIT_SECONDS: '100' },
    })
    expect((await memory.call('saq_search_users')).error).toMatchObject({ retryAfterSeconds: 45 })
    expect(memory.sent).toHaveLength(3)
  })

  test('and three times more where the failure persists', async () => {
    skipPauses()
    const memory = openInMemory(html(503), { extra: { QUALYS_MAX_WAIT_SECONDS: '60' } })
    const { error } = await memory.call('car_export_scripts', { ids: ['16515'] })
    expect(error).toMatchObject({ kind: 'vendor', status: 503 })
    expect(memory.sent).toHaveLength(4)
  })
})

describe('a read is not repeated', () => {
  test.each<readonly [string, Answer, string]>([
    ['a bad request', { status: 400 }, 'input'],
    ['no permission', { status: 403 }, 'setup'],
    ['not there', { status: 404 }, 'setup'],
    ['a conflict', { status: 409, body: { errorCode: '409', message: 'Title exists' } }, 'input'],
    ['an exception', { status: 500 }, 'vendor'],
    ['invalid JSON', { body: '{"body":' }, 'drift'],
    ['a web page', html(200), 'drift'],
  ])('after %s', async (_name, trouble, kind) => {
    const memory = failOnce(trouble, { body: noRows })
    expect((await memory.call('car_list_script_types')).error).toMatchObject({ kind })
    expect(memory.sent).toHaveLength(1)
  })

  test.each<readonly [string, Answer]>([
    ['a wrong password', xml(200, refusal('INVALID_CREDENTIALS', 'no'))],
    ['a wrong password with 401', xml(401, refusal('INVALID_CREDENTIALS', 'no'))],
    ['a registration', xml(409, simpleReturn('2003', 'Registration must be completed'))],
    ['a permission', xml(200, refusal('UNAUTHORIZED', 'no'))],
    ['a bad request', xml(200, refusal('INVALID_REQUEST', 'no'))],
    ['an unknown code', xml(200, refusal('WHATEVER', 'no'))],
    ['a web page', html(200)],
    ['an exception', html(500)],
  ])('of SAQ, after %s', async (_name, trouble) => {
    const memory = failOnce(trouble, xml(200, noUsers))
    expect((await memory.call('saq_search_users')).isError).toBe(true)
    expect(memory.sent).toHaveLength(1)
  })

  test('once the session is closed', async () => {
    const memory = failOnce(html(503), { body: noRows })
    await memory.session.state()
    await memory.session.close()
    await expect(memory.session.call(types, {})).rejects.toMatchObject({ kind: 'vendor' })
    expect(memory.sent).toHaveLength(1)
  })

  test('that waits when the session is closed', async () => {
    const memory = failOnce(limited({ 'x-ratelimit-towait-sec': '8' }), { body: noRows })
    const messages: string[] = []
    const call = memory.session
      .forCall((news) => {
        messages.push(news)
        setImmediate(() => memory.session.close())
      })
      .call(types, {})
    await expect(call).rejects.toMatchObject({ kind: 'vendor', message: 'The server is shutting down.' })
    expect(messages).toHaveLength(1)
    expect(memory.sent).toHaveLength(1)
  })
})

describe('an effect at a limit is sent once', () => {
  const words = 'This API cannot be run again for another 45 seconds.'
  const args = { userId: '7', scriptId: '7' }

  test.each([200, 409])('and the seconds of SAQ are told, with %i', async (status) => {
    const memory = openInMemory(xml(status, simpleReturn('1965', words)), {
      extra: { QUALYS_MAX_WAIT_SECONDS: '100' },
    })
    await expect(memory.session.call(operationNamed('saq_delete_user'), args)).rejects.toMatchObject({
      kind: 'busy',
      details: { retryAfterSeconds: 45 },
    })
    expect(memory.sent).toHaveLength(1)
  })

  // No page says whether the work was done before the code was sent.
  test('and stays unclear where CAR reports the limit inside a success', async () => {
    const memory = openInMemory({ body: { errorCode: '1965', message: words } })
    await expect(memory.session.call(operationNamed('car_clone_script'), args)).rejects.toMatchObject({
      kind: 'unclear',
    })
    expect(memory.sent).toHaveLength(1)
  })
})

describe('limits in headers', () => {
  test('are remembered, and an answer with none left is still an answer', async () => {
    const headers = {
      'X-RateLimit-Limit': '300',
      'X-RateLimit-Window-Sec': '3600',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-ToWait-Sec': '99',
    }
    const { session, sent } = openInMemory({ body: { body: [] }, headers })
    expect(await session.call(types, {})).toMatchObject({ kind: 'page', rows: [] })
    const limits = { callsLeft: 0, callsPerWindow: 300, windowSeconds: 3600 }
    expect((await session.limits()).gateway).toMatchObject(limits)
    expect((await session.limits()).apiServer).not.toHaveProperty('callsLeft')
    expect(sent).toHaveLength(1)
  })

  test('that are malformed are ignored', async () => {
    const headers = { 'X-RateLimit-Remaining': 'many', 'X-RateLimit-Limit': '' }
    const { session } = openInMemory({ body: { body: [] }, headers })
    await session.call(types, {})
    for (const limit of ['callsLeft', 'callsPerWindow', 'windowSeconds', 'maxConcurrent'])
      expect((await session.limits()).gateway).not.toHaveProperty(limit)
  })
})

describe('only the configured hosts are contacted', () => {
  test.each([300, 301, 302, 303, 307, 308, 399])('a redirect with %i is refused', async (status) => {
    const memory = openInMemory({ status, headers: { location: 'https://elsewhere.example/' } })
    await expect(memory.session.call(types, {})).rejects.toMatchObject({
      kind: 'setup',
      message: `${gatewayUrl} redirects elsewhere (${status}), which is refused.`,
      details: { status },
    })
    expect(memory.sent).toHaveLength(1)
  })

  test('a login that redirects is refused too', async () => {
    const login = { status: 307, headers: { location: 'https://elsewhere.example/' } }
    const memory = openInMemory({}, { login })
    await expect(memory.session.call(types, {})).rejects.toMatchObject({ kind: 'setup' })
    expect(memory.sent).toEqual([])
  })

  test('a request to any other origin is never sent', async () => {
    const { settings, sent } = openInMemory({})
    const wire = new HttpClient(accountOf(settings), settings, (text) => text, silentLog)
    const others = [
      'https://elsewhere.example',
      gatewayUrl.replace('https', 'http'),
      `${gatewayUrl}:8443`,
      `${apiUrl}.example`,
    ]
    for (const origin of others) {
      const url = new URL(`${origin}/sm/v1/script-types`)
      const send = wire.send(
        { method: 'GET', url, headers: {} },
        { repeatable: true, budget: new RetryBudget(0) },
      )
      await expect(send).rejects.toMatchObject({
        kind: 'setup',
        message: `${url.origin} is not a configured host.`,
      })
    }
    expect(sent).toEqual([])
    await wire.close()
  })
})
