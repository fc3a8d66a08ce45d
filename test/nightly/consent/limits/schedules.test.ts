import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '../../../support/consent/raw-client.ts'
import { type Alterations, alteredPlatform, alteringRows } from '../../../support/effects/altered-platform.ts'
import { openSandbox } from '../../../support/sandbox.ts'
import { plan as planned, schedulesOf, storeSchedule as storedOn } from './both-modes.ts'
import { Fleet, most } from './fleet.ts'

// QUALYS_MAX_ASSETS_PER_RUN for scheduled runs: schedules, and new content of the scripts they run.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let fleet: Fleet
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100, assets: 200 })
  fleet = await Fleet.of(sandbox)
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

describe('schedules', () => {
  let titles = 0
  const plan = () => planned(`Limits ${++titles}`)
  const stored = (targets: object) => storedOn(sandbox, `Limits ${++titles}`, targets)

  const ids = (count: number): number[] => fleet.assets.slice(0, count).map(({ id }) => id)

  test('created on hosts', async () => {
    const count = (limit: number) =>
      fleet.attempt({ ...plan(), assets: ids(3) }, most(limit), 'car_create_schedule')
    expect((await count(2)).sent).toBe(0)
    expect((await count(2)).text).toMatch(/the target has 3 hosts, and QUALYS_MAX_ASSETS_PER_RUN is 2/)
  })

  test('created on hosts, at the limit', async () => {
    const client = await connect(sandbox, 'modern', {
      settings: { QUALYS_MODE: 'unattended', QUALYS_MAX_ASSETS_PER_RUN: '3' },
    })
    expect((await client.call('car_create_schedule', { ...plan(), assets: ids(3) })).isError).toBe(false)
  })

  test('created on a tag', async () => {
    const tag = fleet.someTag()
    const args = { ...plan(), assetTags: [tag] }
    const over = await fleet.attempt(args, most(fleet.hostsWith(tag).length - 1), 'car_create_schedule')
    expect(over.sent).toBe(0)
  })

  test('switched on: its hosts', async () => {
    const { id } = await stored({ assets: ids(3) })
    await fleet.expectCount({ scheduleId: id }, 3, 'car_activate_schedule')
  })

  test('switched on: the hosts that its tags have', async () => {
    const tag = fleet.someTag()
    const { id } = await stored({ assetTags: [tag], assets: [ids(1)[0]] })
    const hosts = new Set([...fleet.hostsWith(tag), ids(1)[0]]).size
    await fleet.expectCount({ scheduleId: id }, hosts, 'car_activate_schedule')
  })

  test('changed without naming hosts: its current ones', async () => {
    const { id } = await stored({ assets: ids(3) })
    const over = await fleet.attempt(
      { ...plan(), scheduleId: id, activate: true },
      most(2),
      'car_update_schedule',
    )
    expect(over.sent).toBe(0)
    expect(
      (await fleet.attempt({ ...plan(), scheduleId: id, activate: true }, most(3), 'car_update_schedule'))
        .sent,
    ).toBe(1)
  })

  test('switched off and nothing else, however many hosts it has: it runs nothing', async () => {
    const { id } = await stored({ assets: ids(3) })
    const off = { scheduleId: id, activate: false }
    expect((await fleet.attempt(off, most(2), 'car_update_schedule')).sent).toBe(1)
    const changed = { ...plan(), ...off }
    expect((await fleet.attempt(changed, most(2), 'car_update_schedule')).sent).toBe(0)
  })

  test('changed to fewer hosts, though its tags stay', async () => {
    const tag = fleet.someTag()
    const { id } = await stored({ assetTags: [tag], assets: ids(2) })
    const hosts = new Set([...fleet.hostsWith(tag), fleet.assets[0]?.id]).size
    const change = { ...plan(), scheduleId: id, activate: true, assets: ids(1) }
    expect((await fleet.attempt(change, most(hosts - 1), 'car_update_schedule')).sent).toBe(0)
  })

  test('its exclusions are sent back, and count', async () => {
    const tag = fleet.someTag()
    const hosts = fleet.hostsWith(tag)
    const { id } = await stored({ assetTags: [tag], excludedAssets: [hosts[0]] })
    const change = { ...plan(), scheduleId: id, activate: true }
    expect((await fleet.attempt(change, most(hosts.length - 2), 'car_update_schedule')).sent).toBe(0)
  })

  const drop = (name: string) => alteringRows(/\/scheduler\//, ({ [name]: _, ...row }) => row)

  test.each(['assets', 'assetTags'])('whose %s cannot be read: over any limit', async (name) => {
    const { id } = await stored({ assets: ids(1), assetTags: [fleet.someTag()] })
    const platform = await alteredPlatform(sandbox, drop(name))
    const { sent, text } = await fleet.attempt(
      { scheduleId: id },
      most(25),
      'car_activate_schedule',
      platform,
    )
    expect(sent).toBe(0)
    expect(text).toMatch(/the targets of schedule .* cannot be read/)
  })

  test('that shows no host', async () => {
    const { id } = await stored({ assets: ids(1) })
    const platform = await alteredPlatform(
      sandbox,
      alteringRows(/\/scheduler\//, (row) => ({ ...row, assets: [], assetTags: null })),
    )
    const { sent, text } = await fleet.attempt(
      { scheduleId: id },
      most(25),
      'car_activate_schedule',
      platform,
    )
    expect(sent).toBe(0)
    expect(text).toMatch(/no host can be counted/)
  })

  test('that does not exist', async () => {
    const { sent } = await fleet.attempt({ scheduleId: 'x-1' }, most(25), 'car_activate_schedule')
    expect(sent).toBe(0)
  })
})

describe('new content runs through active schedules', () => {
  /** A script that one active schedule runs, and on how many hosts. */
  async function scheduled(): Promise<{ readonly scriptId: number; readonly hosts: number }> {
    const active = (await schedulesOf(sandbox)).filter(({ activate }) => activate)
    for (const { scripts, assetTags } of active) {
      const [script, tag] = [scripts[0]?.id, assetTags[0]?.id]
      const twice = active.filter(({ scripts }) => scripts[0]?.id === script).length > 1
      const hosts = fleet.hostsWith(String(tag)).length
      if (script !== undefined && !twice && hosts > 1) return { scriptId: script, hosts }
    }
    throw new Error('no such script')
  }
  const content = { content: 'echo 1', comment: 'simpler' }

  test('on as many hosts as they have', async () => {
    const { scriptId, hosts } = await scheduled()
    const over = await fleet.attempt({ scriptId, ...content }, most(hosts - 1), 'car_update_script')
    expect(over.sent).toBe(0)
    expect(over.text).toMatch(new RegExp(`schedule .* has ${hosts} hosts`))
    expect((await fleet.attempt({ scriptId, ...content }, most(hosts), 'car_update_script')).sent).toBe(1)
  })

  test('a title alone runs nothing', async () => {
    const { scriptId } = await scheduled()
    expect((await fleet.attempt({ scriptId, title: 'T' }, most(0), 'car_update_script')).sent).toBe(1)
  })

  test.each([
    [
      'the schedules cannot be listed',
      { answer: (path: string) => (path.includes('/scheduler/') ? { body: 'none' } : undefined) },
    ],
    ['a schedule does not show its scripts', alteringRows(/\/scheduler\//, ({ scripts: _, ...row }) => row)],
    [
      'the schedules do not show their hosts',
      alteringRows(/\/scheduler\//, ({ assetTags: _, ...row }) => row),
    ],
  ])('%s: over any limit', async (_what, alterations: Alterations) => {
    const { scriptId } = await scheduled()
    const platform = await alteredPlatform(sandbox, alterations)
    const { sent, text } = await fleet.attempt(
      { scriptId, ...content },
      most(1_000),
      'car_update_script',
      platform,
    )
    expect(sent).toBe(0)
    expect(text).toMatch(/cannot be read/)
  })

  test('a schedule that does not say whether it is active counts as active', async () => {
    const { scriptId, hosts } = await scheduled()
    const platform = await alteredPlatform(
      sandbox,
      alteringRows(/\/scheduler\//, ({ activate: _, ...row }) => row),
    )
    const over = await fleet.attempt({ scriptId, ...content }, most(hosts - 1), 'car_update_script', platform)
    expect(over.sent).toBe(0)
  })
})
