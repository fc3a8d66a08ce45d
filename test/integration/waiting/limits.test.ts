import type { OutgoingHttpHeaders } from 'node:http'
import { describe, expect, test } from 'vitest'
import { noRows } from '../../support/session/gateway.ts'
import {
  effect,
  effectArgs,
  failing,
  gatewayFor,
  named,
  read,
  sessionFor,
} from '../../support/waiting/ground.ts'

// Limits as Qualys tells them (qualys-platform.md 3), and how long a call puts up with them.

interface Said {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

/** Says these in turn, the last one from then on; tells what was asked. */
async function saying(...answers: readonly Said[]) {
  const asked: string[] = []
  const gateway = await gatewayFor(({ method, url }, response) => {
    const {
      status,
      headers = {},
      body = '',
    } = answers[Math.min(asked.length, answers.length - 1)] ?? { status: 500 }
    asked.push(`${method} ${url}`)
    response.writeHead(status, headers).end(body)
  })
  return { gateway, asked }
}
const fine: Said = { status: 200, body: noRows }
const simple = (code: number): string =>
  `<?xml version="1.0"?><SIMPLE_RETURN><RESPONSE><DATETIME>2026-01-01T00:00:00Z</DATETIME><CODE>${code}</CODE><TEXT>This API cannot be run again.</TEXT></RESPONSE></SIMPLE_RETURN>`

describe('the hint to wait', () => {
  const soon = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString()
  test.each<readonly [string, OutgoingHttpHeaders, number]>([
    ['X-RateLimit-ToWait-Sec', { 'X-RateLimit-ToWait-Sec': '7' }, 7],
    ['in any case', { 'x-RATELIMIT-towait-SEC': ' 7 ' }, 7],
    ['with a fraction', { 'X-RateLimit-ToWait-Sec': '6.2' }, 7],
    ['Retry-After in seconds', { 'retry-after': '7' }, 7],
    ['both: Qualys’ own wins', { 'Retry-After': '99', 'X-RateLimit-ToWait-Sec': '7' }, 7],
    ['Qualys’ own makes no sense', { 'Retry-After': '7', 'X-RateLimit-ToWait-Sec': 'soon' }, 7],
    [
      'Retry-After as a date, by the server’s own clock',
      { date: 'Tue, 06 Jan 2015 08:00:00 GMT', 'retry-after': 'Tue, 06 Jan 2015 08:00:07 GMT' },
      7,
    ],
  ])('%s', async (_name, headers, seconds) => {
    const { gateway, asked } = await saying({ status: 429, headers })
    const { error } = await failing(sessionFor(gateway).call(read, {}))
    expect(error).toMatchObject({
      kind: 'busy',
      next: `Call again in ${seconds} s.`,
      details: { status: 429, retryAfterSeconds: seconds },
    })
    expect(asked).toHaveLength(1)
  })

  test('a date without a clock beside it goes by the clock of this machine', async () => {
    const gateway = await gatewayFor((_request, response) => {
      response.sendDate = false
      response.writeHead(429, { 'retry-after': soon(3_000) }).end()
    })
    const { error } = await failing(sessionFor(gateway).call(read, {}))
    const { retryAfterSeconds } = (error as unknown as { details: { retryAfterSeconds: number } }).details
    expect(retryAfterSeconds).toBeGreaterThan(2_900)
    expect(retryAfterSeconds).toBeLessThanOrEqual(3_000)
  })

  test.each(['', 'soon', '-5', '1e9', 'NaN', 'Infinity', '7 s', '9'.repeat(400), '７'])(
    '%j is none: a busy error still names seconds that can be kept',
    async (value) => {
      const { gateway } = await saying({
        status: 429,
        headers: { 'x-ratelimit-towait-sec': encodeURI(value) },
      })
      const { error } = await failing(sessionFor(gateway).call(read, {}))
      expect(error).toMatchObject({ kind: 'busy' })
      const { retryAfterSeconds } = (error as unknown as { details: { retryAfterSeconds: number } }).details
      expect(retryAfterSeconds).toBeGreaterThan(0)
      expect(Number.isSafeInteger(retryAfterSeconds)).toBe(true)
    },
  )
})

describe('429 with an empty body is a limit', () => {
  test('a read waits for it, and has its rows', async () => {
    const { gateway, asked } = await saying({ status: 429 }, fine)
    await expect(
      sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '30' }).call(read, {}),
    ).resolves.toMatchObject({
      rows: [],
    })
    expect(asked).toHaveLength(2)
  })

  test('the hint that comes with the second refusal is the one that counts', async () => {
    const hint = { status: 429, headers: { 'x-ratelimit-towait-sec': '3300' } }
    const { gateway, asked } = await saying({ status: 429 }, hint, fine)
    const { error } = await failing(sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '30' }).call(read, {}))
    expect(error).toMatchObject({ kind: 'busy', details: { retryAfterSeconds: 3_300 } })
    expect(asked).toHaveLength(2)
  })
})

describe('409 goes by the code in its body', () => {
  const wait = { 'x-ratelimit-towait-sec': '0.1' }
  test.each([1960, 1965, 1920, 1959, 1966])(
    '%i is a limit: a read has its rows from the next try',
    async (code) => {
      for (const body of [simple(code), JSON.stringify({ errorCode: null, code, message: 'limited' })]) {
        const { gateway, asked } = await saying({ status: 409, body, headers: wait }, fine)
        await expect(
          sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '5' }).call(read, {}),
        ).resolves.toMatchObject({
          rows: [],
        })
        expect(asked).toHaveLength(2)
      }
    },
  )

  test.each([
    ['another code', simple(1901)],
    ['a longer number', simple(19600)],
    ['a code in words alone', JSON.stringify({ message: 'job 1960 exists already' })],
    [
      'a conflict in the envelope',
      JSON.stringify({ errorCode: 'CONFLICT', message: 'it exists', body: null }),
    ],
    ['nothing', ''],
  ])('%s is none: asked once', async (_name, body) => {
    const { gateway, asked } = await saying({ status: 409, body }, fine)
    await failing(sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '5' }).call(read, {}))
    expect(asked).toHaveLength(1)
  })

  test.each([{}, { 'x-ratelimit-towait-sec': '0', 'x-ratelimit-remaining': '12' }])(
    '2003, a registration that is not complete, is none with headers %j, and time does not mend it',
    async (headers) => {
      const { gateway, asked } = await saying({ status: 409, body: simple(2003), headers }, fine)
      const users = named('saq_count_users')
      const { kind, text } = await failing(
        sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '5' }).call(users, {}),
      )
      expect(kind, text).not.toBe('busy')
      expect(asked).toHaveLength(1)
    },
  )
})

describe('effects neither wait nor repeat', () => {
  test.each<readonly [string, Said]>([
    ['429', { status: 429 }],
    ['429 that says at once', { status: 429, headers: { 'retry-after': '0' } }],
    ['429 with a hint', { status: 429, headers: { 'x-ratelimit-towait-sec': '1' } }],
    ['409 with 1960', { status: 409, body: simple(1960) }],
  ])('%s: busy at once, sent once', async (_name, answer) => {
    const { gateway, asked } = await saying(answer, fine)
    const told: string[] = []
    const session = sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '60' }).for((news) => told.push(news))
    const { error, text } = await failing(session.call(effect, effectArgs))
    expect(error).toMatchObject({ kind: 'busy', details: { retryAfterSeconds: expect.any(Number) } })
    expect(text).toMatch(/Call again in [1-9]\d* s\./)
    expect(asked).toHaveLength(1)
    expect(told).toEqual([])
  })

  test('503 with a hint may have come after the work', async () => {
    const { gateway, asked } = await saying({ status: 503, headers: { 'retry-after': '1' } }, fine)
    expect(
      (await failing(sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '60' }).call(effect, effectArgs))).kind,
    ).toBe('unclear')
    expect(asked).toHaveLength(1)
  })
})

describe('QUALYS_MAX_WAIT_SECONDS', () => {
  const second = { status: 429, headers: { 'x-ratelimit-towait-sec': '1' } }

  test.each([second, { status: 503 }, { status: 409, body: simple(1960) }])(
    '0 never waits, $status',
    async (answer) => {
      const { gateway, asked } = await saying(answer, fine)
      const told: string[] = []
      const session = sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '0' }).for((news) => told.push(news))
      await failing(session.call(read, {}))
      expect({ asked: asked.length, told }).toEqual({ asked: 1, told: [] })
    },
  )

  test('bounds the waits of one tool call together, not each request’s own', async () => {
    // Each request is refused once for a second: three fit, the fourth does not.
    const refused = new Set<string>()
    const asked: string[] = []
    const gateway = await gatewayFor(({ url = '' }, response) => {
      asked.push(url)
      if (refused.has(url)) return void response.end('{"body":{"id":1}}')
      refused.add(url)
      response.writeHead(429, { 'x-ratelimit-towait-sec': '1' }).end()
    })
    const script = named('car_get_script')
    const call = sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '4' }).for(() => undefined)
    for (const scriptId of ['1', '2', '3']) await call.call(script, { scriptId })
    const { error } = await failing(call.call(script, { scriptId: '4' }))
    expect(error).toMatchObject({ kind: 'busy', details: { retryAfterSeconds: 1 } })
    expect(asked.filter((url) => url.endsWith('/4'))).toHaveLength(1)
    // Another tool call has patience of its own.
    const other = sessionFor(gateway, { QUALYS_MAX_WAIT_SECONDS: '4' }).for(() => undefined)
    await expect(other.call(script, { scriptId: '5' })).resolves.toBeDefined()
  })
})
