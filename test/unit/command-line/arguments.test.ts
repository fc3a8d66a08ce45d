import { describe, expect, test } from 'vitest'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { callInMemory } from '../../support/operations/calls.ts'
import { cannedRows, run } from '../../support/replies/rows.ts'
import {
  type CannedAnswer,
  callerOn,
  type ToolOutcome,
  toolFor,
  Upstream,
} from '../../support/workflows/memory.ts'

// Arguments that a tool refuses, each with one sentence, before Qualys is called.

const jobs = 'car_search_jobs'
const size = /pageSize: must be a whole number from 1 to 200/
const date = /must be an ISO 8601 date or time, e\.g\. 2026-01-31/
const ordered = /sort: must be 1 to 5 fields with a direction, e\.g\. \["created\.dateTime:desc"\]/
const notHere = /must be an id from car_search_scripts: letters, digits and hyphens, no path/
const reportId = /must be an id \(fileUuid\) from car_list_reports/

const wrong: readonly (readonly [tool: string, args: object, says: RegExp])[] = [
  [jobs, { pagesize: 3 }, /no argument "pagesize"; did you mean pageSize\?/],
  [jobs, { limit: 3 }, /no argument "limit"; there are scriptId, .*continuationToken/],
  [jobs, { pageSiz: 3, filtr: 'a:1' }, /"pageSiz"; did you mean pageSize\?.*"filtr"; did you mean filter\?/],
  ...[0, 201, -1, 1.5, '2e1', '020', '20 rows', [20]].map((pageSize) => [jobs, { pageSize }, size] as const),
  [jobs, { filter: ' ' }, /filter: must not be empty/],
  [jobs, { filter: ['status:APPROVED'] }, /filter: must be a QQL query as text/],
  [jobs, { filter: 'x'.repeat(4001) }, /filter: must be at most 4,000 characters/],
  [jobs, { match: '   ' }, /match: must not be empty/],
  [
    jobs,
    { fields: Array(51).fill('id') },
    /fields: must name 1 to 50 columns, such as \["id","title"\] or \["\*"\]/,
  ],
  [jobs, { fields: 'id, title' }, /fields: must be a list such as .*; write \["id","title"\]$/],
  [jobs, { fields: [''] }, /fields.*: must /],
  ...['title', 'title:up', ':desc', 'title: desc'].map((key) => [jobs, { sort: [key] }, ordered] as const),
  [jobs, { sort: Array(6).fill('id:asc') }, /sort: must be 1 to 5 fields with a direction/],
  [jobs, { sort: 'title:desc,id:asc' }, /sort: must be a list such as .*; write \["title:desc","id:asc"\]$/],
  ...['yesterday', ' ', '2026-02-30', '2026-13-01', '31.01.2026', '2026-01-31T25:00:00Z', 20260131].flatMap(
    (text) => [
      [jobs, { startAt: text }, date] as const,
      ['car_search_schedules', { endAt: text }, date] as const,
    ],
  ),
  ...['../19218', '19218/../1', '%2e%2e', '%2e%2e%2f1', '..', '.', '', 'a b', 'a\\b', 'a?x=1', 'a#b'].flatMap(
    (id) => [
      ['car_get_script', { scriptId: id }, notHere] as const,
      ['car_export_scripts', { ids: ['19218', id] }, notHere] as const,
      ['car_download_report', { reportId: id }, reportId] as const,
    ],
  ),
  ['car_get_script', {}, /scriptId: must be an id from car_search_scripts/],
  ['car_export_scripts', { ids: [] }, /ids: must hold 1 to 100 script ids/],
  ['car_search_asset_jobs', { outcome: 'lost' }, /outcome: must be one of succeeded, failed, open/],
  ['car_search_asset_jobs', { includeOutput: 'yes' }, /includeOutput: must be true or false/],
]

describe('arguments of the wrong shape', () => {
  test.each(wrong)('%s %o', async (tool, args, says) => {
    const { text, isError, sent } = await callInMemory(tool, args)
    expect(text).toMatch(says)
    expect(isError).toBe(true)
    expect(text).not.toContain('\n')
    const sentences = text.replace(/^.*?for tool \w+: /, '').split(', ')
    expect(new Set(sentences).size, text).toBe(sentences.length)
    expect(sent).toEqual([])
  })
})

const many = (count: number, value: string): string[] => Array.from({ length: count }, () => value)

const bounds: readonly (readonly [what: string, tool: string, args: object, says: RegExp])[] = [
  ['match of 201 characters', 'car_search_jobs', { match: 'x'.repeat(201) }, /match: .*200/],
  ['51 fields', 'car_search_jobs', { fields: many(51, 'id') }, /fields: .*50/],
  ['a field of 81 characters', 'car_search_jobs', { fields: ['x'.repeat(81)] }, /fields\.0: must .*80/],
  ['6 sort keys', 'car_search_jobs', { sort: many(6, 'id:asc') }, /sort: .*5/],
  ['scriptName of 257 characters', 'car_search_jobs', { scriptName: 'x'.repeat(257) }, /scriptName: .*256/],
  ['scriptName without any', 'car_search_jobs', { scriptName: ' ' }, /scriptName: must not be empty/],
  ['101 ids', 'car_export_scripts', { ids: many(101, '1') }, /ids: .*100/],
]

test.each(bounds)('%s: the sentence names the exceeded bound', async (_what, tool, args, sentence) => {
  const { text, isError, sent } = await callInMemory(tool, args)
  expect(isError).toBe(true)
  expect(text).toMatch(sentence)
  expect(sent).toEqual([])
})

describe('a continuationToken', () => {
  const upstream = new Upstream()
  const caller = callerOn(upstream.answer)
  const args = { filter: 'platform:WINDOWS', pageSize: 2 }

  const page = async (tool: typeof searchJobs, asked: object): Promise<string> => {
    upstream.serve(cannedRows(tool, [run(1), run(2)], 9))
    const { structured } = await caller.call(toolFor(tool), asked, 'json')
    return structured.continuationToken ?? ''
  }
  const going = async (continuationToken: unknown): Promise<ToolOutcome> => {
    upstream.serve(following(3, 4))
    return caller.call(toolFor(searchJobs), { ...args, continuationToken })
  }
  /** The total of runs after those of the first page. */
  const following = (...ids: number[]): CannedAnswer => ({
    route: searchJobs.route,
    body: { body: { totalCount: 9, list: ids.map((id) => ({ sortValues: [id], data: run(id) })) } },
  })
  const middle = (token: string, put: string): string => token.slice(0, 12) + put + token.slice(13)

  test.each<[string, () => Promise<string>]>([
    ['cut', async () => (await page(searchJobs, args)).slice(0, -4)],
    ['cut to one character', async () => (await page(searchJobs, args)).slice(0, 1)],
    ['longer', async () => `${await page(searchJobs, args)}AA`],
    ['padded', async () => `${await page(searchJobs, args)}=`],
    [
      'altered',
      async () => {
        const token = await page(searchJobs, args)
        return middle(token, token[12] === 'A' ? 'B' : 'A')
      },
    ],
    ['made up', async () => 'AAAAAAAAAAAAAAAA'],
    ['no token', async () => 'page 2, please'],
    ['of another query', async () => page(searchJobs, { pageSize: 2 })],
    ['of another tool', async () => page(searchAssets, args)],
  ])('%s is refused, and the error says how to start again', async (_name, token) => {
    const continuationToken = await token()
    expect(continuationToken).not.toBe('')
    const { text, isError, error } = await going(continuationToken)
    expect(text).toMatch(
      /^The continuationToken does not fit this call: .*leave it out to start at the first row\.$/,
    )
    expect(isError).toBe(true)
    expect(error).toMatchObject({ kind: 'input' })
    expect(upstream.sent).toEqual([])
  })

  test.each([
    ['blank', ' ', /does not fit this call: .*leave it out to start at the first row/],
    ['too long', 'A'.repeat(2_001), /is longer than any that was given out/],
    ['a list', ['x'], /must be the text from the last page/],
  ])('%s is refused', async (_name, continuationToken, says) => {
    const { text, isError } = await going(continuationToken)
    expect(text).toMatch(says)
    expect(isError).toBe(true)
  })

  test('that is valid continues, also with another pageSize and other fields', async () => {
    const continuationToken = await page(searchJobs, args)
    const { text, isError } = await going(continuationToken)
    expect(isError, text).toBe(false)
    expect(text).toMatch(/^jobs 3-4 of /)
    upstream.serve(following(3))
    const other = { ...args, pageSize: 1, fields: ['id'], continuationToken }
    expect((await caller.call(toolFor(searchJobs), other)).text).toMatch(/^jobs 3-3 of /)
  })
})
