import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { approve } from '../../../src/commands/approve.ts'
import {
  type Answer,
  agePending,
  eras,
  type Meeting,
  meet,
  temporaryFolder,
  yes,
} from '../../support/consent/by-hand.ts'
import { effectCalls, execute, run } from '../../support/consent/calls.ts'
import { effectsAt, openSandbox } from '../../support/sandbox.ts'

// Modes x answers x eras, with the requests that arrive counted. The clients here are made by hand and check nothing.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const effects = (): Promise<readonly unknown[]> => effectsAt(sandbox.control)

interface Way {
  readonly answer?: Answer
  readonly meeting?: Meeting
  /** How many questions are put; 1 where nothing is said. */
  readonly asked?: number
  readonly says: RegExp
}

const accept = (content?: unknown): Answer => ({
  action: 'accept',
  ...(content !== undefined && { content }),
})
const no = /^The person said no, so nothing was sent\./
/** What the 2025 era says of an answer that is none; in the 2026 era it is a no. */
const noAnswer = /^(Nobody answered the question \(.+\)|The person said no), so nothing was sent\./
const code = /qualys-mcp approve [2-9A-Z]{4}-[2-9A-Z]{4}/

/** Whatever a client may bring that is no yes. */
const refusals: Readonly<Record<string, Way>> = {
  declined: { answer: { action: 'decline' }, says: no },
  'declined, with the box ticked': { answer: { ...yes, action: 'decline' }, says: no },
  cancelled: { answer: { action: 'cancel' }, says: /^The question was closed without an answer/ },
  'cancelled, with the box ticked': {
    answer: { ...yes, action: 'cancel' },
    says: /^The question was closed/,
  },
  'the box unticked': { answer: accept({ approve: false }), says: no },
  'accepted without content': { answer: accept(), says: noAnswer },
  'accepted with empty content': { answer: accept({}), says: noAnswer },
  'accepted with null': { answer: accept(null), says: noAnswer },
  'the box as a text': { answer: accept({ approve: 'true' }), says: noAnswer },
  'the box as a number': { answer: accept({ approve: 1 }), says: noAnswer },
  'the box as a list': { answer: accept({ approve: [true] }), says: noAnswer },
  'the box as null': { answer: accept({ approve: null }), says: noAnswer },
  'another box': { answer: accept({ approved: true, Approve: true }), says: noAnswer },
  'an action that does not exist': { answer: { ...yes, action: 'ACCEPT' }, says: noAnswer },
  'content beside the content': { answer: { action: 'accept', approve: true }, says: noAnswer },
  'no elicitation': { meeting: { capabilities: {} }, asked: 0, says: code },
  'elicitation by url only': {
    meeting: { capabilities: { elicitation: { url: {} } } },
    asked: 0,
    says: code,
  },
  'elicitation that is no capability': { meeting: { capabilities: { sampling: {} } }, asked: 0, says: code },
}

describe.each(eras)('%s era', (era) => {
  describe('confirm', () => {
    test.each(Object.entries(refusals))(
      '%s: nothing is sent',
      async (_name, { answer, meeting, asked = 1, says }) => {
        const client = await meet(sandbox, era, meeting)
        const { text, isError } = await client.whole(execute, run, answer ?? yes)
        expect(text).toMatch(says)
        expect(isError).toBe(true)
        expect(client.asked).toHaveLength(asked)
        expect(await effects()).toEqual([])
      },
    )

    test.each(Object.entries(effectCalls))('accepted: %s is sent once', async (_effect, call) => {
      const [tool, args] = call()
      const client = await meet(sandbox, era)
      const { text, isError } = await client.whole(tool, args, yes)
      expect(text).not.toMatch(/nothing was sent/)
      expect(isError).toBe(false)
      expect(client.asked).toHaveLength(1)
      expect(await effects()).toHaveLength(1)
    })

    test.each(Object.entries(effectCalls))('declined: %s is not sent', async (_effect, call) => {
      const [tool, args] = call()
      const client = await meet(sandbox, era)
      expect((await client.whole(tool, args, { action: 'decline' })).text).toMatch(no)
      expect(client.asked).toHaveLength(1)
      expect(await effects()).toEqual([])
    })

    test.each([
      ['a list', accept([true])],
      ['a text', accept('approve')],
      ['no action', { content: { approve: true } }],
    ])('accepted with %s is no answer: nothing is sent', async (_name, answer) => {
      const client = await meet(sandbox, era)
      const { text, preview } = await client.whole(execute, run, answer)
      if (era === 'modern') expect(preview).toBe(client.asked[0]?.['message'])
      else expect(text).toMatch(/^Nobody answered the question/)
      expect(await effects()).toEqual([])
    })

    test('an empty elicitation capability means forms', async () => {
      const client = await meet(sandbox, era, { capabilities: { elicitation: {} } })
      expect((await client.whole(execute, run, yes)).isError).toBe(false)
      expect(client.asked).toHaveLength(1)
      expect(await effects()).toHaveLength(1)
    })

    test('each call is asked about anew', async () => {
      const client = await meet(sandbox, era)
      await client.whole(execute, run, yes)
      await client.whole(execute, run, yes)
      expect(client.asked).toHaveLength(2)
      expect(await effects()).toHaveLength(2)
      await client.whole(execute, run, { action: 'decline' })
      expect(await effects()).toHaveLength(2)
    })

    test('the form has one box, unticked, without a default', async () => {
      const client = await meet(sandbox, era)
      const { result } = await client.whole(execute, run, { action: 'decline' })
      const seen = JSON.stringify([client.asked, result])
      expect(seen).not.toMatch(/"default"/)
      if (era === 'legacy')
        expect(client.asked[0]?.['requestedSchema']).toMatchObject({ required: ['approve'] })
    })

    test('approved in a terminal: the identical call is sent, once', async () => {
      const stateDir = temporaryFolder()
      const settings = { QUALYS_STATE_DIR: stateDir }
      const client = await meet(sandbox, era, { settings, capabilities: {} })
      const found =
        code
          .exec((await client.call(execute, run)).text)?.[0]
          .split(' ')
          .at(-1) ?? ''
      const shown: string[] = []
      const there = { isTTY: true, ask: async () => 'yes', print: (line: string) => shown.push(line) }
      expect(await approve(stateDir, found, there)).toBe(true)
      expect(shown.join('\n')).toMatch(/script 19218: "Auto_script_22062022_074300047"/)

      const other = { ...run, assetIds: [21789634] }
      expect((await client.call(execute, other)).text).toMatch(code)
      expect((await client.call(execute, { ...run, description: 'more' })).text).toMatch(code)
      expect(await effects()).toEqual([])

      expect((await client.call(execute, run)).isError).toBe(false)
      expect(await effects()).toHaveLength(1)
      const again = await client.call(execute, run)
      expect(again.text).toMatch(code)
      expect(again.text).not.toContain(found)
      expect(await effects()).toHaveLength(1)
    })

    test('approved in a terminal: of twenty identical calls at once one is sent', async () => {
      const stateDir = temporaryFolder()
      const settings = { QUALYS_STATE_DIR: stateDir, QUALYS_CONCURRENCY: '16' }
      const client = await meet(sandbox, era, { settings, capabilities: {} })
      const found =
        code
          .exec((await client.call(execute, run)).text)?.[0]
          .split(' ')
          .at(-1) ?? ''
      await approve(stateDir, found, { isTTY: true, ask: async () => 'yes', print: () => undefined })
      const results = await Promise.all(Array.from({ length: 20 }, () => client.call(execute, run)))
      expect(results.filter(({ isError }) => !isError)).toHaveLength(1)
      expect(results.filter(({ text }) => code.test(text))).toHaveLength(19)
      expect(await effects()).toHaveLength(1)
    })

    test('a decline in the terminal takes the call off', async () => {
      const stateDir = temporaryFolder()
      const client = await meet(sandbox, era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      const found =
        code
          .exec((await client.call(execute, run)).text)?.[0]
          .split(' ')
          .at(-1) ?? ''
      await approve(stateDir, found, { isTTY: true, ask: async () => 'no', print: () => undefined })
      expect((await client.call(execute, run)).text).toMatch(code)
      expect(await effects()).toEqual([])
    })
  })

  describe('unattended', () => {
    const settings = { QUALYS_MODE: 'unattended' }
    test.each(Object.entries(effectCalls))('%s is sent once, and nobody is asked', async (_effect, call) => {
      const [tool, args] = call()
      const client = await meet(sandbox, era, { settings })
      await client.whole(tool, args, { action: 'decline' })
      expect(client.asked).toEqual([])
      expect(await effects()).toHaveLength(1)
    })

    test('a client that cannot ask needs no code', async () => {
      const client = await meet(sandbox, era, { settings, capabilities: {} })
      expect((await client.call(execute, run)).isError).toBe(false)
      expect(await effects()).toHaveLength(1)
    })
  })

  describe('read-only', () => {
    const settings = { QUALYS_MODE: 'read-only' }
    test.each(Object.entries(effectCalls))('%s does not exist', async (_effect, call) => {
      const [tool, args] = call()
      const client = await meet(sandbox, era, { settings })
      const { tools } = (await client.request('tools/list', {})).result as { tools: { name: string }[] }
      expect(tools.map(({ name }) => name)).toContain('car_search_jobs')
      expect(tools.map(({ name }) => name)).not.toContain(tool)
      const { text, isError } = await client.whole(tool, args, yes)
      expect(isError).toBe(true)
      expect(text).toMatch(/not found/)
      expect(client.asked).toEqual([])
      expect(await effects()).toEqual([])
    })

    test('an approval from a terminal brings nothing back', async () => {
      const stateDir = temporaryFolder()
      const asking = await meet(sandbox, era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      const found =
        code
          .exec((await asking.call(execute, run)).text)?.[0]
          .split(' ')
          .at(-1) ?? ''
      await approve(stateDir, found, { isTTY: true, ask: async () => 'yes', print: () => undefined })
      const client = await meet(sandbox, era, { settings: { ...settings, QUALYS_STATE_DIR: stateDir } })
      expect((await client.call(execute, run)).isError).toBe(true)
      expect(await effects()).toEqual([])
    })
  })
})

describe('a question that nobody answers in time', () => {
  test('2025 era: it is taken back, and a yes that comes later sends nothing', async () => {
    const client = await meet(sandbox, 'legacy', { patience: 0.05 })
    const { text } = await client.whole(execute, run)
    expect(text).toMatch(/^Nobody answered the question \(.*\), so nothing was sent\. Ask the person/)
    expect(client.asked).toHaveLength(1)
    await client.answerLate(yes)
    expect(await effects()).toEqual([])
  })

  test('2026 era: a yes that comes too late is none, and the question is put again', async () => {
    const client = await meet(sandbox, 'modern', { patience: -1 })
    const first = await client.call(execute, run)
    const late = await client.again(execute, run, first.state)
    expect(late.preview).toBe(first.preview)
    expect(await effects()).toEqual([])
  })

  test.each(eras)('%s era: an approval that is older than ten minutes counts no more', async (era) => {
    const stateDir = temporaryFolder()
    const client = await meet(sandbox, era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
    const found =
      code
        .exec((await client.call(execute, run)).text)?.[0]
        .split(' ')
        .at(-1) ?? ''
    await approve(stateDir, found, { isTTY: true, ask: async () => 'yes', print: () => undefined })
    agePending(stateDir, 11 * 60_000)
    expect((await client.call(execute, run)).text).toMatch(code)
    expect(await effects()).toEqual([])
  })
})
