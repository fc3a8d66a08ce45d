import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { asked } from '../../support/workflows/runs.ts'

// What may be asked for, and what an assistant hears when it asks for something else.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 1_500 })
  assistant = await assistantOn(sandbox)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const rule =
  'must be up to 2 columns and one time with :hour, :day, :week, :month, such as ["platform","created.dateTime:day"]'

describe('wrong groups', () => {
  test.each([
    ['three columns', ['platform', 'executionType', 'severity']],
    ['three columns and a time', ['platform', 'executionType', 'severity', 'created.dateTime:day']],
    ['two times', ['created.dateTime:day', 'updatedDateTime:day']],
    ['two buckets of one time', ['created.dateTime:day', 'created.dateTime:week']],
    ['the same twice', ['platform', 'platform']],
    ['a number', 7],
    ['an object', { by: 'platform' }],
    ['null', null],
    ['an object in the list', [{ by: 'platform' }]],
    ['a list in the list', [['platform']]],
    ['no name', ['']],
    ['two names in one', 'platform executionType'],
    ['two names with a comma', 'platform, executionType'],
    ['a name of 81 characters', ['x'.repeat(81)]],
    ['a bucket that is none', ['created.dateTime:days']],
    ['a bucket without a time', [':day']],
    ['two buckets', ['created.dateTime:day:day']],
  ])('%s: one sentence says what is right, and Qualys is not asked', async (_, groupBy) => {
    const { isError, text } = await assistant.call('car_count_jobs', { groupBy })
    expect(isError).toBe(true)
    expect(text).toMatch(
      /^Input validation error: Invalid arguments for tool car_count_jobs: groupBy(\.0)?: /,
    )
    expect(text.split(rule)).toEqual([expect.any(String), ''])
    expect(await asked(sandbox.control)).toEqual([])
  })

  test.each([
    ['top', 0],
    ['top', 501],
    ['top', '20'],
    ['pageSize', 20],
    ['fields', ['id']],
    ['sort', ['id:asc']],
    ['continuationToken', 'x'],
    ['includeOutput', true],
    ['groupby', ['platform']],
  ])('%s %j is refused by its name', async (name, value) => {
    const { isError, text } = await assistant.call('car_count_asset_jobs', { [name]: value })
    expect(isError).toBe(true)
    expect(text).toContain(name)
    expect(await asked(sandbox.control)).toEqual([])
  })
})

test.each([
  ['platform', ['platform']],
  ['created.dateTime:month', ['created.dateTime:month']],
])('%s alone is as good as in a list', async (alone, list) => {
  const [first, second] = await Promise.all(
    [alone, list].map((groupBy) => assistant.call('car_count_jobs', { groupBy })),
  )
  expect(first?.isError).toBe(false)
  expect(first?.text).toBe(second?.text)
})

describe('a column that is not there', () => {
  test.each([
    ['car_count_jobs', 'plattform', 'platform'],
    ['car_count_jobs', 'platfrom', 'platform'],
    ['car_count_jobs', 'executiontype', 'executionType'],
    ['car_count_jobs', 'categories.name', 'category'],
    ['car_count_jobs', 'category.nam', 'category.name'],
    ['car_count_jobs', 'created.datetime:day', 'created.dateTime'],
    ['car_count_asset_jobs', 'outcomes', 'outcome'],
    ['car_count_asset_jobs', 'output.kode', 'output.code'],
  ])('%s by %s: is it %s? The first batch is enough to know', async (tool, label, near) => {
    const { isError, text, error } = await assistant.call(tool, { groupBy: ['test', label] })
    expect([isError, error]).toMatchObject([true, { kind: 'input' }])
    expect(text).toMatch(/^No row has \S+\. Did you mean \S+\?$/)
    expect(text).toContain(`No row has ${label}. Did you mean ${near}?`)
    // The second may be on its way.
    expect((await asked(sandbox.control)).length).toBeLessThanOrEqual(2)
  })

  test.each([
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty:day',
    'nothing.like.it',
    'created.__proto__',
    'created.constructor',
  ])('%s is like none: those there are, are named', async (label) => {
    for (const tool of ['car_count_jobs', 'car_count_asset_jobs']) {
      const { isError, text } = await assistant.call(tool, { groupBy: [label] })
      expect(isError).toBe(true)
      expect(text).toContain(`No row has ${label}. There are `)
      expect(text).toContain('created')
    }
  })

  test.each([
    ['car_count_jobs', 'created:day'],
    ['car_count_jobs', 'platform:day'],
    ['car_count_jobs', 'platform.length'],
    ['car_count_jobs', 'category.name.length'],
    ['car_count_asset_jobs', 'outcome:day'],
  ])('%s by %s, which holds nothing of that kind: said behind the count', async (tool, label) => {
    const { structured, isError } = await assistant.call(tool, { groupBy: [label] }, 'json')
    expect(isError).toBe(false)
    expect(structured.note).toBe(`No row has a value in ${label}.`)
    expect(structured.rows).toEqual([{ [label]: '', count: structured.total }])
  })

  test('a column that the list shows is among those that are named', async () => {
    const { text } = await assistant.call('car_count_asset_jobs', { groupBy: ['colour'] })
    expect(text).toMatch(/There are .*\basset\b/)
  })

  test('a capital too many is told as such', async () => {
    const { text } = await assistant.call('car_count_jobs', { groupBy: ['Created.dateTime:day'] })
    expect(text).toMatch(/Did you mean created(\.dateTime)?\?/)
  })

  test('one such column of two is noted alone', async () => {
    const args = { groupBy: ['platform', 'executionType:day'] }
    const { structured } = await assistant.call('car_count_jobs', args, 'json')
    expect(structured.note).toBe('No row has a value in executionType:day.')
    expect(structured.rows).toHaveLength(4)
  })

  test('an optional column that these rows lack is no mistake', async () => {
    const args = { groupBy: ['schedulerName'], filter: 'executionType:Manual' }
    const { structured, isError } = await assistant.call('car_count_jobs', args, 'json')
    expect(isError).toBe(false)
    expect(structured.rows).toEqual([{ schedulerName: '', count: structured.total }])
  })
})

describe('top and the rest', () => {
  const counts = (rows: readonly Record<string, unknown>[]): number[] =>
    rows.map(({ count }) => Number(count))
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

  test.each([1, 2, 19, 500, undefined])('top %s', async (top) => {
    const groupBy = ['category.name', 'platform']
    const all = (await assistant.call('car_count_jobs', { groupBy, top: 500 }, 'json')).structured
    const some = (await assistant.call('car_count_jobs', { groupBy, top }, 'json')).structured
    expect(some.rows).toEqual(all.rows.slice(0, top ?? 20))
    expect(some.summary).toBe(all.summary)
    const hidden = counts(all.rows.slice(some.rows.length))
    if (hidden.length === 0) expect(some).not.toHaveProperty('note')
    else {
      const groups = hidden.length === 1 ? '1 group' : `${hidden.length} groups`
      expect(some.note).toBe(`the rest: ${groups} with ${sum(hidden).toLocaleString('en')} jobs`)
    }
  })

  test('with a bucket the latest come first', async () => {
    const args = { groupBy: 'created.dateTime:month', top: 5 }
    const { structured } = await assistant.call('car_count_jobs', args, 'json')
    expect(structured.rows.map((row) => row['created.dateTime:month'])).toEqual([
      '2026-11',
      '2026-10',
      '2026-09',
      '2026-08',
      '2026-07',
    ])
    expect(structured.note).toMatch(/^the rest: \d+ groups with [\d,]+ jobs$/)
  })

  test('no rows, no groups', async () => {
    const args = { groupBy: ['outcome'], filter: 'job.id:1' }
    const { structured, isError } = await assistant.call('car_count_asset_jobs', args, 'json')
    expect(isError).toBe(false)
    expect(structured).toMatchObject({ rows: [], returned: 0, total: 0 })
    expect(structured.summary).toBe('no asset jobs found')
  })
})
