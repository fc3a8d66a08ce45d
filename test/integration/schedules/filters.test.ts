import { describe, expect, onTestFinished, vi } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { compareAll, type Filters, filtersOf, find } from '../../support/schedules/comparison.ts'
import { nextRunText, schedulesOf } from '../../support/schedules/expected.ts'
import { addSchedules } from '../../support/schedules/more-schedules.ts'

// The local filters of schedules, compared with the sandbox's own data: the 40 seeded schedules, and some with several
// targets.

const test = testOn({ jobs: 100, assets: 300 })

describe('the filters of schedules keep what the data say', () => {
  test('each alone', { timeout: 60_000 }, async ({ sandbox, session, assistant }) => {
    await addSchedules(session, sandbox.control)
    const filters = await filtersOf(sandbox.control)
    expect(filters.length).toBeGreaterThan(80)
    expect(await compareAll(assistant, sandbox.control, filters)).toBeGreaterThan(150)
  })

  test('in pairs', { timeout: 60_000 }, async ({ sandbox, session, assistant }) => {
    await addSchedules(session, sandbox.control)
    const all = await filtersOf(sandbox.control)
    const some = (name: string): Filters[] => all.filter((one) => name in one).slice(-3)
    const names = ['scriptId', 'tagId', 'assetId', 'active', 'dueWithinDays']
    const pairs = names.flatMap((name, at) =>
      names
        .slice(at + 1)
        .flatMap((other) => some(name).flatMap((one) => some(other).map((two) => ({ ...one, ...two })))),
    )
    expect(pairs.length).toBeGreaterThan(70)
    expect(await compareAll(assistant, sandbox.control, pairs)).toBeGreaterThan(30)
  })

  test.for([
    { hostRecord: 'fim' },
    { hostTags: 'uuids' },
    { hostTags: 'uuidObjects' },
    { hostRecord: 'fim', hostTags: 'uuids' },
    { unknownToken: 'nothing' },
    { unknownToken: 'ignore' },
    { emptyLists: 'null' },
  ])('with %o', { timeout: 60_000 }, async (knobs, { sandbox, session, assistant }) => {
    await addSchedules(session, sandbox.control)
    await sandbox.control.knobs(knobs)
    const all = await filtersOf(sandbox.control)
    const some = (name: string): Filters[] => all.filter((one) => name in one).slice(-12)
    const filters = ['assetId', 'tagId', 'dueWithinDays'].flatMap(some)
    expect(await compareAll(assistant, sandbox.control, filters)).toBeGreaterThan(40)
  })
})

describe('each row shows', () => {
  test('its next run and its targets by name', async ({ sandbox, session, assistant }) => {
    await addSchedules(session, sandbox.control)
    const schedules = await schedulesOf(sandbox.control)
    const tags = await sandbox.control.dump('tags')
    const { structured } = await assistant.call('car_search_schedules', { pageSize: 200 }, 'json')
    expect(structured.rows).toHaveLength(schedules.length)
    const seconds = (text: unknown): string => String(text).replace(/T(\d\d:\d\d)Z$/, 'T$1:00Z')
    for (const schedule of schedules) {
      const row = structured.rows.find(({ id }) => id === schedule.id)
      const runs = nextRunText(schedule, Date.now())
      expect(seconds(row?.['nextRun']), JSON.stringify(schedule)).toBe(runs.replace(/:\d\dZ$/, ':00Z'))
      for (const { id } of schedule.assetTags) {
        const name = tags.find(({ tagId }) => tagId === id)?.['name']
        expect(row?.['targets']).toContain(`${name} (${id})`)
      }
      for (const { id } of schedule.assets) expect(row?.['targets']).toContain(String(id))
      if (schedule.excludedAssets.length > 0) expect(row?.['targets']).toContain('without 1 excluded')
      if (schedule.allTagsForAssetsEnabled) expect(row?.['targets']).toContain(' + ')
    }
    expect(structured.note).toMatch(/nextRun is computed, in UTC/)
    expect(structured.note?.match(/computed/g)).toHaveLength(1)
  })

  test('its tags by name, also alone and in an export', async ({ sandbox, assistant }) => {
    const [schedule] = (await schedulesOf(sandbox.control)).filter(({ assetTags }) => assetTags.length > 0)
    const tags = await sandbox.control.dump('tags')
    const name = tags.find(({ tagId }) => tagId === schedule?.assetTags[0]?.id)?.['name']
    expect(typeof name).toBe('string')
    const one = await assistant.call('car_get_schedule', { scheduleId: schedule?.id })
    expect(one.text).toContain(`"name":"${name}"`)
    expect(one.text).toMatch(/nextRun: .*\nNote: nextRun is computed/)
    const all = await assistant.call('car_search_schedules', { fields: ['id', 'assetTags'], pageSize: 200 })
    expect(all.text).toContain(String(name))
    expect(all.text).not.toContain('computed')
    const exported = await assistant.call('qualys_export', {
      tool: 'car_search_schedules',
      format: 'csv',
      arguments: { tagId: String(schedule?.assetTags[0]?.id), fields: ['targets', 'nextRun'] },
    })
    expect(exported.text).toContain(`${name} (${schedule?.assetTags[0]?.id})`)
  })

  test('that match finds: names of tags and the next run', async ({ sandbox, assistant }) => {
    const [schedule] = (await schedulesOf(sandbox.control)).filter(
      ({ assetTags, activate }) => activate && assetTags.length > 0,
    )
    if (!schedule) throw new Error('no active schedule with a tag')
    const tags = await sandbox.control.dump('tags')
    const name = String(tags.find(({ tagId }) => tagId === schedule.assetTags[0]?.id)?.['name'])
    const minute = nextRunText(schedule, Date.now()).replace(/:\d\dZ$/, 'Z')
    for (const match of [name, minute]) expect((await find(assistant, { match })).ids).toContain(schedule.id)
  })
})

test('a schedule is due until the last moment of the last day', async ({ sandbox, assistant }) => {
  onTestFinished(() => void vi.useRealTimers())
  const schedule = (await schedulesOf(sandbox.control)).find(
    ({ activate, recurrence }) => activate && recurrence?.frequency === 'MONTHLY',
  )
  if (!schedule) throw new Error('no active monthly schedule')
  const run = Date.parse(nextRunText(schedule, Date.now()))
  const isDue = async (days: number, offset: number): Promise<boolean> => {
    vi.useFakeTimers({ toFake: ['Date'], now: run - days * 86_400_000 + offset })
    const { ids } = await find(assistant, { dueWithinDays: days })
    return ids.includes(schedule.id)
  }
  expect(await isDue(7, 0)).toBe(true)
  expect(await isDue(7, -1)).toBe(false)
  expect(await isDue(1, 0)).toBe(true)
  expect(await isDue(1, -1)).toBe(false)
  // Its run is now: it counts. A moment later the next one does.
  expect(await isDue(1, 86_400_000)).toBe(true)
  expect(await isDue(1, 86_400_001)).toBe(false)
})

const documented = testOn({ jobs: 100, assets: 300, evidence: 'documented' })

documented('without public tokens the filters keep the same', async ({ sandbox, assistant }) => {
  const all = await filtersOf(sandbox.control)
  const some = (name: string): Filters[] => all.filter((one) => name in one).slice(-6)
  const filters = ['scriptId', 'tagId', 'assetId', 'dueWithinDays'].flatMap(some)
  expect(await compareAll(assistant, sandbox.control, filters)).toBeGreaterThan(15)
})
