import { describe, expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { effectRequests } from '../../support/sandbox.ts'
import { plan, storeSchedule } from './attempt.ts'
import { test } from './fixtures.ts'

// Limits across tools: what one call may not do, several together may not do either. (Each limit by itself: test/unit.)

const wide = { QUALYS_MAX_ASSETS_PER_RUN: '200' }
const blockedScript: Environment = { ...wide, QUALYS_BLOCKED_SCRIPTS: '19218' }

describe('a blocked script', () => {
  test('runs neither itself, nor as a copy, nor by a schedule', async ({
    fleet,
    callUnattended,
    callApproved,
  }) => {
    const host = fleet.untagged()
    for (const call of [callUnattended, callApproved])
      for (const [tool, args] of [
        ['car_execute_script', { scriptId: 19218, assetIds: [host] }],
        ['car_execute_script', { scriptId: ' 19218 ', assetIds: [host] }],
        ['car_clone_script', { scriptId: 19218, title: 'Mine' }],
        ['car_create_schedule', { ...plan, assets: [host] }],
      ] as const) {
        const { sent, text } = await call(tool, args, blockedScript)
        expect(text).toContain('script 19218 is one of QUALYS_BLOCKED_SCRIPTS')
        expect(text).toMatch(/Concerned: script "[^"]+" \(id 19218\)\./)
        expect(sent).toBe(0)
      }
  })

  test.for(['0019218', '１９２１８', '19218.0', '1.9218e4', 'nineteen'])(
    'is not named in another spelling: %s',
    async (scriptId, { fleet, callUnattended }) => {
      const { sent } = await callUnattended(
        'car_execute_script',
        { scriptId, assetIds: [fleet.untagged()] },
        blockedScript,
      )
      expect(sent).toBe(0)
    },
  )

  test('in a stored schedule is neither switched on nor rewritten', async ({
    sandbox,
    fleet,
    callUnattended,
  }) => {
    const { id: scheduleId } = await storeSchedule(sandbox, { assets: [fleet.untagged()] })
    expect((await callUnattended('car_activate_schedule', { scheduleId }, blockedScript)).sent).toBe(0)
    expect((await callUnattended('car_activate_schedule', { scheduleId }, wide)).sent).toBe(1)
    const change = { scriptId: 19218, content: 'Get-Date', comment: 'simpler' }
    const { sent, text } = await callUnattended('car_update_script', change, blockedScript)
    expect(text).toContain('script 19218 is one of QUALYS_BLOCKED_SCRIPTS, which never run')
    expect(sent).toBe(0)
    expect((await callUnattended('car_deactivate_schedule', { scheduleId }, blockedScript)).sent).toBe(1)
  })
})

test('a copy of an allowed script, and an imported one, do not run', async ({
  sandbox,
  fleet,
  callUnattended,
}) => {
  const limits = { ...wide, QUALYS_ALLOWED_SCRIPTS: '19218' }
  const before = new Set((await sandbox.control.dump('scripts')).map(({ id }) => String(id)))
  expect((await callUnattended('car_clone_script', { scriptId: 19218, title: 'Mine' }, limits)).sent).toBe(1)
  const made = (await sandbox.control.dump('scripts'))
    .map(({ id }) => String(id))
    .filter((id) => !before.has(id))
  expect(made).toHaveLength(1)
  for (const scriptId of made) {
    const run = { scriptId, testMode: true, testAssets: [fleet.untagged()] }
    expect((await callUnattended('car_execute_script', run, limits)).text).toContain(
      `script ${scriptId} is not one of QUALYS_ALLOWED_SCRIPTS`,
    )
  }
})

describe('a blocked host', () => {
  test('is reached neither by a tag, nor by a schedule, nor by new content', async ({
    sandbox,
    fleet,
    callUnattended,
  }) => {
    const tag = fleet.someTag()
    const host = fleet.hostsWith(tag)[0]
    const limits = { ...wide, QUALYS_BLOCKED_ASSETS: String(host) }
    const refusal = `host ${host} is one of QUALYS_BLOCKED_ASSETS`
    const { id: scheduleId } = await storeSchedule(sandbox, { assetTags: [tag] })
    const run = { scriptId: 19218, assetTagIds: [tag] }
    expect((await callUnattended('car_execute_script', run, limits)).text).toContain(refusal)
    expect((await callUnattended('car_activate_schedule', { scheduleId }, limits)).text).toContain(refusal)
    expect((await callUnattended('car_activate_schedule', { scheduleId }, wide)).sent).toBe(1)
    const change = { scriptId: 19218, content: 'Get-Date', comment: 'simpler' }
    expect((await callUnattended('car_update_script', change, limits)).text).toContain(refusal)
    expect(
      (await callUnattended('car_execute_script', { ...run, excludedAssetIds: [host] }, limits)).sent,
    ).toBe(1)
  })
})

test('a forbidden reboot is stored by nobody, and switched on by nobody', async ({
  sandbox,
  fleet,
  callUnattended,
  callApproved,
}) => {
  const assets = [fleet.untagged()]
  const limits = { ...wide, QUALYS_FORBID: 'reboot,unblock' }
  const reboot = { rebootAfterScriptExecution: true }
  const { id: scheduleId } = await storeSchedule(sandbox, { assets, ...reboot })
  for (const call of [callUnattended, callApproved])
    for (const [tool, args] of [
      ['car_execute_script', { scriptId: 19218, assetIds: assets, ...reboot }],
      ['car_create_schedule', { ...plan, assets, ...reboot }],
      ['car_activate_schedule', { scheduleId }],
      ['car_unblock_assets', { assetIds: assets }],
    ] as const) {
      const { sent, text } = await call(tool, args, limits)
      expect(text).toMatch(/would do what QUALYS_FORBID switches off: (reboot|unblock)\./)
      expect(sent).toBe(0)
    }
  expect((await callUnattended('car_block_assets', { assetIds: assets }, limits)).sent).toBe(1)
})

test.for<readonly [string, string]>([
  ['car_block_assets', 'assetIds'],
  ['car_unblock_assets', 'assetIds'],
  ['car_delete_invalid_asset_jobs', 'ids'],
  ['car_delete_blocked_commands', 'commandIds'],
])('%s names no more objects than one call may', async ([tool, input], { sandbox, callUnattended }) => {
  const limits = { QUALYS_MAX_BULK: '2' }
  const { sent, text } = await callUnattended(tool, { [input]: [101, 102, 103] }, limits)
  expect(text).toMatch(/this call names 3 objects, and QUALYS_MAX_BULK is 2\. Tell the person: /)
  expect(sent).toBe(0)
  expect(await effectRequests(sandbox.control)).toEqual([])
  expect((await callUnattended(tool, { [input]: [101, 102] }, limits)).text).not.toContain('QUALYS_MAX_BULK')
})
