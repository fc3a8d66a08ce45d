import { expect } from 'vitest'
import {
  columnOf,
  expectSameIds,
  pagesOf,
  type SandboxRow,
  sandboxIdsOf,
} from '../../integration/session/walk.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// Searches among 15,000 rows.

const test = testOn({}).extend<{ sandboxIds: ReturnType<typeof sandboxIdsOf> }>({
  sandboxIds: ({ sandbox }, use) => use(sandboxIdsOf(sandbox.control)),
})

/** The number of searches that the sandbox received. */
async function searches({ control }: TestSandbox): Promise<number> {
  return (await control.requests()).filter(({ path }) => path !== '/auth').length
}

const scalarsOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(scalarsOf) : [String(value)]
const holds = (row: SandboxRow, words: string): boolean => {
  const text = scalarsOf(row).join('\n').toLowerCase()
  return words
    .toLowerCase()
    .split(' ')
    .every((word) => text.includes(word))
}

test.for(['BitLocker manual', 'backup', 'prüfung', 'linux true'])(
  'match "%s" finds the same rows as a plain search',
  async (match, { assistant, sandboxIds }) => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { match, pageSize: 200 })
    const expected = await sandboxIds('jobs', (row) => holds(row, match))
    expect(expected.length).toBeGreaterThan(5)
    expectSameIds(columnOf(pages, 'id'), expected)
  },
)

test.for([
  { outcome: 'succeeded', endings: ['succeeded'] },
  { outcome: 'failed', endings: ['failed', 'timed out'] },
  { outcome: 'open', endings: ['open'] },
])('outcome $outcome', async ({ outcome, endings }, { assistant, sandboxIds }) => {
  const startAt = '2026-06-01'
  const since = ({ created, outcome }: SandboxRow): boolean =>
    Number((created as SandboxRow)['dateTime']) >= Date.parse(startAt) && endings.includes(String(outcome))
  const args = { outcome, startAt, fields: ['id'], pageSize: 200 }
  const expected = await sandboxIds('assetjobs', since)
  expect(expected.length).toBeGreaterThan(5)
  expectSameIds(columnOf(await pagesOf(assistant, 'car_search_asset_jobs', args), 'id'), expected)
})

test('outcome and match together, small pages: every row once', async ({ assistant, sandboxIds }) => {
  const newestJob = (await sandboxIds('jobs')).at(-1)
  const args = { jobId: newestJob, outcome: 'failed', match: 'denied', pageSize: 1 }
  const expected = await sandboxIds(
    'assetjobs',
    ({ job, output }) =>
      (job as SandboxRow)['id'] === newestJob &&
      String((output as SandboxRow | undefined)?.['text']).includes('denied'),
  )
  expectSameIds(columnOf(await pagesOf(assistant, 'car_search_asset_jobs', args), 'id'), expected)
})

test('no matches: 10,000 rows are searched, and the token continues with the rest', async ({
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

test('no matches among outputs: 20 small calls, and the token continues', async ({ sandbox, assistant }) => {
  const args = { match: 'no-such-word', includeOutput: true }
  const { structured } = await assistant.call('car_search_asset_jobs', args, 'json')
  expect(structured).toMatchObject({ rows: [], continuationToken: expect.any(String) })
  expect(structured.summary).toContain('0 matches in 1,000 of ')
  expect(await searches(sandbox)).toBe(20)
})

test('no matches, and rows lack sort values: the search ends at the result limit, with its advice', async ({
  sandbox,
  assistant,
}) => {
  await sandbox.control.knobs({ sortValues: false })
  const { structured } = await assistant.call('car_search_jobs', { match: 'no-such-word' }, 'json')
  expect(structured.summary).toContain('0 matches in 9,999 of 15,000 scanned')
  expect(structured.note).toContain('first 9,999 rows')
  expect(structured).not.toHaveProperty('continuationToken')
})
