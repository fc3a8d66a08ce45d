import { describe, expect } from 'vitest'
import type { Assistant } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import type { Control } from '../../support/sandbox.ts'
import {
  hostsOf,
  hostsReached,
  nextRunText,
  type StoredHost,
  type StoredSchedule,
  schedulesOf,
} from '../../support/schedules/expected.ts'
import { addSchedules } from '../../support/schedules/more-schedules.ts'

// The local filters of schedules, compared with the sandbox's own data: the 40 seeded schedules, and some with several
// targets.

const test = testOn({ jobs: 100, assets: 300 })

type Filters = Readonly<Record<string, unknown>>

/** Whether a schedule passes filters, by the data alone. */
function passes(schedule: StoredSchedule, filters: Filters, hosts: readonly StoredHost[]): boolean {
  const { scriptId, tagId, assetId, active, dueWithinDays } = filters
  const days = Number(dueWithinDays)
  const next = Date.parse(nextRunText(schedule, Date.now()))
  return (
    (scriptId === undefined || schedule.scripts.some(({ id }) => String(id) === scriptId)) &&
    (tagId === undefined || schedule.assetTags.some(({ id }) => String(id) === tagId)) &&
    (assetId === undefined || hostsReached(schedule, hosts).some((id) => String(id) === assetId)) &&
    (active === undefined || schedule.activate === active) &&
    (dueWithinDays === undefined || next <= Date.now() + days * 86_400_000)
  )
}

/** The ids of the schedules that the tool finds, and its note. */
async function find(assistant: Assistant, filters: Filters) {
  const { text, structured, isError } = await assistant.call(
    'car_search_schedules',
    { ...filters, pageSize: 200 },
    'json',
  )
  expect(isError, text).toBe(false)
  const { summary, rows, note = '' } = structured
  return { summary, note, ids: rows.map(({ id }) => String(id)).sort() }
}

/** Each value of each filter that occurs in the data. */
async function filtersOf(control: Control): Promise<Filters[]> {
  const schedules = await schedulesOf(control)
  const hosts = await hostsOf(control)
  const each = (name: string, values: readonly unknown[]): Filters[] =>
    [...new Set(values.map(String))].map((value) => ({ [name]: value }))
  const byTag = new Map(hosts.flatMap((host) => host.tags.map(({ id }) => [id, host.id] as const)))
  return [
    ...each(
      'scriptId',
      schedules.flatMap(({ scripts }) => scripts.map(({ id }) => id)),
    ),
    ...each(
      'tagId',
      schedules.flatMap(({ assetTags }) => assetTags.map(({ id }) => id)),
    ),
    ...each('assetId', [
      ...schedules.flatMap(({ assets, excludedAssets }) =>
        [...assets, ...excludedAssets].map(({ id }) => id),
      ),
      // A host of each tag that occurs.
      ...schedules.flatMap(({ assetTags }) => assetTags.flatMap(({ id }) => byTag.get(String(id)) ?? [])),
    ]),
    { active: true },
    { active: false },
    ...[1, 2, 3, 7, 31, 366].map((dueWithinDays) => ({ dueWithinDays })),
  ]
}

async function compareAll(assistant: Assistant, control: Control, filters: readonly Filters[]) {
  const schedules = await schedulesOf(control)
  const hosts = await hostsOf(control)
  let matches = 0
  for (const one of filters) {
    const expected = schedules.filter((schedule) => passes(schedule, one, hosts)).map(({ id }) => id)
    const { ids, summary } = await find(assistant, one)
    expect(ids, JSON.stringify(one)).toEqual(expected.sort())
    expect(summary).toContain(`${expected.length} match`)
    expect(summary).toContain(`in ${schedules.length} of ${schedules.length} scanned`)
    expect(summary).not.toContain('unknown')
    matches += expected.length
  }
  return matches
}

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
    expect(structured.note).toMatch(/nextRun is computed .* in UTC/)
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

describe('schedules of which only the id is shown', () => {
  const filters: readonly Filters[] = [
    { scriptId: '19218' },
    { tagId: '7512829' },
    { assetId: '21807689' },
    { active: true },
    { active: false },
    { dueWithinDays: 7 },
    { active: true, dueWithinDays: 366, tagId: '7512829' },
    { dueWithinDays: 7, countHosts: true },
  ]

  test.for(filters)('are unknown to %o, not absent', async (one, { sandbox, assistant }) => {
    await sandbox.control.knobs({ scheduleRecord: 'bare' })
    const { summary, note, ids } = await find(assistant, one)
    expect(ids).toEqual([])
    expect(summary).toContain('0 matches, 40 unknown in 40 of 40 scanned')
    expect(note).toMatch(/40 rows do not show .*: whether they are among what you ask for is unknown/)
  })

  test('still have a page, which says what is missing', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ scheduleRecord: 'bare' })
    const { text, structured } = await assistant.call('car_search_schedules', { pageSize: 200 })
    expect(structured).toBeUndefined()
    expect(text).toContain('schedules 1-40 of 40')
    expect(text).toMatch(/lack the usual fields \(title, activate, scripts, targets\)/)
    for (const { id } of await schedulesOf(sandbox.control)) expect(text).toContain(id)
    const counted = await assistant.call('car_search_schedules', { countHosts: true })
    expect(counted.text).toContain('Why hosts are unknown: a schedule does not show all its targets.')
    const [{ id } = { id: '' }] = await schedulesOf(sandbox.control)
    const one = await assistant.call('car_get_schedule', { scheduleId: id })
    expect(one.text).toContain('nextRun: unknown')
  })

  test('are not found by words, and the answer says what was looked in', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ scheduleRecord: 'bare' })
    const { note } = await find(assistant, { match: 'nightly' })
    expect(note).toContain('Looked in every field of the rows (id, customerUuid, nextRun)')
  })
})

test('a host whose tags cannot be read leaves schedules with tags unknown', async ({
  sandbox,
  assistant,
}) => {
  const schedules = await schedulesOf(sandbox.control)
  const named = schedules.find(({ assets }) => assets.length > 0)
  const host = String(named?.assets[0]?.id)
  await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', kind: 'status', status: 403 }])
  const { ids, summary, note } = await find(assistant, { assetId: host })
  const byTag = schedules.filter(({ assetTags }) => assetTags.length > 0).length
  expect(ids).toContain(named?.id)
  expect(summary).toContain(`${byTag} unknown in 40 of 40 scanned`)
  expect(note).toContain(`the tags of host ${host} cannot be read`)
})

test('schedules are found by tag when the list of tags cannot be read', async ({ sandbox, assistant }) => {
  const [schedule] = (await schedulesOf(sandbox.control)).filter(({ assetTags }) => assetTags.length > 0)
  await sandbox.control.faults([{ route: 'POST /sm/v1/assettags/search', kind: 'status', status: 403 }])
  const { ids } = await find(assistant, { tagId: String(schedule?.assetTags[0]?.id) })
  expect(ids).toContain(schedule?.id)
})
