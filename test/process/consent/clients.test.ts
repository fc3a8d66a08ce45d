import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { listCalls } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { approveCode, declineCode } from '../../support/approvals/decisions.ts'
import { run } from '../../support/consent/calls.ts'
import {
  type ConnectedClient,
  call,
  connectClient,
  countEffects,
  outcomeOf,
  yes,
} from '../../support/consent/clients.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { generations, type Person, textOf } from '../../support/stdio/peers.ts'

// The built server over stdio, with real clients and the people who use them.

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
beforeEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

const code = /`\S*node \S+main\.js approve ([2-9A-Z]{4}-[2-9A-Z]{4}) --state-dir /
const effects = (): Promise<number> => countEffects(sandbox)

/** A client that is closed after the test. */
async function openClient(...given: Parameters<typeof connectClient>): Promise<ConnectedClient> {
  const client = await connectClient(...given)
  onTestFinished(client.close)
  return client
}

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  describe('a client that shows forms', () => {
    // One server for all: an answered or cancelled call leaves nothing behind.
    let client: ConnectedClient
    beforeAll(async () => {
      client = await connectClient(connect, sandbox)
    })
    beforeEach(() => {
      client.questions.length = 0
      client.answer = async () => yes
    })
    afterAll(() => client.close())

    test('accepted, declined, cancelled, unchecked, without content, and accepted again', async () => {
      const { peer, questions } = client
      expect(textOf(await peer.callTool(call))).toMatch(/^script 19218 "[^"]*" started, correlationUuid /)
      expect(questions).toHaveLength(1)
      expect(questions[0]).toMatch(
        /^Run a script on hosts \(execute\): 1 host, 1 script\n! [^\n]+\nscript 19218: "Auto_script/,
      )
      expect(await effects()).toBe(1)
      for (const [no, says] of [
        [{ action: 'decline' }, /^The person said no, so nothing was sent/],
        [{ action: 'cancel' }, /^The question was closed without an answer/],
        [{ action: 'accept', content: { approve: false } }, /^The person said no/],
        [{ action: 'accept' }, /^The client accepted without showing the form, so nothing was sent/],
        [{ action: 'accept', content: {} }, /^The client accepted without showing the form/],
        [{ action: 'accept', content: { approve: 'true' } }, /^The client's answer does not fit the form/],
      ] as const) {
        client.answer = async () => no
        // A call that was declined is asked once more at most: each no is the first of its call.
        const result = await peer.callTool({
          ...call,
          arguments: { ...run, description: JSON.stringify(no) },
        })
        expect(textOf(result)).toMatch(says)
        expect(textOf(result)).toMatch(code)
        expect(result.isError).toBe(true)
      }
      expect(questions).toHaveLength(7)
      expect(await effects()).toBe(1)
      client.answer = async () => yes
      expect((await peer.callTool(call)).isError).not.toBe(true)
      expect(questions).toHaveLength(8)
      expect(await effects()).toBe(2)
    })

    test('declined: asked once more, then declined unasked, until a person approves the code', async () => {
      const { peer, questions, stateDir } = client
      const own = { ...call, arguments: { ...run, description: 'declined' } }
      client.answer = async () => ({ action: 'decline' })
      for (const _ of [1, 2]) expect(textOf(await peer.callTool(own))).toMatch(/^The person said no/)
      client.answer = async () => yes
      const refused = await peer.callTool(own)
      expect(textOf(refused)).toMatch(/^A person said no to this call and was asked again already/)
      expect(refused.isError).toBe(true)
      expect(questions).toHaveLength(2)
      expect(await effects()).toBe(0)
      expect(approveCode(stateDir, code.exec(textOf(refused))?.[1] ?? '')).toBe(true)
      expect((await peer.callTool(own)).isError).not.toBe(true)
      expect((await peer.callTool(own)).isError).not.toBe(true)
      expect(questions).toHaveLength(3)
      expect(await effects()).toBe(2)
    })

    test('what it refused for the person is approved in a terminal, and the next call runs unasked', async () => {
      const { peer, questions, stateDir } = client
      for (const answer of [
        { action: 'accept' },
        { action: 'accept', content: {} },
        { action: 'decline' },
      ] as const) {
        client.answer = async () => answer
        const [, given = ''] = code.exec(textOf(await peer.callTool(call))) ?? []
        expect(approveCode(stateDir, given)).toBe(true)
        const asked = questions.length
        expect((await peer.callTool(call)).isError).not.toBe(true)
        expect(questions).toHaveLength(asked)
        expect((await peer.callTool(call)).isError).toBe(true)
        expect(questions).toHaveLength(asked + 1)
      }
      expect(await effects()).toBe(3)
    })

    test('if the client fails, there is no answer', async () => {
      client.answer = () => Promise.reject(new Error('the window is gone'))
      expect(await outcomeOf(client.peer.callTool(call))).toMatch(/the window is gone/)
      expect(await effects()).toBe(0)
    })

    test('a call cancelled while the person decides sends nothing, whatever they answer then', async () => {
      const { peer, questions } = client
      const stop = new AbortController()
      let decide: (answer: Awaited<ReturnType<Person['answer']>>) => void = () => undefined
      client.answer = () => new Promise((resolve) => (decide = resolve))
      const own = { ...call, arguments: { ...run, description: 'cancelled' } }
      const given = peer.callTool(own, { signal: stop.signal })
      await expect.poll(() => questions.length, { interval: 5, timeout: 30_000 }).toBe(1)
      stop.abort()
      decide(yes)
      await expect(given).rejects.toThrow()
      // The server answers in order: this call would see the run that a yes starts.
      expect((await peer.callTool({ name: 'car_list_script_types' })).isError).not.toBe(true)
      expect(await effects()).toBe(0)
    })
  })

  test('a client that shows nothing: approved in a terminal', async () => {
    const { peer, questions, stateDir } = await openClient(connect, sandbox, {}, 'nothing')
    const refusal = await peer.callTool(call)
    expect(refusal.isError).toBe(true)
    const given = code.exec(textOf(refusal))?.[1] ?? ''
    expect(given).not.toBe('')
    expect(approveCode(stateDir, given)).toBe(true)
    const other = { ...call, arguments: { ...run, assetIds: [21789634] } }
    expect(textOf(await peer.callTool(other))).toMatch(code)
    expect(await effects()).toBe(0)
    expect((await peer.callTool(call)).isError).not.toBe(true)
    expect(textOf(await peer.callTool(call))).toMatch(code)
    expect(questions).toEqual([])
    expect(await effects()).toBe(1)
  })

  test('a client that opens addresses: a person decides elsewhere while the call waits', async () => {
    const client = await openClient(connect, sandbox, {}, 'addresses')
    const { peer, questions, stateDir } = client
    const waitingCode = (): string => listCalls(stateDir).find(({ state }) => state === 'pending')?.code ?? ''
    // That the address was opened is no yes: the person decides after that.
    const decide = (decision: typeof approveCode) => async () => {
      setTimeout(() => decision(stateDir, waitingCode()), 300)
      return { action: 'accept' } as const
    }
    client.answer = decide(declineCode)
    expect(textOf(await peer.callTool(call))).toMatch(/^A person said no in a terminal, so nothing was sent/)
    expect(await effects()).toBe(0)
    client.answer = decide(approveCode)
    expect((await peer.callTool(call)).isError).not.toBe(true)
    expect(await effects()).toBe(1)
    expect(questions).toHaveLength(2)
    expect(questions.join()).not.toMatch(/http|[2-9A-Z]{4}-[2-9A-Z]{4}/)
    const own = { ...call, arguments: { ...run, description: 'declined' } }
    client.answer = async () => ({ action: 'decline' })
    expect(textOf(await peer.callTool(own))).toMatch(/^The person said no, so nothing was sent/)
    expect(await effects()).toBe(1)
  })

  test('structured replies do not change the approval', async () => {
    const client = await openClient(connect, sandbox, { QUALYS_REPLY: 'json' })
    client.answer = async () => ({ action: 'decline' })
    await client.peer.listTools()
    expect(textOf(await client.peer.callTool(call))).toMatch(/^The person said no/)
    client.answer = async () => yes
    expect((await client.peer.callTool(call)).structuredContent).toMatchObject({ returned: 1 })
    expect(client.questions).toHaveLength(2)
    expect(await effects()).toBe(1)
  })
})
