import { describe, expect } from 'vitest'
import { createSchedule } from '../../../src/operations/car/schedule-changes.ts'
import type { Assistant } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import type { Control } from '../../support/sandbox.ts'
import { hostsOf, hostsReached, schedulesOf } from '../../support/schedules/expected.ts'
import { addSchedules, sharedTags } from '../../support/schedules/more-schedules.ts'

// How many hosts each schedule reaches, compared with the sandbox's own data.

const test = testOn({ jobs: 100, assets: 400 })

/** The counts of all schedules by id, page by page, and the notes. */
async function countAll(assistant: Assistant, more: object = {}) {
  const counts = new Map<string, unknown>()
  const notes = new Set<string>()
  const sizes: number[] = []
  let continuationToken: string | undefined
  do {
    const { structured, text, isError } = await assistant.call(
      'car_search_schedules',
      { countHosts: true, fields: ['id', 'hosts'], ...more, ...(continuationToken && { continuationToken }) },
      'json',
    )
    expect(isError, text).toBe(false)
    for (const { id, hosts } of structured.rows) counts.set(String(id), hosts)
    if (structured.note) notes.add(structured.note)
    sizes.push(structured.rows.length)
    continuationToken = structured.continuationToken
  } while (continuationToken !== undefined)
  return { counts, note: [...notes].join('\n'), sizes }
}

/** The counts by brute force. A tag without hosts cannot be proved to have none. */
async function expectedCounts(control: Control): Promise<ReadonlyMap<string, unknown>> {
  const hosts = await hostsOf(control)
  const isEmpty = (tag: number): boolean =>
    !hosts.some(({ tags }) => tags.some(({ id }) => id === String(tag)))
  return new Map(
    (await schedulesOf(control)).map((schedule) => [
      schedule.id,
      schedule.assetTags.some(({ id }) => isEmpty(id)) ? 'unknown' : hostsReached(schedule, hosts).length,
    ]),
  )
}

describe('the hosts of each schedule', () => {
  test.for([
    {},
    { hostRecord: 'fim' },
    { hostTags: 'uuids' },
    { hostTags: 'uuidObjects' },
    { hostRecord: 'fim', hostTags: 'uuidObjects' },
    { unknownToken: 'nothing' },
  ])('are those of the data, with %o', async (knobs, { sandbox, session, assistant }) => {
    await addSchedules(session, sandbox.control)
    await sandbox.control.knobs(knobs)
    const expected = await expectedCounts(sandbox.control)
    const { counts, sizes } = await countAll(assistant)
    expect(counts).toEqual(expected)
    expect(sizes).toEqual([20, 20, 5])
    const numbers = [...expected.values()].filter((count) => typeof count === 'number')
    expect(numbers.length).toBeGreaterThan(35)
    expect(new Set(numbers).size).toBeGreaterThan(5)
  })

  test('are counted in one call for all that are due, each tag once', async ({ sandbox, assistant }) => {
    await sandbox.control.clearRequests()
    const page = { countHosts: true, dueWithinDays: 366, pageSize: 40 }
    const { structured } = await assistant.call('car_search_schedules', page, 'json')
    expect(structured.rows.length).toBeGreaterThan(20)
    expect(structured.continuationToken).toBeUndefined()
    const filters = (await sandbox.control.requests())
      .filter(({ path }) => path === '/sm/v1/assets/search')
      .map(({ body }) => String((JSON.parse(body) as { filter?: string }).filter))
    const ofTags = filters.filter((filter) => filter.startsWith('tags.'))
    expect(ofTags.length).toBeGreaterThan(10)
    expect(new Set(ofTags).size).toBe(ofTags.length)
  })

  test('are counted for at most 50 schedules a page, and its token goes on', async ({
    sandbox,
    session,
    assistant,
  }) => {
    for (const title of ['One', 'Two', 'Three']) await addSchedules(session, sandbox.control, title)
    const { counts, sizes } = await countAll(assistant, { pageSize: 200 })
    expect(sizes).toEqual([50, 5])
    expect(counts).toEqual(await expectedCounts(sandbox.control))
  })

  test('are shown in one call for those that are due', async ({ sandbox, assistant }) => {
    const expected = await expectedCounts(sandbox.control)
    const { text, structured } = await assistant.call(
      'car_search_schedules',
      { dueWithinDays: 7, countHosts: true },
      'json',
    )
    expect(structured.rows.length, text).toBeGreaterThan(10)
    for (const { id, hosts } of structured.rows) expect(hosts).toBe(expected.get(String(id)))
  })
})

describe('a number that cannot be proved is unknown', () => {
  test('where hosts cannot be read', async ({ sandbox, session, assistant }) => {
    await addSchedules(session, sandbox.control)
    await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', kind: 'status', status: 403 }])
    const { counts, note } = await countAll(assistant)
    expect(new Set(counts.values())).toEqual(new Set(['unknown']))
    expect(note).toContain('Why hosts are unknown: the list of hosts cannot be read.')
  })

  test('where a schedule names a host that the list does not show', async ({
    sandbox,
    session,
    assistant,
  }) => {
    const { inBoth } = await sharedTags(sandbox.control)
    const scripts = await sandbox.control.dump('scripts')
    const script = scripts.find(({ status, params }) => status === 'APPROVED' && String(params) === '')
    await session.call(createSchedule, {
      title: 'Gone-for-good',
      scripts: [{ id: String(script?.['id']) }],
      assets: [inBoth],
      activate: false,
      startDate: '2999-01-31',
      startTime: '08:30',
    })
    await sandbox.control.faults([
      {
        route: 'POST /sm/v1/assets/search',
        kind: 'status',
        status: 200,
        body: { errorCode: null, message: null, body: { totalCount: 0, list: [] } },
      },
    ])
    const { counts, note } = await countAll(assistant, { match: 'gone-for-good' })
    expect([...counts.values()]).toEqual(['unknown'])
    expect(note).toContain(`the list of hosts does not show host ${inBoth}`)
  })
})

const documented = testOn({ jobs: 100, assets: 300, evidence: 'documented' })

documented.for([{ unknownToken: 'reject' }, { unknownToken: 'nothing' }, { unknownToken: 'ignore' }])(
  'without public tokens no number is made up, with %o',
  async (knobs, { sandbox, assistant }) => {
    await sandbox.control.knobs(knobs)
    const expected = await expectedCounts(sandbox.control)
    const { counts, note } = await countAll(assistant)
    expect(counts.size).toBe(40)
    const known = [...counts].filter(([, count]) => count !== 'unknown')
    for (const [id, count] of known) expect(count).toBe(expected.get(id))
    expect(known.length).toBeLessThan(40)
    expect(note).toContain('cannot be proved')
  },
)

const large = testOn({ jobs: 100, assets: 2_200 })

large('what would take too many requests is unknown', async ({ sandbox, session, assistant }) => {
  const [scripts, hosts, tags] = await Promise.all(['scripts', 'assets', 'tags'].map(sandbox.control.dump))
  const script = scripts?.find(({ status, params }) => status === 'APPROVED' && String(params) === '')
  const hostIds = hosts?.map(({ id }) => String(id)) ?? []
  const tagIds = tags?.map(({ id }) => String(id)) ?? []
  expect(hostIds.length).toBeGreaterThan(2_000)
  expect(tagIds.length).toBeGreaterThan(50)
  const plans = [0, 1, 2].map((at) => ({ assets: hostIds.slice(at * 700, (at + 1) * 700) }))
  for (const [at, targets] of [...plans, { assetTags: tagIds.slice(0, 100) }].entries())
    await session.call(createSchedule, {
      title: `Many-targets ${at}`,
      scripts: [{ id: String(script?.['id']) }],
      ...targets,
      activate: false,
      startDate: '2999-01-31',
      startTime: '08:30',
    })
  const { counts, note } = await countAll(assistant, { match: 'many-targets' })
  expect([...counts.values()]).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  expect(note).toContain('at most 50 tags are counted in one call')
  expect(note).toContain('at most 2000 hosts that schedules name are looked up for a page')
})
