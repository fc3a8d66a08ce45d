import { describe, expect } from 'vitest'
import { effectCalls, execute, run } from '../../support/consent/calls.ts'
import {
  answerInTerminal,
  codeText as code,
  pendingCallCode,
  consentTest as test,
} from '../../support/consent/fixtures.ts'
import {
  type Answer,
  agePending,
  type ConnectOptions,
  eras,
  questionIn,
  temporaryFolder,
  yes,
} from '../../support/consent/raw-client.ts'

// Answers x eras, and each kind of effect in each mode, with the requests that arrive counted. These clients send
// anything, without checks. (Who is asked: test/unit/consent/decision.test.ts.)

interface Way {
  readonly answer?: Answer
  readonly connectOptions?: ConnectOptions
  /** How many questions are asked; 1 if absent. */
  readonly questions?: number
  readonly says: RegExp
}

const accept = (content?: unknown): Answer => ({
  action: 'accept',
  ...(content !== undefined && { content }),
})
const no = /^The person said no, so nothing was sent\./
const noForm =
  /^The client accepted without showing the form, so nothing was sent\. Ask the person to run `qualys-mcp approve/
const odd =
  /^The client's answer does not fit the form \(.+\), so nothing was sent\. Ask the person to run `qualys-mcp approve/
const kinds = Object.entries(effectCalls)

/** Everything that a client may send except a yes. */
const refusals: Readonly<Record<string, Way>> = {
  declined: { answer: { action: 'decline' }, says: no },
  'declined, with the box ticked': { answer: { ...yes, action: 'decline' }, says: no },
  cancelled: { answer: { action: 'cancel' }, says: /^The question was closed without an answer/ },
  'cancelled, with the box ticked': {
    answer: { ...yes, action: 'cancel' },
    says: /^The question was closed/,
  },
  'the box unticked': { answer: accept({ approve: false }), says: no },
  'accepted without content': { answer: accept(), says: noForm },
  'accepted with empty content': { answer: accept({}), says: noForm },
  'accepted with null': { answer: accept(null), says: noForm },
  'the box as a text': { answer: accept({ approve: 'true' }), says: odd },
  'the box as a number': { answer: accept({ approve: 1 }), says: odd },
  'the box as a list': { answer: accept({ approve: [true] }), says: odd },
  'the box as null': { answer: accept({ approve: null }), says: noForm },
  'another box': { answer: accept({ approved: true, Approve: true }), says: noForm },
  'an action that does not exist': { answer: { ...yes, action: 'ACCEPT' }, says: odd },
  'content beside the content': { answer: { action: 'accept', approve: true }, says: noForm },
  'a list for the content': { answer: accept([true]), says: odd },
  'a text for the content': { answer: accept('approve'), says: odd },
  'no action': { answer: { content: { approve: true } }, says: odd },
  'an empty answer': { answer: {}, says: odd },
  'an error in the place of an answer': {
    answer: { error: { code: -32603, message: 'no window' } },
    says: /^The client could not ask \(no window\), so nothing was sent\. Ask the person to run `qualys-mcp/,
  },
  'no elicitation': { connectOptions: { capabilities: {} }, questions: 0, says: code },
  'elicitation by url only': {
    connectOptions: { capabilities: { elicitation: { url: {} } } },
    questions: 0,
    says: code,
  },
  'elicitation that is no capability': {
    connectOptions: { capabilities: { sampling: {} } },
    questions: 0,
    says: code,
  },
}

describe.each(eras)('%s era', (era) => {
  describe('confirm', () => {
    test.for(Object.entries(refusals))('%s: nothing is sent', async ([, way], { connect, effects }) => {
      const { answer, connectOptions, questions = 1, says } = way
      const client = await connect(era, connectOptions)
      const { text, isError } = await client.callAndAnswer(execute, run, answer ?? yes)
      expect(text).toMatch(says)
      expect(isError).toBe(true)
      expect(client.questions).toHaveLength(questions)
      expect(await effects()).toEqual([])
    })

    test.for(kinds)('accepted: %s is sent once', async ([, [tool, args]], { connect, effects }) => {
      const client = await connect(era)
      const { text, isError } = await client.callAndAnswer(tool, args, yes)
      expect(text).not.toMatch(/nothing was sent/)
      expect(isError).toBe(false)
      expect(client.questions).toHaveLength(1)
      expect(await effects()).toHaveLength(1)
    })

    test('an empty elicitation capability means forms', async ({ connect, effects }) => {
      const client = await connect(era, { capabilities: { elicitation: {} } })
      expect((await client.callAndAnswer(execute, run, yes)).isError).toBe(false)
      expect(client.questions).toHaveLength(1)
      expect(await effects()).toHaveLength(1)
    })

    test('each call needs its own approval', async ({ connect, effects }) => {
      const client = await connect(era)
      await client.callAndAnswer(execute, run, yes)
      await client.callAndAnswer(execute, run, yes)
      expect(client.questions).toHaveLength(2)
      expect(await effects()).toHaveLength(2)
      await client.callAndAnswer(execute, run, { action: 'decline' })
      expect(await effects()).toHaveLength(2)
    })

    test('the form has one box, unchecked, without a default', async ({ connect }) => {
      const client = await connect(era)
      client.answer = () => ({ action: 'decline' })
      const { result } = await client.call(execute, run)
      const form = era === 'legacy' ? client.questions[0] : { ...questionIn(result) }
      expect(form?.['requestedSchema']).toMatchObject({ required: ['approve'] })
      expect(JSON.stringify(form)).not.toMatch(/"default"/)
    })

    test('approved in a terminal: the identical call is sent, once', async ({ connect, effects }) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      const found = await pendingCallCode(client)
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

    test('approved in a terminal: of twenty identical calls at once, one is sent', async ({
      connect,
      effects,
    }) => {
      const stateDir = temporaryFolder()
      const settings = { QUALYS_STATE_DIR: stateDir, QUALYS_CONCURRENCY: '16' }
      const client = await connect(era, { settings, capabilities: {} })
      await answerInTerminal(stateDir, await pendingCallCode(client))
      const results = await Promise.all(Array.from({ length: 20 }, () => client.call(execute, run)))
      expect(results.filter(({ isError }) => !isError)).toHaveLength(1)
      const refused = results.filter(({ text }) => code.test(text) || /used by another call/.test(text))
      expect(refused).toHaveLength(19)
      expect(await effects()).toHaveLength(1)
    })

    test('a decline in the terminal removes the pending call', async ({ connect, effects }) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      await answerInTerminal(stateDir, await pendingCallCode(client), 'no')
      expect((await client.call(execute, run)).text).toMatch(code)
      expect(await effects()).toEqual([])
    })

    test('an approval older than ten minutes has expired', async ({ connect, effects }) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      await answerInTerminal(stateDir, await pendingCallCode(client))
      agePending(stateDir, 11 * 60_000)
      expect((await client.call(execute, run)).text).toMatch(code)
      expect(await effects()).toEqual([])
    })
  })

  describe('unattended', () => {
    const settings = { QUALYS_MODE: 'unattended' }

    test('each kind is sent once, without asking anybody', async ({ connect, effects }) => {
      const client = await connect(era, { settings })
      for (const [, [tool, args]] of kinds) await client.callAndAnswer(tool, args, { action: 'decline' })
      expect(client.questions).toEqual([])
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

    test('no tool with an effect exists', async ({ connect, effects }) => {
      const client = await connect(era, { settings })
      const { tools } = (await client.request('tools/list', {})).result as { tools: { name: string }[] }
      expect(tools.map(({ name }) => name)).toContain('car_search_jobs')
      for (const [, [tool, args]] of kinds) {
        expect(tools.map(({ name }) => name)).not.toContain(tool)
        const { text, isError } = await client.callAndAnswer(tool, args, yes)
        expect(isError).toBe(true)
        expect(text).toMatch(/not found/)
      }
      expect(client.questions).toEqual([])
      expect(await effects()).toEqual([])
    })

    test('an approval from a terminal does not change that', async ({ connect, effects }) => {
      const stateDir = temporaryFolder()
      const asking = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      await answerInTerminal(stateDir, await pendingCallCode(asking))
      const client = await connect(era, { settings: { ...settings, QUALYS_STATE_DIR: stateDir } })
      expect((await client.call(execute, run)).isError).toBe(true)
      expect(await effects()).toEqual([])
    })
  })
})

describe('a question that is not answered in time', () => {
  test('2025 era: it is withdrawn, and a later yes sends nothing', async ({ connect, effects }) => {
    const client = await connect('legacy', { patience: 0.05 })
    const { text } = await client.callAndAnswer(execute, run)
    expect(text).toMatch(
      /^Nobody answered the question in time, so nothing was sent\. Ask the person to run `qualys-mcp/,
    )
    expect(client.questions).toHaveLength(1)
    await client.answerLate(yes)
    expect(await effects()).toEqual([])
  })

  test('2026 era: a late yes does not count, and the question is asked again', async ({
    connect,
    effects,
  }) => {
    const client = await connect('modern', { patience: -1 })
    const first = await client.call(execute, run)
    const late = await client.answerQuestion(execute, run, first.state)
    expect(late.preview).toBe(first.preview)
    expect(await effects()).toEqual([])
  })
})
