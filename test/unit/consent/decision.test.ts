import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Effect } from '../../../src/operations/operation.ts'
import { DeclinedError } from '../../../src/shared/errors.ts'
import type { Person } from '../../../src/tools/tool.ts'
import { type Asked, consent } from '../../../src/tools/effects/approval/consent.ts'
import { approvePending, findPending } from '../../../src/tools/effects/approval/pending-calls.ts'
import { Seals } from '../../../src/tools/effects/approval/request-state.ts'
import type { Running } from '../../../src/tools/tool.ts'
import { settingsFrom } from '../../support/environment.ts'

// Who has to be asked, who counts as having said yes, and what is said where nobody did.

const digest = 'a'.repeat(64)
const preview = 'Run a script on hosts (execute)'
const asked: Asked = { effect: 'execute', usual: 'execute', tool: 'car_execute_script', preview, digest }
const seals = new Seals(600)
const context = {} as Person['context']
const all: readonly Effect[] = ['create', 'update', 'delete', 'execute']

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-consent-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

interface Case {
  readonly person?: Partial<Person>
  readonly environment?: Environment
  readonly stateDir?: string
}

function decide(about: Partial<Asked> = {}, { person, environment = {}, stateDir = '/nowhere' }: Case = {}) {
  const running = {
    person: { reachable: true, modern: true, context, ...person },
    safeguards: { seals, stateDir, patienceMs: 1_000, audit: undefined },
    configuration: { settings: settingsFrom(environment) },
  } as unknown as Running
  return consent({ ...asked, ...about }, running)
}

const question = { question: preview, state: expect.stringMatching(/^v1\./) }
const bySettings = { approvedBy: 'settings' }

describe('who is asked', () => {
  test.each(all)('everybody, about %s', async (effect) => {
    expect(await decide({ effect, usual: effect })).toEqual({ ...question, forged: false })
  })

  test.each(all)('nobody about %s, in mode unattended', async (effect) => {
    expect(await decide({ effect, usual: effect }, { environment: { QUALYS_MODE: 'unattended' } })).toEqual(
      bySettings,
    )
  })

  const narrowed = all.flatMap((confirm) => all.map((effect) => ({ confirm, effect })))
  test.each(narrowed)('with QUALYS_CONFIRM=$confirm about $effect', async ({ confirm, effect }) => {
    const environment = { QUALYS_CONFIRM: confirm }
    const outcome = await decide({ effect, usual: effect }, { environment })
    expect('question' in outcome).toBe(effect === confirm)
  })

  test('with several of them', async () => {
    const environment = { QUALYS_CONFIRM: 'delete, execute' }
    const outcomes = await Promise.all(
      all.map((effect) => decide({ effect, usual: effect }, { environment })),
    )
    expect(outcomes.map((outcome) => 'question' in outcome)).toEqual([false, false, true, true])
  })

  test.each([
    ['update', true],
    ['execute', true],
    ['create', false],
    ['delete', false],
  ])('about a call that is more than its tool, under either name: %s', async (confirm, is) => {
    const outcome = await decide(
      { effect: 'execute', usual: 'update' },
      { environment: { QUALYS_CONFIRM: confirm } },
    )
    expect('question' in outcome).toBe(is)
  })

  test('nobody who brings an answer where none is needed', async () => {
    const answer = { action: 'decline', approved: false, state: 'x' }
    const environment = { QUALYS_CONFIRM: 'delete' }
    expect(await decide({}, { environment, person: { answer } })).toEqual(bySettings)
  })
})

describe('an answer with its state', () => {
  const no = 'The person said no, so nothing was sent.'
  const closed = 'The question was closed without an answer, so nothing was sent.'

  test('that is yes approves', async () => {
    const answer = { action: 'accept', approved: true, state: await seals.seal(digest) }
    expect(await decide({}, { person: { answer } })).toEqual({ approvedBy: 'a person, asked by the client' })
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
    const answer = { action, approved, state: await seals.seal(digest) }
    const refusal = decide({}, { person: { answer } })
    await expect(refusal).rejects.toThrow(DeclinedError)
    await expect(refusal).rejects.toMatchObject({
      message,
      next: 'Do not ask again unless the person wants it.',
    })
  })

  test('counts once; then the question is put again', async () => {
    const answer = { action: 'accept', approved: true, state: await seals.seal(digest) }
    await decide({}, { person: { answer } })
    expect(await decide({}, { person: { answer } })).toEqual({ ...question, forged: true })
  })

  test('counts for nothing else', async () => {
    const answer = { action: 'accept', approved: true, state: await seals.seal('b'.repeat(64)) }
    expect(await decide({}, { person: { answer } })).toEqual({ ...question, forged: true })
  })

  test('that no process sealed is no answer, not even a no', async () => {
    for (const action of ['accept', 'decline', 'cancel']) {
      const answer = { action, approved: true, state: 'v1.x.y' }
      expect(await decide({}, { person: { answer } })).toEqual({ ...question, forged: true })
    }
  })

  test('over a connection that cannot ask counts all the same, and without one a code is needed', async () => {
    const stateDir = temporary()
    const answer = { action: 'accept', approved: true, state: await seals.seal(digest) }
    const person = { reachable: false, answer }
    expect(await decide({}, { person, stateDir })).toEqual({ approvedBy: 'a person, asked by the client' })
    await expect(decide({}, { person, stateDir })).rejects.toThrow(/^A person has to approve this/)
  })
})

describe('where nobody can be asked', () => {
  const person = { reachable: false }
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

  test('the call waits under a code, with its preview, until a person approves it: once', async () => {
    const stateDir = temporary()
    const code = await codeIn(decide({}, { person, stateDir }))
    expect(await codeIn(decide({}, { person, stateDir }))).toBe(code)
    expect(findPending(stateDir, code)).toEqual({ code, digest, tool: 'car_execute_script', preview })
    expect(approvePending(stateDir, code)).toBe(true)
    expect(await decide({}, { person, stateDir })).toEqual({ approvedBy: 'a person, in a terminal' })
    expect(await codeIn(decide({}, { person, stateDir }))).not.toBe(code)
  })

  test('an approval serves no other call', async () => {
    const stateDir = temporary()
    approvePending(stateDir, await codeIn(decide({}, { person, stateDir })))
    const other = { digest: 'b'.repeat(64) }
    await codeIn(decide(other, { person, stateDir }))
    expect(await decide({}, { person, stateDir })).toEqual({ approvedBy: 'a person, in a terminal' })
  })

  test('an approval is not taken by who can be asked', async () => {
    const stateDir = temporary()
    approvePending(stateDir, await codeIn(decide({}, { person, stateDir })))
    expect(await decide({}, { stateDir })).toEqual({ ...question, forged: false })
    expect(readdirSync(join(stateDir, 'pending'))).toEqual([`${digest}.approved`])
  })

  test('nothing is kept of a call that needs nobody', async () => {
    const stateDir = temporary()
    await decide({}, { person, stateDir, environment: { QUALYS_MODE: 'unattended' } })
    expect(readdirSync(stateDir)).toEqual([])
  })
})
