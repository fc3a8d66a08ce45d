import { expect, test } from 'vitest'
import { Messages } from '../../nightly/fuzz/messages.ts'
import { SeededRandom } from '../../nightly/fuzz/seeded-random.ts'
import { faultOf, type Sent, type Trial } from '../../nightly/http-fuzz/trial.ts'
import { nextTrial } from '../../nightly/http-fuzz/trials.ts'

// How the fuzzer over HTTP makes its requests, and what it reports of the responses.

const endpoint = {
  port: 8_765,
  token: 'token',
  endedToken: 'ended',
  host: 'mcp.example',
  origin: 'https://app.example',
}

function drawn(seed: number, modern: boolean): readonly Trial[] {
  const random = new SeededRandom(seed)
  const sources = { calls: [['car_search_jobs', {}]] as const, effects: new Set<string>(), modern }
  const maker = { random, messages: new Messages(random, sources), modern, endpoint, session: 's' }
  return Array.from({ length: 300 }, () => nextTrial(maker))
}

const bytesIn = (trials: readonly Trial[]): string =>
  trials.flatMap(({ sent }) => sent.map(({ bytes }) => bytes.toString('hex'))).join('\n')

test('the same seed sends the same requests', () => {
  expect(bytesIn(drawn(7, true))).toBe(bytesIn(drawn(7, true)))
  expect(bytesIn(drawn(7, true))).not.toBe(bytesIn(drawn(8, true)))
})

test('requests of every nature are sent, and end in every way', () => {
  const trials = [...drawn(1, true), ...drawn(2, false)]
  const natures = new Set(trials.flatMap(({ sent }) => sent.map(({ nature }) => nature)))
  expect([...natures].sort()).toEqual(['broken', 'cut', 'lenient', 'whole'])
  const endings = new Set(trials.map(({ ending }) => ending))
  expect([...endings].sort()).toEqual(['end', 'last request', 'reset', 'server'])
})

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
const refused = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'
const last = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'

const request = (nature: Sent['nature'], more: Partial<Sent> = {}): Sent => ({
  title: nature,
  bytes: Buffer.from('x'),
  nature,
  statuses: [200],
  ...more,
})

const judge = (sent: readonly Sent[], text: string, more: Partial<Trial> = {}, isLate = false) =>
  faultOf({ sent, ending: 'last request', pieces: [], ...more }, { bytes: Buffer.from(text), isLate })

test.each([
  ['a whole one is answered', [request('whole')], ok + last],
  ['so are two', [request('whole'), request('whole')], ok + ok + last],
  ['a broken one is refused', [request('broken')], refused],
  ['or its connection ends', [request('broken')], ''],
  ['a lenient one is answered', [request('lenient')], ok + last],
  ['or refused', [request('lenient')], refused],
  ['a cut one is refused', [request('cut')], refused],
  ['or not', [request('cut')], ''],
  [
    'the parser refuses one before those before it are answered',
    [request('whole'), request('broken')],
    refused,
  ],
])('%s: no fault', (_name, sent, text) => expect(judge(sent, text)).toBeUndefined())

test.each([
  ['a whole one is not answered', [request('whole')], last, 'expected one response with 200, got 404'],
  [
    'it is answered with another status',
    [request('whole')],
    `${refused}`,
    'expected one response with 200, got 400',
  ],
  ['it is answered twice', [request('whole')], ok + ok + last, 'expected 404 for the last request, got 200'],
  ['a second one is not answered', [request('whole'), request('whole')], ok + last, 'got 404'],
  ['a broken one is answered', [request('broken')], ok + last, 'expected the end of the connection'],
  [
    'what is behind a broken one is answered',
    [request('broken')],
    last.replace('404', '400') + ok,
    'and 200',
  ],
  ['the last one is answered twice', [request('whole')], `${ok}${last}${last}`, 'one response too many'],
  ['a response is none', [request('whole')], 'hello', 'expected responses by RFC 9112'],
])('%s: a fault', (_name, sent, text, expected) => expect(judge(sent, text)).toContain(expected))

test('a connection that the server keeps is a fault', () => {
  expect(judge([request('whole', { isLast: true })], ok, { ending: 'server' }, true)).toContain('no end')
  expect(judge([request('broken')], '', {}, true)).toContain('no end')
})

test('a check of its own says what is wrong with a response', () => {
  expect(judge([request('whole', { check: () => 'expected more' })], ok + last)).toContain('expected more')
})

test('nobody waits for what a client that is gone would get', () => {
  expect(judge([request('whole')], '', { ending: 'reset' })).toBeUndefined()
})
