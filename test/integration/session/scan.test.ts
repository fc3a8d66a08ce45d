import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { columnOf, expectSameIds, pagesOf, type Truth, truthOf } from './walk.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
let truth: ReturnType<typeof truthOf>
let newestJob: unknown
beforeAll(async () => {
  sandbox = await openSandbox()
  assistant = await assistantOn(sandbox)
  truth = truthOf(sandbox.control)
  newestJob = (await truth('jobs')).at(-1)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

/** How many searches the sandbox saw. */
async function searches(): Promise<number> {
  return (await sandbox.control.requests()).filter(({ path }) => path !== '/auth').length
}

const shown = [...searchJobs.columns, ...(searchJobs.alsoMatched ?? [])].filter(
  (column) => column !== 'created.dateTime',
)
const holds = (row: Truth, words: string): boolean => {
  const text = shown.map((column) => String(row[column]).toLowerCase()).join('\n')
  return words
    .toLowerCase()
    .split(' ')
    .every((word) => text.includes(word))
}

test.each(['BitLocker manual', 'backup', 'prüfung', 'linux true'])(
  'match "%s" keeps what a plain search keeps',
  async (match) => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { match, pageSize: 200 })
    const expected = await truth('jobs', (row) => holds(row, match))
    expect(expected.length).toBeGreaterThan(5)
    expectSameIds(columnOf(pages, 'id'), expected)
  },
)

test('match on a list by page number, and the headline', async () => {
  const { structured } = await assistant.call('car_search_scripts', { match: 'bitlocker' }, 'json')
  const found = await truth('scripts', ({ title }) => String(title).includes('BitLocker'))
  expectSameIds(columnOf([structured], 'id'), found)
  expect(structured.summary).toContain(`scripts: ${found.length} matches in 120 of 120 scanned`)
})

test.each([
  { outcome: 'succeeded', endings: ['succeeded'] },
  { outcome: 'failed', endings: ['failed', 'timed out'] },
  { outcome: 'open', endings: ['open'] },
])('outcome $outcome', async ({ outcome, endings }) => {
  const startAt = '2026-06-01'
  const since = ({ created, outcome }: Truth): boolean =>
    Number((created as Truth)['dateTime']) >= Date.parse(startAt) && endings.includes(String(outcome))
  const args = { outcome, startAt, fields: ['id'], pageSize: 200 }
  const expected = await truth('assetjobs', since)
  expect(expected.length).toBeGreaterThan(5)
  expectSameIds(columnOf(await pagesOf(assistant, 'car_search_asset_jobs', args), 'id'), expected)
})

test('outcome and match together, small pages: every row once', async () => {
  const args = { jobId: newestJob, outcome: 'failed', match: 'denied', pageSize: 1 }
  const expected = await truth(
    'assetjobs',
    ({ job, output }) =>
      (job as Truth)['id'] === newestJob &&
      String((output as Truth | undefined)?.['text']).includes('denied'),
  )
  expectSameIds(columnOf(await pagesOf(assistant, 'car_search_asset_jobs', args), 'id'), expected)
})

test('nothing matches: 10,000 rows are looked at, and the token goes on to the rest', async () => {
  const pages = await pagesOf(assistant, 'car_search_jobs', { match: 'no-such-word' })
  expect(pages).toMatchObject([
    {
      rows: [],
      returned: 0,
      total: 15_000,
      summary: expect.stringContaining('0 matches in 10,000 of 15,000 scanned'),
    },
    {
      rows: [],
      returned: 0,
      summary: expect.stringContaining('0 matches in rows 10,001-15,000 of 15,000 scanned'),
    },
  ])
  expect(await searches()).toBe(15)
})

test('nothing matches among outputs: 20 small calls, and the token goes on', async () => {
  const args = { match: 'no-such-word', includeOutput: true }
  const { structured } = await assistant.call('car_search_asset_jobs', args, 'json')
  expect(structured).toMatchObject({ rows: [], continuationToken: expect.any(String) })
  expect(structured.summary).toContain('0 matches in 1,000 of ')
  expect(await searches()).toBe(20)
})

test('nothing matches and rows lack sort values: the wall ends the scan, with its advice', async () => {
  await sandbox.control.knobs({ sortValues: false })
  const { structured } = await assistant.call('car_search_jobs', { match: 'no-such-word' }, 'json')
  expect(structured.summary).toContain('0 matches in 9,999 of 15,000 scanned')
  expect(structured.note).toContain('first 9,999 rows')
  expect(structured).not.toHaveProperty('continuationToken')
})
