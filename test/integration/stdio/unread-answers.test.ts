import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { expect, test } from 'vitest'
import { connected } from '../../support/stdio/connected-transport.ts'

// A client that does not read its answers: they were all kept for it, until the memory was full.

const request = (id: unknown, method = 'ping') => `${JSON.stringify({ jsonrpc: '2.0', id, method })}\n`
const cancelled = (requestId: unknown) =>
  `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } })}\n`
/** More than the client may leave unread. */
const large = (id: number) =>
  ({ jsonrpc: '2.0', id, result: { text: 'x'.repeat(1024 * 1024) } }) as JSONRPCMessage

const idsOf = (messages: readonly Record<string, unknown>[]) => messages.map(({ id, method }) => id ?? method)

test('its requests wait until it reads, and none is lost', async () => {
  const { say, line, messages, answers } = await connected()
  await say(request(1))
  void line.send(large(1))
  await say(`${request(2)}${request(3)}`)
  expect(idsOf(messages)).toEqual([1])
  expect(answers()).toHaveLength(1)
  await new Promise(setImmediate)
  expect(idsOf(messages)).toEqual([1, 2, 3])
})

test('its notifications are taken at once, and a cancelled request never runs', async () => {
  const { say, line, messages, answers } = await connected()
  await say(request(1))
  void line.send(large(1))
  await say(`${request(2)}${request(3)}${cancelled(2)}`)
  expect(idsOf(messages)).toEqual([1, 'notifications/cancelled'])
  answers()
  await new Promise(setImmediate)
  expect(idsOf(messages)).toEqual([1, 'notifications/cancelled', 3])
})

test('no more than 256 requests run at a time', async () => {
  const { say, line, messages } = await connected()
  await say(Array.from({ length: 258 }, (_, id) => request(id)).join(''))
  expect(messages).toHaveLength(256)
  await line.send({ jsonrpc: '2.0', id: 0, result: {} })
  expect(messages).toHaveLength(257)
  await say(cancelled(1))
  expect(idsOf(messages)).toContain(257)
})

test('beyond 10 MiB of requests nothing more is read', async () => {
  const { from, say, line, answers, messages } = await connected()
  await say(request(1))
  void line.send(large(1))
  const long = `${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'x'.repeat(6 * 1024 * 1024) })}\n`
  await say(long)
  expect(from.isPaused()).toBe(false)
  await say(long.replace('"id":2', '"id":3'))
  expect(from.isPaused()).toBe(true)
  await say(request(4))
  answers()
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(from.isPaused()).toBe(false)
  expect(idsOf(messages)).toEqual([1, 2, 3, 4])
})

test('when the server ends, each request that waits is answered, without a line of the log for each', async () => {
  const { say, line, answers, errors } = await connected()
  await say(request(1))
  void line.send(large(1))
  await say(`${request(2)}${request('three')}`)
  await line.close()
  expect(idsOf([...answers(), ...answers()])).toEqual([1, 2, 'three'])
  expect(errors).toEqual([])
})

test('a last line without an end is read when the client closes its side', async () => {
  const { from, messages } = await connected()
  from.end(request(1).trim())
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(idsOf(messages)).toEqual([1])
})
