import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../../../../src/sandbox/sandbox.ts'
import { connect } from '../../../support/consent/raw-client.ts'
import { alteredPlatform, alteringRows } from '../../../support/effects/altered-platform.ts'
import { effectRequests, openSandbox } from '../../../support/sandbox.ts'
import { attemptInBothModes as attempted, plan as planned, schedulesOf } from './both-modes.ts'

// QUALYS_ALLOWED_SCRIPTS: which scripts run, with which content; and that no tool changes one of them.

interface Script {
  readonly id: number
  readonly content: string
}

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let bytes: Buffer
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  const scripts = (await sandbox.control.dump('scripts')) as unknown as Script[]
  bytes = Buffer.from(scripts.find(({ id }) => id === 19218)?.content ?? '', 'base64')
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
/** An active schedule on one host, and the script it runs. */
async function scheduled(): Promise<{ readonly id: string; readonly script: string }> {
  const found = (await schedulesOf(sandbox)).find(({ activate, assets }) => activate && assets.length === 1)
  return { id: found?.id ?? '', script: String(found?.scripts[0]?.id) }
}

const run = (scriptId: unknown) => ({ scriptId, assetIds: [21789601] })

/** An attempt while only these scripts are allowed. */
const attempt = (allowed: string, tool: string, args: object, platform: Sandbox = sandbox) =>
  attempted(sandbox, [tool, args], { QUALYS_ALLOWED_SCRIPTS: allowed }, platform)

describe('running', () => {
  test.each([
    ['the one', '19218'],
    ['one of several', '1, 19218 ,20748'],
    ['pinned to its content', () => `19218@${sha256(bytes)}`],
    ['pinned in capitals', () => `19218@${sha256(bytes).toUpperCase()}`],
  ])('%s is allowed', async (_what, allowed) => {
    const list = typeof allowed === 'string' ? allowed : allowed()
    expect((await attempt(list, 'car_execute_script', run(19218))).sent).toBe(1)
  })

  test('another is not', async () => {
    const { sent, text } = await attempt('20748,16515', 'car_execute_script', run(19218))
    expect(sent).toBe(0)
    expect(text).toMatch(/script 19218 is not one of QUALYS_ALLOWED_SCRIPTS\. Concerned: /)
  })

  test('none at all with an empty list', async () => {
    expect((await attempt(',', 'car_execute_script', run(19218))).sent).toBe(0)
  })

  test.each([
    ['other content', () => sha256('Get-Date')],
    ['the content with a line break more', () => sha256(Buffer.concat([bytes, Buffer.from('\n')]))],
    ['the content with a BOM', () => sha256(Buffer.concat([Buffer.from('\ufeff'), bytes]))],
    ['the base64 of the content', () => sha256(bytes.toString('base64'))],
    ['nothing', () => sha256('')],
  ])('a script pinned to %s does not run', async (_what, pin) => {
    const { sent, text } = await attempt(`19218@${pin()}`, 'car_execute_script', run(19218))
    expect(sent).toBe(0)
    expect(text).toMatch(/script 19218 does not have the content that QUALYS_ALLOWED_SCRIPTS pins/)
  })

  test('a BOM before the content makes it other content: the decoded text shows no difference', async () => {
    const marked = Buffer.concat([Buffer.from('\ufeff'), bytes])
    const platform = await alteredPlatform(
      sandbox,
      alteringRows(/\/scripts\/19218$/, (row) => ({ ...row, content: marked.toString('base64') })),
    )
    const allowed = (data: Buffer) =>
      attempt(`19218@${sha256(data)}`, 'car_execute_script', run(19218), platform)
    expect((await allowed(bytes)).sent).toBe(0)
    expect((await allowed(marked)).sent).toBe(1)
  })

  test('bytes that are no UTF-8 are pinned as they are', async () => {
    const utf16 = Buffer.from('\ufeffGet-Date ä', 'utf16le')
    const platform = await alteredPlatform(
      sandbox,
      alteringRows(/\/scripts\/19218$/, (row) => ({ ...row, content: utf16.toString('base64') })),
    )
    const pinned = (data: Buffer | string) =>
      attempt(`19218@${sha256(data)}`, 'car_execute_script', run(19218), platform)
    expect((await pinned(utf16)).sent).toBe(1)
    for (const decoded of [utf16.toString(), utf16.toString('latin1'), 'Get-Date ä'])
      expect((await pinned(decoded)).sent).toBe(0)
  })

  test.each([
    ['is not shown', alteringRows(/\/scripts\/19218$/, ({ content: _, ...row }) => row)],
    ['is null', alteringRows(/\/scripts\/19218$/, (row) => ({ ...row, content: null }))],
    ['is no text', alteringRows(/\/scripts\/19218$/, (row) => ({ ...row, content: [row['content']] }))],
  ])('a pinned script whose content %s does not run', async (_what, alterations) => {
    const platform = await alteredPlatform(sandbox, alterations)
    for (const pin of [sha256(bytes), sha256('')])
      expect((await attempt(`19218@${pin}`, 'car_execute_script', run(19218), platform)).sent).toBe(0)
  })

  test('a pinned script whose record cannot be read does not run', async () => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 404 }])
    expect((await attempt(`19218@${sha256(bytes)}`, 'car_execute_script', run(19218))).sent).toBe(0)
  })

  test('the content is compared with its pin again after the yes', async () => {
    const settings = { QUALYS_ALLOWED_SCRIPTS: `16515@${sha256(await contentOf(16515))}` }
    const client = await connect(sandbox, 'modern', { settings })
    const { state } = await client.call('car_execute_script', run(16515))
    const operator = await connect(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
    const change = { scriptId: 16515, content: 'Get-Date', comment: 'simpler' }
    expect((await operator.call('car_update_script', change)).isError).toBe(false)
    await sandbox.control.clearRequests()
    const { text } = await client.answerQuestion('car_execute_script', run(16515), state)
    expect(text).toMatch(/does not have the content that QUALYS_ALLOWED_SCRIPTS pins/)
    expect(await effectRequests(sandbox.control)).toEqual([])
  })

  async function contentOf(scriptId: number): Promise<Buffer> {
    const scripts = (await sandbox.control.dump('scripts')) as unknown as Script[]
    return Buffer.from(scripts.find(({ id }) => id === scriptId)?.content ?? '', 'base64')
  }

  test('in a lab, too', async () => {
    const [lab] = (await sandbox.control.dump('assets')).filter((asset) => asset['lab'] === true)
    const args = { scriptId: 19218, testMode: true, testAssets: [lab?.['id']] }
    expect((await attempt('16515', 'car_execute_script', args)).sent).toBe(0)
    expect((await attempt('19218', 'car_execute_script', args)).sent).toBe(1)
  })
})

describe('schedules', () => {
  const plan = { ...planned('Allowed only'), assets: [21789601] }

  test.each([
    ['with another script', [{ id: '16515' }]],
    ['with another script beside an allowed one', [{ id: '19218' }, { id: '16515' }]],
    [
      'with another script under the title of an allowed one',
      [{ id: 16515, title: 'Auto_script_22062022_074300047' }],
    ],
  ])('one %s is not created, switched on or off', async (_what, scripts) => {
    for (const activate of [true, false]) {
      const made = await attempt('19218', 'car_create_schedule', { ...plan, scripts, activate })
      expect(made.text).toMatch(/script 16515 is not one of QUALYS_ALLOWED_SCRIPTS/)
      expect(made.sent).toBe(0)
    }
  })

  test('one that runs another script is not switched on', async () => {
    const { id, script } = await scheduled()
    const { sent, text } = await attempt('19218', 'car_activate_schedule', { scheduleId: id })
    expect(sent).toBe(0)
    expect(text).toContain(`script ${script} is not one of QUALYS_ALLOWED_SCRIPTS`)
    expect((await attempt(script, 'car_activate_schedule', { scheduleId: id })).sent).toBe(1)
  })

  test('one that does not show its scripts is not switched on', async () => {
    const { id, script } = await scheduled()
    const platform = await alteredPlatform(
      sandbox,
      alteringRows(/\/scheduler\//, ({ scripts: _, ...row }) => row),
    )
    const { sent } = await attempt(script, 'car_activate_schedule', { scheduleId: id }, platform)
    expect(sent).toBe(0)
  })

  test('one is not given another script', async () => {
    const { id } = await scheduled()
    const change = { ...plan, scheduleId: id, scripts: [{ id: '16515' }] }
    expect((await attempt('19218', 'car_update_schedule', change)).sent).toBe(0)
  })

  test('one may be switched off whatever it runs', async () => {
    const { id } = await scheduled()
    expect((await attempt('19218', 'car_deactivate_schedule', { scheduleId: id })).sent).toBe(1)
  })
})

describe('changing', () => {
  const update = (changes: object) => ['car_update_script', changes] as const
  const spellings = [
    '19218',
    19218,
    '019218',
    '00019218',
    '0x4B12',
    '0x4b12',
    '1.9218e4',
    '19218.0',
    '19218e0',
  ]

  test.each([
    ['its content', { content: 'Get-Date', comment: 'simpler' }],
    ['its title', { title: 'Another' }],
    ['its repository', { sourceUrl: 'https://github.com/acme/scripts/blob/main/a.ps1' }],
    ['its parameters', { params: [] }],
    ['nothing but its severity', { severity: 1 }],
  ])('an allowed script: not %s', async (_what, changes) => {
    for (const allowed of ['19218', `19218@${'a'.repeat(64)}`]) {
      const { sent, text } = await attempt(allowed, ...update({ scriptId: 19218, ...changes }))
      expect(sent).toBe(0)
      expect(text).toMatch(/script 19218 is one of QUALYS_ALLOWED_SCRIPTS, which no tool may change/)
    }
  })

  test.each(spellings)('an allowed script that is spelled %j: not at all', async (scriptId) => {
    const change = { scriptId, content: 'Get-Date', comment: 'simpler' }
    expect((await attempt('19218', ...update(change))).sent).toBe(0)
  })

  test.each(spellings.slice(2))('no id is spelled %j', async (id) => {
    const calls = [
      ['car_execute_script', run(id)],
      ['car_execute_script', { scriptId: 19218, assetIds: [id] }],
      ['car_execute_script', { scriptId: 19218, assetTagIds: [id] }],
      ['car_unblock_assets', { assetIds: [id] }],
      ['car_unblock_tags', { tagIds: [id] }],
    ] as const
    const client = await connect(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
    for (const [tool, args] of calls)
      expect((await client.call(tool, args)).text).toMatch(/must be an id|must be a list of/)
    expect(await effectRequests(sandbox.control)).toEqual([])
  })

  test.each(['Auto_script_22062022_074300047', 'x-1', '19218:1', '19.218'])(
    'no script is named %j, though some paths accept a title',
    async (scriptId) => {
      const client = await connect(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
      for (const [tool, args] of [
        update({ scriptId, content: 'Get-Date', comment: 'simpler' }),
        update({ scriptId, title: 'Mine' }),
        ['car_clone_script', { scriptId, title: 'Copy of a title' }],
        ['car_execute_script', run(scriptId)],
      ] as const)
        expect((await client.call(tool, args)).text).toMatch(/is no id of a script|must be an id/)
      expect(await effectRequests(sandbox.control)).toEqual([])
    },
  )

  test('another script may be changed where no active schedule runs it', async () => {
    const change = { scriptId: 16515, content: 'Get-Date', comment: 'simpler' }
    expect((await attempt('19218', ...update(change))).sent).toBe(1)
  })

  test('another script that an active schedule runs gets no new content, since it would run', async () => {
    const { script } = await scheduled()
    const change = { scriptId: script, content: 'echo 1', comment: 'simpler' }
    const { sent, text } = await attempt('19218', ...update(change))
    expect(text).toContain(`script ${script} is not one of QUALYS_ALLOWED_SCRIPTS`)
    expect(sent).toBe(0)
    expect((await attempt('19218', ...update({ scriptId: script, title: 'Free' }))).sent).toBe(1)
  })

  test('a copy of an allowed script may be created, and does not run', async () => {
    const settings = { QUALYS_MODE: 'unattended', QUALYS_ALLOWED_SCRIPTS: '19218' }
    const client = await connect(sandbox, 'modern', { settings })
    const { text, isError } = await client.call('car_clone_script', { scriptId: 19218, title: 'Mine' })
    expect(isError, text).toBe(false)
    const copy = /cloned as (\d+)/.exec(text)?.[1]
    expect((await client.call('car_execute_script', run(copy))).text).toMatch(
      /is not one of QUALYS_ALLOWED_SCRIPTS/,
    )
    expect(await effectRequests(sandbox.control)).toHaveLength(1)
  })
})
