import { describe, expect } from 'vitest'
import { languages, scriptTypes } from '../../../src/sandbox/data/car/content/languages.ts'
import {
  columnOf,
  expectSameIds,
  pagesOf,
  type SandboxRow,
  sandboxIdsOf,
} from '../../integration/session/walk.ts'
import { openAssistantOn } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// Lists of CAR at their full size, from the first row to the last: each row once, for any page size.

const test = testOn({}).extend<{ sandboxIds: ReturnType<typeof sandboxIdsOf> }>({
  sandboxIds: ({ sandbox }, use) => use(sandboxIdsOf(sandbox.control)),
})

/** The bodies of the searches that the sandbox received, in order. */
async function bodies({ control }: TestSandbox): Promise<SandboxRow[]> {
  const requests = await control.requests()
  return requests.filter(({ path }) => path !== '/auth').map(({ body }) => JSON.parse(body))
}

const sample = { scriptId: 19218 }
const isSample = (row: SandboxRow): boolean => row['scriptId'] === 19218
const typesOf = (values: unknown): string[] =>
  (values as unknown[]).map((value) => (value === null ? 'null' : typeof value))

describe('searchAfter', () => {
  test.for([
    { name: 'newest first', sort: undefined, types: ['number', 'string'] },
    { name: 'oldest first', sort: ['created.dateTime:asc'], types: ['number', 'string'] },
    { name: 'by title', sort: ['title:asc'], types: ['string', 'string'] },
    { name: 'by id alone', sort: ['id:desc'], types: ['string'] },
  ])(
    'all 15,000 jobs, $name: every id once, beyond the result limit',
    async ({ sort, types }, { sandbox, assistant, sandboxIds }) => {
      const pages = await pagesOf(assistant, 'car_search_jobs', { sort, fields: ['id'], pageSize: 200 })
      expect(pages).toHaveLength(75)
      expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([15_000]))
      expectSameIds(columnOf(pages, 'id'), await sandboxIds('jobs'))
      const [first, ...others] = await bodies(sandbox)
      expect(first).not.toHaveProperty('searchAfter')
      expect(new Set(others.map(({ searchAfter }) => typesOf(searchAfter).join()))).toEqual(
        new Set([types.join()]),
      )
      for (const { searchAfter: _, pageSize, ...body } of others) {
        expect({ ...body, pageSize: 200 }).toEqual(first)
        expect(pageSize).toBeGreaterThanOrEqual(200)
      }
    },
  )

  test('sort keys that rows lack: null is sent, every id once', async ({
    sandbox,
    assistant,
    sandboxIds,
  }) => {
    const args = { sort: ['schedulerName:desc', 'severity:asc'], fields: ['id'], pageSize: 200 }
    expectSameIds(columnOf(await pagesOf(assistant, 'car_search_jobs', args), 'id'), await sandboxIds('jobs'))
    const last = (await bodies(sandbox)).at(-1)
    expect(typesOf(last?.['searchAfter'])).toEqual(['null', 'number', 'string'])
    expect(last?.['sort']).toEqual([{ schedulerName: 'desc' }, { severity: 'asc' }, { id: 'asc' }])
  })

  test.for([
    { pageSize: 1, count: 80, calls: 8 },
    { pageSize: 20, count: 4, calls: 3 },
    { pageSize: 200, count: 1, calls: 1 },
    { pageSize: undefined, count: 4, calls: 3 },
  ])(
    '80 jobs, $pageSize a page: $count pages, $calls calls',
    async ({ pageSize, count, calls }, { sandbox, assistant, sandboxIds }) => {
      const pages = await pagesOf(assistant, 'car_search_jobs', { ...sample, pageSize })
      expect(pages).toHaveLength(count)
      expectSameIds(columnOf(pages, 'id'), await sandboxIds('jobs', isSample))
      const times = columnOf(pages, 'created.dateTime')
      expect(times).toEqual([...times].sort().reverse())
      expect(await bodies(sandbox)).toHaveLength(calls)
    },
  )

  test.for([
    { tool: 'car_search_assets', kind: 'assets', args: {}, types: ['number'] },
    { tool: 'car_search_assets', kind: 'assets', args: { sort: ['name:desc'] }, types: ['string', 'number'] },
    { tool: 'car_search_asset_jobs', kind: 'assetjobs', args: {}, types: ['number', 'string'] },
  ])(
    '$tool $args: every id once',
    async ({ tool, kind, args, types }, { sandbox, assistant, sandboxIds }) => {
      const pages = await pagesOf(assistant, tool, { ...args, fields: ['id'], pageSize: 200 })
      expectSameIds(columnOf(pages, 'id'), await sandboxIds(kind))
      expect(typesOf((await bodies(sandbox)).at(-1)?.['searchAfter'])).toEqual(types)
    },
  )

  test('rows that do not fit the reply come on the next page', async ({ sandbox, sandboxIds }) => {
    const small = await openAssistantOn(sandbox, { QUALYS_REPLY_CHARS: '2000' })
    const pages = await pagesOf(small, 'car_search_jobs', { ...sample, fields: ['*'], pageSize: 200 })
    await small.close()
    expect(pages.length).toBeGreaterThan(10)
    expectSameIds(columnOf(pages, 'id'), await sandboxIds('jobs', isSample))
  })

  test('rows with outputs of a megabyte among them: every id once', async ({
    sandbox,
    assistant,
    sandboxIds,
  }) => {
    const [newest] = (await sandbox.control.dump('jobs')).slice(-1)
    const pages = await pagesOf(assistant, 'car_search_asset_jobs', {
      jobId: newest?.['id'],
      includeOutput: true,
    })
    expectSameIds(
      columnOf(pages, 'id'),
      await sandboxIds('assetjobs', ({ job }) => (job as SandboxRow)['id'] === newest?.['id']),
    )
  })
})

describe('page numbers', () => {
  const lists = [
    { tool: 'car_search_scripts', key: 'id', kind: 'scripts' },
    { tool: 'car_search_schedules', key: 'id', kind: 'schedules' },
    { tool: 'car_search_asset_tags', key: 'id', kind: 'tags' },
    { tool: 'car_search_blocked_commands', key: 'commandId', kind: 'blocked-commands' },
    { tool: 'car_list_reports', key: 'fileUuid', kind: 'reports' },
    { tool: 'car_list_script_types', key: 'id', kind: scriptTypes },
    { tool: 'car_list_script_languages', key: 'id', kind: languages },
  ]
  const cases = lists.flatMap((list) => [1, 2, 7, 20, 200].map((pageSize) => ({ ...list, pageSize })))
  test.for(cases)(
    '$tool, $pageSize a page: every id once',
    async ({ tool, key, kind, pageSize }, { assistant, sandboxIds }) => {
      const pages = await pagesOf(assistant, tool, { fields: [key], pageSize })
      const expected =
        typeof kind === 'string'
          ? await sandboxIds(kind, ({ lab }) => kind !== 'tags' || lab === false)
          : kind.map(({ id }) => String(id))
      expect(expected.length).toBeGreaterThan(0)
      expect(pages).toHaveLength(Math.ceil(expected.length / pageSize))
      expectSameIds(columnOf(pages, key), expected)
    },
  )

  test('jobs without sort values: every row up to the result limit once, then its advice', async ({
    sandbox,
    assistant,
  }) => {
    await sandbox.control.knobs({ sortValues: false })
    const pages = await pagesOf(assistant, 'car_search_jobs', { fields: ['id'], pageSize: 200 })
    const ids = columnOf(pages, 'id')
    expect(ids).toHaveLength(9_999)
    expect(new Set(ids).size).toBe(9_999)
    expect(pages.slice(0, -1).every(({ note }) => note === undefined)).toBe(true)
    expect(pages.at(-1)?.note).toMatch(/first 9,999 rows.*[Nn]arrow the filter/)
  })
})
