import { expect } from 'vitest'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import { columnOf, expectSameIds, pagesOf, type Truth, truthOf } from '../../integration/session/walk.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// Rows that are looked for among 15,000.

const test = testOn({}).extend<{ truth: ReturnType<typeof truthOf> }>({
  truth: ({ sandbox }, use) => use(truthOf(sandbox.control)),
})

/** How many searches the sandbox saw. */
async function searches({ control }: TestSandbox): Promise<number> {
  return (await control.requests()).filter(({ path }) => path !== '/auth').length
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

test.for(['BitLocker manual', 'backup', 'prüfung', 'linux true'])(
  'match "%s" keeps what a plain search keeps',
  async (match, { assistant, truth }) => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { match, pageSize: 200 })
    const expected = await truth('jobs', (row) => holds(row, match))
    expect(expected.length).toBeGreaterThan(5)
    expectSameIds(columnOf(pages, 'id'), expected)
  },
)

test.for([
  { outcome: 'succeeded', endings: ['succeeded'] },
  { outcome: 'failed', endings: ['failed', 'timed out'] },
  { outcome: 'open', endings: ['open'] },
])('outcome $outcome', async ({ outcome, endings }, { assistant, truth }) => {
  const startAt = '2026-06-01'
  const since = ({ created, outcome }: Truth): boolean =>
    Number((created as Truth)['dateTime']) >= Date.parse(startAt) && endings.includes(String(outcome))
  const args = { outcome, startAt, fields: ['id'], pageSize: 200 }
  const expected = await truth('assetjobs', since)
  expect(expected.length).toBeGreaterThan(5)
  expectSameIds(columnOf(await pagesOf(assistant, 'car_search_asset_jobs', args), 'id'), expected)
})

test('outcome and match together, small pages: every row once', async ({ assistant, truth }) => {
  const newestJob = (await truth('jobs')).at(-1)
  const args = { jobId: newestJob, outcome: 'failed', match: 'denied', pageSize: 1 }
  const expected = await truth(
    'assetjobs',
    ({ job, output }) =>
      (job as Truth)['id'] === newestJob &&
      String((output as Truth | undefined)?.['text']).includes('denied'),
  )
  expectSameIds(columnOf(await pagesOf(assistant, 'car_search_asset_jobs', args), 'id'), expected)
})

test('nothing matches: 10,000 rows are looked at, and the token goes on to the rest', async ({
  sandbox,
  assistant,
}) => {
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
  expect(await searches(sandbox)).toBe(15)
})

test('nothing matches among outputs: 20 small calls, and the token goes on', async ({
  sandbox,
  assistant,
}) => {
  const args = { match: 'no-such-word', includeOutput: true }
  const { structured } = await assistant.call('car_search_asset_jobs', args, 'json')
  expect(structured).toMatchObject({ rows: [], continuationToken: expect.any(String) })
  expect(structured.summary).toContain('0 matches in 1,000 of ')
  expect(await searches(sandbox)).toBe(20)
})

test('nothing matches and rows lack sort values: the wall ends the scan, with its advice', async ({
  sandbox,
  assistant,
}) => {
  await sandbox.control.knobs({ sortValues: false })
  const { structured } = await assistant.call('car_search_jobs', { match: 'no-such-word' }, 'json')
  expect(structured.summary).toContain('0 matches in 9,999 of 15,000 scanned')
  expect(structured.note).toContain('first 9,999 rows')
  expect(structured).not.toHaveProperty('continuationToken')
})
