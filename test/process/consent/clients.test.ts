import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { approvePending } from '../../../src/tools/effects/approval/pending-calls.ts'
import { run } from '../../support/consent/calls.ts'
import { call, effectsOn, type Meeting, meetClient, outcomeOf, yes } from '../../support/consent/clients.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { generations, type Person, textOf } from '../../support/stdio/peers.ts'

// The built server over stdio, with real clients and the people before them.

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
beforeEach(() => sandbox.control.reset())
afterAll(() => sandbox.close())

const code = /qualys-mcp approve ([2-9A-Z]{4}-[2-9A-Z]{4})/
const effects = (): Promise<number> => effectsOn(sandbox)

/** A client that is gone with the test. */
async function meet(...given: Parameters<typeof meetClient>): Promise<Meeting> {
  const meeting = await meetClient(...given)
  onTestFinished(meeting.close)
  return meeting
}

describe.each(Object.entries(generations))('%s', (_name, connect) => {
  describe('a client that shows forms', () => {
    // One server for all: nothing of a call that was answered or given up stays.
    let meeting: Meeting
    beforeAll(async () => {
      meeting = await meetClient(connect, sandbox)
    })
    beforeEach(() => {
      meeting.asked.length = 0
      meeting.answer = async () => yes
    })
    afterAll(() => meeting.close())

    test('accepted, declined, cancelled, unticked, without content, and accepted again', async () => {
      const { peer, asked } = meeting
      expect(textOf(await peer.callTool(call))).toMatch(/^script 19218 started, correlationUuid /)
      expect(asked).toHaveLength(1)
      expect(asked[0]).toMatch(
        /^Run a script on hosts \(execute\): 1 host, 1 script\nscript 19218: "Auto_script/,
      )
      expect(await effects()).toBe(1)
      for (const [no, says] of [
        [{ action: 'decline' }, /^The person said no, so nothing was sent/],
        [{ action: 'cancel' }, /^The question was closed without an answer/],
        [{ action: 'accept', content: { approve: false } }, /^The person said no/],
        [{ action: 'accept' }, /so nothing was sent/],
        [{ action: 'accept', content: {} }, /so nothing was sent/],
        [{ action: 'accept', content: { approve: 'true' } }, /so nothing was sent/],
      ] as const) {
        meeting.answer = async () => no
        const result = await peer.callTool(call)
        expect(textOf(result)).toMatch(says)
        expect(result.isError).toBe(true)
      }
      expect(asked).toHaveLength(7)
      expect(await effects()).toBe(1)
      meeting.answer = async () => yes
      expect((await peer.callTool(call)).isError).not.toBe(true)
      expect(asked).toHaveLength(8)
      expect(await effects()).toBe(2)
    })

    test('a person whose client fails says nothing', async () => {
      meeting.answer = () => Promise.reject(new Error('the window is gone'))
      expect(await outcomeOf(meeting.peer.callTool(call))).toMatch(/the window is gone/)
      expect(await effects()).toBe(0)
    })

    test('a call that is given up while the person thinks sends nothing, whatever they say then', async () => {
      const { peer, asked } = meeting
      const stop = new AbortController()
      let decide: (answer: Awaited<ReturnType<Person['answer']>>) => void = () => undefined
      meeting.answer = () => new Promise((resolve) => (decide = resolve))
      const given = peer.callTool(call, { signal: stop.signal })
      await expect.poll(() => asked.length, { interval: 5, timeout: 30_000 }).toBe(1)
      stop.abort()
      decide(yes)
      await expect(given).rejects.toThrow()
      // The server answers in order: what the yes would have started, this call would see.
      expect((await peer.callTool({ name: 'car_list_script_types' })).isError).not.toBe(true)
      expect(await effects()).toBe(0)
    })
  })

  test.each(['nothing', 'addresses'] as const)(
    'a client that shows %s: approved in a terminal',
    async (shows) => {
      const { peer, asked, stateDir } = await meet(connect, sandbox, {}, shows)
      const refusal = await peer.callTool(call)
      expect(refusal.isError).toBe(true)
      const given = code.exec(textOf(refusal))?.[1] ?? ''
      expect(given).not.toBe('')
      expect(approvePending(stateDir, given)).toBe(true)
      const other = { ...call, arguments: { ...run, assetIds: [21789634] } }
      expect(textOf(await peer.callTool(other))).toMatch(code)
      expect(await effects()).toBe(0)
      expect((await peer.callTool(call)).isError).not.toBe(true)
      expect(textOf(await peer.callTool(call))).toMatch(code)
      expect(asked).toEqual([])
      expect(await effects()).toBe(1)
    },
  )

  test('structured replies change nothing about it', async () => {
    const meeting = await meet(connect, sandbox, { QUALYS_REPLY: 'json' })
    meeting.answer = async () => ({ action: 'decline' })
    await meeting.peer.listTools()
    expect(textOf(await meeting.peer.callTool(call))).toMatch(/^The person said no/)
    meeting.answer = async () => yes
    expect((await meeting.peer.callTool(call)).structuredContent).toMatchObject({ returned: 1 })
    expect(meeting.asked).toHaveLength(2)
    expect(await effects()).toBe(1)
  })
})
