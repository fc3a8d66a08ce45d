import { beforeEach, describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import { searchScripts } from '../../../src/operations/car/scripts.ts'
import { cannedResults, cannedRows, cannedRuns, run, tableOf } from '../../support/replies/rows.ts'
import {
  callerOn,
  type ToolCaller,
  type ToolOutcome,
  toolFor,
  Upstream,
} from '../../support/workflows/memory.ts'

// What an assistant reads of a page: its first line, its columns, and the notes below.

const jobs = toolFor(searchJobs)
let upstream: Upstream
let caller: ToolCaller
beforeEach(() => {
  upstream = new Upstream()
  caller = callerOn(upstream.answer)
})

const text = async (args: object = {}): Promise<string> => (await caller.call(jobs, args)).text
const json = async (args: object = {}): Promise<ToolOutcome['structured']> =>
  (await caller.call(jobs, args, 'json')).structured

describe('a page', () => {
  test('says in one line what it is, and what all rows share', async () => {
    upstream.serve(cannedRuns([run(1), run(2, { executionType: 'Automated' })], 1_500))
    const shown = await text({ pageSize: 2 })
    expect(shown.split('\n')[0]).toBe(
      'jobs 1-2 of 1,500, newest first; 1 Manual, 1 Automated; all: created.dateTime 2023-11-14T22:13Z, scriptId 7, platform WINDOWS',
    )
    expect(tableOf(shown)).toEqual({
      head: ['id', 'title', 'executionType'],
      lines: [
        ['1', 'job 1', 'Manual'],
        ['2', 'job 2', 'Automated'],
      ],
    })
    expect(shown).toMatch(/\nMore: the same arguments with continuationToken "[\w-]+"$/)
  })

  test('of one row folds nothing; an empty one says so', async () => {
    upstream.serve(cannedRuns([run(1)]))
    expect(tableOf(await text()).head).toHaveLength(6)
    upstream.serve(cannedRuns([]))
    expect(await text()).toBe('no jobs found')
  })

  test('counts the few rows with a true boolean', async () => {
    upstream.serve(cannedRuns([run(1, { test: true, isTest: true }), run(2)]))
    expect(await text()).toMatch(/^jobs 1-2 of 2, newest first; 1 test; all:/)
  })

  test('shows times to the minute, and to the second where they are requested', async () => {
    upstream.serve(cannedRuns([run(1), run(2)]))
    expect((await json()).rows[0]?.['created.dateTime']).toBe('2023-11-14T22:13Z')
    const asked = await json({ fields: ['created.dateTime'] })
    expect(asked.rows[0]?.['created.dateTime']).toBe('2023-11-14T22:13:20Z')
    expect((await json({ fields: ['*'] })).rows[0]?.['created.dateTime']).toBe('2023-11-14T22:13:20Z')
  })

  test('never guesses a total', async () => {
    upstream.serve({ route: searchJobs.route, body: { body: { list: [{ data: run(1) }] } } })
    const { text: shown, structured } = await caller.call(jobs, {}, 'json')
    expect(shown).toMatch(/^jobs 1-1 of an unknown total/)
    expect('total' in structured).toBe(false)
  })

  test('shows the requested fields, nested ones too, and names those no row has', async () => {
    upstream.serve(
      cannedRuns([
        run(1, { category: { id: 3, name: 'Backup' } }),
        run(2, { category: { id: 4, name: 'Audit' } }),
      ]),
    )
    const { text: shown, structured } = await caller.call(
      jobs,
      { fields: ['id', 'category', 'nope'] },
      'json',
    )
    expect(structured.rows).toEqual([
      { id: '1', 'category.id': '3', 'category.name': 'Backup' },
      { id: '2', 'category.id': '4', 'category.name': 'Audit' },
    ])
    expect(structured.note).toMatch(/^No row here has "nope"\. There are: id, title, /)
    expect(shown).toBe(structured.summary)
  })

  test('with fields ["*"] holds everything Qualys sent', async () => {
    upstream.serve(cannedRuns([run(1, { surprise: { deep: ['a', 'b'] } })]))
    expect((await json({ fields: ['*'] })).rows[0]).toMatchObject({
      'surprise.deep': ['a', 'b'],
      executionType: 'Manual',
    })
  })
})

describe('the order of a page', () => {
  test.each([
    [undefined, 'jobs 1-2 of 2, newest first;'],
    [['created.dateTime:desc'], 'jobs 1-2 of 2, newest first;'],
    [['created.dateTime:asc'], 'jobs 1-2 of 2, oldest first;'],
    [['title:asc', 'id:desc'], 'jobs 1-2 of 2, by title:asc, id:desc;'],
  ])('%j', async (sort, beginning) => {
    upstream.serve(cannedRuns([run(1), run(2)]))
    expect((await text({ ...(sort && { sort }) })).startsWith(beginning)).toBe(true)
  })

  test('is not mentioned for one row', async () => {
    upstream.serve(cannedRuns([run(1)]))
    expect(await text()).toMatch(/^jobs 1-1 of 1\n/)
  })
})

describe('further rows', () => {
  test('are reported as missing only where no token leads to them', async () => {
    const list = Array.from({ length: 5 }, (_, index) => ({ data: run(index, { title: 'needle' }) }))
    upstream.serve({ route: searchScripts.route, body: { body: { totalCount: 9, list } } })
    const scripts = toolFor(searchScripts)
    const missing = 'Qualys counts 4 more rows but sent no more; some may have come meanwhile.'
    const all = await caller.call(scripts, { match: 'needle', pageSize: 20 }, 'json')
    expect(all.structured).toMatchObject({ returned: 5, note: expect.stringContaining(missing) })
    expect(all.structured.continuationToken).toBeUndefined()
    const first = await caller.call(scripts, { match: 'needle', pageSize: 2 }, 'json')
    expect(first.structured.continuationToken).toBeDefined()
    expect(first.structured.note ?? '').not.toContain(missing)
  })

  test('that a token leads to are the next page', async () => {
    upstream.serve({ ...cannedRuns([run(1), run(2)], 3), times: 1 }, { ...cannedRuns([run(3)], 3), times: 1 })
    const { continuationToken } = await json({ pageSize: 2 })
    expect(await text({ pageSize: 2, continuationToken })).toMatch(/^jobs 3-3 of 3\n/)
    expect(upstream.bodies[1]).toMatchObject({ searchAfter: [1_699_999_999_999, '1'] })
  })
})

describe('a page filtered by match', () => {
  const needles = (count: number): object[] =>
    Array.from({ length: count }, (_, index) => run(index, { title: index % 2 === 0 ? 'needle' : 'hay' }))

  test.each([
    [1, 'jobs: 1 match in 1 of 1 scanned'],
    [2, 'jobs: 1 match in 2 of 2 scanned'],
    [4, 'jobs: 2 matches in 4 of 4 scanned'],
  ])('of %i rows says how many were searched', async (count, beginning) => {
    upstream.serve(cannedRuns(needles(count)))
    expect((await text({ match: 'needle' })).split(/[;,\n]/)[0]).toBe(beginning)
  })

  test('says from which row on it was searched', async () => {
    upstream.serve(cannedRuns(needles(4), 8))
    const { continuationToken } = await json({ match: 'needle', pageSize: 1 })
    upstream.serve(cannedRuns(needles(4), 8))
    expect(await text({ match: 'needle', pageSize: 1, continuationToken })).toMatch(
      /^jobs: 1 match in rows 2-2 of 8 scanned/,
    )
  })

  test('without matches', async () => {
    upstream.serve(cannedRuns(needles(4)))
    expect(await text({ match: 'no such word' })).toBe(
      'jobs: 0 matches in 4 of 4 scanned\nNote: Looked in every field of the rows (id, title, created, platform, executionType, scriptId, test): "no" is in 0 rows, "such" is in 0 rows, "word" is in 0 rows.',
    )
  })

  test('with rows that do not show whether they match, in both forms', async () => {
    const ended = { created: { dateTime: 1_700_000_000_000 }, enddate: '2026-11-22T06:42:13.692+00:00' }
    const results = Array.from({ length: 40 }, (_, id) => ({
      id: String(id),
      ...ended,
      output: { text: 'lost' },
    }))
    const asking = toolFor(searchAssetJobs)
    upstream.serve(cannedResults(results))
    const { text: shown } = await caller.call(asking, { outcome: 'failed' })
    const note = '40 rows do not show their outcome: whether they are among what you ask for is unknown.'
    expect(shown).toBe(`asset jobs: 0 matches, 40 unknown in 40 of 40 scanned\nNote: ${note}`)
    const { structured } = await caller.call(asking, { outcome: 'failed' }, 'json')
    expect(structured).toEqual({
      summary: 'asset jobs: 0 matches, 40 unknown in 40 of 40 scanned',
      rows: [],
      returned: 0,
      total: 40,
      note,
    })
  })

  test('a page cut by the budget counts what it shows, and continues right after that', async () => {
    const wide = `needle ${'"\\\n\u2028é🔒'.repeat(130)}`
    upstream.serve(cannedRuns(Array.from({ length: 40 }, (_, index) => run(index, { title: wide }))))
    const { returned, summary, continuationToken } = await json({ match: 'needle', pageSize: 40 })
    expect(returned).toBeLessThan(40)
    expect(returned).toBeGreaterThan(1)
    expect(summary).toContain(`jobs: ${returned} of 40 matches in 40 of 40 scanned`)
    expect(continuationToken).toBeDefined()
  })
})

describe('both forms', () => {
  test('hold the same rows, columns and values', async () => {
    upstream.serve(
      cannedRuns([run(1), run(2, { title: 'another', scriptId: 8 }), run(3, { executionType: undefined })]),
    )
    const { text: shown } = await caller.call(jobs, {})
    const { structured } = await caller.call(jobs, {}, 'json')
    const { head, lines } = tableOf(shown)
    expect(shown.startsWith(structured.summary)).toBe(true)
    expect(structured.returned).toBe(3)
    expect(lines).toEqual(structured.rows.map((row) => head.map((column) => String(row[column] ?? ''))))
  })

  test('rows of another list do not use its noun', async () => {
    upstream.serve(cannedRows(searchScripts, [{ id: 1, title: 'a' }]))
    expect((await caller.call(toolFor(searchScripts), {})).text).toMatch(/^scripts 1-1 of 1/)
  })
})
