import { describe, expect, test, vi } from 'vitest'
import { isConcurrencyLimit, limitsOf, secondsToWait } from '../../../src/session/http/rate-limits.ts'

// What an answer says about rate limits (qualys-platform.md 3), read from its status, headers and body.

const wait = (status: number, headers: Record<string, string> = {}, text = '') =>
  secondsToWait({ status, headers, text })
const simple = (code: number | string): string =>
  `<?xml version="1.0"?><SIMPLE_RETURN><RESPONSE><DATETIME>2026-01-01T00:00:00Z</DATETIME><CODE>${code}</CODE><TEXT>This API cannot be run again.</TEXT></RESPONSE></SIMPLE_RETURN>`
const hint = (seconds: string) => ({ 'x-ratelimit-towait-sec': seconds })

describe('the seconds to wait, with 429', () => {
  test.each<readonly [string, Record<string, string>, number]>([
    ['of Qualys', hint('7'), 7],
    ['with blanks around', hint(' 7 '), 7],
    ['with a fraction', hint('6.2'), 6.2],
    ['none', hint('0'), 0],
    ['of nine digits', hint('999999999'), 999_999_999],
    ['Retry-After', { 'retry-after': '7' }, 7],
    ['both: Qualys’ own wins', { 'retry-after': '99', ...hint('7') }, 7],
    ['Qualys’ own makes no sense', { 'retry-after': '7', ...hint('soon') }, 7],
    [
      'Retry-After as a date, by the server’s own clock',
      { date: 'Tue, 06 Jan 2015 08:00:00 GMT', 'retry-after': 'Tue, 06 Jan 2015 08:00:07 GMT' },
      7,
    ],
    [
      'Retry-After as a date that is past',
      { date: 'Tue, 06 Jan 2015 08:00:00 GMT', 'retry-after': 'Tue, 06 Jan 2015 07:00:00 GMT' },
      0,
    ],
  ])('%s', (_name, headers, seconds) => {
    expect(wait(429, headers)).toBe(seconds)
  })

  test('a date without a Date header is compared with the clock of this machine', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2015, 0, 6, 8, 0, 0) })
    const seconds = wait(429, { 'retry-after': 'Tue, 06 Jan 2015 08:00:07 GMT' })
    vi.useRealTimers()
    expect(seconds).toBe(7)
  })

  test.each([
    '',
    'soon',
    '-5',
    '1e9',
    'NaN',
    'Infinity',
    '7 s',
    '9'.repeat(400),
    '1000000000',
    '7.',
    '.7',
    '1.0123456789',
    '%E2%81%B7',
  ])('%j is no hint: how long is unknown', (value) => {
    expect(wait(429, hint(value))).toBe('unknown')
  })
})

describe('503 asks to wait only with a hint', () => {
  test.each<readonly [Record<string, string>, number | undefined]>([
    [{}, undefined],
    [hint('0'), undefined],
    [hint('3'), 3],
    [{ 'retry-after': '90' }, 90],
  ])('%j: %s', (headers, expected) => {
    expect(wait(503, headers)).toBe(expected)
  })
})

describe('409 depends on the code in its body', () => {
  const codes = ['1960', '1965', '1920', '1959', '1966', 'LIMIT_EXCEEDED', 'limit_exceeded']
  const bodies = codes.flatMap((code) => [
    simple(code),
    `<ServiceResponse><responseCode> ${code}</responseCode></ServiceResponse>`,
    JSON.stringify({ errorCode: null, code, message: 'limited' }),
    JSON.stringify({ errorCode: code }),
    JSON.stringify({ responseCode: code }),
  ])
  test.each([...bodies, '{"code":1965}'])('%s is a limit', (body) => {
    expect(wait(409, {}, body)).toBe('unknown')
    expect(wait(409, hint('3'), body)).toBe(3)
    expect(wait(409, hint('0'), body)).toBe(0)
  })

  test.each([
    ['another code', simple(1901)],
    ['a longer number', simple(19600)],
    ['a registration that is not complete', simple(2003)],
    ['a conflict in the envelope', '{"errorCode":"CONFLICT","message":"it exists","body":null}'],
  ])('%s is no limit, whatever hint is beside it', (_name, body) => {
    expect(wait(409, {}, body)).toBeUndefined()
    expect(wait(409, hint('3'), body)).toBeUndefined()
  })

  test.each([
    ['nothing', ''],
    ['a code in words alone', JSON.stringify({ message: 'job 1960 exists already' })],
    ['a code that is null', '{"errorCode":null}'],
    ['a code far behind', `${' '.repeat(2_000)}${simple(1960)}`],
  ])('%s: a hint decides, and one of 0 is none', (_name, body) => {
    expect(wait(409, {}, body)).toBeUndefined()
    expect(wait(409, hint('0'), body)).toBeUndefined()
    expect(wait(409, hint('3'), body)).toBe(3)
  })
})

test.each([200, 400, 403, 408, 500, 502, 504])('%i asks for no wait, with or without a hint', (status) => {
  expect(wait(status, hint('3'), simple(1965))).toBeUndefined()
})

test.each([
  [409, '1960', true],
  [409, '1965', false],
  [429, '1960', false],
  [409, '', false],
])('too many calls at once: %i with code %j is %s', (status, code, expected) => {
  expect(isConcurrencyLimit({ status, headers: {}, text: code && simple(code) })).toBe(expected)
})

describe('limits in headers', () => {
  test.each<readonly [Record<string, string>, object]>([
    [{}, {}],
    [{ 'x-ratelimit-remaining': '17' }, { callsLeft: 17 }],
    [{ 'x-ratelimit-remaining': '0' }, { callsLeft: 0 }],
    [{ 'x-ratelimit-limit': '300' }, { callsPerWindow: 300 }],
    // 0 if only the number of concurrent calls was the reason.
    [{ 'x-ratelimit-limit': '0' }, {}],
    [{ 'x-ratelimit-window-sec': '3600' }, { windowSeconds: 3_600 }],
    [{ 'x-concurrency-limit-limit': '2' }, { maxConcurrent: 2 }],
    [{ 'x-concurrencylimit-limit': '2' }, { maxConcurrent: 2 }],
    [{ 'x-concurrencylimit-limit': '3', 'x-concurrency-limit-limit': '2' }, { maxConcurrent: 2 }],
    [{ 'x-concurrencylimit-limit': '3', 'x-concurrency-limit-limit': 'two' }, { maxConcurrent: 3 }],
    [{ 'x-concurrency-limit-limit': '0' }, {}],
    [{ 'x-concurrency-limit-limit': '-1' }, {}],
    [{ 'x-concurrency-limit-limit': 'many', 'x-ratelimit-remaining': '' }, {}],
  ])('%j: %j', (headers, expected) => {
    expect(limitsOf(headers)).toEqual(expected)
  })
})
