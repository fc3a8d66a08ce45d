import { describe, expect } from 'vitest'
import { withArrival } from '../../../src/tools/arrival.ts'
import { usualTimes } from '../../../src/tools/effects/timing/call-times.ts'
import { effectCalls, execute, run } from '../../support/consent/calls.ts'
import { answerInTerminal, pendingCallCode, consentTest as test } from '../../support/consent/fixtures.ts'
import { forms, type RawClient, temporaryFolder, yes } from '../../support/consent/raw-client.ts'

// An effect never begins late: not more than 45 s after its call arrived, and a call waits for a person no longer than
// 35 s. What a person says after that counts for the next identical call.

/** A call that arrived so many seconds ago. */
const callAfter = (seconds: number, client: RawClient) =>
  withArrival(performance.now() - seconds * 1000, () => client.call(execute, run))

const tooLate =
  /^The call was not ready within 45 s, and a client may have given it up by now; nothing was sent\. Make the identical call again/
const unanswered =
  /^Nobody has answered the question yet, and a call waits no longer than 35 s; nothing was sent\. The question stays open/

describe('a call that is ready too late', () => {
  test('is not sent, though nobody has to approve it', async ({ connect, effects }) => {
    const client = await connect('legacy', { settings: { QUALYS_MODE: 'unattended' } })
    expect((await callAfter(46, client)).text).toMatch(tooLate)
    expect(await effects()).toEqual([])
    expect((await callAfter(30, client)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
  })

  test('keeps the approval of a terminal for the next identical call, once', async ({ connect, effects }) => {
    const stateDir = temporaryFolder()
    const client = await connect('legacy', { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
    await answerInTerminal(stateDir, await pendingCallCode(client))
    expect((await callAfter(46, client)).text).toMatch(
      /nothing was sent\. Make the identical call again: the approval still holds/,
    )
    expect(await effects()).toEqual([])
    expect((await callAfter(0, client)).isError).toBe(false)
    expect((await callAfter(0, client)).text).toMatch(/A person has to approve this/)
    expect(await effects()).toHaveLength(1)
  })

  test('keeps the yes of a form that came with it', async ({ connect, effects }) => {
    const client = await connect('modern')
    const { state } = await client.call(execute, run)
    const late = await withArrival(performance.now() - 46_000, () =>
      client.answerQuestion(execute, run, state),
    )
    expect(late.text).toMatch(/the approval still holds/)
    expect(await effects()).toEqual([])
    expect((await client.call(execute, run)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
  })
})

describe('a question that is still open when its call has waited for 35 s', () => {
  test('a yes runs the next identical call, once', async ({ connect, effects }) => {
    const client = await connect('legacy', { callTimes: usualTimes })
    expect((await callAfter(35, client)).text).toMatch(unanswered)
    await client.answerLate(yes)
    expect(await effects()).toEqual([])
    expect((await callAfter(0, client)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
    expect(client.questions).toHaveLength(1)
    expect((await callAfter(35, client)).text).toMatch(unanswered)
    expect(client.questions).toHaveLength(2)
    expect(await effects()).toHaveLength(1)
  })

  test('a no declines the next identical call', async ({ connect, effects }) => {
    const client = await connect('legacy', { callTimes: usualTimes })
    await callAfter(35, client)
    await client.answerLate({ action: 'decline' })
    expect((await callAfter(0, client)).text).toMatch(/^The person said no, so nothing was sent/)
    expect(client.questions).toHaveLength(1)
    expect(await effects()).toEqual([])
  })

  test('the next identical call waits for its answer, and asks no second question', async ({
    connect,
    effects,
  }) => {
    const client = await connect('legacy', { callTimes: usualTimes })
    await callAfter(35, client)
    expect((await callAfter(35, client)).text).toMatch(unanswered)
    const waiting = callAfter(0, client)
    await client.answerLate(yes)
    expect((await waiting).isError).toBe(false)
    expect(client.questions).toHaveLength(1)
    expect(await effects()).toHaveLength(1)
  })

  test('another call is asked about by itself, and a yes to one is none to the other', async ({
    connect,
    effects,
  }) => {
    const client = await connect('legacy', { callTimes: usualTimes })
    await callAfter(35, client)
    const first = client.lastQuestion
    const [clone, copy] = effectCalls.create
    const late = await withArrival(performance.now() - 35_000, () => client.call(clone, copy))
    expect(late.text).toMatch(unanswered)
    expect(client.questions).toHaveLength(2)
    await client.send({ id: first, result: yes })
    const again = await withArrival(performance.now() - 35_000, () => client.call(clone, copy))
    expect(again.text).toMatch(unanswered)
    expect(await effects()).toEqual([])
  })
})

test('the answer of a client without a person is not kept', async ({ connect, effects }) => {
  const client = await connect('legacy', { capabilities: forms, callTimes: usualTimes })
  await callAfter(35, client)
  await client.answerLate({ action: 'accept' })
  expect((await callAfter(35, client)).text).toMatch(unanswered)
  expect(client.questions).toHaveLength(2)
  expect(await effects()).toEqual([])
})
