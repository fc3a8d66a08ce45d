import { describe, expect } from 'vitest'
import { effectCalls, execute, run } from '../../support/consent/calls.ts'
import {
  answerInTerminal,
  codeText as code,
  consentTest as test,
  waitingCall,
} from '../../support/consent/fixtures.ts'
import {
  type Answer,
  agePending,
  eras,
  type Meeting,
  questionIn,
  temporaryFolder,
  yes,
} from '../../support/consent/raw-client.ts'

// Answers x eras, and each kind of effect in each mode, with the requests that arrive counted. The clients are made by
// hand and check nothing. (Who is asked: test/unit/consent/decision.test.ts.)

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
const kinds = Object.entries(effectCalls)

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
    test.for(Object.entries(refusals))('%s: nothing is sent', async ([, way], { connect, effects }) => {
      const { answer, meeting, asked = 1, says } = way
      const client = await connect(era, meeting)
      const { text, isError } = await client.whole(execute, run, answer ?? yes)
      expect(text).toMatch(says)
      expect(isError).toBe(true)
      expect(client.asked).toHaveLength(asked)
      expect(await effects()).toEqual([])
    })

    test.for(kinds)('accepted: %s is sent once', async ([, [tool, args]], { connect, effects }) => {
      const client = await connect(era)
      const { text, isError } = await client.whole(tool, args, yes)
      expect(text).not.toMatch(/nothing was sent/)
      expect(isError).toBe(false)
      expect(client.asked).toHaveLength(1)
      expect(await effects()).toHaveLength(1)
    })

    test.for<readonly [string, Answer]>([
      ['a list', accept([true])],
      ['a text', accept('approve')],
      ['no action', { content: { approve: true } }],
    ])('accepted with %s is no answer: nothing is sent', async ([, answer], { connect, effects }) => {
      const client = await connect(era)
      const { text, preview } = await client.whole(execute, run, answer)
      if (era === 'modern') expect(preview).toBe(client.asked[0]?.['message'])
      else expect(text).toMatch(/^Nobody answered the question/)
      expect(await effects()).toEqual([])
    })

    test('an empty elicitation capability means forms', async ({ connect, effects }) => {
      const client = await connect(era, { capabilities: { elicitation: {} } })
      expect((await client.whole(execute, run, yes)).isError).toBe(false)
      expect(client.asked).toHaveLength(1)
      expect(await effects()).toHaveLength(1)
    })

    test('each call is asked about anew', async ({ connect, effects }) => {
      const client = await connect(era)
      await client.whole(execute, run, yes)
      await client.whole(execute, run, yes)
      expect(client.asked).toHaveLength(2)
      expect(await effects()).toHaveLength(2)
      await client.whole(execute, run, { action: 'decline' })
      expect(await effects()).toHaveLength(2)
    })

    test('the form has one box, unticked, without a default', async ({ connect }) => {
      const client = await connect(era)
      client.answer = () => ({ action: 'decline' })
      const { result } = await client.call(execute, run)
      const form = era === 'legacy' ? client.asked[0] : { ...questionIn(result) }
      expect(form?.['requestedSchema']).toMatchObject({ required: ['approve'] })
      expect(JSON.stringify(form)).not.toMatch(/"default"/)
    })

    test('approved in a terminal: the identical call is sent, once', async ({ connect, effects }) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      const found = await waitingCall(client)
      const shown = await answerInTerminal(stateDir, found)
      expect(shown).toMatch(/script 19218: "Auto_script_22062022_074300047"/)

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

    test('approved in a terminal: of twenty identical calls at once one is sent', async ({
      connect,
      effects,
    }) => {
      const stateDir = temporaryFolder()
      const settings = { QUALYS_STATE_DIR: stateDir, QUALYS_CONCURRENCY: '16' }
      const client = await connect(era, { settings, capabilities: {} })
      await answerInTerminal(stateDir, await waitingCall(client))
      const results = await Promise.all(Array.from({ length: 20 }, () => client.call(execute, run)))
      expect(results.filter(({ isError }) => !isError)).toHaveLength(1)
      expect(results.filter(({ text }) => code.test(text))).toHaveLength(19)
      expect(await effects()).toHaveLength(1)
    })

    test('a decline in the terminal takes the call off', async ({ connect, effects }) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      await answerInTerminal(stateDir, await waitingCall(client), 'no')
      expect((await client.call(execute, run)).text).toMatch(code)
      expect(await effects()).toEqual([])
    })

    test('an approval that is older than ten minutes counts no more', async ({ connect, effects }) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      await answerInTerminal(stateDir, await waitingCall(client))
      agePending(stateDir, 11 * 60_000)
      expect((await client.call(execute, run)).text).toMatch(code)
      expect(await effects()).toEqual([])
    })
  })

  describe('unattended', () => {
    const settings = { QUALYS_MODE: 'unattended' }

    test('each kind is sent once, and nobody is asked', async ({ connect, effects }) => {
      const client = await connect(era, { settings })
      for (const [, [tool, args]] of kinds) await client.whole(tool, args, { action: 'decline' })
      expect(client.asked).toEqual([])
      expect(await effects()).toHaveLength(kinds.length)
    })

    test('a client that cannot ask needs no code', async ({ connect, effects }) => {
      const client = await connect(era, { settings, capabilities: {} })
      expect((await client.call(execute, run)).isError).toBe(false)
      expect(await effects()).toHaveLength(1)
    })
  })

  describe('read-only', () => {
    const settings = { QUALYS_MODE: 'read-only' }

    test('no effect exists', async ({ connect, effects }) => {
      const client = await connect(era, { settings })
      const { tools } = (await client.request('tools/list', {})).result as { tools: { name: string }[] }
      expect(tools.map(({ name }) => name)).toContain('car_search_jobs')
      for (const [, [tool, args]] of kinds) {
        expect(tools.map(({ name }) => name)).not.toContain(tool)
        const { text, isError } = await client.whole(tool, args, yes)
        expect(isError).toBe(true)
        expect(text).toMatch(/not found/)
      }
      expect(client.asked).toEqual([])
      expect(await effects()).toEqual([])
    })

    test('an approval from a terminal brings nothing back', async ({ connect, effects }) => {
      const stateDir = temporaryFolder()
      const asking = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      await answerInTerminal(stateDir, await waitingCall(asking))
      const client = await connect(era, { settings: { ...settings, QUALYS_STATE_DIR: stateDir } })
      expect((await client.call(execute, run)).isError).toBe(true)
      expect(await effects()).toEqual([])
    })
  })
})

describe('a question that nobody answers in time', () => {
  test('2025 era: it is taken back, and a yes that comes later sends nothing', async ({
    connect,
    effects,
  }) => {
    const client = await connect('legacy', { patience: 0.05 })
    const { text } = await client.whole(execute, run)
    expect(text).toMatch(/^Nobody answered the question \(.*\), so nothing was sent\. Ask the person/)
    expect(client.asked).toHaveLength(1)
    await client.answerLate(yes)
    expect(await effects()).toEqual([])
  })

  test('2026 era: a yes that comes too late is none, and the question is put again', async ({
    connect,
    effects,
  }) => {
    const client = await connect('modern', { patience: -1 })
    const first = await client.call(execute, run)
    const late = await client.again(execute, run, first.state)
    expect(late.preview).toBe(first.preview)
    expect(await effects()).toEqual([])
  })
})
