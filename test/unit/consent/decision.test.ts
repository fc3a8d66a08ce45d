import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Effect } from '../../../src/operations/operation.ts'
import { DeclinedError } from '../../../src/shared/errors.ts'
import { type CallToApprove, consent } from '../../../src/tools/effects/approval/consent.ts'
import { approvePending, findPending } from '../../../src/tools/effects/approval/pending-calls.ts'
import { RequestStateIssuer } from '../../../src/tools/effects/approval/request-state.ts'
import type { Approver, ToolContext } from '../../../src/tools/tool.ts'
import { settingsFrom } from '../../support/environment.ts'

// Who has to be asked, which answer counts as a yes, and the error without one.

const digest = 'a'.repeat(64)
const preview = 'Run a script on hosts (execute)'
const callToApprove: CallToApprove = {
  effect: 'execute',
  declaredEffect: 'execute',
  tool: 'car_execute_script',
  preview,
  digest,
}
const seals = new RequestStateIssuer(600)
const context = {} as Approver['request']
const all: readonly Effect[] = ['create', 'update', 'delete', 'execute']

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-consent-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

interface Case {
  readonly approver?: Partial<Approver>
  readonly environment?: Environment
  readonly stateDir?: string
}

function decide(
  about: Partial<CallToApprove> = {},
  { approver, environment = {}, stateDir = '/nowhere' }: Case = {},
) {
  const running = {
    approver: { isReachable: true, usesInputRequired: true, request: context, ...approver },
    safeguards: { requestStates: seals, stateDir, answerTimeoutMs: 1_000, audit: undefined },
    configuration: { settings: settingsFrom(environment) },
  } as unknown as ToolContext
  return consent({ ...callToApprove, ...about }, running)
}

const question = { question: preview, state: expect.stringMatching(/^v1\./) }
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

  test('nobody, even if an answer comes where none is needed', async () => {
    const answer = { action: 'decline', approved: false, state: 'x' }
    const environment = { QUALYS_CONFIRM: 'delete' }
    expect(await decide({}, { environment, approver: { answer } })).toEqual(bySettings)
  })
})

describe('an answer with its state', () => {
  const no = 'The person said no, so nothing was sent.'
  const closed = 'The question was closed without an answer, so nothing was sent.'

  test('yes approves', async () => {
    const answer = { action: 'accept', approved: true, state: await seals.issue(digest) }
    expect(await decide({}, { approver: { answer } })).toEqual({
      approvedBy: 'a person, asked by the client',
    })
  })

  test.each([
    ['accept', false, no],
    ['decline', false, no],
    ['decline', true, no],
    ['ACCEPT', true, no],
    ['', true, no],
    ['cancel', false, closed],
    ['cancel', true, closed],
  ])('that is %j with the box %j declines', async (action, approved, message) => {
    const answer = { action, approved, state: await seals.issue(digest) }
    const refusal = decide({}, { approver: { answer } })
    await expect(refusal).rejects.toThrow(DeclinedError)
    await expect(refusal).rejects.toMatchObject({
      message,
      next: 'Do not ask again unless the person wants it.',
    })
  })

  test('counts once; then the question is asked again', async () => {
    const answer = { action: 'accept', approved: true, state: await seals.issue(digest) }
    await decide({}, { approver: { answer } })
    expect(await decide({}, { approver: { answer } })).toEqual({ ...question, isForged: true })
  })

  test('counts for no other call', async () => {
    const answer = { action: 'accept', approved: true, state: await seals.issue('b'.repeat(64)) }
    expect(await decide({}, { approver: { answer } })).toEqual({ ...question, isForged: true })
  })

  test('with an unsigned state is no answer, not even a no', async () => {
    for (const action of ['accept', 'decline', 'cancel']) {
      const answer = { action, approved: true, state: 'v1.x.y' }
      expect(await decide({}, { approver: { answer } })).toEqual({ ...question, isForged: true })
    }
  })

  test('counts over a connection that cannot ask as well, and without one a code is needed', async () => {
    const stateDir = temporary()
    const answer = { action: 'accept', approved: true, state: await seals.issue(digest) }
    const approver = { isReachable: false, answer }
    expect(await decide({}, { approver, stateDir })).toEqual({ approvedBy: 'a person, asked by the client' })
    await expect(decide({}, { approver, stateDir })).rejects.toThrow(/^A person has to approve this/)
  })
})

describe('where nobody can be asked', () => {
  const approver = { isReachable: false }
  const codeIn = async (outcome: Promise<unknown>): Promise<string> => {
    const error = await outcome.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DeclinedError)
    const { message, next } = error as DeclinedError
    expect(message).toBe('A person has to approve this, and this client cannot ask one; nothing was sent.')
    const [, code = ''] =
      /^Ask the operator to run `qualys-mcp approve (\w{4}-\w{4})` in a terminal within ten minutes, then make the identical call again\.$/.exec(
        next,
      ) ?? []
    return code
  }

  test('the call is pending under a code, with its preview, until a person approves it: once', async () => {
    const stateDir = temporary()
    const code = await codeIn(decide({}, { approver, stateDir }))
    expect(await codeIn(decide({}, { approver, stateDir }))).toBe(code)
    expect(findPending(stateDir, code)).toEqual({ code, digest, tool: 'car_execute_script', preview })
    expect(approvePending(stateDir, code)).toBe(true)
    expect(await decide({}, { approver, stateDir })).toEqual({ approvedBy: 'a person, in a terminal' })
    expect(await codeIn(decide({}, { approver, stateDir }))).not.toBe(code)
  })

  test('an approval does not count for another call', async () => {
    const stateDir = temporary()
    approvePending(stateDir, await codeIn(decide({}, { approver, stateDir })))
    const other = { digest: 'b'.repeat(64) }
    await codeIn(decide(other, { approver, stateDir }))
    expect(await decide({}, { approver, stateDir })).toEqual({ approvedBy: 'a person, in a terminal' })
  })

  test('an approval is not used where the client can ask', async () => {
    const stateDir = temporary()
    approvePending(stateDir, await codeIn(decide({}, { approver, stateDir })))
    expect(await decide({}, { stateDir })).toEqual({ ...question, isForged: false })
    expect(readdirSync(join(stateDir, 'pending'))).toEqual([`${digest}.approved`])
  })

  test('a call that needs no approval is not stored', async () => {
    const stateDir = temporary()
    await decide({}, { approver, stateDir, environment: { QUALYS_MODE: 'unattended' } })
    expect(readdirSync(stateDir)).toEqual([])
  })
})
