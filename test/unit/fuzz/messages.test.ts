import { expect, test } from 'vitest'
import { awaitedId, cancelledId, complaintOf, lineOf } from '../../nightly/fuzz/json-rpc-line.ts'
import { Messages } from '../../nightly/fuzz/messages.ts'
import { SeededRandom } from '../../nightly/fuzz/seeded-random.ts'

// How the fuzzer generates its messages, and what it accepts as an answer.

test('the same seed sends the same messages', () => {
  const sources = { calls: [['car_search_jobs', {}]] as const, effects: new Set<string>(), modern: true }
  const drawn = (seed: number): string[] => {
    const messages = new Messages(new SeededRandom(seed), sources)
    return Array.from({ length: 300 }, () => Buffer.from(messages.next()).toString('hex'))
  }
  expect(drawn(7)).toEqual(drawn(7))
  expect(drawn(7)).not.toEqual(drawn(8))
})

test.each([
  ['{"jsonrpc":"2.0","id":1,"method":"ping"}', true, ['1']],
  ['{"jsonrpc":"2.0","method":"notifications/x","params":{}}', true, []],
  ['{"jsonrpc":"2.0","id":"a","result":{}}', true, ['"a"']],
  [
    '\ufeff[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]',
    true,
    ['1', '2'],
  ],
  ['{"jsonrpc":"2.0","id":{},"method":"ping"}', false, ['{}']],
  ['{"jsonrpc":"2.0","id":1,"method":"ping","params":5}', false, ['1']],
  ['{"jsonrpc":"1.0","id":1,"method":"ping"}', false, ['1']],
  ['{"jsonrpc":"2.0","id":1}', false, ['1']],
  ['{"jsonrpc":"2.0"', false, []],
  ['[]', false, []],
  ['', false, []],
])('%j is protocol: %j', (sent, isProtocol, asked) => {
  expect(lineOf(sent)).toMatchObject({ isProtocol, requestIds: asked })
})

test.each([
  ['{"jsonrpc":"2.0","id":1,"result":{}}', undefined],
  ['{"jsonrpc":"2.0","method":"notifications/progress","params":{}}', undefined],
  ['{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"x"}}', undefined],
  ['{"jsonrpc":"2.0","id":1,"error":{"code":"x","message":"x"}}', 'an error without code and message'],
  ['{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}', 'a result and an error'],
  ['{"id":1,"result":{}}', 'no JSON-RPC message'],
  ['started', 'no JSON object'],
  ['', 'no JSON object'],
])('of %s, written by a server, it reports: %s', (line, complaint) =>
  expect(complaintOf(line)).toBe(complaint),
)

test.each([
  ['{"jsonrpc":"2.0","id":1,"method":"ping"}', '1'],
  ['{"id":"a","method":7}', '"a"'],
  ['\ufeff{"jsonrpc":"2.0","id":2,"method":"ping","params":null}', '2'],
  ['{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}', undefined],
  ['{"jsonrpc":"2.0","id":1,"result":{}}', undefined],
  ['{"jsonrpc":"2.0","id":null,"method":"ping"}', undefined],
  ['{"jsonrpc":"2.0","method":"notifications/x"}', undefined],
  ['{"jsonrpc":"2.0","id":1,"method":"ping"', undefined],
])('%s must be answered with the id %j', (sent, id) => expect(awaitedId(sent)).toBe(id))

test('a cancelled request needs no answer', () => {
  const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'a' } }
  expect(cancelledId(JSON.stringify(cancelled))).toBe('"a"')
  expect(cancelledId('{"jsonrpc":"2.0","id":1,"method":"ping"}')).toBeUndefined()
})
