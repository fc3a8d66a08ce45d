import { once } from 'node:events'
import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { describe, expect, test } from 'vitest'
import { interruptedMessage } from '../../../src/shared/interruption.ts'
import { connected } from '../../support/stdio/connected-transport.ts'

// One client at the other end of two pipes: which lines are messages, and what a call gets when the server ends.

const ping = (id: unknown) => JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })
const cancelled = (requestId: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } })
const result = (id: number) => ({ jsonrpc: '2.0', id, result: {} }) as JSONRPCMessage
const isDone = (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), new Promise(setImmediate).then(() => false)])

describe('lines', () => {
  test('several in one write, and one in several writes', async () => {
    const { say, messages, errors } = await connected()
    await say(`${ping(1)}\n${ping(2)}\n${ping('three').slice(0, 10)}`)
    await say(`${ping('three').slice(10)}`)
    expect(messages.map(({ id }) => id)).toEqual([1, 2])
    await say('\r\n')
    expect(messages.map(({ id }) => id)).toEqual([1, 2, 'three'])
    expect(errors).toEqual([])
  })

  test('with a character in two writes', async () => {
    const { say, messages } = await connected()
    const bytes = Buffer.from(`${ping('ü')}\n`)
    const at = bytes.indexOf(0xc3) + 1
    await say(bytes.subarray(0, at))
    await say(bytes.subarray(at))
    expect(messages.map(({ id }) => id)).toEqual(['ü'])
  })

  test.each([
    ['hello', 5, null, -32_700, 'The line is no JSON.'],
    ['x', 1, null, -32_700, 'The line is no JSON.'],
    ['[]', 2, null, -32_600, 'A message must be a JSON object.'],
    ['{"jsonrpc":"1.0","id":9}', 24, 9, -32_600, 'The message needs "jsonrpc": "2.0".'],
    [
      '{"jsonrpc":"2.0","id":[],"method":"ping"}',
      41,
      null,
      -32_600,
      'The id of a request must be text or a whole number.',
    ],
  ])(
    'that are no message are refused, and logged by their length: %s',
    async (text, bytes, id, code, why) => {
      const { say, messages, errors, answers } = await connected()
      await say(`${text}\n${ping(1)}\n`)
      expect(errors).toEqual([`a line of ${bytes} bytes is refused: ${why}`])
      expect(answers()).toEqual([{ jsonrpc: '2.0', id, error: { code, message: why } }])
      expect(messages.map((message) => message['id'])).toEqual([1])
    },
  )

  test.each(['\n', '\r\n', ' \t\n'])('that are empty are ignored: %j', async (text) => {
    const { say, errors, answers } = await connected()
    await say(text)
    expect(errors).toEqual([])
    expect(answers()).toEqual([])
  })

  test('that are too long are refused alone, and the next long one is logged with its own length', async () => {
    const { say, messages, errors } = await connected()
    const most = 10 * 1024 * 1024
    for (const text of [`${'x'.repeat(most + 5)}\n`, `${ping(1)}\n`, `${'y'.repeat(most + 7)}\n${ping(2)}\n`])
      await say(text)
    const why = 'The message is longer than 10 MiB: send less.'
    expect(errors).toEqual([most + 5, most + 7].map((bytes) => `a line of ${bytes} bytes is refused: ${why}`))
    expect(messages.map(({ id }) => id)).toEqual([1, 2])
  })
})

describe('the client disconnects', () => {
  test('by closing stdin', async () => {
    const { from, hungUp } = await connected()
    expect(await isDone(hungUp)).toBe(false)
    from.end()
    expect(await hungUp).toBe('the client closed stdin')
  })

  test.each(['from', 'to'] as const)('with a pipe error, without an exception: %s', async (pipe) => {
    const there = await connected()
    there[pipe].destroy(new Error('EPIPE'))
    expect(await there.hungUp).toBe(`the client closed ${pipe === 'from' ? 'stdin' : 'stdout'}`)
  })

  test('by closing stdout, though it still writes', async () => {
    const { to, hungUp } = await connected()
    to.destroy()
    expect(await hungUp).toBe('the client closed stdout')
  })
})

describe('the server ends', () => {
  test('at once where no call runs', async () => {
    const { line } = await connected()
    expect(await isDone(line.drain())).toBe(true)
  })

  test('once every call is answered', async () => {
    const { line, say } = await connected()
    await say(`${ping(1)}\n${ping(2)}\n`)
    const drained = line.drain()
    await line.send(result(1))
    expect(await isDone(drained)).toBe(false)
    await line.send(result(2))
    expect(await isDone(drained)).toBe(true)
  })

  test('without waiting for cancelled calls and subscriptions', async () => {
    const { line, say } = await connected()
    const listen = '{"jsonrpc":"2.0","id":3,"method":"subscriptions/listen"}'
    await say(`${ping(1)}\n${listen}\n`)
    const drained = line.drain()
    expect(await isDone(drained)).toBe(false)
    await say(`${cancelled(2)}\n`)
    expect(await isDone(drained)).toBe(false)
    await say(`${cancelled(1)}\n`)
    expect(await isDone(drained)).toBe(true)
  })

  test('and refuses new calls with an error', async () => {
    const { line, say, messages, answers } = await connected()
    void line.drain()
    await say(`${ping(1)}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\n`)
    expect(messages.map(({ method }) => method)).toEqual(['notifications/initialized'])
    expect(answers()).toEqual([
      {
        jsonrpc: '2.0',
        id: 1,
        error: { code: -32_000, message: expect.stringMatching(/^qualys-mcp is ending and takes no more/) },
      },
    ])
  })

  test('with an error answer for every call that it interrupts, and reads no further', async () => {
    const { line, say, messages, answers, closed } = await connected()
    await say(`${ping(1)}\n${ping('two')}\n${ping(3)}\n`)
    await line.send(result(1))
    await say(`${cancelled(3)}\n`)
    await line.close()
    expect(answers()).toEqual([
      { jsonrpc: '2.0', id: 1, result: {} },
      { jsonrpc: '2.0', id: 'two', error: { code: -32_000, message: interruptedMessage } },
    ])
    expect(closed()).toBe(1)
    const before = messages.length
    await say(`${ping(4)}\n`)
    expect(messages).toHaveLength(before)
  })

  test('even if the client reads nothing', async () => {
    const { to, line, say } = await connected()
    await say(`${ping(1)}\n`)
    to.destroy()
    await once(to, 'close')
    const drained = line.drain()
    await line.send(result(1))
    expect(await isDone(drained)).toBe(true)
  })
})
