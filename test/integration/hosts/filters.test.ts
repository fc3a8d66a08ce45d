import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import { countsIn, expectedIds, fleetOf, type HostFilter, hostsFound } from '../../support/hosts/fleet.ts'

// The filters of hosts that this program keeps, against the sandbox's own data, in each form that records may have. By
// results: results.test.ts.

const test = testOn({ jobs: 200, assets: 190 }, { QUALYS_REPLY_CHARS: '400000' })

const platforms = ['WINDOWS', 'LINUX', 'UNIX', 'MAC']
const dates = ['2026-09-25', '2026-10-20T12:00:00Z', '2026-11-20T09:00:00Z', '2030-01-01', '2000-01-01']
/** Twenty tags, among them all of the lab. */
const tagIds = [...Array(18).keys(), 19, 20].map((number) => String(7512800 + number))

const single: readonly HostFilter[] = [
  ...platforms.map((platform) => ({ platform })),
  ...tagIds.map((tagId) => ({ tagId })),
  ...['*', '7512802', '7512813'].map((withoutTag) => ({ withoutTag })),
  ...dates.map((notSeenSince) => ({ notSeenSince })),
]
const pairs: readonly HostFilter[] = platforms.flatMap((platform) => [
  { platform, tagId: '7512802' },
  { platform, notSeenSince: '2026-11-01' },
  { platform, tagId: '7512801', notSeenSince: '2026-11-20T10:00:00Z' },
])

const forms = [
  {},
  { hostRecord: 'fim', hostTags: 'uuids' },
  { hostRecord: 'fim', hostTags: 'uuidObjects' },
  { hostTags: 'uuids' },
  { hostRecord: 'fim', hostTags: 'names' },
  { longIds: true },
] as const

describe.each(forms)('hosts of the form %j', (form) => {
  test('are found by each filter, and by pairs of them', async ({ sandbox, assistant }) => {
    const isLong = 'longIds' in form
    await sandbox.control.knobs(form)
    const fleet = await fleetOf(sandbox)
    let matched = 0
    for (const filter of [...single, ...pairs]) {
      if (isLong && (filter.tagId ?? filter.withoutTag) !== undefined) continue
      const expected = expectedIds(fleet, filter)
      const { ids, summary } = await hostsFound(assistant, filter)
      const counts = { matches: expected.length, unknown: 0 }
      expect(countsIn(summary), `${JSON.stringify(filter)}: ${summary}`).toEqual(counts)
      // Long ids are other ids than those of the data.
      if (!isLong) expect(ids, JSON.stringify(filter)).toEqual(expected)
      if (expected.length > 0) matched++
    }
    expect(matched).toBeGreaterThan(isLong ? 8 : 25)
  })
})

describe.each([{}, { hostTags: 'uuids' }, { hostRecord: 'fim', hostTags: 'names' }])(
  'hosts of the form %j',
  (form) => {
    test('are found by the name of a tag as by its id', async ({ sandbox, assistant }) => {
      await sandbox.control.knobs(form)
      const fleet = await fleetOf(sandbox)
      const tags = (await sandbox.control.dump('tags')).slice(8, 20)
      const sizes = new Set<number>()
      for (const { id, name } of tags) {
        const expected = expectedIds(fleet, { tagId: String(id) })
        expect((await hostsFound(assistant, { tagId: String(name).toLowerCase() })).ids).toEqual(expected)
        sizes.add(expected.length)
      }
      expect(tags.some(({ lab }) => lab === true)).toBe(true)
      expect(sizes.size).toBeGreaterThan(3)
    })
  },
)

describe('words and times', () => {
  test.for(['windows', ' Windows ', 'WINDOWS'])('platform %j', async (platform, { sandbox, assistant }) => {
    const expected = expectedIds(await fleetOf(sandbox), { platform: 'WINDOWS' })
    expect((await hostsFound(assistant, { platform })).ids).toEqual(expected)
  })

  test.for([
    [{ platform: 'AIX' }, /platform: must be one of WINDOWS, LINUX, UNIX, MAC/],
    [{ notSeenSince: 'last week' }, /notSeenSince: must be an ISO 8601/],
    [{ noResultSince: '2026-02-30' }, /noResultSince: must be an ISO 8601/],
    [{ tagId: 'x'.repeat(1_025) }, /tagId: must be an id .* or the exact name of a tag/],
  ] as const)('%j is refused', async ([args, message], { assistant }) => {
    const { text, isError } = await assistant.call('car_search_assets', args)
    expect(isError).toBe(true)
    expect(text).toMatch(message)
  })
})

describe('what is not shown is unknown, and no zero', () => {
  test('tags, if records have no such field', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ hostTags: 'none' })
    for (const filter of [{ tagId: '7512802' }, { withoutTag: '7512802' }, { withoutTag: '*' }]) {
      const { text } = await assistant.call('car_search_assets', filter)
      expect(text).toContain('0 matches, 190 unknown in 190 of 190 scanned')
      expect(text).toContain('190 rows do not show their tags')
    }
  })

  test('tags of a lab by UUID, if no list shows them', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ hostTags: 'uuids' })
    const { assets, tags } = await fleetOf(sandbox)
    const refused = { route: 'POST /sm/v1/assettags/search', kind: 'status', status: 400, skip: 1 }
    await sandbox.control.faults([refused])
    const lab = tags.filter((tag) => tag.lab).map(({ id }) => id)
    const { summary, note } = await hostsFound(assistant, { tagId: lab[0] ?? '' })
    // Every host with a tag shows a UUID that is not known to be another tag.
    const tagged = assets.filter((host) => host.tags.some(({ id }) => lab.includes(id)))
    expect(tagged.length).toBeGreaterThan(1)
    expect(countsIn(summary).unknown).toBeGreaterThanOrEqual(tagged.length)
    expect(countsIn(summary).matches).toBe(0)
    expect(note).toContain('No list of tags shows the id 7512812')
  })

  test('tags by UUID, if the list of tags is refused', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs({ hostTags: 'uuidObjects' })
    const { assets } = await fleetOf(sandbox)
    await sandbox.control.faults([
      { route: 'POST /sm/v1/assettags/search', kind: 'status', status: 403, body: {} },
    ])
    const { summary, note } = await hostsFound(assistant, { tagId: '7512802' })
    const tagged = assets.filter((host) => host.tags.length > 0).length
    expect(countsIn(summary)).toEqual({ matches: 0, unknown: tagged })
    expect(note).toContain('The list of tags cannot be read.')
  })

  test('tags by id need no list of tags', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([
      { route: 'POST /sm/v1/assettags/search', kind: 'status', status: 403, body: {} },
    ])
    const expected = expectedIds(await fleetOf(sandbox), { tagId: '7512802' })
    expect(expected.length).toBeGreaterThan(2)
    expect((await hostsFound(assistant, { tagId: '7512802' })).ids).toEqual(expected)
  })

  test.for([
    [{ platform: 'LINUX' }, ['platform', 'operatingSystem'], 'a known platform or system'],
    [{ notSeenSince: '2026-11-01' }, ['lastSeen'], 'when they were seen last'],
  ] as const)('%j without its fields', async ([args, fields, words], { sandbox, assistant }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', kind: 'dropField', fields }])
    const { text } = await assistant.call('car_search_assets', args)
    expect(text).toContain('0 matches, 190 unknown in 190 of 190 scanned')
    expect(text).toContain(`190 rows do not show ${words}`)
  })
})

test('an unknown tag is said to be one', async ({ assistant }) => {
  const { text } = await assistant.call('car_search_assets', { tagId: '999' })
  expect(text).toContain('0 matches in 190 of 190 scanned')
  expect(text).toContain('No list of tags shows the id 999; lab tags may be missing there.')
})

test('a tag is also taken by its UUID', async ({ sandbox, assistant }) => {
  const fleet = await fleetOf(sandbox)
  const tagId = '7512802'
  const uuid = fleet.tags.find(({ id }) => id === tagId)?.tagUuid.toUpperCase() ?? ''
  for (const hostTags of ['named', 'uuids', 'names']) {
    await sandbox.control.knobs({ hostTags })
    expect((await hostsFound(assistant, { tagId: uuid })).ids).toEqual(expectedIds(fleet, { tagId }))
  }
})
