import { describe, expect } from 'vitest'
import { alteredPlatform, alteringRows } from '../../support/effects/altered-platform.ts'
import { plan, schedulesOf, storeSchedule } from './attempt.ts'
import { test as base, expectCount, most } from './fixtures.ts'

// QUALYS_MAX_ASSETS_PER_RUN for scheduled runs: schedules, and new content of the scripts they run. (Every form of
// a schedule: test/unit/limits/schedules.test.ts.)

describe('schedules', () => {
  const test = base
  const create = 'car_create_schedule'

  test('created on hosts, at the limit and over it', async ({ fleet, callUnattended, callApproved }) => {
    const assets = fleet.assets.slice(0, 3).map(({ id }) => id)
    const over = await callApproved(create, { ...plan, assets }, most(2))
    expect(over.sent).toBe(0)
    expect(over.text).toMatch(/the target has 3 hosts, and QUALYS_MAX_ASSETS_PER_RUN is 2/)
    expect((await callUnattended(create, { ...plan, assets }, most(3))).sent).toBe(1)
  })

  test('created on a tag', async ({ fleet, callUnattended }) => {
    const tag = fleet.someTag()
    const args = { ...plan, assetTags: [tag] }
    expect((await callUnattended(create, args, most(fleet.hostsWith(tag).length - 1))).sent).toBe(0)
  })

  test('switched on: its hosts and the hosts of its tags', async ({ sandbox, fleet, callApproved }) => {
    const tag = fleet.someTag()
    const host = fleet.strangerTo(tag)
    const { id } = await storeSchedule(sandbox, { assetTags: [tag], assets: [host] })
    await expectCount(
      callApproved,
      'car_activate_schedule',
      { scheduleId: id },
      fleet.hostsWith(tag).length + 1,
    )
  })

  test('changed without naming hosts: its current ones; switched off: none', async ({
    sandbox,
    fleet,
    callUnattended,
  }) => {
    const { id, title } = await storeSchedule(sandbox, {
      assets: fleet.assets.slice(0, 3).map(({ id }) => id),
    })
    const change = { ...plan, scheduleId: id, title }
    const on = (limit: number) =>
      callUnattended('car_update_schedule', { ...change, activate: true }, most(limit))
    expect((await on(2)).sent).toBe(0)
    expect((await callUnattended('car_update_schedule', change, most(2))).sent).toBe(1)
    expect((await on(3)).sent).toBe(1)
  })

  test('its exclusions are sent back, and count', async ({ sandbox, fleet, callUnattended }) => {
    const tag = fleet.someTag()
    const hosts = fleet.hostsWith(tag)
    const { id } = await storeSchedule(sandbox, { assetTags: [tag], excludedAssets: [hosts[0]] })
    const change = { ...plan, scheduleId: id, activate: true }
    expect((await callUnattended('car_update_schedule', change, most(hosts.length - 2))).sent).toBe(0)
    expect((await callUnattended('car_update_schedule', change, most(hosts.length - 1))).sent).toBe(1)
  })

  test('whose targets cannot be read: over any limit', async ({ sandbox, fleet, callUnattended }) => {
    const { id } = await storeSchedule(sandbox, { assets: [fleet.assets[0]?.id] })
    const platform = await alteredPlatform(
      sandbox,
      alteringRows(/\/scheduler\//, ({ assets: _, ...row }) => row),
    )
    const { sent, text } = await callUnattended(
      'car_activate_schedule',
      { scheduleId: id },
      most(25),
      platform,
    )
    expect(sent).toBe(0)
    expect(text).toMatch(/the targets of schedule .* cannot be read/)
  })

  test('that does not exist', async ({ callApproved }) => {
    expect((await callApproved('car_activate_schedule', { scheduleId: 'x-1' }, most(25))).sent).toBe(0)
  })
})

describe('new content runs through active schedules', () => {
  const content = { content: 'echo 1', comment: 'simpler' }
  const update = 'car_update_script'

  const test = base.extend<{
    /** A script that one active schedule runs, and on how many hosts. */
    scheduled: { readonly scriptId: number; readonly hosts: number }
  }>({
    scheduled: async ({ sandbox, fleet }, use) => {
      const active = (await schedulesOf(sandbox)).filter(({ activate }) => activate)
      const found = active.flatMap(({ scripts, assetTags }) => {
        const [script, tag] = [scripts[0]?.id, assetTags[0]?.id]
        const once = active.filter((other) => other.scripts[0]?.id === script).length === 1
        const hosts = fleet.hostsWith(String(tag)).length
        return script !== undefined && once && hosts > 1 ? [{ scriptId: script, hosts }] : []
      })
      if (!found[0]) throw new Error('no script is run by one active schedule on some hosts')
      await use(found[0])
    },
  })

  test('on as many hosts as they have', async ({ scheduled: { scriptId, hosts }, callApproved }) => {
    const over = await callApproved(update, { scriptId, ...content }, most(hosts - 1))
    expect(over.sent).toBe(0)
    expect(over.text).toMatch(new RegExp(`schedule .* has ${hosts} hosts`))
    expect((await callApproved(update, { scriptId, ...content }, most(hosts))).sent).toBe(1)
  })

  test('a title alone runs nothing', async ({ scheduled: { scriptId }, callUnattended }) => {
    expect((await callUnattended(update, { scriptId, title: 'T' }, most(0))).sent).toBe(1)
  })

  const list = { route: 'POST /sm/v1/scheduler/search', kind: 'reply' }
  const row = { id: 'a1', title: 'Nightly', activate: true, created: { dateTime: 1_700_000_000_000 } }
  test.for<readonly [string, object]>([
    ['fewer rows than it counts', { totalCount: 5, list: [] }],
    ['a row that does not say what it runs', { totalCount: 1, list: [row] }],
  ])('a list with %s: over any limit', async ([, body], { sandbox, callUnattended }) => {
    await sandbox.control.faults([{ ...list, body: { body } }])
    const { sent, text } = await callUnattended(update, { scriptId: 19218, ...content }, most(1_000))
    expect(sent).toBe(0)
    expect(text).toMatch(/which active schedules run the script cannot be read/)
  })

  test('a complete list without the script permits it', async ({ sandbox, callUnattended }) => {
    const body = { totalCount: 1, list: [{ ...row, scripts: [{ id: 1, title: 'x' }] }] }
    await sandbox.control.faults([{ ...list, body: { body } }])
    const { sent, text } = await callUnattended(update, { scriptId: 19218, ...content }, most(0))
    expect(sent, text).toBe(1)
  })

  test('a truncated list: over any limit', async ({ sandbox, scheduled: { scriptId }, callUnattended }) => {
    await sandbox.control.faults([{ route: list.route, kind: 'truncate' }])
    const { sent, text } = await callUnattended(update, { scriptId, ...content }, most(1_000))
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot be read/)
  })
})
