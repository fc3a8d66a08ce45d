import { expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { columnOf, expectSameIds, pagesOf, type SandboxRow, sandboxIdsOf } from './walk.ts'

// Searching the rows of a list, through the whole stack; how many rows it reads is covered by the unit tests.

const test = testOn({ jobs: 600 }).extend<{ sandboxIds: ReturnType<typeof sandboxIdsOf> }>({
  sandboxIds: ({ sandbox }, use) => use(sandboxIdsOf(sandbox.control)),
})

/** The number of searches that the sandbox received. */
async function searches({ control }: TestSandbox): Promise<number> {
  return (await control.requests()).filter(({ path }) => path !== '/auth').length
}

const scalarsOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(scalarsOf) : [String(value)]

test.for(['BitLocker manual', 'backup'])(
  'match "%s" finds the same rows as a plain search',
  async (match, { assistant, sandboxIds }) => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { match, pageSize: 20 })
    const holds = (row: SandboxRow): boolean =>
      match
        .toLowerCase()
        .split(' ')
        .every((word) => scalarsOf(row).join('\n').toLowerCase().includes(word))
    const expected = await sandboxIds('jobs', holds)
    expect(expected.length).toBeGreaterThan(5)
    expectSameIds(columnOf(pages, 'id'), expected)
  },
)

test('match on a list by page number, and the headline', async ({ assistant, sandboxIds }) => {
  const { structured } = await assistant.call('car_search_scripts', { match: 'bitlocker' }, 'json')
  const found = await sandboxIds('scripts', ({ title }) => String(title).includes('BitLocker'))
  expect(found.length).toBeGreaterThan(0)
  expectSameIds(columnOf([structured], 'id'), found)
  expect(structured.summary).toContain(`scripts: ${found.length} matches in 120 of 120 scanned`)
})

test.for([
  { outcome: 'succeeded', endings: ['succeeded'] },
  { outcome: 'failed', endings: ['failed', 'timed out'] },
  { outcome: 'open', endings: ['open'] },
])('outcome $outcome', async ({ outcome, endings }, { assistant, sandboxIds }) => {
  const startAt = '2025-01-01'
  const since = ({ created, outcome }: SandboxRow): boolean =>
    Number((created as SandboxRow)['dateTime']) >= Date.parse(startAt) && endings.includes(String(outcome))
  const args = { outcome, startAt, fields: ['id'], pageSize: 200 }
  const expected = await sandboxIds('assetjobs', since)
  expect(expected.length).toBeGreaterThan(0)
  expectSameIds(columnOf(await pagesOf(assistant, 'car_search_asset_jobs', args), 'id'), expected)
})

test('outcome and match together, small pages: every row once', async ({ assistant, sandboxIds }) => {
  const isMeant = ({ outcome, output }: SandboxRow): boolean =>
    ['failed', 'timed out'].includes(String(outcome)) &&
    String((output as SandboxRow | undefined)?.['text']).includes('denied')
  const expected = await sandboxIds('assetjobs', isMeant)
  expect(expected.length).toBeGreaterThan(2)
  const args = {
    outcome: 'failed',
    match: 'denied',
    pageSize: Math.ceil(expected.length / 3),
    fields: ['id'],
  }
  expectSameIds(columnOf(await pagesOf(assistant, 'car_search_asset_jobs', args), 'id'), expected)
})

test('no matches among outputs: 20 small calls, and the token continues', async ({ sandbox, assistant }) => {
  const args = { match: 'no-such-word', includeOutput: true }
  const { structured } = await assistant.call('car_search_asset_jobs', args, 'json')
  expect(structured).toMatchObject({ rows: [], continuationToken: expect.any(String) })
  expect(structured.summary).toContain('0 matches in 1,000 of ')
  expect(await searches(sandbox)).toBe(20)
})
