import { expect } from 'vitest'
import { connectAs, type Json, type StdioClient, textOf } from '../../support/connect/stdio-client.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'

// The service asks within its result; clients of 2025 get a question of its own.

const test = serviceTestOn()
const [tool, args] = ['car_delete_blocked_commands', { commandIds: [102] }] as const
const settings = { QUALYS_MODE: 'confirm' }
const forms = { elicitation: { form: {} } }
const accept = (approve: boolean): Json => ({ result: { action: 'accept', content: { approve } } })

/** A client of 2025 with these capabilities whose person answers so. */
async function connected(
  service: Parameters<typeof connectAs>[0],
  answer: Json | undefined,
  capabilities: Json = forms,
): Promise<StdioClient> {
  const client = connectAs(service)
  client.answer = () => answer
  await client.initialize(capabilities)
  return client
}

test.for([
  ['a yes', accept(true), /^1 set of blocked commands removed \(102\)/, 1],
  ['a box that is not ticked', accept(false), /The person said no, so nothing was sent/, 0],
  ['a no', { result: { action: 'decline' } }, /The person said no, so nothing was sent/, 0],
  ['a closed form', { result: { action: 'cancel' } }, /The question was closed without an answer/, 0],
  [
    'an error of the client',
    { error: { code: -32_603, message: 'no window' } },
    /The client could not ask \(no window\), so nothing was sent/,
    0,
  ],
] as const)('%s of a person here counts there', async ([, answer, sentence, sent], { serve, effects }) => {
  const client = await connected(await serve({ settings }), answer)
  expect(textOf(await client.call(tool, args))).toMatch(sentence)
  const questions = client.notifications('elicitation/create')
  expect(questions).toHaveLength(1)
  expect(questions[0]?.params).toMatchObject({
    mode: 'form',
    message: expect.stringContaining('Unblock commands'),
    requestedSchema: { type: 'object' },
  })
  expect(await effects()).toHaveLength(sent)
})

test('an empty capability means forms, as before 2025-11-25', async ({ serve }) => {
  const client = await connected(await serve({ settings }), accept(true), { elicitation: {} })
  expect(textOf(await client.call(tool, args))).toMatch(/^1 set of blocked commands removed/)
})

test('a client that cannot ask is told the other way', async ({ serve, effects }) => {
  const client = await connected(await serve({ settings }), undefined, {})
  const answer = await client.call(tool, args)
  expect(textOf(answer)).toMatch(
    /this client cannot ask one; nothing was sent.*approve [2-9A-Z]{4}-[2-9A-Z]{4}/s,
  )
  expect(client.notifications('elicitation/create')).toEqual([])
  expect(await effects()).toEqual([])
})

test('two calls at once have a question each, and each answer goes to its own', async ({
  serve,
  effects,
}) => {
  const client = await connected(await serve({ settings }), undefined)
  const ids = [102, 103]
  client.answer = ({ params }) => accept(String(params?.['message']).includes('set 102'))
  const answers = await Promise.all(ids.map((id) => client.call(tool, { commandIds: [id] })))
  expect(answers.map(textOf)).toEqual([
    expect.stringMatching(/^1 set of blocked commands removed \(102\)/),
    expect.stringMatching(/The person said no/),
  ])
  expect(await effects()).toHaveLength(1)
})

test('a call that is cancelled takes its question back', async ({ serve, effects }) => {
  const client = await connected(await serve({ settings }), undefined)
  void client.call(tool, args)
  await expect.poll(() => client.notifications('elicitation/create').length).toBe(1)
  const [question] = client.notifications('elicitation/create')
  client.send({ method: 'notifications/cancelled', params: { requestId: 2 } })
  await expect.poll(() => client.notifications('notifications/cancelled').length).toBe(1)
  expect(client.notifications('notifications/cancelled')[0]?.params).toMatchObject({
    requestId: question?.id,
  })
  client.send({ id: question?.id, ...accept(true) })
  await client.request('ping')
  expect(client.messages.filter(({ id }) => id === 2)).toEqual([])
  expect(await effects()).toEqual([])
})

test('a client of 2026 gets the question as the service wrote it, and answers it itself', async ({
  serve,
}) => {
  const client = connectAs(await serve({ settings }))
  const params = { name: tool, arguments: args }
  const { result } = await client.currentRequest('tools/call', params, forms)
  expect(result).toMatchObject({
    resultType: 'input_required',
    inputRequests: { approval: { method: 'elicitation/create' } },
  })
  const answered = {
    ...params,
    inputResponses: { approval: { action: 'accept', content: { approve: true } } },
    requestState: result?.['requestState'],
  }
  expect(textOf(await client.currentRequest('tools/call', answered, forms))).toMatch(
    /^1 set of blocked commands removed/,
  )
})
