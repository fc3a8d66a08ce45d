import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BusyError } from '../../../src/shared/errors.ts'
import { Declines } from '../../../src/tools/effects/approval/pending/declines.ts'
import { savePending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Approver, FormAnswer } from '../../../src/tools/tool.ts'
import { approveCode, declineCode } from '../../support/approvals/decisions.ts'
import { recordKeeper } from '../../support/approvals/stores.ts'
import { waitingCall } from '../../support/approvals/waiting-call.ts'
import {
  answerOf,
  callToApprove,
  codeIn,
  commandIn,
  decide,
  otherCall,
  refusalOf,
  temporary,
} from '../../support/consent/decision.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

// A call that a person said no to, and one for which no place is left.

describe('after a no', () => {
  const times = [0, 1, 2, 3]
  const isStillNo =
    /^A person said no to this call and was asked again already, so it is declined without asking/

  const place = () => {
    const stateDir = temporary()
    const clock = { now: Date.now() }
    const declines = new Declines(stateDir, () => clock.now)
    const { records, use, recordOf } = recordKeeper(stateDir)
    // Each attempt has the record that an identical call gets.
    const callNow = () => callToApprove({ record: recordOf(callToApprove().subject) })
    const attempt = (approver?: Partial<Approver>, call = callNow()) =>
      decide(call, { ...(approver && { approver }), stateDir, declines, records })
    const wait = (ms: number): void => {
      clock.now += ms
    }
    const no = async (kind: FormAnswer['kind'] = 'declined') =>
      refusalOf(attempt({ answer: await answerOf(kind, callNow()) }))
    return {
      stateDir,
      use,
      callNow,
      attempt,
      no,
      wait,
      now: () => clock.now,
      time: () => new Date(clock.now).toISOString().slice(0, 19),
    }
  }

  test.each(['declined', 'closed'] as const)(
    '%s: asked once more, and then declined unasked',
    async (kind) => {
      const { attempt, no, wait, stateDir } = place()
      await no(kind)
      expect(await attempt()).toHaveProperty('question')
      for (const _ of times) expect((await refusalOf(attempt())).message).toMatch(isStillNo)
      const { next } = await refusalOf(attempt())
      expect(next).toContain(commandIn(stateDir))
      wait(10 * 60_000 - 1)
      expect((await refusalOf(attempt())).message).toMatch(isStillNo)
      wait(1)
      expect(await attempt()).toHaveProperty('question')
    },
  )

  test('the ten minutes begin again with the second no, and the reply says when they end', async () => {
    const { attempt, no, wait, time } = place()
    await no()
    wait(9 * 60_000)
    await no()
    const said = time()
    wait(9 * 60_000)
    const { next } = await refusalOf(attempt())
    const end = new Date(Date.parse(`${said}Z`) + 10 * 60_000).toISOString().slice(0, 19)
    expect(next.startsWith(`It may be asked again after ${end}Z. Before that only an approval by code`)).toBe(
      true,
    )
  })

  test.each(['no form', 'odd', 'failed', 'unanswered'] as const)(
    'an answer of nobody is no no: %s',
    async (kind) => {
      const { attempt, no } = place()
      for (const _ of times) await no(kind)
      for (const _ of times) expect(await attempt()).toHaveProperty('question')
    },
  )

  test.each([
    ['no form', true],
    ['odd', true],
    ['failed', true],
    ['unanswered', false],
  ] as const)('once more means a person: a question that ends with %s', async (kind, isAskedAgain) => {
    const { attempt, no } = place()
    await no()
    expect(await attempt()).toHaveProperty('question')
    await no(kind)
    if (isAskedAgain) expect(await attempt()).toHaveProperty('question')
    expect((await refusalOf(attempt())).message).toMatch(isStillNo)
  })

  test('another preview is the same call, other arguments are not', async () => {
    const { attempt, no } = place()
    await no()
    await no()
    const changed = callToApprove({ preview: previewOfLines('changed') })
    expect((await refusalOf(attempt({}, changed))).message).toMatch(isStillNo)
    expect(await attempt({}, otherCall())).toHaveProperty('question')
  })

  test.each(['by code', 'by the form'])('an approval %s ends it', async (way) => {
    const { attempt, no, callNow, use, stateDir } = place()
    await no()
    expect(await attempt()).toHaveProperty('question')
    const code = codeIn(await refusalOf(attempt()))
    if (way === 'by code') expect(approveCode(stateDir, code)).toBe(true)
    const approver = way === 'by code' ? {} : { answer: await answerOf('approved', callNow()) }
    expect(await attempt(approver)).toHaveProperty('approvedBy')
    use(callNow())
    for (const _ of times) expect(await attempt()).toHaveProperty('question')
  })

  test('in a terminal counts as well, and asking once more is to give a code once more', async () => {
    const { attempt, stateDir } = place()
    const approver = { isReachable: false }
    const inTerminal = async (): Promise<void> => {
      const error = await refusalOf(attempt(approver))
      expect(error.message).toMatch(/^A person has to approve this/)
      expect(declineCode(stateDir, codeIn(error))).toBe(true)
    }
    await inTerminal()
    await inTerminal()
    const error = await refusalOf(attempt(approver))
    expect(error.message).toMatch(isStillNo)
    // Now it waits, without that anybody is asked again.
    expect(await attempt(approver)).toMatchObject({ error: { message: error.message } })
    expect(approveCode(stateDir, codeIn(error))).toBe(true)
    expect(await attempt(approver)).toMatchObject({ approvedBy: 'a person, in a terminal' })
  })

  test('in a terminal is heard by the call that waits, and by none that is asked after that', async () => {
    const { attempt, stateDir } = place()
    const approver = { isReachable: false }
    const first = codeIn(await refusalOf(attempt(approver)))
    const waiting = await attempt(approver)
    if (!('decided' in waiting)) throw new Error('the call does not wait')
    expect(declineCode(stateDir, first)).toBe(true)
    await expect(waiting.decided(new AbortController().signal)).rejects.toThrow(
      /^A person said no in a terminal, so nothing was sent\.$/,
    )
    const second = codeIn(await refusalOf(attempt(approver)))
    expect(second).not.toBe(first)
    const again = await attempt(approver)
    if (!('decided' in again)) throw new Error('the call does not wait')
    expect(approveCode(stateDir, second)).toBe(true)
    await again.decided(new AbortController().signal)
    expect(await attempt(approver)).toMatchObject({ approvedBy: 'a person, in a terminal' })
  })

  test.each([0, 1, 1_000])(
    'in a form and then in the terminal, %i ms later: declined unasked',
    async (ms) => {
      const { attempt, no, wait, now, stateDir } = place()
      const code = codeIn(await no())
      wait(ms)
      declineCode(stateDir, code, now())
      expect((await refusalOf(attempt())).message).toMatch(isStillNo)
    },
  )

  test('a mark in the terminal counts once', async () => {
    const { attempt, no, wait, now, stateDir } = place()
    declineCode(stateDir, codeIn(await no('unanswered')), now())
    wait(1)
    expect(await attempt()).toHaveProperty('question')
    await no('failed')
    expect(await attempt()).toHaveProperty('question')
  })

  test('where the state folder cannot be used, this process alone knows it', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    writeFileSync(join(stateDir, 'pending'), '')
    const declines = new Declines(stateDir)
    for (const _ of [1, 2]) {
      const answer = await answerOf('declined', call)
      await refusalOf(decide(call, { approver: { answer }, stateDir, declines }))
    }
    const error = await refusalOf(decide(call, { stateDir, declines }))
    expect(error.message).toMatch(isStillNo)
    expect(error.next).toMatch(/^It may be asked again after [-\dT:]+Z\.$/)
  })
})

describe('where ten calls wait already', () => {
  const tooMany =
    /^10 calls wait for a person already \(car_execute_script \S{4}-\S{4}, .*\), the first of them until [-\dT:]+Z; this call got no code, and nothing was sent\.$/

  test.each(['nobody can be asked', 'nobody answered the form'])(
    'and %s: the next is refused',
    async (which) => {
      const stateDir = temporary()
      const call = callToApprove()
      for (let n = 0; n < 10; n++) savePending(stateDir, waitingCall(`call ${n}`))
      const approver =
        which === 'nobody can be asked' ? { isReachable: false } : { answer: await answerOf('no form', call) }
      const error = await decide(call, { approver, stateDir }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(BusyError)
      expect((error as BusyError).message.replace(/^.*nothing was sent\. (?=10)/, '')).toMatch(tooMany)
      expect((error as BusyError).next).toMatch(
        /approve or decline one of them, on its approval page or in a terminal/,
      )
      expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(10)
    },
  )

  test('a no stays one, and says so too', async () => {
    const stateDir = temporary()
    const call = callToApprove()
    for (let n = 0; n < 10; n++) savePending(stateDir, waitingCall(`call ${n}`))
    const answer = await answerOf('declined', call)
    const no = await refusalOf(decide(call, { approver: { answer }, stateDir }))
    expect(no.message).toBe('The person said no, so nothing was sent.')
    expect(no.next).toMatch(/^Do not ask again unless the person wants it\. 10 calls wait/)
  })
})
