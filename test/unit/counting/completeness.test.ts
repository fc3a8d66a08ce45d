import { describe, expect, test } from 'vitest'
import {
  BusyError,
  type QualysError,
  TimeoutError,
  TooLargeError,
  VendorError,
} from '../../../src/shared/errors.ts'
import { countJobs } from '../../../src/tools/workflows/count/count.ts'
import { Counter, hostsWith, moment, runOf, runsWith } from '../../support/counting/memory.ts'
import { type CannedAnswer, callerOn } from '../../support/workflows/memory.ts'
import { jobs } from '../../support/workflows/runs.ts'

// Whether all rows were counted: a thousand rows a call, each call after the one before, and the note on an
// incomplete count.

const total = 10_500
const platforms = ['LINUX', 'WINDOWS', 'MAC', 'UNIX']

/** One batch of the runs, from an index on. */
const batch = (from: number, size = 1_000, sorted = true): CannedAnswer => ({
  route: jobs,
  times: 1,
  body: {
    body: {
      totalCount: total,
      list: Array.from({ length: Math.min(size, total - from) }, (_, at) => {
        const run = runOf({ platform: platforms[at % 4] }, from + at) as { readonly data: object }
        return sorted ? run : run.data
      }),
    },
  },
})
const batches = (count: number): CannedAnswer[] => Array.from({ length: count }, (_, at) => batch(at * 1_000))

const byPlatform = { groupBy: ['platform'] }

function counterOn(...answers: readonly CannedAnswer[]): Counter {
  const counter = new Counter()
  counter.serve(...answers)
  return counter
}

/** The sum of all groups. */
const sumOf = (rows: readonly Record<string, unknown>[]): number =>
  rows.reduce((sum, { count }) => sum + Number(count), 0)

describe('upstream calls', () => {
  test('without groupBy Qualys counts: one call for one row', async () => {
    const counter = counterOn(batch(0, 1))
    const { structured, text } = await counter.jobs()
    expect(text).toBe('10,500 jobs, as Qualys counts them')
    expect(structured).toMatchObject({ rows: [{ count: total }], total })
    expect(counter.upstream.bodies).toMatchObject([{ pageSize: 1 }])
  })

  test.each([[{}], [{ groupBy: [] }]])(
    '%j: where Qualys reports no total, the rows are counted',
    async (args) => {
      const list = [runOf({}, 0), runOf({}, 1)]
      const counter = counterOn({ route: jobs, body: { body: { list } } })
      const { structured, text } = await counter.jobs(args)
      expect(text).toBe('2 jobs counted, all of them')
      expect(structured.rows).toEqual([{ count: 2 }])
    },
  )

  test('one row is told as one', async () => {
    const counter = counterOn({ route: jobs, body: { body: { list: [runOf({}, 0)] } } })
    expect((await counter.jobs()).text).toBe('1 job counted, all of them')
  })

  test('with groupBy a thousand rows a call, each after the one before', async () => {
    const counter = counterOn(...batches(11))
    const { structured } = await counter.jobs(byPlatform)
    expect(structured.summary).toBe('10,500 jobs counted, all of them; 4 groups by platform')
    expect(structured.rows.map(({ count }) => count)).toEqual([2_625, 2_625, 2_625, 2_625])
    const { bodies } = counter.upstream
    expect(bodies.map(({ pageSize }) => pageSize)).toEqual(Array(11).fill(1_000))
    expect(bodies.map(({ searchAfter }) => searchAfter)).toEqual(
      Array.from({ length: 11 }, (_, at) =>
        at === 0 ? undefined : [moment - at * 1_000 + 1, String(at * 1_000 - 1)],
      ),
    )
  })

  test('filtered rows are all searched, also without groupBy', async () => {
    const counter = counterOn(...batches(11))
    const { structured } = await counter.jobs({ match: 'no-such-word' })
    expect(structured.summary).toBe('0 of 10,500 jobs match; looked at all of them')
    expect(structured.rows).toEqual([{ count: 0 }])
    expect(counter.upstream.sent).toHaveLength(11)
  })

  test('a batch too large to be read is requested again in halves, and nothing is counted twice', async () => {
    const large = new TooLargeError('The answer is larger than 64 MiB.', 'Ask for fewer rows.')
    const counter = counterOn(
      { route: jobs, times: 1, error: large },
      ...Array.from({ length: 21 }, (_, at) => batch(at * 500, 500)),
    )
    const { structured } = await counter.jobs(byPlatform)
    expect(structured.summary).toBe('10,500 jobs counted, all of them; 4 groups by platform')
    expect(counter.upstream.bodies.map(({ pageSize }) => pageSize)).toEqual([1_000, ...Array(21).fill(500)])
  })

  test('are reported as progress, from the first to the last', async () => {
    const counter = counterOn(...batches(11))
    await counter.jobs(byPlatform)
    const progress = Array.from({ length: 11 }, (_, at) => [Math.min((at + 1) * 1_000, total), total])
    expect(counter.caller.progress).toEqual(progress)
  })
})

describe('incomplete counts', () => {
  /** Rows without sort values, by page number. */
  const byNumber = callerOn(({ body }) => {
    const { pageSize, pageNumber = 0 } = JSON.parse(body) as { pageSize: number; pageNumber?: number }
    return batch(pageNumber * pageSize, pageSize, false)
  })

  test('rows without sort values: the result limit is reported, with advice', async () => {
    const { structured, isError } = await byNumber.call(countJobs, byPlatform, 'json')
    expect(isError).toBe(false)
    expect(structured.summary).toBe('9,999 jobs counted, NOT all of 10,500; 4 groups by platform')
    expect(structured.note).toMatch(/^Not all was looked at: .*first 9,999 rows.*Narrow the filter/)
    expect(sumOf(structured.rows)).toBe(9_999)
    expect(structured.total).toBe(total)
  })

  test('the same with match', async () => {
    const { structured } = await byNumber.call(countJobs, { match: 'linux' }, 'json')
    expect(structured.summary).toBe('2,500 of 9,999 jobs match; looked at NOT all of 10,500')
  })

  const failures: readonly (readonly [string, Omit<CannedAnswer, 'route'>])[] = [
    ['a status 500', { status: 500, body: '' }],
    ['a page of a proxy', { status: 502, body: '<html></html>', contentType: 'text/html' }],
    [
      'a limit',
      { error: new BusyError('Qualys limits the calls of this account (429).', 'Call again in 600 s.') },
    ],
    ['a connection that breaks', { error: new VendorError('The connection broke.', 'Call again.') }],
    ['a silence', { error: new TimeoutError('Qualys did not answer in time.', 'Call again.') }],
  ]

  test.each(failures)(
    '%s at the fourth call: the partial count is returned and marked as incomplete',
    async (_what, answer) => {
      const counter = counterOn(...batches(3), { route: jobs, ...answer })
      const { structured, isError, text } = await counter.jobs(byPlatform)
      expect(isError, text).toBe(false)
      expect(structured.summary).toBe('3,000 jobs counted, NOT all of 10,500; 4 groups by platform')
      expect(sumOf(structured.rows)).toBe(3_000)
      expect(structured.note).toMatch(/^Not all was looked at: \w/)
    },
  )

  test('Qualys counts more rows than it sends: the difference is reported as missing', async () => {
    const parts = ['LINUX', 'MAC'].map((platform) => ({ platform }))
    const counter = counterOn({ ...runsWith(parts, 5), times: 1 }, runsWith([], 5))
    const { structured } = await counter.jobs(byPlatform)
    expect(structured.summary).toBe('2 jobs counted, NOT all of 5; 2 groups by platform')
    expect(structured.note).toMatch(/^Not all was looked at: Qualys counts 3 more rows/)
  })

  test('the text says the same as the JSON form', async () => {
    const counter = counterOn(...batches(2), { route: jobs, status: 500, body: '' })
    const { text } = await counter.jobs(byPlatform, 'text')
    expect(text).toMatch(/^2,000 jobs counted, NOT all of 10,500; 4 groups by platform\nplatform\tcount\n/)
    expect(text).toMatch(/\nNote: Not all was looked at: /)
  })

  test.each([
    [{ status: 500, body: '' }, 'vendor'],
    [{ error: new BusyError('', '') as QualysError }, 'busy'],
    [{ status: 403, body: '' }, 'setup'],
    [{ status: 400, body: '' }, 'input'],
  ])('%j at the first call: the call ends in that error', async (answer, kind) => {
    for (const args of [byPlatform, {}, { match: 'linux' }]) {
      const { isError, error } = await counterOn({ route: jobs, ...answer }).jobs(args)
      expect([isError, error]).toMatchObject([true, { kind }])
    }
  })

  test('a permission that is withdrawn half-way is an error, since waiting does not help', async () => {
    const counter = counterOn(...batches(3), { route: jobs, status: 403, body: '' })
    const { isError, error } = await counter.jobs(byPlatform)
    expect([isError, error]).toMatchObject([true, { kind: 'setup' }])
  })
})

describe('very many groups', () => {
  test('more than 10,000 of them are refused, with what to do', async () => {
    const { isError, text, error } = await counterOn(...batches(11)).jobs({ groupBy: ['id'] })
    expect([isError, error]).toMatchObject([true, { kind: 'input' }])
    expect(text).toMatch(/^id: more than 10,000 different groups\. Group by a column with fewer values/)
  })
})

describe('rows that do not show whether they match', () => {
  const ended = { enddate: '2026-11-22T06:42:13.692+00:00' }
  const rows = [
    { ...ended, output: { text: 'lost' }, asset: { name: 'ws-1' } },
    { ...ended, output: { code: 2 }, asset: { name: 'ws-2' } },
    { ...ended, output: { text: 'lost' }, asset: { name: 'ws-3' } },
    { asset: { name: 'ws-4' } },
  ]
  const said = 'do not show their outcome: whether they are among what you ask for is unknown.'

  test('are no plain number, in both forms', async () => {
    const counter = counterOn(hostsWith(rows))
    const { structured } = await counter.assetJobs({ outcome: 'failed' })
    expect(structured.summary).toBe('1 of 4 asset jobs match, 2 unknown; looked at all of them')
    expect(structured.rows).toEqual([{ count: 1, unknown: 2 }])
    expect(structured.note).toBe(`2 rows ${said}`)
    const { text } = await counter.assetJobs({ outcome: 'failed', groupBy: ['asset.name'] }, 'text')
    expect(text).toBe(
      `1 of 4 asset jobs match, 2 unknown; looked at all of them; 1 group by asset.name\nasset.name\tcount\nws-2\t1\nNote: 2 rows ${said}`,
    )
  })

  test('are not counted if all rows show it', async () => {
    const { structured } = await counterOn(hostsWith(rows.slice(1, 2))).assetJobs({ outcome: 'failed' })
    expect(structured.rows).toEqual([{ count: 1 }])
    expect(structured).not.toHaveProperty('note')
  })

  test('none is counted: what was looked in', async () => {
    const { structured } = await counterOn(hostsWith(rows)).assetJobs({ match: 'ws-9', jobId: '7' })
    expect(structured.summary).toBe('0 of 4 asset jobs match; looked at all of them')
    expect(structured.note).toBe(
      'Looked in every field of the rows (id, created, endDate, output, asset): "ws-9" is in 0 rows. What scripts printed was not looked in: car_search_asset_jobs does that with includeOutput. Only rows within jobId were looked at.',
    )
  })
})
