import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import { describe, expect, test } from 'vitest'
import { connected as connectedTransport, type Message } from '../../support/stdio/connected-transport.ts'

// Lines that no SDK writes: every one that holds the id of a request is answered, and the next one is read.

async function connected(revision?: string) {
  const { line: transport, say: write, ...client } = await connectedTransport()
  if (revision !== undefined) transport.setProtocolVersion(revision)
  const say = (...lines: readonly string[]): Promise<void> => write(lines.map((line) => `${line}\n`).join(''))
  const reply = (id: number | string): Promise<void> =>
    transport.send({ jsonrpc: '2.0', id, result: {} } as JSONRPCMessage)
  return { ...client, transport, say, reply }
}

const ping = (id: unknown) => JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })
const codesOf = (answers: readonly Message[]) =>
  answers.map(({ id, error }) => [id, (error as { code?: number } | undefined)?.code])

describe('a line', () => {
  test.each([
    ['with a byte order mark', `\ufeff${ping(1)}`],
    ['with a carriage return', `${ping(1)}\r`],
    ['with blanks around it', ` \t${ping(1)}  `],
  ])('%s is read', async (_what, line) => {
    const { say, messages, answers } = await connected()
    await say('', '\r', line)
    expect([messages.map(({ id }) => id), answers()]).toEqual([[1], []])
  })

  test.each([
    ['that is no JSON', '{"jsonrpc":"2.0","id":2,"method":"ping"', null, -32700],
    ['of text', 'hello', null, -32700],
    ['that is no object', '5', null, -32600],
    ['without a version', '{"id":2,"method":"ping"}', 2, -32600],
    ['whose id is null', ping(null), null, -32600],
  ])('%s is refused, and the next one is read', async (_what, line, id, code) => {
    const { say, messages, answers } = await connected()
    await say(line, ping(3))
    expect(codesOf(answers())).toEqual([[id, code]])
    expect(messages.map((message) => message['id'])).toEqual([3])
  })

  test.each(['{"toString":1}', '{"toString":null,"valueOf":null}', '["2025-03-26"]', 'null', '0'])(
    'whose revision is no text begins without batches: %s',
    async (revision) => {
      const { say, messages, answers } = await connected()
      const initialize = `{"jsonrpc":"2.0","id":4,"method":"initialize","params":{"protocolVersion":${revision}}}`
      await say(initialize, `[${ping(5)}]`, ping(6))
      expect(messages.map((message) => message['id'])).toEqual([4, 6])
      expect(codesOf(answers())).toEqual([[5, -32600]])
    },
  )

  test('with an id that JavaScript cannot hold is refused under all its digits', async () => {
    const { say, to } = await connected()
    await say('{"params":{"id":1},"id":9007199254740993,"jsonrpc":"2.0","method":"ping"}')
    expect(String(to.read())).toContain('"id":9007199254740993,')
  })

  test.each([
    [
      'a request',
      (text: string) => `{"jsonrpc":"2.0","method":"ping","params":{"a":"${text}"},"id":7}`,
      [[7, -32600]],
    ],
    ['text', (text: string) => text, [[null, -32600]]],
    ['a notification', (text: string) => `{"jsonrpc":"2.0","method":"x","params":{"a":"${text}"}}`, []],
  ])('over the limit: %s', async (_what, lineOf, expected) => {
    const { say, messages, answers } = await connected()
    await say(lineOf('x'.repeat(10 * 1024 * 1024 + 1)), ping(8))
    expect(codesOf(answers())).toEqual(expected)
    expect(messages.map(({ id }) => id)).toEqual([8])
  })

  test('over the limit that answers a question fails the question', async () => {
    const { transport, say, messages } = await connected()
    await transport.send({ jsonrpc: '2.0', id: 0, method: 'elicitation/create', params: {} })
    await say(`{"jsonrpc":"2.0","id":0,"result":{"a":"${'x'.repeat(10 * 1024 * 1024)}"}}`)
    expect(messages).toMatchObject([{ id: 0, error: { code: -32600 } }])
  })
})

test('an answer without an id belongs to the question that waits, not to one that was given up', async () => {
  const { transport, say, messages } = await connected()
  for (const id of [0, 1])
    await transport.send({ jsonrpc: '2.0', id, method: 'elicitation/create', params: {} })
  await say('{"jsonrpc":"2.0","id":null,"result":{}}')
  expect(messages).toEqual([])
  await transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 0 } })
  await say('{"jsonrpc":"2.0","id":null,"result":{}}')
  expect(messages).toMatchObject([{ id: 1, error: { code: -32603 } }])
})

describe('a second request under an id', () => {
  test('is refused while the first one runs, which can still be cancelled', async () => {
    const { say, messages, answers, transport } = await connected()
    await say(ping(1), ping(1))
    expect(codesOf(answers())).toEqual([[1, -32600]])
    expect(messages).toHaveLength(1)
    const drained = transport.drain()
    await say('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}')
    await drained
    expect(messages.at(-1)).toMatchObject({ method: 'notifications/cancelled' })
  })

  test.each([
    ['answered', (peer: Awaited<ReturnType<typeof connected>>) => peer.reply(1)],
    [
      'cancelled',
      (peer: Awaited<ReturnType<typeof connected>>) =>
        peer.say('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}'),
    ],
  ])('is served once the first one is %s', async (_how, end) => {
    const peer = await connected()
    await peer.say(ping(1))
    await end(peer)
    await peer.say(ping(1))
    expect(peer.messages.filter(({ method }) => method === 'ping')).toHaveLength(2)
  })

  test('is another one if it is text', async () => {
    const { say, messages } = await connected()
    await say(ping(1), ping('1'))
    expect(messages).toHaveLength(2)
  })
})

describe('a batch', () => {
  test.each(['2024-11-05', '2025-06-18', '2025-11-25', undefined])(
    'is refused by each id in %s',
    async (revision) => {
      const { say, messages, answers } = await connected(revision)
      await say(
        `[${ping(1)},${ping('b')},{"id":3},{"jsonrpc":"2.0","method":"x"}]`,
        `[{"jsonrpc":"2.0","method":"x"}]`,
      )
      expect(codesOf(answers())).toEqual([
        [1, -32600],
        ['b', -32600],
        [3, -32600],
      ])
      expect(messages.map(({ method }) => method)).toEqual(['x', 'x'])
    },
  )

  test('delivers an answer to a question in every revision', async () => {
    const { transport, say, messages, answers } = await connected('2025-11-25')
    await transport.send({ jsonrpc: '2.0', id: 0, method: 'elicitation/create', params: {} })
    answers()
    await say('[{"jsonrpc":"2.0","id":0,"result":{"action":"decline"}}]')
    expect([messages, answers()]).toEqual([[{ jsonrpc: '2.0', id: 0, result: { action: 'decline' } }], []])
  })

  test('over the limit is refused once, with the reason', async () => {
    const { say, answers } = await connected('2025-03-26')
    await say(`[${ping(1)},{"jsonrpc":"2.0","method":"x","params":{"a":"${'x'.repeat(10 * 1024 * 1024)}"}}]`)
    expect(answers()).toMatchObject([
      { id: null, error: { code: -32600, message: expect.stringContaining('longer than 10 MiB') } },
    ])
  })

  test('is answered by one batch in 2025-03-26', async () => {
    const { say, messages, answers, reply } = await connected('2025-03-26')
    await say(`[${ping(1)},{"jsonrpc":"2.0","method":"x"},5,${ping(1)},${ping(2)}]`)
    expect(messages.map(({ id, method }) => [id, method])).toEqual([
      [1, 'ping'],
      [undefined, 'x'],
      [2, 'ping'],
    ])
    await reply(2)
    expect(answers()).toEqual([])
    await reply(1)
    const [batch] = answers() as unknown as Message[][]
    expect(codesOf(batch ?? [])).toEqual([
      [null, -32600],
      [1, -32600],
      [2, undefined],
      [1, undefined],
    ])
  })

  test('is complete without the answer of a cancelled request', async () => {
    const { say, answers, reply } = await connected('2025-03-26')
    await say(
      `[${ping(1)},${ping(2)}]`,
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}',
    )
    await reply(2)
    expect(answers()).toEqual([[{ jsonrpc: '2.0', id: 2, result: {} }]])
  })

  test('of notifications gets no answer', async () => {
    const { say, answers } = await connected('2025-03-26')
    await say('[{"jsonrpc":"2.0","method":"x"}]')
    expect(answers()).toEqual([])
  })

  test('is answered when the server ends', async () => {
    const { transport, say, answers } = await connected('2025-03-26')
    await say(`[${ping(1)},${ping(2)}]`)
    await transport.close()
    const [batch] = answers() as unknown as Message[][]
    expect(codesOf(batch ?? [])).toEqual([
      [1, -32000],
      [2, -32000],
    ])
  })
})

test('the JSON of a validator becomes one sentence', async () => {
  const { transport, answers } = await connected()
  const message = JSON.stringify(
    [
      {
        code: 'invalid_type',
        path: ['params', 'cursor'],
        message: 'Invalid input: expected string, received number',
      },
    ],
    undefined,
    2,
  )
  await transport.send({
    jsonrpc: '2.0',
    id: 1,
    error: { code: -32603, message: `Invalid params: ${message}` },
  })
  expect(answers()).toEqual([
    {
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32602, message: 'Invalid params: params.cursor: expected string, received number' },
    },
  ])
})
