import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { type Filters, find } from '../../support/schedules/comparison.ts'
import { schedulesOf } from '../../support/schedules/expected.ts'

// Schedules and hosts whose records do not show what a filter asks for, and lists that cannot be read.

const test = testOn({ jobs: 100, assets: 300 })

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
    expect(text).toMatch(/lack the usual fields \(title, scripts, targets\)/)
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
  expect(note).toContain('the list of hosts cannot be read')
})

test('a host that no list shows leaves schedules with tags unknown', async ({ sandbox, assistant }) => {
  const byTag = (await schedulesOf(sandbox.control)).filter(({ assetTags }) => assetTags.length > 0).length
  const { summary, note } = await find(assistant, { assetId: '99999999' })
  expect(summary).toContain(`0 matches, ${byTag} unknown in 40 of 40 scanned`)
  expect(note).toContain('the list of hosts shows no host 99999999')
})

test('schedules are found by tag when the list of tags cannot be read', async ({ sandbox, assistant }) => {
  const [schedule] = (await schedulesOf(sandbox.control)).filter(({ assetTags }) => assetTags.length > 0)
  await sandbox.control.faults([{ route: 'POST /sm/v1/assettags/search', kind: 'status', status: 403 }])
  const { ids } = await find(assistant, { tagId: String(schedule?.assetTags[0]?.id) })
  expect(ids).toContain(schedule?.id)
})
