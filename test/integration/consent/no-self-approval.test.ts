import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { RequestStateIssuer } from '../../../src/tools/effects/approval/form/request-state.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { codeIn, consentTest } from '../../support/consent/fixtures.ts'
import {
  type Answer,
  eras,
  type RawClient,
  type RawReply,
  temporaryFolder,
  yes,
} from '../../support/consent/raw-client.ts'

// What a model reads contains nothing that it could send to approve a call.

const test = consentTest.extend<{
  /** Every request state that was issued, with all its parts. */
  stateParts: readonly string[]
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  stateParts: async ({}, use) => {
    const stateParts: string[] = []
    const issue = RequestStateIssuer.prototype.issue
    const spy = vi.spyOn(RequestStateIssuer.prototype, 'issue').mockImplementation(async function (
      this: RequestStateIssuer,
      digest,
    ) {
      const state = await issue.call(this, digest)
      const [, body = '', signature = ''] = state.split('.')
      const { p } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { p: { id: string } }
      stateParts.push(state, body, signature, p.id, digest)
      return state
    })
    await use(stateParts)
    spy.mockRestore()
  },
})

function expectHoldsNone(secrets: readonly string[], output: unknown): void {
  const text = JSON.stringify(output)
  for (const secret of secrets) expect(text).not.toContain(secret)
}

describe('2025 era: no state in what comes back, nor in the question', () => {
  const ways: Readonly<Record<string, Answer | undefined>> = {
    accepted: yes,
    declined: { action: 'decline' },
    cancelled: { action: 'cancel' },
    unticked: { action: 'accept', content: { approve: false } },
    'not well answered': { action: 'accept', content: { approve: 'true' } },
    unanswered: undefined,
  }
  test.for(Object.entries(ways))('%s', async ([way, answer], { stateParts, connect }) => {
    const client = await connect('legacy', way === 'unanswered' ? { patience: 0.05 } : {})
    const { result } = await client.callAndAnswer(execute, run, answer)
    expect(stateParts.length).toBeGreaterThanOrEqual(5)
    expectHoldsNone(stateParts, [result, client.questions])
    expect(JSON.stringify(result)).not.toMatch(/requestState|inputRequests|v1\./)
  })

  test('as structure', async ({ stateParts, connect }) => {
    const client = await connect('legacy', { settings: { QUALYS_REPLY: 'json' } })
    for (const answer of [yes, { action: 'decline' }]) {
      const { result } = await client.callAndAnswer(execute, run, answer)
      expectHoldsNone(stateParts, [result, client.questions])
    }
  })
})

test('2026 era: the state comes with the question only, not with later results', async ({
  stateParts,
  connect,
}) => {
  const client = await connect('modern')
  const question = await client.call(execute, run)
  expectHoldsNone(stateParts, { ...question.result, requestState: undefined })
  for (const answer of [{ action: 'decline' }, yes]) {
    const { state } = await client.call(execute, run)
    const { result } = await client.answerQuestion(execute, run, state, answer)
    expectHoldsNone(stateParts, result)
  }
})

/** A call that waits for a person at a terminal. */
interface PendingCall {
  readonly stateDir: string
  readonly client: RawClient
  readonly refusal: RawReply
  readonly code: string
}

describe.each(eras)('%s era: the code of a refusal', (era) => {
  const codeTest = test.extend<{ waiting: PendingCall }>({
    waiting: async ({ connect }, use) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      const refusal = await client.call(execute, run)
      const code = codeIn(refusal)
      expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
      await use({ stateDir, client, refusal, code })
    },
  })

  codeTest(
    'is all that is shown beside the state folder: neither the file name nor the digest',
    ({ stateParts, waiting }) => {
      const { stateDir, refusal } = waiting
      const [name = ''] = readdirSync(join(stateDir, 'pending'))
      const pendingCall = JSON.parse(readFileSync(join(stateDir, 'pending', name), 'utf8')) as {
        digest: string
      }
      expectHoldsNone([name, pendingCall.digest], refusal.result)
      expect(stateParts).toEqual([])
    },
  )

  codeTest('approves nothing, wherever it is repeated', async ({ waiting, effects }) => {
    const { stateDir, client, refusal, code } = waiting
    const attempts = [
      { args: { ...run, description: code } },
      { args: { ...run, description: refusal.text } },
      { args: { ...run, description: `qualys-mcp approve ${code}` } },
      { args: { ...run, approve: code } },
      { args: { ...run, code } },
      { args: { ...run, params: [{ key: 'approve', value: code }] } },
      { args: run, more: { _meta: { approve: code, code, 'qualys-mcp/approve': code } } },
      { args: run, more: { requestState: code } },
      { args: run, more: { requestState: code, inputResponses: { approval: yes } } },
      { args: run, more: { inputResponses: { approval: { ...yes, code } } } },
    ]
    for (const { args, more } of attempts) {
      const { isError } = await client.call(execute, args, more)
      expect(isError, JSON.stringify([args, more])).toBe(true)
    }
    for (const name of ['approve', code, 'qualys-mcp approve'])
      expect((await client.call(name, { code })).isError).toBe(true)
    expect((await client.call(execute, run)).text).toContain(code)
    expect(await effects()).toEqual([])
    expect(readdirSync(join(stateDir, 'pending')).filter((name) => name.endsWith('.approved'))).toEqual([])
  })

  codeTest('stays the same while the call is pending, and differs for another call', async ({ waiting }) => {
    const { client, code } = waiting
    expect((await client.call(execute, run)).text).toContain(code)
    const other = { ...run, assetIds: [21789634] }
    expect((await client.call(execute, other)).text).not.toContain(code)
  })
})
