import { expect, test } from 'vitest'
import { faultOfAnswer } from '../../nightly/http-fuzz/responses/answers.ts'
import { readResponses } from '../../nightly/http-fuzz/responses/responses.ts'

// What the fuzzer over HTTP accepts as a response, and as an answer to a message.

const json = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const closing = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'

const read = (text: string, heads: readonly number[] = []) =>
  readResponses(Buffer.from(text, 'latin1'), (index) => heads.includes(index))

test.each([
  ['with a length', `${json}Content-Length: 2\r\n\r\n{}`, ['{}']],
  ['in chunks', `${json}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n`, ['{}']],
  ['until the end', `${closing}x`, ['x']],
  ['behind an interim one', `HTTP/1.1 100 Continue\r\n\r\n${json}Content-Length: 2\r\n\r\n{}`, ['{}']],
  ['one behind the other', `${json}Content-Length: 1\r\n\r\n1${json}Content-Length: 1\r\n\r\n2`, ['1', '2']],
  ['without a body', 'HTTP/1.1 204 No Content\r\n\r\n', ['']],
])('a response %s is read', (_name, text, bodies) => {
  const { responses, fault } = read(text)
  expect([responses.map(({ body }) => body.toString()), fault]).toEqual([bodies, undefined])
})

test('a response to HEAD has a length and no body', () => {
  const { responses, fault } = read(`${json}Content-Length: 9\r\n\r\n${json}Content-Length: 1\r\n\r\n1`, [0])
  expect([responses.map(({ body }) => body.length), fault]).toEqual([[0, 1], undefined])
})

test.each([
  ['a body that is cut', `${json}Content-Length: 3\r\n\r\n{}`],
  ['a chunk that is cut', `${json}Transfer-Encoding: chunked\r\n\r\n5\r\n{}`],
  ['no last chunk', `${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`],
  ['two lengths', `${json}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
  ['a length and chunks', `${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['a line that is no header', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n'],
  ['a line feed in a header', 'HTTP/1.1 200 OK\r\nX: a\nb: c\r\n\r\n'],
  ['an interim response in a body', `${json}Content-Length: 2\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n{}`],
  ['something else', 'hello'],
])('%s is a fault', (_name, text) => expect(read(text).fault).toBeDefined())

const ask = (id: unknown, method = 'ping') => ({ jsonrpc: '2.0', id, method })
const result = (id: unknown) => ({ jsonrpc: '2.0', id, result: {} })
const error = (id: unknown, code = -32_600) => ({ jsonrpc: '2.0', id, error: { code, message: 'x' } })
const cancel = (requestId: unknown) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
})

/** The fault of a response with this status and body. */
function fault(sent: unknown, status: number, body: unknown, type = 'application/json'): string | undefined {
  const text = type === 'application/json' ? JSON.stringify(body) : String(body)
  const head = `HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`
  const [response] = read(head + text).responses
  if (!response) throw new Error('there is no response')
  return faultOfAnswer(JSON.stringify(sent), response)
}

test.each([
  ['an answer', ask(1), 200, result(1)],
  ['an error', ask('a'), 400, error('a')],
  ['an error about HTTP', ask(1), 403, error(null, -32_000)],
  ['answers to a batch', [ask(1), ask(2), cancel(9)], 200, [result(2), result(1)]],
  ['a refused batch', [ask(1), ask(2)], 400, error(null)],
  ['a batch whose call is cancelled', [ask(1), ask(2), cancel(2)], 200, [result(1)]],
])('%s is right', (_name, sent, status, body) => expect(fault(sent, status, body)).toBeUndefined())

test('events hold the answer after the news', () => {
  const news = `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress' })}\n\n`
  const events = `${news}: keepalive\n\nevent: message\ndata: ${JSON.stringify(result(1))}\n\n`
  expect(fault(ask(1), 200, events, 'text/event-stream')).toBeUndefined()
  expect(fault(ask(1), 200, news, 'text/event-stream')).toContain('expected an answer with the id 1')
})

test.each([
  ['no answer', ask(1), 200, [], 'expected an answer with the id 1'],
  ['another id', ask(1), 200, result(2), '2 is answered, which nobody asked'],
  ['an id of another kind', ask(1), 200, result('1'), '"1" is answered, which nobody asked'],
  ['no id', ask(1), 400, error(null), 'expected an answer with the id 1'],
  ['two answers', ask(1), 200, [result(1), result(1)], '1 is answered twice'],
  ['a batch half answered', [ask(1), ask(2)], 200, [result(1)], 'expected an answer with the id 2'],
  ['a result with 400', ask(1), 400, result(1), 'expected one error'],
  ['a question', ask(1), 200, [result(1), ask('q', 'roots/list')], 'the service asks roots/list'],
  ['no message', ask(1), 200, { ok: true }, 'the body holds no JSON-RPC message'],
])('%s is a fault', (_name, sent, status, body, expected) => expect(fault(sent, status, body)).toBe(expected))

test('a number that no double holds keeps its digits', () => {
  const sent = '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}'
  const answered = (id: string) => {
    const body = `{"jsonrpc":"2.0","id":${id},"error":{"code":-32600,"message":"x"}}`
    const [response] = read(`${json}Content-Length: ${body.length}\r\n\r\n${body}`).responses
    return response && faultOfAnswer(sent, response)
  }
  expect(answered('9007199254740993')).toBeUndefined()
  expect(answered('null')).toBeUndefined()
  expect(answered('9007199254740992')).toContain('is answered as 9007199254740992')
})
