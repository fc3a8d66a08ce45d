import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Effect } from '../../../src/operations/operation.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import { findPending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { FormAnswer } from '../../../src/tools/tool.ts'
import { approveCode } from '../../support/approvals/decisions.ts'
import { recordKeeper } from '../../support/approvals/stores.ts'
import {
  answerOf,
  callToApprove,
  codeIn,
  commandIn,
  decide,
  key,
  otherCall,
  preview,
  refusalOf,
  server,
  temporary,
  waitingCode,
} from '../../support/consent/decision.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

// Who has to be asked, which answer counts as a yes, and the error without one.

const all: readonly Effect[] = ['create', 'update', 'delete', 'execute']
const questionAbout = ({ digest }: { readonly digest: string }) => ({
  question: preview,
  state: expect.stringMatching(/^v1\./),
  digest,
})
const bySettings = { approvedBy: 'settings' }
const byClient = { approvedBy: 'a person, asked by the client' }
const inTerminal = {
  approvedBy: 'a person, in a terminal',
  verified: { approval: { way: 'terminal', by: 'terminal', at: expect.any(Number) } },
}

describe('who has to approve', () => {
  const of = (effect: Effect, declaredEffect = effect) => callToApprove({ effect, declaredEffect })

  test.each(all)('a person, for %s', async (effect) => {
    const call = of(effect)
    expect(await decide(call)).toEqual({ ...questionAbout(call), isForged: false })
  })

  test.each(all)('nobody for %s, in mode unattended', async (effect) => {
    expect(await decide(of(effect), { environment: { QUALYS_MODE: 'unattended' } })).toEqual(bySettings)
  })

  const narrowed = all.flatMap((confirm) => all.map((effect) => ({ confirm, effect })))
  test.each(narrowed)('with QUALYS_CONFIRM=$confirm for $effect', async ({ confirm, effect }) => {
    const outcome = await decide(of(effect), { environment: { QUALYS_CONFIRM: confirm } })
    expect('question' in outcome).toBe(effect === confirm)
  })

  test('with several of them', async () => {
    const environment = { QUALYS_CONFIRM: 'delete, execute' }
    const outcomes = await Promise.all(all.map((effect) => decide(of(effect), { environment })))
    expect(outcomes.map((outcome) => 'question' in outcome)).toEqual([false, false, true, true])
  })

  test.each([
    ['update', true],
    ['execute', true],
    ['create', false],
    ['delete', false],
  ])('for a call with a stronger effect than its tool, under either name: %s', async (confirm, is) => {
    const outcome = await decide(of('execute', 'update'), { environment: { QUALYS_CONFIRM: confirm } })
    expect('question' in outcome).toBe(is)
  })

  test.each(all)('a person for a call that names a secret, with QUALYS_CONFIRM=%s', async (confirm) => {
    const call = callToApprove({ effect: 'execute', declaredEffect: 'create', namesSecret: true })
    const outcome = await decide(call, { environment: { QUALYS_CONFIRM: confirm } })
    expect('question' in outcome).toBe(true)
    expect(await decide(call, { environment: { QUALYS_MODE: 'unattended' } })).toEqual(bySettings)
  })

  test('nobody, even if an answer comes where none is needed', async () => {
    const answer = { kind: 'declined', state: 'x' } as const
    const environment = { QUALYS_CONFIRM: 'delete' }
    expect(await decide(callToApprove(), { environment, approver: { answer } })).toEqual(bySettings)
  })
})

describe('an answer with its state', () => {
  test('yes approves', async () => {
    const call = callToApprove()
    const answer = await answerOf('approved', call)
    expect(await decide(call, { approver: { answer } })).toEqual(byClient)
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
      const call = callToApprove()
      const error = await refusalOf(
        decide(call, { approver: { answer: await answerOf(kind, call) }, stateDir }),
      )
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
    const call = callToApprove()
    const answer = await answerOf(kind, call, said)
    const error = await refusalOf(decide(call, { approver: { answer }, stateDir }))
    expect(error.message).toBe(message)
    expect(error.next).toBe(
      `Ask the person to run ${commandIn(stateDir)} in a terminal within ten minutes; then make the identical call again, which waits for the answer.`,
    )
  })

  test.each(['declined', 'no form', 'odd', 'failed', 'unanswered'] as const)(
    'after the code was approved, the identical call runs once: %s',
    async (kind) => {
      const stateDir = temporary()
      const call = callToApprove()
      const refuse = async () =>
        refusalOf(decide(call, { approver: { answer: await answerOf(kind, call) }, stateDir }))
      const code = codeIn(await refuse())
      expect(codeIn(await refuse())).toBe(code)
      expect(approveCode(stateDir, code)).toBe(true)
      expect(await decide(otherCall(), { stateDir })).toHaveProperty('question')
      expect(await decide(call, { stateDir })).toEqual(inTerminal)
      // It is used up when the request is sent.
      expect(await decide(call, { stateDir })).toEqual(inTerminal)
      expect(recordKeeper(stateDir).use(call)).toBe(true)
      expect(await decide(call, { stateDir })).toHaveProperty('question')
    },
  )

  test('of nobody is counted for no other call, unless the time is up', async () => {
    const stateDir = temporary()
    const another = async (kind: FormAnswer['kind']) =>
      decide(callToApprove(), { approver: { answer: await answerOf(kind, otherCall()) }, stateDir })
    expect(await another('no form')).toHaveProperty('question')
    await refusalOf(another('unanswered'))
  })

  test('that is a yes leaves no approval of the terminal behind, once it was sent', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    const { records, ...keeper } = recordKeeper(stateDir)
    const refused = await refusalOf(
      decide(call, { approver: { answer: await answerOf('no form', call) }, stateDir }),
    )
    approveCode(stateDir, codeIn(refused))
    const answer = await answerOf('approved', call)
    expect(await decide(call, { approver: { answer }, stateDir, records })).toEqual(byClient)
    expect(keeper.use(call)).toBe(true)
    expect(await decide(call, { stateDir })).toHaveProperty('question')
    expect(readdirSync(join(stateDir, 'pending'))).toEqual([`${call.digest}.used`])
  })

  test('that is a no takes back an approval of the terminal, and the code that it gives is good', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    const { records, ...keeper } = recordKeeper(stateDir)
    const answered = async (kind: FormAnswer['kind']) =>
      refusalOf(decide(call, { approver: { answer: await answerOf(kind, call) }, stateDir, records }))
    approveCode(stateDir, codeIn(await answered('no form')))
    const code = codeIn(await answered('declined'))
    expect(keeper.waiting(call.subject).filter(({ state }) => state === 'approved')).toEqual([])
    expect(approveCode(stateDir, code)).toBe(true)
    // As the next identical call finds it.
    const record = keeper.recordOf(call.subject)
    const next = callToApprove({ record })
    expect(await decide(next, { stateDir, records })).toEqual(inTerminal)
    expect(keeper.use(next)).toBe(true)
  })

  test('where the state folder cannot be used: a question, a no that stays one, and the reason', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    writeFileSync(join(stateDir, 'pending'), '')
    expect(await decide(call, { stateDir })).toHaveProperty('question')
    const no = await refusalOf(
      decide(call, { approver: { answer: await answerOf('declined', call) }, stateDir }),
    )
    expect(no.next).toBe('Do not ask again unless the person wants it.')
    const empty = decide(call, { approver: { answer: await answerOf('no form', call) }, stateDir })
    await expect(empty).rejects.toThrow(SetupError)
    await expect(empty).rejects.toThrow(
      /^The client accepted without showing the form, so nothing was sent\. The state folder \(QUALYS_STATE_DIR\) cannot be used: /,
    )
  })

  test('counts once; then the question is asked again', async () => {
    const call = callToApprove()
    const answer = await answerOf('approved', call)
    await decide(call, { approver: { answer } })
    expect(await decide(call, { approver: { answer } })).toEqual({ ...questionAbout(call), isForged: true })
  })

  test('counts for no other call', async () => {
    const call = callToApprove()
    const answer = await answerOf('approved', otherCall())
    expect(await decide(call, { approver: { answer } })).toEqual({ ...questionAbout(call), isForged: true })
  })

  test('with an unsigned state is no answer, not even a no', async () => {
    const call = callToApprove()
    for (const kind of ['approved', 'declined', 'closed', 'no form', 'opened'] as const) {
      const answer = { kind, state: 'v1.x.y' }
      expect(await decide(call, { approver: { answer } })).toEqual({ ...questionAbout(call), isForged: true })
    }
  })

  test('counts over a connection that cannot ask as well, and without one a code is needed', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    const answer = await answerOf('approved', call)
    const approver = { isReachable: false, answer }
    expect(await decide(call, { approver, stateDir })).toEqual(byClient)
    await expect(decide(call, { approver, stateDir })).rejects.toThrow(/^A person has to approve this/)
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

  test('the call is pending under a code, with its preview and record, and the next one waits', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    const code = await codeOf(decide(call, { approver, stateDir }))
    const pending = {
      code,
      digest: call.digest,
      record: call.record,
      preview: previewOfLines(preview),
      // This client shows no forms.
      ways: ['terminal'],
      waiters: [{ server, caller: 'stdio', key }],
      at: Date.parse(call.record.asked),
    }
    expect(findPending(stateDir, code)).toEqual({ ...pending, state: 'pending' })
    const again = await decide(call, { approver, stateDir })
    expect(again).toMatchObject({ waitingFor: `run ${commandIn(stateDir)} in a terminal` })
    expect(waitingCode(stateDir)).toBe(code)
  })

  test('an approval runs it once, and the same call asks under another code after that', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    const code = await codeOf(decide(call, { approver, stateDir }))
    expect(approveCode(stateDir, code)).toBe(true)
    expect(await decide(call, { approver, stateDir })).toEqual(inTerminal)
    const { records, ...keeper } = recordKeeper(stateDir)
    expect(keeper.use(call)).toBe(true)
    const next = callToApprove({ record: keeper.recordOf(call.subject) })
    expect(next.digest).not.toBe(call.digest)
    expect(await codeOf(decide(next, { approver, stateDir }))).not.toBe(code)
  })

  test('an approval does not count for another call', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    approveCode(stateDir, await codeOf(decide(call, { approver, stateDir })))
    await codeOf(decide(otherCall(), { approver, stateDir }))
    expect(await decide(call, { approver, stateDir })).toEqual(inTerminal)
  })

  test('a call that needs no approval is not stored', async () => {
    const stateDir = temporary()
    await decide(callToApprove(), { approver, stateDir, environment: { QUALYS_MODE: 'unattended' } })
    expect(readdirSync(stateDir)).toEqual([])
  })
})
