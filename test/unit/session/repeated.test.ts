import { describe, expect, test } from 'vitest'
import { accountOf } from '../../../src/session/auth/account.ts'
import { Wire } from '../../../src/session/http/client.ts'
import { Caller } from '../../../src/session/http/retry-budget.ts'
import { silent } from '../../../src/shared/log.ts'
import {
  type Answer,
  apiUrl,
  gatewayUrl,
  inMemory,
  type Memory,
  operationNamed,
} from '../../support/session/memory.ts'
import { refusal, simple } from '../../support/session/qps-answers.ts'
import { skipPauses } from '../../support/waiting/time.ts'

// What is asked for again, and what is not; and that nothing is sent anywhere else.

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

/** Answers so once, and well from then on. */
const once = (trouble: Answer | Error, fine: Answer, wait = '9'): Memory =>
  inMemory((_sent, nth) => (nth === 1 ? trouble : fine), { extra: { QUALYS_MAX_WAIT_SECONDS: wait } })

describe('a read is asked for again, once', () => {
  test.each<readonly [string, string, Answer | Error]>([
    ['after a limit', 'car_list_script_types', limit],
    ['after a limit by Retry-After', 'car_list_script_languages', limited({ 'retry-after': '1' })],
    ['after a limit with 409', 'car_list_reports', { ...limit, status: 409 }],
    ['after a limit without a word', 'car_search_scripts', limited({})],
    ['after a limit of the oldest form', 'car_search_jobs', xml(409, simple('1960', 'Not now.'))],
    ['after a web page with 502', 'car_search_jobs', html(502)],
    ['after a web page with 503', 'car_search_asset_jobs', html(503)],
    ['after a 504 without a body', 'car_search_assets', { status: 504 }],
    ['after a reset', 'car_search_asset_tags', reset()],
  ])('%s: %s', async (_name, tool, trouble) => {
    const pauses = skipPauses()
    const memory = once(trouble, { body: noRows })
    expect((await memory.call(tool)).isError).toBe(false)
    expect(memory.sent).toHaveLength(2)
    expect(memory.logins).toHaveLength(1)
    expect(pauses).toHaveLength(1)
  })

  test.each<readonly [string, Answer | Error]>([
    ['the limit of calls, with its hint', { ...xml(409, simple('1965', 'Wait.')), ...limit, status: 409 }],
    ['the limit of parallel calls, without one', xml(409, simple('1960', 'Wait.'))],
    ['maintenance', html(503)],
    ['a connection that breaks', reset()],
  ])('of SAQ, after %s', async (_name, trouble) => {
    skipPauses()
    const memory = once(trouble, xml(200, noUsers))
    const { isError, text } = await memory.call('saq_search_users')
    expect(isError, text).toBe(false)
    expect(memory.sent).toHaveLength(2)
  })

  test('and three times more where it stays so', async () => {
    skipPauses()
    const memory = inMemory(html(503), { extra: { QUALYS_MAX_WAIT_SECONDS: '60' } })
    const { error } = await memory.call('car_export_scripts', { ids: ['16515'] })
    expect(error).toMatchObject({ kind: 'vendor', status: 503 })
    expect(memory.sent).toHaveLength(4)
  })
})

describe('a read is not asked for again', () => {
  test.each<readonly [string, Answer, string]>([
    ['a bad request', { status: 400 }, 'input'],
    ['no permission', { status: 403 }, 'setup'],
    ['not there', { status: 404 }, 'setup'],
    ['a conflict', { status: 409, body: { errorCode: '409', message: 'Title exists' } }, 'input'],
    ['an exception', { status: 500 }, 'vendor'],
    ['JSON that is none', { body: '{"body":' }, 'drift'],
    ['a web page', html(200), 'drift'],
  ])('after %s', async (_name, trouble, kind) => {
    const memory = once(trouble, { body: noRows })
    expect((await memory.call('car_list_script_types')).error).toMatchObject({ kind })
    expect(memory.sent).toHaveLength(1)
  })

  test.each<readonly [string, Answer]>([
    ['a wrong password', xml(200, refusal('INVALID_CREDENTIALS', 'no'))],
    ['a wrong password with 401', xml(401, refusal('INVALID_CREDENTIALS', 'no'))],
    ['a registration', xml(409, simple('2003', 'Registration must be completed'))],
    ['a permission', xml(200, refusal('UNAUTHORIZED', 'no'))],
    ['a bad request', xml(200, refusal('INVALID_REQUEST', 'no'))],
    ['an unknown code', xml(200, refusal('WHATEVER', 'no'))],
    ['a web page', html(200)],
    ['an exception', html(500)],
  ])('of SAQ, after %s', async (_name, trouble) => {
    const memory = once(trouble, xml(200, noUsers))
    expect((await memory.call('saq_search_users')).isError).toBe(true)
    expect(memory.sent).toHaveLength(1)
  })

  test('once the session is closed', async () => {
    const memory = once(html(503), { body: noRows })
    await memory.session.state()
    await memory.session.close()
    await expect(memory.session.call(types, {})).rejects.toMatchObject({ kind: 'vendor' })
    expect(memory.sent).toHaveLength(1)
  })

  test('that waits when the session is closed', async () => {
    const memory = once(limited({ 'x-ratelimit-towait-sec': '8' }), { body: noRows })
    const told: string[] = []
    const call = memory.session
      .for((news) => {
        told.push(news)
        setImmediate(() => memory.session.close())
      })
      .call(types, {})
    await expect(call).rejects.toMatchObject({ kind: 'vendor', message: 'The server is shutting down.' })
    expect(told).toHaveLength(1)
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
    const { session, sent } = inMemory({ body: { body: [] }, headers })
    expect(await session.call(types, {})).toMatchObject({ kind: 'page', rows: [] })
    const told = { callsLeft: 0, callsPerWindow: 300, windowSeconds: 3600 }
    expect((await session.traffic()).gateway).toMatchObject(told)
    expect((await session.traffic()).apiServer).not.toHaveProperty('callsLeft')
    expect(sent).toHaveLength(1)
  })

  test('that make no sense are left alone', async () => {
    const headers = { 'X-RateLimit-Remaining': 'many', 'X-RateLimit-Limit': '' }
    const { session } = inMemory({ body: { body: [] }, headers })
    await session.call(types, {})
    for (const limit of ['callsLeft', 'callsPerWindow', 'windowSeconds', 'atOnce'])
      expect((await session.traffic()).gateway).not.toHaveProperty(limit)
  })
})

describe('only the configured hosts are called', () => {
  test.each([300, 301, 302, 303, 307, 308, 399])('a redirect with %i is refused', async (status) => {
    const memory = inMemory({ status, headers: { location: 'https://elsewhere.example/' } })
    await expect(memory.session.call(types, {})).rejects.toMatchObject({
      kind: 'setup',
      message: `${gatewayUrl} redirects elsewhere (${status}), which is refused.`,
      details: { status },
    })
    expect(memory.sent).toHaveLength(1)
  })

  test('a login that redirects is refused too', async () => {
    const login = { status: 307, headers: { location: 'https://elsewhere.example/' } }
    const memory = inMemory({}, { login })
    await expect(memory.session.call(types, {})).rejects.toMatchObject({ kind: 'setup' })
    expect(memory.sent).toEqual([])
  })

  test('a request to any other origin never leaves', async () => {
    const { settings, sent } = inMemory({})
    const wire = new Wire(accountOf(settings), settings, (text) => text, silent)
    const others = [
      'https://elsewhere.example',
      gatewayUrl.replace('https', 'http'),
      `${gatewayUrl}:8443`,
      `${apiUrl}.example`,
    ]
    for (const origin of others) {
      const url = new URL(`${origin}/sm/v1/script-types`)
      const send = wire.send({ method: 'GET', url, headers: {} }, { repeatable: true, caller: new Caller(0) })
      await expect(send).rejects.toMatchObject({
        kind: 'setup',
        message: `${url.origin} is not a configured host.`,
      })
    }
    expect(sent).toEqual([])
    await wire.close()
  })
})
