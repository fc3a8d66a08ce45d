import { expect, test, vi } from 'vitest'
import type { Json, Reply } from '../../../src/service/connect/reply.ts'
import { replyInRounds } from '../../../src/service/connect/rounds.ts'

const params = { name: 'tool', arguments: { a: 1 } }
const done: Reply = { result: { content: [] } }
const question = (method = 'elicitation/create', more: Json = { message: 'Sure?' }) => ({
  method,
  params: more,
})
const asks = (inputRequests: Json | undefined, requestState: string | undefined = 'state'): Reply => ({
  result: { resultType: 'input_required', ...(inputRequests && { inputRequests }), requestState },
})

/** Runs a call whose replies come in this order, and whose client answers so. */
async function run(replies: readonly Reply[], answer: Reply = { result: { action: 'accept' } }) {
  const sent: Json[] = []
  const ask = vi.fn(async (_method: string, _params: Json | undefined) => answer)
  const reply = await replyInRounds({
    method: 'tools/call',
    params,
    send: async (next, round) => {
      expect(round).toBe(sent.push(next))
      return replies[sent.length - 1] ?? replies.at(-1) ?? done
    },
    ask,
    signal: new AbortController().signal,
  })
  return { reply, sent, asked: ask.mock.calls }
}

test('a result without a question is the reply', async () => {
  expect(await run([done])).toEqual({ reply: done, sent: [params], asked: [] })
})

test('the call is repeated with the answer and the state as it was', async () => {
  const { reply, sent, asked } = await run([asks({ approval: question() }), done])
  expect(asked).toEqual([['elicitation/create', { message: 'Sure?' }]])
  expect(sent[1]).toEqual({
    ...params,
    inputResponses: { approval: { action: 'accept' } },
    requestState: 'state',
  })
  expect(reply).toBe(done)
})

test('each question is asked, and each round has its own answers', async () => {
  const two = { a: question(), b: question('roots/list', {}) }
  const { sent, asked } = await run([asks(two), asks({ c: question() }, 'later'), done])
  expect(asked.map(([method]) => method)).toEqual(['elicitation/create', 'roots/list', 'elicitation/create'])
  expect(Object.keys(sent[1]?.['inputResponses'] as Json)).toEqual(['a', 'b'])
  expect(sent[2]).toMatchObject({ inputResponses: { c: {} }, requestState: 'later' })
})

test('an error of the client is no answer of a person', async () => {
  const error = { code: -32_601, message: 'no forms here' }
  const { sent } = await run([asks({ approval: question() }), done], { error })
  expect(sent[1]?.['inputResponses']).toEqual({ approval: { error } })
})

test('a question without a method is answered with an error', async () => {
  const { sent, asked } = await run([asks({ odd: 'x' }), done])
  expect(asked).toEqual([])
  expect(sent[1]?.['inputResponses']).toMatchObject({ odd: { error: { code: -32_600 } } })
})

test('a state without a question repeats the call with it', async () => {
  const { sent } = await run([asks(undefined), done])
  expect(sent[1]).toEqual({ ...params, requestState: 'state' })
})

test('a service that never stops asking is left after eight rounds', async () => {
  const { reply, asked } = await run([asks({ approval: question() })])
  expect(asked).toHaveLength(8)
  expect(reply.result).toMatchObject({ isError: true })
})

test('an address to open gets the id that clients of 2025 expect', async () => {
  const { asked } = await run([
    asks({ page: question('elicitation/create', { mode: 'url', url: 'x' }) }),
    done,
  ])
  expect(asked[0]?.[1]).toEqual({
    mode: 'url',
    url: 'x',
    elicitationId: expect.stringMatching(/^[\da-f-]{36}$/),
  })
})
