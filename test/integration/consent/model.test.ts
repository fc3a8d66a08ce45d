import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { Seals } from '../../../src/tools/effects/approval/request-state.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { codeIn, consentTest } from '../../support/consent/fixtures.ts'
import {
  type Answer,
  eras,
  type Heard,
  type RawClient,
  temporaryFolder,
  yes,
} from '../../support/consent/raw-client.ts'

// What a model gets to read holds nothing that it could say again to approve.

const test = consentTest.extend<{
  /** Every state that was sealed, with all that it is made of. */
  sealed: readonly string[]
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  sealed: async ({}, use) => {
    const sealed: string[] = []
    const seal = Seals.prototype.seal
    const spy = vi.spyOn(Seals.prototype, 'seal').mockImplementation(async function (this: Seals, digest) {
      const state = await seal.call(this, digest)
      const [, body = '', signature = ''] = state.split('.')
      const { p } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { p: { id: string } }
      sealed.push(state, body, signature, p.id, digest)
      return state
    })
    await use(sealed)
    spy.mockRestore()
  },
})

function expectNothingOf(secrets: readonly string[], heard: unknown): void {
  const text = JSON.stringify(heard)
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
  test.for(Object.entries(ways))('%s', async ([way, answer], { sealed, connect }) => {
    const client = await connect('legacy', way === 'unanswered' ? { patience: 0.05 } : {})
    const { result } = await client.whole(execute, run, answer)
    expect(sealed.length).toBeGreaterThanOrEqual(5)
    expectNothingOf(sealed, [result, client.asked])
    expect(JSON.stringify(result)).not.toMatch(/requestState|inputRequests|v1\./)
  })

  test('as structure', async ({ sealed, connect }) => {
    const client = await connect('legacy', { settings: { QUALYS_REPLY: 'json' } })
    for (const answer of [yes, { action: 'decline' }]) {
      const { result } = await client.whole(execute, run, answer)
      expectNothingOf(sealed, [result, client.asked])
    }
  })
})

test('2026 era: the state goes with the question alone, not with what comes after it', async ({
  sealed,
  connect,
}) => {
  const client = await connect('modern')
  const question = await client.call(execute, run)
  expectNothingOf(sealed, { ...question.result, requestState: undefined })
  for (const answer of [{ action: 'decline' }, yes]) {
    const { state } = await client.call(execute, run)
    const { result } = await client.again(execute, run, state, answer)
    expectNothingOf(sealed, result)
  }
})

/** A call that waits for a person at a terminal. */
interface Waiting {
  readonly stateDir: string
  readonly client: RawClient
  readonly refusal: Heard
  readonly code: string
}

describe.each(eras)('%s era: the code of a refusal', (era) => {
  const codeTest = test.extend<{ waiting: Waiting }>({
    waiting: async ({ connect }, use) => {
      const stateDir = temporaryFolder()
      const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
      const refusal = await client.call(execute, run)
      const code = codeIn(refusal)
      expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
      await use({ stateDir, client, refusal, code })
    },
  })

  codeTest('is all there is: not the name of the file, nor the digest', ({ sealed, waiting }) => {
    const { stateDir, refusal } = waiting
    const [name = ''] = readdirSync(join(stateDir, 'pending'))
    const kept = JSON.parse(readFileSync(join(stateDir, 'pending', name), 'utf8')) as { digest: string }
    expectNothingOf([stateDir, kept.digest], refusal.result)
    expect(sealed).toEqual([])
  })

  codeTest('approves nothing, wherever it is said again', async ({ waiting, effects }) => {
    const { stateDir, client, refusal, code } = waiting
    const said = [
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
    for (const { args, more } of said) {
      const { isError } = await client.call(execute, args, more)
      expect(isError, JSON.stringify([args, more])).toBe(true)
    }
    for (const name of ['approve', code, 'qualys-mcp approve'])
      expect((await client.call(name, { code })).isError).toBe(true)
    expect((await client.call(execute, run)).text).toContain(code)
    expect(await effects()).toEqual([])
    expect(readdirSync(join(stateDir, 'pending')).filter((name) => name.endsWith('.approved'))).toEqual([])
  })

  codeTest('is the same as long as the call waits, and another for another call', async ({ waiting }) => {
    const { client, code } = waiting
    expect((await client.call(execute, run)).text).toContain(code)
    const other = { ...run, assetIds: [21789634] }
    expect((await client.call(execute, other)).text).not.toContain(code)
  })
})
