import { describe, expect } from 'vitest'
import { languages, scriptTypes } from '../../../src/sandbox/data/car/content/languages.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'
import { columnOf, expectSameIds, pagesOf, type SandboxRow, sandboxIdsOf } from './walk.ts'

// Lists of CAR from the first row to the last, at the sandbox: each kind of paging once. The unit tests walk every
// page size, and the nightly tests 15,000 rows.

const test = testOn({ jobs: 600 }).extend<{ sandboxIds: ReturnType<typeof sandboxIdsOf> }>({
  sandboxIds: ({ sandbox }, use) => use(sandboxIdsOf(sandbox.control)),
})

/** The bodies of the searches that the sandbox received, in order. */
async function bodies({ control }: TestSandbox): Promise<SandboxRow[]> {
  const requests = await control.requests()
  return requests.filter(({ path }) => path !== '/auth').map(({ body }) => JSON.parse(body))
}
const typesOf = (values: unknown): string[] =>
  (values as unknown[]).map((value) => (value === null ? 'null' : typeof value))

describe('searchAfter', () => {
  test.for([
    { name: 'newest first', sort: undefined, types: ['number', 'string'] },
    { name: 'by title', sort: ['title:asc'], types: ['string', 'string'] },
    { name: 'by id alone', sort: ['id:desc'], types: ['string'] },
    // Missing values of rows are sent as null.
    {
      name: 'by what rows lack',
      sort: ['schedulerName:desc', 'severity:asc'],
      pageSize: 120,
      types: ['null', 'number', 'string'],
    },
  ])(
    '600 jobs, $name: every id once',
    async ({ sort, types, pageSize = 100 }, { sandbox, assistant, sandboxIds }) => {
      const pages = await pagesOf(assistant, 'car_search_jobs', { sort, fields: ['id'], pageSize })
      expect(pages).toHaveLength(600 / pageSize)
      expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([600]))
      expectSameIds(columnOf(pages, 'id'), await sandboxIds('jobs'))
      const [first, ...others] = await bodies(sandbox)
      expect(first).not.toHaveProperty('searchAfter')
      expect(others.map(({ searchAfter }) => typesOf(searchAfter))).toContainEqual(types)
      for (const { searchAfter: _, pageSize: size, ...body } of others) {
        expect({ ...body, pageSize }).toEqual(first)
        expect(size).toBeGreaterThanOrEqual(pageSize)
      }
    },
  )

  test('80 jobs, 20 a page: 4 pages, 3 calls, newest first', async ({ sandbox, assistant, sandboxIds }) => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { scriptId: 19218, pageSize: 20 })
    expect(pages).toHaveLength(4)
    expectSameIds(columnOf(pages, 'id'), await sandboxIds('jobs', ({ scriptId }) => scriptId === 19218))
    const times = columnOf(pages, 'created.dateTime')
    expect(times).toEqual([...times].sort().reverse())
    expect(await bodies(sandbox)).toHaveLength(3)
  })

  test('assets: every id once', async ({ sandbox, assistant, sandboxIds }) => {
    const args = { sort: ['name:desc'], fields: ['id'], pageSize: 200 }
    expectSameIds(
      columnOf(await pagesOf(assistant, 'car_search_assets', args), 'id'),
      await sandboxIds('assets'),
    )
    expect(typesOf((await bodies(sandbox)).at(-1)?.['searchAfter'])).toEqual(['string', 'number'])
  })

  test('asset jobs: every id once', async ({ sandbox, assistant, sandboxIds }) => {
    const endAt = '2023-04-01'
    const pages = await pagesOf(assistant, 'car_search_asset_jobs', { endAt, fields: ['id'], pageSize: 50 })
    const isMeant = ({ created }: SandboxRow): boolean =>
      Number((created as SandboxRow)['dateTime']) < Date.parse(`${endAt}T23:59:59.999Z`)
    const expected = await sandboxIds('assetjobs', isMeant)
    expect(expected.length).toBeGreaterThan(100)
    expectSameIds(columnOf(pages, 'id'), expected)
    expect(typesOf((await bodies(sandbox)).at(-1)?.['searchAfter'])).toEqual(['number', 'string'])
  })

  test('without sort values: by page number, every id once', async ({ sandbox, assistant, sandboxIds }) => {
    await sandbox.control.knobs({ sortValues: false })
    const pages = await pagesOf(assistant, 'car_search_jobs', { fields: ['id'], pageSize: 70 })
    expectSameIds(columnOf(pages, 'id'), await sandboxIds('jobs'))
    expect((await bodies(sandbox)).at(-1)).toHaveProperty('pageNumber')
  })
})

test.for([
  { tool: 'car_search_scripts', key: 'id', kind: 'scripts' },
  { tool: 'car_search_schedules', key: 'id', kind: 'schedules' },
  { tool: 'car_search_asset_tags', key: 'id', kind: 'tags' },
  { tool: 'car_search_blocked_commands', key: 'commandId', kind: 'blocked-commands' },
  { tool: 'car_list_reports', key: 'fileUuid', kind: 'reports' },
  { tool: 'car_list_script_types', key: 'id', kind: scriptTypes },
  { tool: 'car_list_script_languages', key: 'id', kind: languages },
])('$tool, 7 a page: every id once', async ({ tool, key, kind }, { assistant, sandboxIds }) => {
  const pages = await pagesOf(assistant, tool, { fields: [key], pageSize: 7 })
  const expected =
    typeof kind === 'string'
      ? await sandboxIds(kind, ({ lab }) => kind !== 'tags' || lab === false)
      : kind.map(({ id }) => String(id))
  expect(expected.length).toBeGreaterThan(0)
  expect(pages).toHaveLength(Math.ceil(expected.length / 7))
  expectSameIds(columnOf(pages, key), expected)
})

test('page sizes that change between pages: every id once', async ({ assistant, sandboxIds }) => {
  const seen: string[] = []
  let continuationToken: string | undefined
  for (const pageSize of [7, 3, 11, 1, 20, 5, 200]) {
    const { structured } = await assistant.call('car_search_scripts', { pageSize, continuationToken }, 'json')
    seen.push(...columnOf([structured], 'id'))
    continuationToken = structured.continuationToken
  }
  expect(continuationToken).toBeUndefined()
  expectSameIds(seen, await sandboxIds('scripts'))
})
