import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BusyError } from '../../../src/shared/errors.ts'
import type { CallToApprove } from '../../../src/tools/effects/approval/consent.ts'
import { Declines } from '../../../src/tools/effects/approval/pending/declines.ts'
import {
  approvePending,
  declinePending,
  savePending,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Approver, FormAnswer } from '../../../src/tools/tool.ts'
import { waitingCall } from '../../support/approvals/waiting-call.ts'
import { answerOf, codeIn, commandIn, decide, refusalOf, temporary } from '../../support/consent/decision.ts'

// A call that a person said no to, and one for which no place is left.

describe('after a no', () => {
  const times = [0, 1, 2, 3]
  const isStillNo =
    /^A person said no to this call and was asked again already, so it is declined without asking/

  const place = () => {
    const stateDir = temporary()
    const clock = { now: Date.now() }
    const declines = new Declines(stateDir, () => clock.now)
    const attempt = (approver?: Partial<Approver>, about?: Partial<CallToApprove>) =>
      decide(about, { ...(approver && { approver }), stateDir, declines })
    const wait = (ms: number): void => {
      clock.now += ms
    }
    const no = async (kind: FormAnswer['kind'] = 'declined') =>
      refusalOf(attempt({ answer: await answerOf(kind) }))
    return {
      stateDir,
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
    expect((await refusalOf(attempt({}, { digest: 'b'.repeat(64) }))).message).toMatch(isStillNo)
    expect(await attempt({}, { key: 'd'.repeat(64) })).toHaveProperty('question')
  })

  test.each(['by code', 'by the form'])('an approval %s ends it', async (way) => {
    const { attempt, no, stateDir } = place()
    await no()
    expect(await attempt()).toHaveProperty('question')
    const code = codeIn(await refusalOf(attempt()))
    if (way === 'by code') expect(approvePending(stateDir, code)).toBe(true)
    const approver = way === 'by code' ? {} : { answer: await answerOf('approved') }
    expect(await attempt(approver)).toHaveProperty('approvedBy')
    for (const _ of times) expect(await attempt()).toHaveProperty('question')
  })

  test('in a terminal counts as well, and asking once more is to give a code once more', async () => {
    const { attempt, stateDir } = place()
    const approver = { isReachable: false }
    const inTerminal = async (): Promise<void> => {
      const error = await refusalOf(attempt(approver))
      expect(error.message).toMatch(/^A person has to approve this/)
      expect(declinePending(stateDir, codeIn(error))).toBe(true)
    }
    await inTerminal()
    await inTerminal()
    const error = await refusalOf(attempt(approver))
    expect(error.message).toMatch(isStillNo)
    expect(approvePending(stateDir, codeIn(error))).toBe(true)
    expect(await attempt(approver)).toEqual({ approvedBy: 'a person, in a terminal' })
    await inTerminal()
  })

  test.each([0, 1, 1_000])(
    'in a form and then in the terminal, %i ms later: declined unasked',
    async (ms) => {
      const { attempt, no, wait, now, stateDir } = place()
      const code = codeIn(await no())
      wait(ms)
      declinePending(stateDir, code, now())
      expect((await refusalOf(attempt())).message).toMatch(isStillNo)
    },
  )

  test('a mark in the terminal counts once', async () => {
    const { attempt, no, wait, now, stateDir } = place()
    declinePending(stateDir, codeIn(await no('unanswered')), now())
    wait(1)
    expect(await attempt()).toHaveProperty('question')
    await no('failed')
    expect(await attempt()).toHaveProperty('question')
  })

  test('where the state folder cannot be used, this process alone knows it', async () => {
    const stateDir = temporary()
    writeFileSync(join(stateDir, 'pending'), '')
    const declines = new Declines(stateDir)
    for (const _ of [1, 2])
      await refusalOf(decide({}, { approver: { answer: await answerOf('declined') }, stateDir, declines }))
    const error = await refusalOf(decide({}, { stateDir, declines }))
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
      for (let n = 0; n < 10; n++) savePending(stateDir, waitingCall(`call ${n}`))
      const approver =
        which === 'nobody can be asked' ? { isReachable: false } : { answer: await answerOf('no form') }
      const error = await decide({}, { approver, stateDir }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(BusyError)
      expect((error as BusyError).message.replace(/^.*nothing was sent\. (?=10)/, '')).toMatch(tooMany)
      expect((error as BusyError).next).toMatch(/approve or decline one of them in a terminal/)
      expect(readdirSync(join(stateDir, 'pending'))).toHaveLength(10)
    },
  )

  test('a no stays one, and says so too', async () => {
    const stateDir = temporary()
    for (let n = 0; n < 10; n++) savePending(stateDir, waitingCall(`call ${n}`))
    const no = await refusalOf(decide({}, { approver: { answer: await answerOf('declined') }, stateDir }))
    expect(no.message).toBe('The person said no, so nothing was sent.')
    expect(no.next).toMatch(/^Do not ask again unless the person wants it\. 10 calls wait/)
  })
})
