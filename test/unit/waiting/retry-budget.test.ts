import { describe, expect, test } from 'vitest'
import { type Answer, openInMemory, operationNamed } from '../../support/session/memory.ts'
import { fixRandom, holdClock, skipPauses } from '../../support/waiting/fake-time.ts'

// How long a call waits for rate limits: its pauses, its progress messages, and when it gives up.

const read = operationNamed('car_list_script_types')
const effect = operationNamed('car_activate_schedule')
const effectArgs = { scheduleId: '7' }
const script = operationNamed('car_get_script')
const okReply: Answer = { body: { body: { totalCount: 0, list: [] } } }
const hint = (seconds: string) => ({ 'x-ratelimit-towait-sec': seconds })
const simple = (code: number): string =>
  `<SIMPLE_RETURN><RESPONSE><CODE>${code}</CODE><TEXT>This API cannot be run again.</TEXT></RESPONSE></SIMPLE_RETURN>`

/** Qualys gives these answers in turn, then always the last one; the session waits at most this number of seconds. */
const openAnswering = (wait: number, ...answers: readonly Answer[]) =>
  openInMemory((_sent, nth) => answers[Math.min(nth, answers.length) - 1] ?? okReply, {
    extra: { QUALYS_MAX_WAIT_SECONDS: String(wait) },
  })
const failure = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('the call did not fail'),
    (error: unknown) => error,
  )

describe('beyond the retry budget of a call', () => {
  test.each<readonly [string, Answer, number]>([
    ['a hint', { status: 429, headers: hint('7') }, 7],
    ['a hint with a fraction', { status: 429, headers: hint('6.2') }, 7],
    ['a hint on a 409', { status: 409, headers: hint('3300'), body: simple(1965) }, 3_300],
    ['a hint of nothing', { status: 429, headers: hint('0') }, 60],
    ['no hint', { status: 429 }, 60],
    ['no hint, and a window', { status: 429, headers: { 'x-ratelimit-window-sec': '30' } }, 30],
    ['no hint, and a long window', { status: 429, headers: { 'x-ratelimit-window-sec': '61' } }, 60],
  ])('%s: busy, with the seconds', async (_name, answer, seconds) => {
    const memory = openAnswering(0, answer, okReply)
    expect(await failure(memory.session.call(read, {}))).toMatchObject({
      kind: 'busy',
      message: `Qualys limits the calls of this account (${answer.status}).`,
      next: `Call again in ${seconds} s.`,
      details: { status: answer.status, retryAfterSeconds: seconds },
    })
    expect(memory.sent).toHaveLength(1)
  })

  test('a hint on a 503: not available', async () => {
    const memory = openAnswering(0, { status: 503, headers: { 'retry-after': '90' } })
    expect(await failure(memory.session.call(read, {}))).toMatchObject({
      kind: 'busy',
      message: 'Qualys is not available for the moment (503).',
      next: 'Call again in 90 s.',
    })
  })
})

describe('a read within its retry budget', () => {
  test.each<readonly [string, Answer, number, number]>([
    ['a hint, and a twentieth more', { status: 429, headers: hint('3') }, 3_000, 3_150],
    ['without a hint, four times as long as after a failure', { status: 429 }, 1_500, 2_500],
    ['with a hint of nothing, as after a failure', { status: 429, headers: hint('0') }, 375, 625],
    ['a 503 without a hint', { status: 503 }, 375, 625],
    ['a 502', { status: 502 }, 375, 625],
    ['a 504', { status: 504 }, 375, 625],
  ])('waits: %s', async (_name, answer, least, most) => {
    const pauses = skipPauses()
    const memory = openAnswering(30, answer, okReply)
    await expect(memory.session.call(read, {})).resolves.toMatchObject({ rows: [] })
    expect(memory.sent).toHaveLength(2)
    expect(pauses).toHaveLength(1)
    expect(pauses[0]).toBeGreaterThanOrEqual(least)
    expect(pauses[0]).toBeLessThanOrEqual(most)
  })

  test('each pause after a failure is twice as long as the one before, three times', async () => {
    fixRandom(0.5)
    const pauses = skipPauses()
    const memory = openAnswering(100, { status: 503 })
    expect(await failure(memory.session.call(read, {}))).toMatchObject({ kind: 'vendor' })
    expect(pauses).toEqual([500, 1_000, 2_000])
    expect(memory.sent).toHaveLength(4)
  })

  test('the hint of the second refusal is the one that counts', async () => {
    skipPauses()
    const memory = openAnswering(30, { status: 429 }, { status: 429, headers: hint('3300') }, okReply)
    expect(await failure(memory.session.call(read, {}))).toMatchObject({
      kind: 'busy',
      details: { retryAfterSeconds: 3_300 },
    })
    expect(memory.sent).toHaveLength(2)
  })

  test('a limit that says "no need to wait" causes no storm of requests', async () => {
    skipPauses()
    const memory = openAnswering(1, { status: 429, headers: hint('0') })
    expect(await failure(memory.session.call(read, {}))).toMatchObject({ kind: 'busy' })
    expect(memory.sent.length).toBeLessThan(4)
  })

  test('what it waits for is reported at once, and every five seconds', async () => {
    fixRandom(0)
    const pauses = skipPauses()
    const messages: string[] = []
    const memory = openAnswering(30, { status: 429, headers: hint('12') }, okReply)
    await memory.session.forCall((news) => messages.push(news)).call(read, {})
    const limited = 'Qualys limits the calls of this account (429)'
    expect(messages).toEqual([12, 7, 2].map((seconds) => `${limited}: the next try is in ${seconds} s.`))
    expect(pauses).toEqual([5_000, 5_000, 2_000])
  })

  test.each([
    [{ status: 503 }, 'Qualys failed (503)'],
    [{ status: 503, headers: hint('1') }, 'Qualys failed (503)'],
    [{ status: 409, body: simple(1960) }, 'Qualys limits the calls of this account (409)'],
  ])('%j: %s', async (answer, reason) => {
    skipPauses()
    const messages: string[] = []
    await openAnswering(30, answer, okReply)
      .session.forCall((news) => messages.push(news))
      .call(read, {})
    expect(messages[0]).toMatch(/: the next try is in \d s\.$/)
    expect(messages[0]?.startsWith(reason), messages[0]).toBe(true)
  })
})

describe('409', () => {
  test.each([1960, 1965, 1920, 1959, 1966])('%i is a limit: the next try gets the rows', async (code) => {
    skipPauses()
    for (const body of [simple(code), { errorCode: null, code, message: 'limited' }]) {
      const memory = openAnswering(5, { status: 409, body, headers: hint('0.1') }, okReply)
      await expect(memory.session.call(read, {})).resolves.toMatchObject({ rows: [] })
      expect(memory.sent).toHaveLength(2)
    }
  })

  test.each([simple(1901), simple(19600), { message: 'job 1960 exists already' }, ''])(
    '%j is no limit: requested once',
    async (body) => {
      const memory = openAnswering(5, { status: 409, body }, okReply)
      await failure(memory.session.call(read, {}))
      expect(memory.sent).toHaveLength(1)
    },
  )

  test.each([{}, { ...hint('0'), 'x-ratelimit-remaining': '12' }])(
    '2003, an incomplete registration, is no limit with headers %j, and waiting does not help',
    async (headers) => {
      const memory = openAnswering(5, { status: 409, body: simple(2003), headers }, okReply)
      const users = operationNamed('saq_count_users')
      expect(await failure(memory.session.call(users, {}))).toMatchObject({ kind: 'setup' })
      expect(memory.sent).toHaveLength(1)
    },
  )
})

describe('effects neither wait nor repeat', () => {
  test.each<readonly [string, Answer]>([
    ['429', { status: 429 }],
    ['429 that says at once', { status: 429, headers: { 'retry-after': '0' } }],
    ['429 with a hint', { status: 429, headers: hint('1') }],
    ['409 with 1960', { status: 409, body: simple(1960) }],
  ])('%s: busy at once, sent once', async (_name, answer) => {
    const memory = openAnswering(60, answer, okReply)
    const messages: string[] = []
    const session = memory.session.forCall((news) => messages.push(news))
    expect(await failure(session.call(effect, effectArgs))).toMatchObject({
      kind: 'busy',
      next: expect.stringMatching(/^Call again in [1-9]\d* s\.$/),
      details: { retryAfterSeconds: expect.any(Number) },
    })
    expect(memory.sent).toHaveLength(1)
    expect(messages).toEqual([])
  })

  test('503 with a hint may have come after the work', async () => {
    const memory = openAnswering(60, { status: 503, headers: { 'retry-after': '1' } }, okReply)
    expect(await failure(memory.session.call(effect, effectArgs))).toMatchObject({ kind: 'unclear' })
    expect(memory.sent).toHaveLength(1)
  })
})

describe('QUALYS_MAX_WAIT_SECONDS', () => {
  test.each<Answer>([
    { status: 429, headers: hint('1') },
    { status: 503 },
    { status: 409, body: simple(1960) },
  ])('0 never waits: %j', async (answer) => {
    const memory = openAnswering(0, answer, okReply)
    const messages: string[] = []
    await failure(memory.session.forCall((news) => messages.push(news)).call(read, {}))
    expect({ sent: memory.sent.length, messages }).toEqual({ sent: 1, messages: [] })
  })

  test.each([
    ['2', 2],
    ['2.001', 1],
  ])('a pause of %s s within 2 s: sent %i times', async (seconds, times) => {
    fixRandom(0)
    holdClock()
    skipPauses()
    const memory = openAnswering(2, { status: 429, headers: hint(seconds) }, okReply)
    await memory.session.call(read, {}).catch(() => undefined)
    expect(memory.sent).toHaveLength(times)
  })

  test('bounds the waits of one tool call together, not of each request', async () => {
    // Each request is refused once for a second: three fit, the fourth does not.
    const pauses = skipPauses()
    const refused = new Set<string>()
    const memory = openInMemory(
      ({ path }) => {
        if (refused.has(path)) return { body: { body: { id: 1 } } }
        refused.add(path)
        return { status: 429, headers: hint('1') }
      },
      { extra: { QUALYS_MAX_WAIT_SECONDS: '4' } },
    )
    const call = memory.session.forCall(() => undefined)
    for (const scriptId of ['1', '2', '3']) await call.call(script, { scriptId })
    expect(await failure(call.call(script, { scriptId: '4' }))).toMatchObject({
      kind: 'busy',
      details: { retryAfterSeconds: 1 },
    })
    expect(memory.sent.filter(({ path }) => path.endsWith('/4'))).toHaveLength(1)
    expect(pauses).toHaveLength(3)
    // Another tool call has its own retry budget.
    const other = memory.session.forCall(() => undefined)
    await expect(other.call(script, { scriptId: '5' })).resolves.toBeDefined()
  })
})
