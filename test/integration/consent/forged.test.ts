import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { safeguardsOf } from '../../../src/tools/effects/safeguards.ts'
import { Seals } from '../../../src/tools/effects/seals.ts'
import { type ByHand, type Heard, meet, temporaryFolder, yes } from '../../support/consent/by-hand.ts'
import { effectCalls, execute, run } from '../../support/consent/calls.ts'
import { environmentFor, settingsFrom } from '../../support/environment.ts'
import { effectsAt, openSandbox } from '../../support/sandbox.ts'
import { accountOn } from '../../support/session.ts'

// Answers that no person gave to what is about to be sent. Each is no answer: the question is put (again), or the
// call refused, and nothing is sent.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const effects = (): Promise<readonly unknown[]> => effectsAt(sandbox.control)

/** A question with its state, as a client of the 2026 era gets it. */
async function asked(
  client: ByHand,
  tool: string,
  args: object,
): Promise<Heard & { readonly state: string }> {
  const question = await client.call(tool, args)
  expect(question.preview).toBeDefined()
  expect(question.state).toMatch(/^v1\./)
  return { ...question, state: String(question.state) }
}

/** The question once more, and nothing sent. */
async function expectAskedAgain(outcome: Heard): Promise<void> {
  expect(outcome.preview).toBeDefined()
  expect(outcome.state).toMatch(/^v1\./)
  expect(await effects()).toEqual([])
}

/** Search answers of the sandbox with other facts than it has. */
const listing = (row: object) => ({
  kind: 'reply',
  body: { errorCode: null, message: null, body: { totalCount: 1, list: [row] } },
})

describe('2026 era', () => {
  let client: ByHand
  beforeEach(async () => {
    client = await meet(sandbox, 'modern')
  })

  test('an answer without a state', async () => {
    await expectAskedAgain(await client.call(execute, run, { inputResponses: { approval: yes } }))
  })

  test.each([
    ['empty', ''],
    ['a word', 'approved'],
    ['the right shape around nothing', 'v1..'],
    ['no signature', `v1.${Buffer.from('{"p":{}}').toString('base64url')}.`],
    ['a signature of zeros', `v1.${Buffer.from('{"p":{}}').toString('base64url')}.${'A'.repeat(43)}`],
    ['noise', `v1.${randomBytes(90).toString('base64url')}.${randomBytes(32).toString('base64url')}`],
    ['a megabyte', `v1.${'A'.repeat(1_000_000)}.${'A'.repeat(43)}`],
    ['no base64', 'v1.%%%.%%%'],
    ['a path', '../../../etc/passwd'],
  ])('a state that is garbage: %s', async (_what, state) => {
    await expectAskedAgain(await client.again(execute, run, state))
  })

  test.each([[1], [true], [{}], [['v1']], [null]])('a state that is no text: %j', async (state) => {
    const { isError, preview } = await client.again(execute, run, state)
    expect(isError || preview !== undefined).toBe(true)
    expect(await effects()).toEqual([])
  })

  test('a state with one bit turned, at every place of its signature', async () => {
    const { state } = await asked(client, execute, run)
    const dot = state.lastIndexOf('.')
    const signature = Buffer.from(state.slice(dot + 1), 'base64url')
    for (let place = 0; place < signature.length; place += 4) {
      const bent = Buffer.from(signature)
      bent[place] = (bent[place] ?? 0) ^ 1
      const forged = `${state.slice(0, dot)}.${bent.toString('base64url')}`
      expect((await client.again(execute, run, forged)).preview).toBeDefined()
    }
    expect(await effects()).toEqual([])
  })

  test('a state whose text says something else than was signed', async () => {
    const { state } = await asked(client, execute, run)
    const [, body = '', signature] = state.split('.')
    const sealed = JSON.parse(Buffer.from(body, 'base64url').toString())
    for (const changed of [
      { ...sealed, exp: sealed.exp + 3600 },
      { ...sealed, p: { ...sealed.p, id: '7f7d1bd8-5d3e-4d52-8b6b-1a0f6f1f2a3b' } },
      { ...sealed, p: { ...sealed.p, digest: 'a'.repeat(64) } },
    ]) {
      const forged = `v1.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`
      expect((await client.again(execute, run, forged)).preview).toBeDefined()
    }
    expect(await effects()).toEqual([])
  })

  test('a state that another key has sealed, for the right digest', async () => {
    const { state } = await asked(client, execute, run)
    const sealed = JSON.parse(Buffer.from(state.split('.')[1] ?? '', 'base64url').toString())
    await expectAskedAgain(await client.again(execute, run, await new Seals(600).seal(sealed.p.digest)))
  })

  test.each([
    ['more hosts', { ...run, assetIds: [21789601, 21789634] }],
    ['another host', { ...run, assetIds: [21789634] }],
    ['another script', { ...run, scriptId: 16515 }],
    ['a reboot', { ...run, rebootAfterScriptExecution: true }],
    ['a description', { ...run, description: 'x' }],
  ])('the state of other arguments: %s', async (_what, other) => {
    const { state } = await asked(client, execute, run)
    await expectAskedAgain(await client.again(execute, other, state))
  })

  test('the state of another tool with the same arguments', async () => {
    const { state } = await asked(client, 'car_block_assets', { ids: [21789601] })
    await expectAskedAgain(await client.again('car_unblock_assets', { ids: [21789601] }, state))
  })

  test('the state of what is shown no more: the script has another title', async () => {
    const { preview, state } = await asked(client, execute, run)
    const operator = await meet(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
    await operator.call('car_update_script', { scriptId: 19218, title: 'Wipe all disks' })
    await sandbox.control.forget()
    const outcome = await client.again(execute, run, state)
    await expectAskedAgain(outcome)
    expect(outcome.preview).toContain('"Wipe all disks"')
    expect(preview).not.toContain('"Wipe all disks"')
  })

  test('the state of what is shown no more: the script has other content under the same title', async () => {
    const { state } = await asked(client, execute, run)
    const operator = await meet(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
    const content = { content: 'Clear-Disk2 -Number 0', comment: 'why not' }
    expect((await operator.call('car_update_script', { scriptId: 19218, ...content })).isError).toBe(false)
    await sandbox.control.forget()
    await expectAskedAgain(await client.again(execute, run, state))
  })

  test('the state of what is shown no more: the host has another name', async () => {
    const { preview, state } = await asked(client, execute, run)
    expect(preview).toContain('hosts: "POS-0001"')
    const row = { id: 21789601, name: 'DC-0001', tags: [] }
    await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', ...listing(row) }])
    const outcome = await client.again(execute, run, state)
    await expectAskedAgain(outcome)
    expect(outcome.preview).toContain('hosts: "DC-0001"')
  })

  test('the state of what is shown no more: an active schedule runs the script meanwhile', async () => {
    const args = { scriptId: 16515, content: 'Get-Date', comment: 'simpler' }
    const { preview, state } = await asked(client, 'car_update_script', args)
    expect(preview).not.toMatch(/active schedule/)
    const targets = { assets: [{ id: 21789601 }], assetTags: [], excludedAssets: [] }
    const row = { id: 'x-1', title: 'Nightly', activate: true, scripts: [{ id: 16515 }], ...targets }
    await sandbox.control.faults([{ route: 'POST /sm/v1/scheduler/search', ...listing(row) }])
    const outcome = await client.again('car_update_script', args, state)
    await expectAskedAgain(outcome)
    expect(outcome.preview).toMatch(/1 active schedule\n/)
  })

  test('the state of another account', async () => {
    const settings = settingsFrom(environmentFor(sandbox, { QUALYS_STATE_DIR: temporaryFolder() }))
    const safeguards = safeguardsOf(settings, (text) => text)
    const [one, other] = [
      await meet(sandbox, 'modern', { safeguards, account: accountOn(sandbox) }),
      await meet(sandbox, 'modern', {
        safeguards,
        account: accountOn({ ...sandbox, username: 'sandbox_cd2', password: 'sandbox2' }),
      }),
    ]
    const { state } = await asked(one, execute, run)
    await expectAskedAgain(await other.again(execute, run, state))
    expect((await one.again(execute, run, state)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
  })

  test('the state of the process that ran before', async () => {
    const { state } = await asked(client, execute, run)
    const restarted = await meet(sandbox, 'modern')
    await expectAskedAgain(await restarted.again(execute, run, state))
  })

  test('a state used before', async () => {
    const { state } = await asked(client, execute, run)
    expect((await client.again(execute, run, state)).isError).toBe(false)
    expect(await effects()).toHaveLength(1)
    const replay = await client.again(execute, run, state)
    expect(replay.preview).toBeDefined()
    expect(replay.state).not.toBe(state)
    expect(await effects()).toHaveLength(1)
  })

  test('a state used twenty times at once: one goes through', async () => {
    const quick = await meet(sandbox, 'modern', { settings: { QUALYS_CONCURRENCY: '16' } })
    const { state } = await asked(quick, execute, run)
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => quick.again(execute, run, state)))
    expect(outcomes.filter(({ text }) => text.includes('started'))).toHaveLength(1)
    expect(outcomes.filter(({ preview }) => preview !== undefined)).toHaveLength(19)
    expect(await effects()).toHaveLength(1)
  })

  test('a state used before over another connection to the process', async () => {
    const settings = settingsFrom(environmentFor(sandbox, { QUALYS_STATE_DIR: temporaryFolder() }))
    const safeguards = safeguardsOf(settings, (text) => text)
    const [one, other] = [
      await meet(sandbox, 'modern', { safeguards }),
      await meet(sandbox, 'modern', { safeguards }),
    ]
    const { state } = await asked(one, execute, run)
    await one.again(execute, run, state)
    expect((await other.again(execute, run, state)).preview).toBeDefined()
    expect(await effects()).toHaveLength(1)
  })

  test.each(['decline', 'cancel'])('a yes to a state that was answered with %s', async (action) => {
    const { state } = await asked(client, execute, run)
    expect((await client.again(execute, run, state, { action })).isError).toBe(true)
    await expectAskedAgain(await client.again(execute, run, state))
  })

  test('a yes to a state whose box was left unticked', async () => {
    const { state } = await asked(client, execute, run)
    await client.again(execute, run, state, { action: 'accept', content: { approve: false } })
    await expectAskedAgain(await client.again(execute, run, state))
  })

  test('a state without an answer, and with the answer elsewhere', async () => {
    const { state } = await asked(client, execute, run)
    for (const inputResponses of [
      undefined,
      null,
      {},
      [],
      'yes',
      { other: yes },
      { Approval: yes },
      { approval: 'accept' },
      { approval: [yes] },
      { approval: { method: 'elicitation/create', result: yes } },
      { approval: { result: yes } },
    ]) {
      const more = { requestState: state, ...(inputResponses !== undefined && { inputResponses }) }
      await expectAskedAgain(await client.call(execute, run, more))
    }
  })

  test('what is in _meta or beside the params is no answer', async () => {
    const { state } = await asked(client, execute, run)
    const answer = { inputResponses: { approval: yes }, requestState: state }
    await expectAskedAgain(await client.call(execute, run, { _meta: answer }))
    await expectAskedAgain(await client.call(execute, run, { _meta: { 'qualys-mcp/approved': true } }))
  })

  test.each([
    ['approve', true],
    ['approval', yes],
    ['confirm', true],
    ['requestState', 'v1.x.y'],
    ['inputResponses', { approval: yes }],
  ])('an argument %s is refused', async (name, value) => {
    const { isError, text } = await client.call(execute, { ...run, [name]: value })
    expect(isError).toBe(true)
    expect(text).toContain(name)
    expect(await effects()).toEqual([])
  })

  test('the same call spelled otherwise is the same call', async () => {
    const { state } = await asked(client, execute, run)
    const outcome = await client.again(execute, { assetIds: ['21789601'], scriptId: '19218' }, state)
    expect(outcome.isError).toBe(false)
    expect(await effects()).toHaveLength(1)
  })

  test('questions of different calls do not disturb one another', async () => {
    const [one, two] = [await asked(client, ...effectCalls.update()), await asked(client, execute, run)]
    expect(one.state).not.toBe(two.state)
    expect((await client.again(execute, run, two.state)).isError).toBe(false)
    expect((await client.again(execute, run, one.state)).preview).toBeDefined()
    expect(await effects()).toHaveLength(1)
  })
})
