import { expect } from 'vitest'
import type { Assistant } from '../assistant.ts'
import type { Control } from '../sandbox.ts'
import {
  hostsOf,
  hostsReached,
  nextRunText,
  type StoredHost,
  type StoredSchedule,
  schedulesOf,
} from './expected.ts'

// What the local filters of schedules keep, compared with the sandbox's own data.

export type Filters = Readonly<Record<string, unknown>>

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
export async function find(assistant: Assistant, filters: Filters) {
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
export async function filtersOf(control: Control): Promise<Filters[]> {
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

export async function compareAll(assistant: Assistant, control: Control, filters: readonly Filters[]) {
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
