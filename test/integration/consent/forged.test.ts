import { describe, expect } from 'vitest'
import { RequestStateIssuer } from '../../../src/tools/effects/approval/form/request-state.ts'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'
import { effectCalls, execute, run } from '../../support/consent/calls.ts'
import { consentTest } from '../../support/consent/fixtures.ts'
import { type RawClient, type RawReply, temporaryFolder, yes } from '../../support/consent/raw-client.ts'
import { environmentFor, settingsFrom } from '../../support/environment.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { accountOn } from '../../support/session.ts'

// Answers that no person gave to the request that is about to be sent. None is accepted: the question is asked
// (again), or the call refused, and nothing is sent. (What a state is valid for:
// test/unit/consent/request-state.test.ts.)

interface Fixtures {
  /** A client of the 2026 era. */
  readonly client: RawClient
  /** Expects the question again, and that nothing is sent. */
  readonly expectAskedAgain: (outcome: RawReply) => Promise<void>
}

const test = consentTest.extend<Fixtures>({
  client: async ({ connect }, use) => use(await connect('modern')),
  expectAskedAgain: async ({ effects }, use) => {
    await use(async (outcome) => {
      expect(outcome.preview).toBeDefined()
      expect(outcome.state).toMatch(/^v1\./)
      expect(await effects()).toEqual([])
    })
  },
})

/** A question with its state, as a client of the 2026 era receives it. */
async function askQuestion(
  client: RawClient,
  tool: string,
  args: object,
): Promise<RawReply & { readonly state: string }> {
  const question = await client.call(tool, args)
  expect(question.preview).toBeDefined()
  expect(question.state).toMatch(/^v1\./)
  return { ...question, state: String(question.state) }
}

/** Safeguards that two servers share, as two connections to one process do. */
function sharedSafeguards(sandbox: TestSandbox) {
  const settings = settingsFrom(environmentFor(sandbox, { QUALYS_STATE_DIR: temporaryFolder() }))
  return safeguardsOf(settings, (text) => text)
}

/** Makes the sandbox's search answers contain other values. */
const listing = (row: object) => ({
  kind: 'reply',
  body: { errorCode: null, message: null, body: { totalCount: 1, list: [row] } },
})

describe('2026 era', () => {
  test('an answer without a state', async ({ client, expectAskedAgain }) => {
    await expectAskedAgain(await client.call(execute, run, { inputResponses: { approval: yes } }))
  })

  test.for([
    ['empty', ''],
    ['a word', 'approved'],
    ['a megabyte', `v1.${'A'.repeat(1_000_000)}.${'A'.repeat(43)}`],
  ])('a state that is garbage: %s', async ([, state], { client, expectAskedAgain }) => {
    await expectAskedAgain(await client.answerQuestion(execute, run, state))
  })

  test.for<unknown>([1, true, {}, ['v1'], null])(
    'a state that is no text: %j',
    async (state, { client, effects }) => {
      const { isError, preview } = await client.answerQuestion(execute, run, state)
      expect(isError || preview !== undefined).toBe(true)
      expect(await effects()).toEqual([])
    },
  )

  test('a state that another key has signed, for the right digest', async ({ client, expectAskedAgain }) => {
    const { state } = await askQuestion(client, execute, run)
    const stateParts = JSON.parse(Buffer.from(state.split('.')[1] ?? '', 'base64url').toString())
    await expectAskedAgain(
      await client.answerQuestion(execute, run, await new RequestStateIssuer(600).issue(stateParts.p.digest)),
    )
  })

  test.for<readonly [string, object]>([
    ['more hosts', { ...run, assetIds: [21789601, 21789634] }],
    ['another host', { ...run, assetIds: [21789634] }],
    ['another script', { ...run, scriptId: 16515 }],
    ['a reboot', { ...run, rebootAfterScriptExecution: true }],
    ['a description', { ...run, description: 'x' }],
  ])('the state of other arguments: %s', async ([, other], { client, expectAskedAgain }) => {
    const { state } = await askQuestion(client, execute, run)
    await expectAskedAgain(await client.answerQuestion(execute, other, state))
  })

  test('the state of another tool with the same arguments', async ({ client, expectAskedAgain }) => {
    const { state } = await askQuestion(client, 'car_block_assets', { assetIds: [21789601] })
    await expectAskedAgain(await client.answerQuestion('car_unblock_assets', { assetIds: [21789601] }, state))
  })

  test('the state of an outdated preview: the script has another title', async ({
    sandbox,
    client,
    connect,
    expectAskedAgain,
  }) => {
    const { preview, state } = await askQuestion(client, execute, run)
    const operator = await connect('modern', { settings: { QUALYS_MODE: 'unattended' } })
    await operator.call('car_update_script', { scriptId: 19218, title: 'Wipe all disks' })
    await sandbox.control.clearRequests()
    const outcome = await client.answerQuestion(execute, run, state)
    await expectAskedAgain(outcome)
    expect(outcome.preview).toContain('"Wipe all disks"')
    expect(preview).not.toContain('"Wipe all disks"')
  })

  test('the state of an outdated preview: the script has other content under the same title', async ({
    sandbox,
    client,
    connect,
    expectAskedAgain,
  }) => {
    const { state } = await askQuestion(client, execute, run)
    const operator = await connect('modern', { settings: { QUALYS_MODE: 'unattended' } })
    const content = { content: 'Clear-Disk2 -Number 0', comment: 'why not' }
    expect((await operator.call('car_update_script', { scriptId: 19218, ...content })).isError).toBe(false)
    await sandbox.control.clearRequests()
    await expectAskedAgain(await client.answerQuestion(execute, run, state))
  })

  test('the state of an outdated preview: the host has another name', async ({
    sandbox,
    client,
    expectAskedAgain,
  }) => {
    const { preview, state } = await askQuestion(client, execute, run)
    expect(preview).toContain('\n  "21789601", "POS-0001", "WINDOWS"\n')
    const row = { id: 21789601, name: 'DC-0001', tags: [] }
    await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', ...listing(row) }])
    const outcome = await client.answerQuestion(execute, run, state)
    await expectAskedAgain(outcome)
    expect(outcome.preview).toContain('\n  "21789601", "DC-0001", ')
  })

  test('the state of an outdated preview: an active schedule runs the script by now', async ({
    sandbox,
    client,
    expectAskedAgain,
  }) => {
    const args = { scriptId: 16515, content: 'Get-Date', comment: 'simpler' }
    const { preview, state } = await askQuestion(client, 'car_update_script', args)
    expect(preview).not.toMatch(/active schedule/)
    const targets = { assets: [{ id: 21789601 }], assetTags: [], excludedAssets: [] }
    const row = { id: 'x-1', title: 'Nightly', activate: true, scripts: [{ id: 16515 }], ...targets }
    await sandbox.control.faults([{ route: 'POST /sm/v1/scheduler/search', ...listing(row) }])
    const outcome = await client.answerQuestion('car_update_script', args, state)
    await expectAskedAgain(outcome)
    expect(outcome.preview).toMatch(/1 active schedule\n/)
  })

  test('the state of another account', async ({ sandbox, connect, effects, expectAskedAgain }) => {
    const safeguards = sharedSafeguards(sandbox)
    const [one, other] = [
      await connect('modern', { safeguards, account: accountOn(sandbox) }),
      await connect('modern', {
        safeguards,
        account: accountOn({ ...sandbox, username: 'sandbox_cd2', password: 'sandbox2' }),
      }),
    ]
    const { state } = await askQuestion(one, execute, run)
    await expectAskedAgain(await other.answerQuestion(execute, run, state))
    expect((await one.answerQuestion(execute, run, state)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
  })

  test('the state of a process that has ended', async ({ client, connect, expectAskedAgain }) => {
    const { state } = await askQuestion(client, execute, run)
    const restarted = await connect('modern')
    await expectAskedAgain(await restarted.answerQuestion(execute, run, state))
  })

  test('a state that was used before', async ({ client, effects }) => {
    const { state } = await askQuestion(client, execute, run)
    expect((await client.answerQuestion(execute, run, state)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
    const replay = await client.answerQuestion(execute, run, state)
    expect(replay.preview).toBeDefined()
    expect(replay.state).not.toBe(state)
    expect(await effects()).toHaveLength(1)
  })

  test('a state used twenty times at once: one call goes through', async ({ connect, effects }) => {
    const quick = await connect('modern', { settings: { QUALYS_CONCURRENCY: '16' } })
    const { state } = await askQuestion(quick, execute, run)
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => quick.answerQuestion(execute, run, state)),
    )
    expect(outcomes.filter(({ text }) => text.includes('started'))).toHaveLength(1)
    expect(outcomes.filter(({ preview }) => preview !== undefined)).toHaveLength(19)
    expect(await effects()).toHaveLength(1)
  })

  test('a state that was used before over another connection to the process', async ({
    sandbox,
    connect,
    effects,
  }) => {
    const safeguards = sharedSafeguards(sandbox)
    const [one, other] = [await connect('modern', { safeguards }), await connect('modern', { safeguards })]
    const { state } = await askQuestion(one, execute, run)
    await one.answerQuestion(execute, run, state)
    expect((await other.answerQuestion(execute, run, state)).preview).toBeDefined()
    expect(await effects()).toHaveLength(1)
  })

  test.for(['decline', 'cancel'])(
    'a yes to a state that was answered with %s',
    async (action, { client, expectAskedAgain }) => {
      const { state } = await askQuestion(client, execute, run)
      expect((await client.answerQuestion(execute, run, state, { action })).isError).toBe(true)
      await expectAskedAgain(await client.answerQuestion(execute, run, state))
    },
  )

  test('a yes to a state whose box was left unchecked', async ({ client, expectAskedAgain }) => {
    const { state } = await askQuestion(client, execute, run)
    await client.answerQuestion(execute, run, state, { action: 'accept', content: { approve: false } })
    await expectAskedAgain(await client.answerQuestion(execute, run, state))
  })

  test.for<unknown>([undefined, null, {}, [], 'yes', { other: yes }, { Approval: yes }])(
    'a question that comes back without its answer is not asked for ever: %j',
    async (inputResponses, { client, effects }) => {
      const { state } = await askQuestion(client, execute, run)
      const more = { requestState: state, ...(inputResponses !== undefined && { inputResponses }) }
      const { text } = await client.call(execute, run, more)
      expect(text).toMatch(
        /^The client could not ask \(it sent the question back without an answer\), so nothing was sent\. Ask the person to run `qualys-mcp approve/,
      )
      expect(await effects()).toEqual([])
    },
  )

  test.for<unknown>([
    null,
    'accept',
    true,
    [yes],
    { method: 'elicitation/create', result: yes },
    { result: yes },
  ])('in the place of an answer: %j', async (approval, { client, effects }) => {
    const { state } = await askQuestion(client, execute, run)
    const { text } = await client.call(execute, run, { requestState: state, inputResponses: { approval } })
    expect(text).toMatch(
      /^The client's answer does not fit the form, so nothing was sent\. Ask the person to run `qualys-mcp approve/,
    )
    expect(await effects()).toEqual([])
  })

  test('an answer in _meta or beside the params is no answer', async ({ client, expectAskedAgain }) => {
    const { state } = await askQuestion(client, execute, run)
    const answer = { inputResponses: { approval: yes }, requestState: state }
    await expectAskedAgain(await client.call(execute, run, { _meta: answer }))
    await expectAskedAgain(await client.call(execute, run, { _meta: { 'qualys-mcp/approved': true } }))
  })

  test.for<readonly [string, unknown]>([
    ['approve', true],
    ['approval', yes],
    ['confirm', true],
    ['requestState', 'v1.x.y'],
    ['inputResponses', { approval: yes }],
  ])('an argument %s is refused', async ([name, value], { client, effects }) => {
    const { isError, text } = await client.call(execute, { ...run, [name]: value })
    expect(isError).toBe(true)
    expect(text).toContain(name)
    expect(await effects()).toEqual([])
  })

  test('the same call in another spelling is the same call', async ({ client, effects }) => {
    const { state } = await askQuestion(client, execute, run)
    const outcome = await client.answerQuestion(execute, { assetIds: ['21789601'], scriptId: '19218' }, state)
    expect(outcome.isError).toBe(false)
    expect(await effects()).toHaveLength(1)
  })

  test('questions of different calls do not interfere with each other', async ({ client, effects }) => {
    const [one, two] = [
      await askQuestion(client, ...effectCalls.update),
      await askQuestion(client, execute, run),
    ]
    expect(one.state).not.toBe(two.state)
    expect((await client.answerQuestion(execute, run, two.state)).isError).toBe(false)
    expect((await client.answerQuestion(execute, run, one.state)).preview).toBeDefined()
    expect(await effects()).toHaveLength(1)
  })
})
