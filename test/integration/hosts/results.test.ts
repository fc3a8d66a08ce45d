import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import {
  countsIn,
  expectedIds,
  type Fleet,
  fleetOf,
  type HostFilter,
  hostsFound,
} from '../../support/hosts/fleet.ts'

// Hosts without a result and without a success since a time, against the sandbox's own data, in each form in which
// results may name their hosts. Where they do not, hosts are unknown, and none is said to be without.

const test = testOn(
  { jobs: 300, assets: 190 },
  { QUALYS_REPLY_CHARS: '400000', QUALYS_MAX_WAIT_SECONDS: '0' },
)

const route = 'POST /sm/v2/assetjobs/search'
const dates = ['2022-01-01', '2026-10-01T00:00:00Z', '2026-11-19T12:00:00Z', '2030-01-01']
const filters: readonly HostFilter[] = dates.flatMap((since) => [
  { noResultSince: since },
  { noSuccessSince: since },
])
const pairs: readonly HostFilter[] = [
  { noResultSince: '2026-06-01', platform: 'LINUX' },
  { noSuccessSince: '2026-06-01', tagId: '7512802' },
  { noSuccessSince: '2026-01-01', notSeenSince: '2026-11-20T09:00:00Z' },
  { noResultSince: '2026-11-10', noSuccessSince: '2025-11-10' },
]

const complete = [
  {},
  { resultHosts: 'uuid' },
  { resultHosts: 'text', hostStatus: 'manifest' },
  { hostRecord: 'fim', hostTags: 'uuids' },
  { hostRecord: 'fim', hostTags: 'uuidObjects', resultHosts: 'uuid' },
] as const

describe.each(complete)('%j', (form) => {
  test('hosts without results are found', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs(form)
    const fleet = await fleetOf(sandbox)
    const sizes = new Set<number>()
    for (const filter of [...filters, ...pairs]) {
      const expected = expectedIds(fleet, filter)
      const { ids, summary } = await hostsFound(assistant, filter)
      const counts = { matches: expected.length, unknown: 0 }
      expect(countsIn(summary), `${JSON.stringify(filter)}: ${summary}`).toEqual(counts)
      expect(ids, JSON.stringify(filter)).toEqual(expected)
      sizes.add(expected.length)
    }
    expect(sizes.size).toBeGreaterThan(5)
  })
})

/** What the results since a time say of hosts, if some of them name none. */
function knownIn({ assets, results }: Fleet, since: string, isNamed: (id: string) => boolean) {
  const start = Date.parse(since)
  const done = results.filter(({ created, outcome }) => created.dateTime >= start && outcome !== 'open')
  const named = new Set(done.filter(({ id }) => isNamed(id)).map(({ asset }) => asset.id))
  return {
    read: results.filter(({ created }) => created.dateTime >= start).length,
    nameless: done.filter(({ id }) => !isNamed(id)).length,
    unknown: assets.filter(({ id }) => !named.has(id)).length,
  }
}

describe('unknown are hosts without a result', () => {
  test.for([
    ['some', (id: string) => Number(id) % 3 !== 0],
    ['none', () => false],
  ] as const)(
    'if of the results name their hosts: %s',
    async ([resultHosts, isNamed], { sandbox, assistant }) => {
      await sandbox.control.knobs({ resultHosts })
      const noResultSince = '2026-06-01'
      const { read, nameless, unknown } = knownIn(await fleetOf(sandbox), noResultSince, isNamed)
      expect(nameless).toBeGreaterThan(20)
      const { summary, note } = await hostsFound(assistant, { noResultSince })
      expect(countsIn(summary)).toEqual({ matches: 0, unknown })
      expect(note).toContain(`Read ${read} results that Qualys processed since 2026-06-01T00:00Z`)
      expect(note).toContain(`${nameless} of them name no host.`)
      expect(note).toContain('whether they have a result')
    },
  )

  test('if results show neither how they ended nor that they are open', async ({ sandbox, assistant }) => {
    const fields = ['enddate', 'output', 'status']
    await sandbox.control.faults([{ route, kind: 'dropField', fields }])
    const { assets, results } = await fleetOf(sandbox)
    const { summary, note } = await hostsFound(assistant, { noResultSince: '2022-01-01' })
    const withRun = new Set(results.map(({ asset }) => asset.id)).size
    expect(withRun).toBeGreaterThan(50)
    expect(countsIn(summary)).toEqual({ matches: assets.length - withRun, unknown: withRun })
    expect(note).toContain(`${results.length.toLocaleString('en')} are open`)
  })

  test('without a success, if results have no exit code', async ({ sandbox, assistant }) => {
    await sandbox.control.faults([{ route, kind: 'dropField', fields: ['output'] }])
    const { assets, results } = await fleetOf(sandbox)
    const done = results.filter(({ outcome }) => outcome !== 'open')
    const withResult = new Set(done.map(({ asset }) => asset.id)).size
    const { summary, note } = await hostsFound(assistant, { noSuccessSince: '2022-01-01' })
    expect(countsIn(summary)).toEqual({ matches: assets.length - withResult, unknown: withResult })
    expect(note).toContain(`0 succeeded, ${done.length.toLocaleString('en')} show no exit code`)
  })
})

test('results that may name hosts in another way are told', async ({ sandbox, assistant }) => {
  const ended = { enddate: '2026-11-20T10:00:00.000+00:00', output: { code: 0, text: 'SUCCESS' } }
  const data = { id: '1', created: { dateTime: 1_763_600_000_000 }, ...ended, asset: { id: 5 } }
  const body = { body: { totalCount: 1, list: [{ sortValues: [1, '1'], data }] } }
  await sandbox.control.faults([{ route, kind: 'reply', body }])
  const { summary, note } = await hostsFound(assistant, { noResultSince: '2022-01-01' })
  expect(countsIn(summary).matches).toBe(190)
  expect(note).toContain('No host looked at is in them: they may name hosts in another way.')
})

describe('a list of results that is', () => {
  test.for([
    ['refused', { kind: 'status', status: 403, body: {} }, 'setup'],
    ['withdrawn', { kind: 'status', status: 404, body: {} }, 'setup'],
    ['broken', { kind: 'html' }, 'vendor'],
  ] as const)('%s is an error, and no list of hosts', async ([, fault, kind], { sandbox, assistant }) => {
    await sandbox.control.faults([{ route, ...fault }])
    const { text, isError, error } = await assistant.call('car_search_assets', {
      noResultSince: '2022-01-01',
    })
    expect(isError, text).toBe(true)
    expect(error).toMatchObject({ kind })
    expect(text).toMatch(/^noResultSince needs another list\. /)
    expect(text).not.toContain('assets:')
  })
})
