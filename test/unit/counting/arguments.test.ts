import { beforeEach, describe, expect, test } from 'vitest'
import { Counter, hostsWith, runsWith } from '../../support/counting/memory.ts'

// The arguments of a count, and the refusals of other arguments.

const end = '2026-11-22T06:42:13.692+00:00'
/** Runs of two categories on two platforms; the last two are of schedules. */
const runs = Array.from({ length: 8 }, (_, at) => ({
  platform: ['LINUX', 'WINDOWS', 'WINDOWS'][at % 3],
  executionType: at < 6 ? 'Manual' : 'Automated',
  category: { id: at % 2, name: ['Backup', 'Audit'][at % 2] },
  created: { dateTime: Date.UTC(2026, 10 - (at % 4), 15) },
  severity: 3,
  test: false,
}))
const hosts = [
  { asset: { name: 'ws-1' }, job: { id: '7' }, test: false },
  {
    asset: { name: 'ws-2' },
    job: { id: '7' },
    test: false,
    output: { code: 0, text: 'SUCCESS' },
    enddate: end,
  },
]

let counter: Counter
beforeEach(() => {
  counter = new Counter()
  counter.serve(runsWith(runs), hostsWith(hosts))
})
const by = (tool: string, args: object, form: 'text' | 'json' = 'json') =>
  tool === 'car_count_jobs' ? counter.jobs(args, form) : counter.assetJobs(args, form)

const rule =
  'must be up to 3 columns and one time with :hour, :day, :week, :month, such as ["platform","created.dateTime:day"]'

describe('invalid groups', () => {
  test.each<[string, unknown, string?]>([
    ['four columns', ['platform', 'executionType', 'severity', 'title']],
    ['four columns and a time', ['platform', 'executionType', 'severity', 'title', 'created.dateTime:day']],
    ['two times', ['created.dateTime:day', 'updatedDateTime:day']],
    ['two buckets of one time', ['created.dateTime:day', 'created.dateTime:week']],
    ['the same twice', ['platform', 'platform']],
    ['a fraction with an exponent', 7.5e-9, '; write "0.0000000075"'],
    ['an object', { by: 'platform' }],
    ['null in the list', [null]],
    ['an object in the list', [{ by: 'platform' }]],
    ['a list in the list', [['platform']]],
    ['no name', ['']],
    ['two names in one', 'platform executionType'],
    ['two names with a comma', 'platform, executionType', '; write ["platform","executionType"]'],
    ['a name of 81 characters', ['x'.repeat(81)]],
    ['an unknown bucket', ['created.dateTime:days']],
    ['a bucket without a time', [':day']],
    ['two buckets', ['created.dateTime:day:day']],
  ])('%s: one sentence says what is right, and no request is sent', async (_, groupBy, form = '') => {
    const { isError, text } = await counter.jobs({ groupBy })
    expect(isError).toBe(true)
    expect(text).toMatch(
      /^Input validation error: Invalid arguments for tool car_count_jobs: groupBy(\.0)?: /,
    )
    expect(text.split(rule)).toEqual([expect.any(String), form])
    expect(counter.upstream.sent).toEqual([])
  })

  test.each([
    ['top', 0],
    ['top', 501],
    ['top', '2e1'],
    ['pageSize', 20],
    ['fields', ['id']],
    ['sort', ['id:asc']],
    ['continuationToken', 'x'],
    ['includeOutput', true],
    ['groupby', ['platform']],
  ])('%s %j is refused by its name', async (name, value) => {
    const { isError, text } = await counter.assetJobs({ [name]: value })
    expect(isError).toBe(true)
    expect(text).toContain(name)
    expect(counter.upstream.sent).toEqual([])
  })
})

test.each([
  ['platform', ['platform']],
  ['created.dateTime:month', ['created.dateTime:month']],
])('%s alone is as good as in a list', async (alone, list) => {
  const [first, second] = await Promise.all([alone, list].map((groupBy) => counter.jobs({ groupBy }, 'text')))
  expect(first?.isError).toBe(false)
  expect(first?.text).toBe(second?.text)
})

describe('a column that does not exist', () => {
  test.each([
    ['car_count_jobs', 'plattform', 'platform'],
    ['car_count_jobs', 'platfrom', 'platform'],
    ['car_count_jobs', 'executiontype', 'executionType'],
    ['car_count_jobs', 'categories.name', 'category.name'],
    ['car_count_jobs', 'category.nam', 'category.name'],
    ['car_count_jobs', 'created.datetime:day', 'created.dateTime'],
    ['car_count_asset_jobs', 'outcomes', 'outcome'],
    ['car_count_asset_jobs', 'output.kode', 'output.code'],
  ])('%s by %s: the nearest is %s. The first batch is enough to know', async (tool, label, near) => {
    const { isError, text, error } = await by(tool, { groupBy: ['test', label] })
    expect([isError, error]).toMatchObject([true, { kind: 'input' }])
    const [column] = label.split(':')
    expect(text).toMatch(
      new RegExp(`^No row has "${column}"\\. The nearest is ${near}; there are: .*, .*\\.$`),
    )
    expect(counter.upstream.sent).toHaveLength(1)
  })

  test.each([
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty:day',
    'nothing.like.it',
    'created.__proto__',
    'created.constructor',
  ])('%s resembles none: the known ones are named', async (label) => {
    for (const tool of ['car_count_jobs', 'car_count_asset_jobs']) {
      const { isError, text } = await by(tool, { groupBy: [label] })
      expect(isError).toBe(true)
      expect(text).toContain(`No row has "${label.replace(':day', '')}". There are: `)
      expect(text).toContain('created')
    }
  })

  test.each([
    ['car_count_jobs', 'created:day'],
    ['car_count_jobs', 'platform:day'],
    ['car_count_jobs', 'platform.length'],
    ['car_count_jobs', 'category.name.length'],
    ['car_count_asset_jobs', 'outcome:day'],
  ])('%s by %s, which has no value of that kind: noted after the count', async (tool, label) => {
    const { structured, isError } = await by(tool, { groupBy: [label] })
    expect(isError).toBe(false)
    // Each row has an outcome, whatever columns it has.
    const there = label === 'outcome:day' ? '' : ' Columns of the rows: id, .*\\bcreated\\.dateTime\\b.*\\.'
    expect(structured.note).toMatch(new RegExp(`^No row has a value in ${label}\\.${there}$`))
    expect(structured.rows).toEqual([{ [label]: '', count: structured.total }])
  })

  test('a column that the list shows is among the named ones', async () => {
    const { text } = await counter.assetJobs({ groupBy: ['colour'] })
    expect(text).toMatch(/There are: .*\basset\.name\b/)
  })

  test('a wrong capital letter is corrected', async () => {
    const { text } = await counter.jobs({ groupBy: ['Created.dateTime:day'] })
    expect(text).toMatch(/The nearest is created\.dateTime;/)
  })

  test('one such column of two is noted alone', async () => {
    const args = { groupBy: ['platform', 'executionType:day'] }
    const { structured } = await counter.jobs(args)
    expect(structured.note).toMatch(/^No row has a value in executionType:day\. Columns of the rows: id, /)
    expect(structured.rows).toHaveLength(2)
  })

  test('an optional column that these rows lack is no error', async () => {
    const args = { groupBy: ['schedulerName'] }
    const { structured, isError } = await counter.jobs(args)
    expect(isError).toBe(false)
    expect(structured.rows).toEqual([{ schedulerName: '', count: structured.total }])
  })
})

describe('top and the rest', () => {
  /** Groups 1 to n, each with as many runs as its number. */
  const triangle = (groups: number): object[] =>
    Array.from({ length: groups }, (_, at) =>
      Array.from({ length: at + 1 }, () => ({ title: `t${at + 1}` })),
    ).flat()

  test.each([
    [1, 25, 1, 'the rest: 24 groups with 300 jobs'],
    [24, 25, 24, 'the rest: 1 group with 1 job'],
    [25, 25, 25, undefined],
    [500, 25, 25, undefined],
    [undefined, 20, 20, undefined],
    [undefined, 21, 20, 'the rest: 1 group with 1 job'],
    [10, 60, 10, 'the rest: 50 groups with 1,275 jobs'],
  ])('top %s of %i groups', async (top, groups, shown, note) => {
    counter.serve(runsWith(triangle(groups)))
    const { structured } = await counter.jobs({ groupBy: 'title', ...(top !== undefined && { top }) })
    expect(structured.rows).toEqual(
      Array.from({ length: shown }, (_, at) => ({ title: `t${groups - at}`, count: groups - at })),
    )
    expect(structured.summary).toMatch(new RegExp(`; ${groups} groups by title$`))
    expect(structured.note).toBe(note)
  })

  test('with a bucket the latest come first', async () => {
    const { structured } = await counter.jobs({ groupBy: 'created.dateTime:month', top: 3 })
    expect(structured.rows.map((row) => row['created.dateTime:month'])).toEqual([
      '2026-11',
      '2026-10',
      '2026-09',
    ])
    expect(structured.note).toBe('the rest: 1 group with 2 jobs')
  })

  test('no rows, no groups', async () => {
    counter.serve(hostsWith([]))
    const { structured, isError } = await counter.assetJobs({ groupBy: ['outcome'] })
    expect(isError).toBe(false)
    expect(structured).toMatchObject({ rows: [], returned: 0, total: 0 })
    expect(structured.summary).toBe('no asset jobs found')
  })
})
