import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Effect } from '../../../src/operations/operation.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import { approvePending, findPending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { FormAnswer } from '../../../src/tools/tool.ts'
import {
  answerOf,
  codeIn,
  commandIn,
  decide,
  digest,
  key,
  preview,
  refusalOf,
  server,
  temporary,
} from '../../support/consent/decision.ts'

// Who has to be asked, which answer counts as a yes, and the error without one.

const all: readonly Effect[] = ['create', 'update', 'delete', 'execute']
const question = { question: preview, state: expect.stringMatching(/^v1\./), digest }
const bySettings = { approvedBy: 'settings' }

describe('who has to approve', () => {
  test.each(all)('a person, for %s', async (effect) => {
    expect(await decide({ effect, declaredEffect: effect })).toEqual({ ...question, isForged: false })
  })

  test.each(all)('nobody for %s, in mode unattended', async (effect) => {
    expect(
      await decide({ effect, declaredEffect: effect }, { environment: { QUALYS_MODE: 'unattended' } }),
    ).toEqual(bySettings)
  })

  const narrowed = all.flatMap((confirm) => all.map((effect) => ({ confirm, effect })))
  test.each(narrowed)('with QUALYS_CONFIRM=$confirm for $effect', async ({ confirm, effect }) => {
    const environment = { QUALYS_CONFIRM: confirm }
    const outcome = await decide({ effect, declaredEffect: effect }, { environment })
    expect('question' in outcome).toBe(effect === confirm)
  })

  test('with several of them', async () => {
    const environment = { QUALYS_CONFIRM: 'delete, execute' }
    const outcomes = await Promise.all(
      all.map((effect) => decide({ effect, declaredEffect: effect }, { environment })),
    )
    expect(outcomes.map((outcome) => 'question' in outcome)).toEqual([false, false, true, true])
  })

  test.each([
    ['update', true],
    ['execute', true],
    ['create', false],
    ['delete', false],
  ])('for a call with a stronger effect than its tool, under either name: %s', async (confirm, is) => {
    const outcome = await decide(
      { effect: 'execute', declaredEffect: 'update' },
      { environment: { QUALYS_CONFIRM: confirm } },
    )
    expect('question' in outcome).toBe(is)
  })

  test.each(all)('a person for a call that names a secret, with QUALYS_CONFIRM=%s', async (confirm) => {
    const call = { effect: 'execute', declaredEffect: 'create', namesSecret: true } as const
    const outcome = await decide(call, { environment: { QUALYS_CONFIRM: confirm } })
    expect('question' in outcome).toBe(true)
    expect(await decide(call, { environment: { QUALYS_MODE: 'unattended' } })).toEqual(bySettings)
  })

  test('nobody, even if an answer comes where none is needed', async () => {
    const answer = { kind: 'declined', state: 'x' } as const
    const environment = { QUALYS_CONFIRM: 'delete' }
    expect(await decide({}, { environment, approver: { answer } })).toEqual(bySettings)
  })
})

describe('an answer with its state', () => {
  test('yes approves', async () => {
    const answer = await answerOf('approved')
    expect(await decide({}, { approver: { answer } })).toEqual({
      approvedBy: 'a person, asked by the client',
    })
  })

  test.each([
    ['declined', 'The person said no, so nothing was sent.', 'say no without showing anything'],
    [
      'closed',
      'The question was closed without an answer, so nothing was sent.',
      'close it without showing anything',
    ],
  ] as const)(
    '%s stays a no, and names the command for a person who saw nothing',
    async (kind, message, habit) => {
      const stateDir = temporary()
      const error = await refusalOf(decide({}, { approver: { answer: await answerOf(kind) }, stateDir }))
      expect(error.message).toBe(message)
      expect(error.next).toBe(
        `Do not ask again unless the person wants it. Some clients ${habit}: a person who saw no question can run ${commandIn(stateDir)} in a terminal within ten minutes, and then the identical call runs.`,
      )
    },
  )

  test.each([
    ['no form', undefined, 'The client accepted without showing the form, so nothing was sent.'],
    ['odd', '{"a":1}', `The client's answer does not fit the form ({"a":1}), so nothing was sent.`],
    ['odd', '', `The client's answer does not fit the form, so nothing was sent.`],
    ['failed', 'no window', 'The client could not ask (no window), so nothing was sent.'],
    ['unanswered', undefined, 'Nobody answered the question in time, so nothing was sent.'],
  ] as const)('that no person gave (%s) is said, with the command', async (kind, said, message) => {
    const stateDir = temporary()
    const answer = await answerOf(kind, said)
    const error = await refusalOf(decide({}, { approver: { answer }, stateDir }))
    expect(error.message).toBe(message)
    expect(error.next).toBe(
      `Ask the operator to run ${commandIn(stateDir)} in a terminal within ten minutes, then make the identical call again.`,
    )
  })

  test.each(['declined', 'no form', 'odd', 'failed', 'unanswered'] as const)(
    'after the code was approved, the identical call runs once: %s',
    async (kind) => {
      const stateDir = temporary()
      const refuse = async () =>
        refusalOf(decide({}, { approver: { answer: await answerOf(kind) }, stateDir }))
      const code = codeIn(await refuse())
      expect(codeIn(await refuse())).toBe(code)
      expect(approvePending(stateDir, code)).toBe(true)
      expect(await decide({ digest: 'b'.repeat(64) }, { stateDir })).toHaveProperty('question')
      expect(await decide({}, { stateDir })).toEqual({ approvedBy: 'a person, in a terminal' })
      expect(await decide({}, { stateDir })).toHaveProperty('question')
    },
  )

  test('of nobody is counted for no other call, unless the time is up', async () => {
    const stateDir = temporary()
    const another = async (kind: FormAnswer['kind']) =>
      decide({}, { approver: { answer: await answerOf(kind, undefined, 'b'.repeat(64)) }, stateDir })
    expect(await another('no form')).toHaveProperty('question')
    await refusalOf(another('unanswered'))
  })

  test('leaves no approval of the terminal behind, whether it is a yes or a no', async () => {
    for (const kind of ['approved', 'declined'] as const) {
      const stateDir = temporary()
      const answer = await answerOf('no form')
      approvePending(stateDir, codeIn(await refusalOf(decide({}, { approver: { answer }, stateDir }))))
      await decide({}, { approver: { answer: await answerOf(kind) }, stateDir }).catch(() => undefined)
      expect(await decide({}, { stateDir })).toHaveProperty('question')
    }
  })

  test('where the state folder cannot be used: a question, a no that stays one, and the reason', async () => {
    const stateDir = temporary()
    writeFileSync(join(stateDir, 'pending'), '')
    expect(await decide({}, { stateDir })).toHaveProperty('question')
    const no = await refusalOf(decide({}, { approver: { answer: await answerOf('declined') }, stateDir }))
    expect(no.next).toBe('Do not ask again unless the person wants it.')
    const empty = decide({}, { approver: { answer: await answerOf('no form') }, stateDir })
    await expect(empty).rejects.toThrow(SetupError)
    await expect(empty).rejects.toThrow(
      /^The client accepted without showing the form, so nothing was sent\. The state folder \(QUALYS_STATE_DIR\) cannot be used: /,
    )
  })

  test('counts once; then the question is asked again', async () => {
    const answer = await answerOf('approved')
    await decide({}, { approver: { answer } })
    expect(await decide({}, { approver: { answer } })).toEqual({ ...question, isForged: true })
  })

  test('counts for no other call', async () => {
    const answer = await answerOf('approved', undefined, 'b'.repeat(64))
    expect(await decide({}, { approver: { answer } })).toEqual({ ...question, isForged: true })
  })

  test('with an unsigned state is no answer, not even a no', async () => {
    for (const kind of ['approved', 'declined', 'closed', 'no form'] as const) {
      const answer = { kind, state: 'v1.x.y' }
      expect(await decide({}, { approver: { answer } })).toEqual({ ...question, isForged: true })
    }
  })

  test('counts over a connection that cannot ask as well, and without one a code is needed', async () => {
    const stateDir = temporary()
    const answer = await answerOf('approved')
    const approver = { isReachable: false, answer }
    expect(await decide({}, { approver, stateDir })).toEqual({ approvedBy: 'a person, asked by the client' })
    await expect(decide({}, { approver, stateDir })).rejects.toThrow(/^A person has to approve this/)
  })
})

describe('where nobody can be asked', () => {
  const approver = { isReachable: false }
  const codeOf = async (outcome: Promise<unknown>): Promise<string> => {
    const error = await refusalOf(outcome)
    expect(error.message).toBe(
      'A person has to approve this, and this client cannot ask one; nothing was sent.',
    )
    return codeIn(error)
  }

  test('the call is pending under a code, with its preview, until a person approves it: once', async () => {
    const stateDir = temporary()
    const code = await codeOf(decide({}, { approver, stateDir }))
    expect(await codeOf(decide({}, { approver, stateDir }))).toBe(code)
    expect(findPending(stateDir, code)).toEqual({
      code,
      digest,
      tool: 'car_execute_script',
      preview: { facts: { headline: preview, warnings: [], blocks: [] }, notes: [] },
      waiters: [{ server, caller: 'stdio', key }],
    })
    expect(approvePending(stateDir, code)).toBe(true)
    expect(await decide({}, { approver, stateDir })).toEqual({ approvedBy: 'a person, in a terminal' })
    expect(await codeOf(decide({}, { approver, stateDir }))).not.toBe(code)
  })

  test('an approval does not count for another call', async () => {
    const stateDir = temporary()
    approvePending(stateDir, await codeOf(decide({}, { approver, stateDir })))
    const other = { digest: 'b'.repeat(64) }
    await codeOf(decide(other, { approver, stateDir }))
    expect(await decide({}, { approver, stateDir })).toEqual({ approvedBy: 'a person, in a terminal' })
  })

  test('a call that needs no approval is not stored', async () => {
    const stateDir = temporary()
    await decide({}, { approver, stateDir, environment: { QUALYS_MODE: 'unattended' } })
    expect(readdirSync(stateDir)).toEqual([])
  })
})
