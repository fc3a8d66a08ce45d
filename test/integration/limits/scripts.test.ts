import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import { connect } from '../../support/consent/raw-client.ts'
import { alteredPlatform, alteringRows } from '../../support/effects/altered-platform.ts'
import { effectRequests, type TestSandbox } from '../../support/sandbox.ts'
import { plan, schedulesOf } from './attempt.ts'
import { test as base } from './fixtures.ts'

// QUALYS_ALLOWED_SCRIPTS against Qualys' own records. (Every pin and every change: test/unit/limits/scripts.test.ts.)

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
const run = (scriptId: unknown) => ({ scriptId, assetIds: [21789601] })
const allowed = (list: string) => ({ QUALYS_ALLOWED_SCRIPTS: list })
const execute = 'car_execute_script'

/** The content of a script, byte by byte. */
async function contentOf({ control }: TestSandbox, scriptId: number): Promise<Buffer> {
  const found = (await control.dump('scripts')).find(({ id }) => id === scriptId)
  const content = found?.['content']
  if (typeof content !== 'string') throw new Error(`script ${scriptId} has no content`)
  return Buffer.from(content, 'base64')
}

const test = base.extend<{
  /** The content of script 19218. */
  bytes: Buffer
  /** An active schedule on one host, and the script it runs. */
  scheduled: { readonly id: string; readonly script: string }
}>({
  bytes: async ({ sandbox }, use) => use(await contentOf(sandbox, 19218)),
  scheduled: async ({ sandbox }, use) => {
    const schedules = await schedulesOf(sandbox)
    const found = schedules.find(({ activate, assets }) => activate && assets.length === 1)
    if (!found) throw new Error('no active schedule runs on one host')
    await use({ id: found.id, script: String(found.scripts[0]?.id) })
  },
})

describe('running', () => {
  test('a listed script, and a pinned one, are allowed', async ({ bytes, callUnattended, callApproved }) => {
    expect((await callUnattended(execute, run(19218), allowed('1, 19218 ,20748'))).sent).toBe(1)
    expect((await callApproved(execute, run(19218), allowed(`19218@${sha256(bytes)}`))).sent).toBe(1)
  })

  test('another is not', async ({ callApproved }) => {
    const { sent, text } = await callApproved(execute, run(19218), allowed('20748,16515'))
    expect(sent).toBe(0)
    expect(text).toMatch(/script 19218 is not one of QUALYS_ALLOWED_SCRIPTS\. Concerned: /)
  })

  test('a script pinned to other content is not', async ({ bytes, callUnattended, callApproved }) => {
    for (const [call, pin] of [
      [callUnattended, sha256('Get-Date')],
      [callApproved, sha256(Buffer.concat([bytes, Buffer.from('\n')]))],
      [callUnattended, sha256(bytes.toString('base64'))],
    ] as const) {
      const { sent, text } = await call(execute, run(19218), allowed(`19218@${pin}`))
      expect(sent).toBe(0)
      expect(text).toMatch(/script 19218 does not have the content that QUALYS_ALLOWED_SCRIPTS pins/)
    }
  })

  test('a BOM before the content makes it other content: the decoded text shows no difference', async ({
    sandbox,
    bytes,
    callUnattended,
  }) => {
    const marked = Buffer.concat([Buffer.from('\ufeff'), bytes])
    const content = marked.toString('base64')
    const platform = await alteredPlatform(
      sandbox,
      alteringRows(/\/scripts\/19218$/, (row) => ({ ...row, content })),
    )
    const pinned = (data: Buffer) =>
      callUnattended(execute, run(19218), allowed(`19218@${sha256(data)}`), platform)
    expect((await pinned(bytes)).sent).toBe(0)
    expect((await pinned(marked)).sent).toBe(1)
  })

  test('bytes that are no UTF-8 are pinned as they are', async ({ sandbox, callUnattended }) => {
    const utf16 = Buffer.from('\ufeffGet-Date ä', 'utf16le')
    const content = utf16.toString('base64')
    const platform = await alteredPlatform(
      sandbox,
      alteringRows(/\/scripts\/19218$/, (row) => ({ ...row, content })),
    )
    const pinned = (data: Buffer | string) =>
      callUnattended(execute, run(19218), allowed(`19218@${sha256(data)}`), platform)
    expect((await pinned(utf16)).sent).toBe(1)
    for (const decoded of [utf16.toString(), 'Get-Date ä']) expect((await pinned(decoded)).sent).toBe(0)
  })

  test('a pinned script whose record cannot be read does not run', async ({
    sandbox,
    bytes,
    callApproved,
  }) => {
    await sandbox.control.faults([{ route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 404 }])
    expect((await callApproved(execute, run(19218), allowed(`19218@${sha256(bytes)}`))).sent).toBe(0)
  })

  test('the content is compared with its pin again after the yes', async ({ sandbox }) => {
    const settings = allowed(`16515@${sha256(await contentOf(sandbox, 16515))}`)
    const client = await connect(sandbox, 'modern', { settings })
    const { state } = await client.call(execute, run(16515))
    const operator = await connect(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
    const change = { scriptId: 16515, content: 'Get-Date', comment: 'simpler' }
    expect((await operator.call('car_update_script', change)).isError).toBe(false)
    await sandbox.control.clearRequests()
    const { text } = await client.answerQuestion(execute, run(16515), state)
    expect(text).toMatch(/does not have the content that QUALYS_ALLOWED_SCRIPTS pins/)
    expect(await effectRequests(sandbox.control)).toEqual([])
  })
})

describe('schedules', () => {
  test('of another script are not created, whatever their title', async ({ callApproved }) => {
    const scripts = [{ id: 16515, title: 'Auto_script_22062022_074300047' }]
    const args = { ...plan, scripts, assets: [21789601], activate: true }
    const made = await callApproved('car_create_schedule', args, allowed('19218'))
    expect(made.text).toMatch(/script 16515 is not one of QUALYS_ALLOWED_SCRIPTS/)
    expect(made.sent).toBe(0)
  })

  test('that run another script are not switched on', async ({
    scheduled: { id, script },
    callUnattended,
  }) => {
    const { sent, text } = await callUnattended('car_activate_schedule', { scheduleId: id }, allowed('19218'))
    expect(sent).toBe(0)
    expect(text).toContain(`script ${script} is not one of QUALYS_ALLOWED_SCRIPTS`)
    expect((await callUnattended('car_activate_schedule', { scheduleId: id }, allowed(script))).sent).toBe(1)
  })

  test('may be switched off whatever they run', async ({ scheduled: { id }, callApproved }) => {
    expect((await callApproved('car_deactivate_schedule', { scheduleId: id }, allowed('19218'))).sent).toBe(1)
  })
})

describe('changing', () => {
  const change = { content: 'Get-Date', comment: 'simpler' }
  const spellings = ['19218', 19218, '019218', '00019218', '0x4B12', '1.9218e4', '19218.0', '19218e0']

  test.for(spellings)(
    'an allowed script that is spelled %j: not at all',
    async (scriptId, { callUnattended }) => {
      expect(
        (await callUnattended('car_update_script', { scriptId, ...change }, allowed('19218'))).sent,
      ).toBe(0)
    },
  )

  test.for(['019218', '1.9218e4'])('no id is spelled %j', async (id, { sandbox }) => {
    const client = await connect(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
    for (const [tool, args] of [
      [execute, run(id)],
      [execute, { scriptId: 19218, assetIds: [id] }],
      [execute, { scriptId: 19218, assetTagIds: [id] }],
      ['car_unblock_assets', { assetIds: [id] }],
      ['car_unblock_tags', { tagIds: [id] }],
    ] as const)
      expect((await client.call(tool, args)).text).toMatch(/must be an id|must be a list of/)
    expect(await effectRequests(sandbox.control)).toEqual([])
  })

  test.for(['Auto_script_22062022_074300047', '19218:1'])(
    'no script is named %j, though some paths accept a title',
    async (scriptId, { sandbox }) => {
      const client = await connect(sandbox, 'modern', { settings: { QUALYS_MODE: 'unattended' } })
      for (const [tool, args] of [
        ['car_update_script', { scriptId, ...change }],
        ['car_clone_script', { scriptId, title: 'Copy of a title' }],
        [execute, run(scriptId)],
      ] as const)
        expect((await client.call(tool, args)).text).toMatch(/is no id of a script|must be an id/)
      expect(await effectRequests(sandbox.control)).toEqual([])
    },
  )

  test('another script that an active schedule runs gets no new content, since it would run', async ({
    scheduled: { script },
    callApproved,
  }) => {
    const { sent, text } = await callApproved(
      'car_update_script',
      { scriptId: script, ...change },
      allowed('19218'),
    )
    expect(text).toContain(`script ${script} is not one of QUALYS_ALLOWED_SCRIPTS`)
    expect(sent).toBe(0)
    const title = { scriptId: script, title: 'Free' }
    expect((await callApproved('car_update_script', title, allowed('19218'))).sent).toBe(1)
  })

  test('a copy of an allowed script may be created, and does not run', async ({ sandbox }) => {
    const settings = { QUALYS_MODE: 'unattended', ...allowed('19218') }
    const client = await connect(sandbox, 'modern', { settings })
    const { text, isError } = await client.call('car_clone_script', { scriptId: 19218, title: 'Mine' })
    expect(isError, text).toBe(false)
    const copy = /cloned as (\d+)/.exec(text)?.[1]
    expect((await client.call(execute, run(copy))).text).toMatch(/is not one of QUALYS_ALLOWED_SCRIPTS/)
    expect(await effectRequests(sandbox.control)).toHaveLength(1)
  })
})
