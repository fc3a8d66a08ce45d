import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { languages, scriptTypes } from '../../../src/sandbox/data/languages.ts'
import { askFor, windowOf } from '../../../src/session/paging.ts'
import type { Environment } from '../../../src/settings.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { columnOf, expectSameIds, pagesOf, type Truth, truthOf } from './walk.ts'

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
let truth: ReturnType<typeof truthOf>
const others: Assistant[] = []
beforeAll(async () => {
  sandbox = await openSandbox()
  assistant = await assistantOn(sandbox)
  truth = truthOf(sandbox.control)
})
beforeEach(() => sandbox.control.reset())
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.close()))
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

async function another(extra: Environment): Promise<Assistant> {
  const other = await assistantOn(sandbox, extra)
  others.push(other)
  return other
}

/** The bodies of the searches the sandbox saw, in their order. */
async function bodies(): Promise<Truth[]> {
  const requests = await sandbox.control.requests()
  return requests.filter(({ path }) => path !== '/auth').map(({ body }) => JSON.parse(body))
}

const sample = { scriptId: 19218 }
const isSample = (row: Truth): boolean => row['scriptId'] === 19218
const typesOf = (values: unknown): string[] =>
  (values as unknown[]).map((value) => (value === null ? 'null' : typeof value))

describe('searchAfter', () => {
  test.each([
    { name: 'newest first', sort: undefined, types: ['number', 'string'] },
    { name: 'oldest first', sort: ['created.dateTime:asc'], types: ['number', 'string'] },
    { name: 'by title', sort: ['title:asc'], types: ['string', 'string'] },
    { name: 'by id alone', sort: ['id:desc'], types: ['string'] },
  ])('all 15,000 jobs, $name: every id once, across the wall', async ({ sort, types }) => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { sort, fields: ['id'], pageSize: 200 })
    expect(pages).toHaveLength(75)
    expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([15_000]))
    expectSameIds(columnOf(pages, 'id'), await truth('jobs'))
    const [first, ...behind] = await bodies()
    expect(first).not.toHaveProperty('searchAfter')
    expect(new Set(behind.map(({ searchAfter }) => typesOf(searchAfter).join()))).toEqual(
      new Set([types.join()]),
    )
    for (const { searchAfter: _, pageSize, ...body } of behind) {
      expect({ ...body, pageSize: 200 }).toEqual(first)
      expect(pageSize).toBeGreaterThanOrEqual(200)
    }
  })

  test('sort keys that rows lack: null goes on the wire, every id once', async () => {
    const args = { sort: ['schedulerName:desc', 'severity:asc'], fields: ['id'], pageSize: 200 }
    expectSameIds(columnOf(await pagesOf(assistant, 'car_search_jobs', args), 'id'), await truth('jobs'))
    const last = (await bodies()).at(-1)
    expect(typesOf(last?.['searchAfter'])).toEqual(['null', 'number', 'string'])
    expect(last?.['sort']).toEqual([{ schedulerName: 'desc' }, { severity: 'asc' }, { id: 'asc' }])
  })

  test.each([
    { pageSize: 1, count: 80, calls: 8 },
    { pageSize: 20, count: 4, calls: 3 },
    { pageSize: 200, count: 1, calls: 1 },
    // The same list again within a minute: its last batch is still there.
    { pageSize: undefined, count: 4, calls: 2 },
  ])('80 jobs, $pageSize a page: $count pages, $calls calls', async ({ pageSize, count, calls }) => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { ...sample, pageSize })
    expect(pages).toHaveLength(count)
    expectSameIds(columnOf(pages, 'id'), await truth('jobs', isSample))
    const times = columnOf(pages, 'created.dateTime')
    expect(times).toEqual([...times].sort().reverse())
    expect(await bodies()).toHaveLength(calls)
  })

  test.each([
    { tool: 'car_search_assets', kind: 'assets', args: {}, types: ['number'] },
    { tool: 'car_search_assets', kind: 'assets', args: { sort: ['name:desc'] }, types: ['string', 'number'] },
    { tool: 'car_search_asset_jobs', kind: 'assetjobs', args: {}, types: ['number', 'string'] },
  ])('$tool $args: every id once', async ({ tool, kind, args, types }) => {
    const pages = await pagesOf(assistant, tool, { ...args, fields: ['id'], pageSize: 200 })
    expectSameIds(columnOf(pages, 'id'), await truth(kind))
    expect(typesOf((await bodies()).at(-1)?.['searchAfter'])).toEqual(types)
  })

  test('rows that do not fit the reply come on the next page', async () => {
    const small = await another({ QUALYS_REPLY_CHARS: '2000' })
    const pages = await pagesOf(small, 'car_search_jobs', { ...sample, fields: ['*'], pageSize: 200 })
    expect(pages.length).toBeGreaterThan(10)
    expectSameIds(columnOf(pages, 'id'), await truth('jobs', isSample))
  })

  test('rows with outputs of a megabyte among them: every id once', async () => {
    const [newest] = (await sandbox.control.truth('jobs')).slice(-1)
    const pages = await pagesOf(assistant, 'car_search_asset_jobs', {
      jobId: newest?.['id'],
      includeOutput: true,
    })
    expectSameIds(
      columnOf(pages, 'id'),
      await truth('assetjobs', ({ job }) => (job as Truth)['id'] === newest?.['id']),
    )
  })

  test('a page shorter than asked goes on while the total says there is more', async () => {
    const [job] = await sandbox.control.truth('jobs')
    const list = [{ sortValues: [1, 'a'], data: job }]
    const short = { errorCode: null, message: null, body: { totalCount: 3, list } }
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'reply', body: short, times: 1 }])
    const { structured } = await assistant.call('car_search_jobs', { pageSize: 2 }, 'json')
    expect(structured).toMatchObject({ returned: 1, total: 3, continuationToken: expect.any(String) })
  })
})

describe('page numbers', () => {
  const lists = [
    { tool: 'car_search_scripts', key: 'id', ids: () => truth('scripts') },
    { tool: 'car_search_schedules', key: 'id', ids: () => truth('schedules') },
    { tool: 'car_search_asset_tags', key: 'id', ids: () => truth('tags', ({ lab }) => lab === false) },
    { tool: 'car_search_blocked_commands', key: 'commandId', ids: () => truth('blocked-commands') },
    { tool: 'car_list_reports', key: 'fileUuid', ids: () => truth('reports') },
    { tool: 'car_list_script_types', key: 'id', ids: async () => scriptTypes.map(({ id }) => String(id)) },
    { tool: 'car_list_script_languages', key: 'id', ids: async () => languages.map(({ id }) => String(id)) },
  ]
  const cases = lists.flatMap((list) => [1, 2, 7, 20, 200].map((pageSize) => ({ ...list, pageSize })))
  test.each(cases)('$tool, $pageSize a page: every id once', async ({ tool, key, ids, pageSize }) => {
    const pages = await pagesOf(assistant, tool, { fields: [key], pageSize })
    const expected = await ids()
    expect(pages).toHaveLength(Math.ceil(expected.length / pageSize))
    expectSameIds(columnOf(pages, key), expected)
  })

  test('page sizes that change on the way: every id once', async () => {
    const seen: string[] = []
    let continuationToken: string | undefined
    for (const pageSize of [7, 3, 11, 1, 20, 5, 200]) {
      const { structured } = await assistant.call(
        'car_search_scripts',
        { pageSize, continuationToken },
        'json',
      )
      seen.push(...columnOf([structured], 'id'))
      continuationToken = structured.continuationToken
    }
    expect(continuationToken).toBeUndefined()
    expectSameIds(seen, await truth('scripts'))
  })

  test('jobs without sort values: every row up to the wall once, then its advice', async () => {
    await sandbox.control.knobs({ sortValues: false })
    const pages = await pagesOf(assistant, 'car_search_jobs', { fields: ['id'], pageSize: 200 })
    const ids = columnOf(pages, 'id')
    expect(ids).toHaveLength(9_999)
    expect(new Set(ids).size).toBe(9_999)
    expect(pages.slice(0, -1).every(({ note }) => note === undefined)).toBe(true)
    expect(pages.at(-1)?.note).toMatch(/first 9,999 rows.*[Nn]arrow the filter/)
  })

  test('behind the wall there is advice, and no call', () => {
    expect(() => askFor({ kind: 'pageNumber' }, [9_999], 20)).toThrow(
      expect.objectContaining({ kind: 'input', next: expect.stringContaining('Narrow the filter') }),
    )
    expect(
      askFor(
        { kind: 'searchAfter', sort: { default: ['id:asc'], unique: 'id', as: 'array' } },
        [9_999, 7],
        20,
      ).params,
    ).toEqual({
      sort: [{ id: 'asc' }],
      searchAfter: [7],
      pageSize: 20,
    })
  })

  test('a window holds the row it is for, and ends at the wall', () => {
    const wants = [1, 2, 3, 7, 19, 20, 21, 50, 199, 200, 999, 1_000]
    for (let before = 0; before < 9_999; before += before < 300 || before > 9_700 ? 1 : 37) {
      for (const want of wants) {
        const window = windowOf(before, want)
        const first = (window?.pageNumber ?? 0) * (window?.pageSize ?? 0)
        const end = first + (window?.pageSize ?? 0)
        const sound = first <= before && before < end && end <= 9_999
        if (!sound) expect.fail(`before ${before}, want ${want}: rows ${first} to ${end}`)
      }
    }
    expect(windowOf(9_999, 1)).toBeUndefined()
    expect(windowOf(12_345, 200)).toBeUndefined()
  })

  test('windows of changing size visit every row once', () => {
    for (let seed = 1; seed <= 30; seed++) {
      let random = seed * 7_919
      let before = 0
      for (let calls = 0; before < 9_999; calls++) {
        random = (random * 48_271) % 2_147_483_647
        const want = 1 + (random % (seed % 3 === 0 ? 1_000 : 200))
        const ask = askFor({ kind: 'pageNumber' }, [before], want)
        const { pageNumber, pageSize } = ask.params as { pageNumber: number; pageSize: number }
        expect(pageNumber * pageSize + ask.skip).toBe(before)
        before += Math.min(want, pageSize - ask.skip)
        expect(calls).toBeLessThan(9_999)
      }
      expect(before).toBe(9_999)
    }
  })

  test('no window for a page that fits from the start is larger than the page', () => {
    for (const want of [1, 20, 200]) {
      for (let before = 0; before + want <= 9_999; before += want) {
        expect(windowOf(before, want)).toEqual({ pageSize: want, pageNumber: before / want })
      }
    }
  })
})
