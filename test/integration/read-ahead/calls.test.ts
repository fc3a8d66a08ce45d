import { describe, expect } from 'vitest'
import { callsFor, columnOf, expectSameIds, pagesOf } from '../session/walk.ts'
import { test } from './assistants.ts'
import { requestedSizes, searches } from './pages.ts'

// How many requests paging sends to Qualys.

describe('upstream calls', () => {
  test('600 jobs, 20 a page: 30 pages cost 6', async ({ sandbox, assistant }) => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { pageSize: 20 })
    expect(pages).toHaveLength(30)
    const held = await sandbox.control.dump('jobs')
    expectSameIds(
      columnOf(pages, 'id'),
      held.map(({ id }) => String(id)),
    )
    expect(await requestedSizes(sandbox.control)).toEqual([20, 20, 40, 80, 160, 320])
  })

  test('the first two pages are requested at their own size', async ({ sandbox, openLists }) => {
    const tokens = await openLists('car_search_jobs', { pageSize: 50 }, 2)
    expect(tokens).toHaveLength(3)
    expect(await requestedSizes(sandbox.control)).toEqual([50, 50])
  })

  test('two assistants paging through the same list at once cost hardly more than one', async ({
    sandbox,
    assistant,
  }) => {
    const walk = (): Promise<unknown[]> => pagesOf(assistant, 'car_search_jobs', { pageSize: 40 })
    const [first, second] = await Promise.all([walk(), walk()])
    expect(first).toHaveLength(15)
    expect(first).toEqual(second)
    expect((await searches(sandbox.control)).length).toBeLessThanOrEqual(2 * 5)
  })

  test('two assistants that alternate between two lists each get their own rows', async ({
    sandbox,
    assistant,
    another,
  }) => {
    const lists = ['platform:LINUX', 'platform:WINDOWS'].map((filter) => ({ filter, pageSize: 20 }))
    const alone = await Promise.all(
      lists.map(async (args) => pagesOf(await another(), 'car_search_jobs', args)),
    )
    expect(Math.min(...alone.map(({ length }) => length))).toBeGreaterThan(5)
    await sandbox.control.clearRequests()
    const both = await Promise.all(lists.map((args) => pagesOf(assistant, 'car_search_jobs', args)))
    expect(both).toEqual(alone)
    expect((await searches(sandbox.control)).length).toBeLessThanOrEqual(2 * 6)
  })

  test.for([
    ['car_search_asset_jobs', { endAt: '2026-11-01', pageSize: 100 }],
    ['car_list_reports', { pageSize: 3 }],
    ['car_search_asset_tags', { pageSize: 2 }],
    ['car_search_schedules', { pageSize: 2 }],
    ['saq_search_campaigns', { pageSize: 3 }],
  ] as const)('%s too', async ([tool, args], { sandbox, assistant }) => {
    const pages = await pagesOf(assistant, tool, args)
    expect(pages.length).toBeGreaterThan(10)
    const rows = pages.reduce((sum, { returned }) => sum + returned, 0)
    expect(await searches(sandbox.control)).toHaveLength(callsFor(rows, args.pageSize))
  })
})

describe('what is never served from the read-ahead cache', () => {
  test('match: each page collects its own rows, a thousand at a time', async ({
    sandbox,
    assistant,
    openLists,
  }) => {
    const args = { match: 'linux', pageSize: 5 }
    const [, , , , token] = await openLists('car_search_jobs', args, 5)
    const sizes = await requestedSizes(sandbox.control)
    expect(sizes).toEqual(Array(5).fill(1_000))
    await assistant.call('car_search_jobs', { ...args, continuationToken: token })
    expect(await requestedSizes(sandbox.control)).toHaveLength(6)
  })

  test('outputs: each page is fetched at its own size', async ({ sandbox, assistant, openLists }) => {
    const args = { includeOutput: true, endAt: '2024-01-01', pageSize: 3 }
    const tokens = await openLists('car_search_asset_jobs', args, 8)
    for (const continuationToken of tokens.slice(3, 6))
      await assistant.call('car_search_asset_jobs', { ...args, continuationToken })
    expect(await requestedSizes(sandbox.control)).toEqual(Array(8 + 3).fill(3))
  })

  test('the same list with outputs, after it was cached without', async ({
    sandbox,
    assistant,
    openLists,
  }) => {
    const args = { endAt: '2024-01-01', pageSize: 5 }
    await openLists('car_search_asset_jobs', args, 6)
    await sandbox.control.clearRequests()
    const { structured } = await assistant.call(
      'car_search_asset_jobs',
      { ...args, includeOutput: true },
      'json',
    )
    expect(structured.rows.some((row) => typeof row['scriptResult'] === 'string')).toBe(true)
    expect(await searches(sandbox.control)).toHaveLength(1)
  })
})

describe('another account', () => {
  const other = { QUALYS_USERNAME: 'sandbox_cd2', QUALYS_PASSWORD: 'sandbox2' }

  test('sends its own requests, and cannot continue with a token of the first', async ({
    sandbox,
    another,
    openLists,
  }) => {
    const args = { pageSize: 20 }
    const tokens = await openLists('car_search_jobs', args, 5)
    const second = await another(other)
    await sandbox.control.clearRequests()
    const { isError, text } = await second.call('car_search_jobs', { ...args, continuationToken: tokens[4] })
    expect([isError, text]).toMatchObject([true, expect.stringContaining('does not fit this call')])
    expect(await searches(sandbox.control)).toEqual([])
    const pages = await pagesOf(second, 'car_search_jobs', { pageSize: 200 })
    expect(columnOf(pages, 'id')).toHaveLength(600)
    expect((await searches(sandbox.control)).length).toBeGreaterThan(2)
  })

  test('sees its own rows at the positions where the first account saw its rows', async ({
    sandbox,
    assistant,
    another,
  }) => {
    const args = { pageSize: 4 }
    const scoped = await another({ QUALYS_USERNAME: 'saq-emea', QUALYS_PASSWORD: 'sandbox1' })
    const all = columnOf(await pagesOf(assistant, 'saq_search_campaigns', args), 'id')
    const theirs = columnOf(await pagesOf(scoped, 'saq_search_campaigns', args), 'id')
    expect(theirs.length).toBeGreaterThan(0)
    expect(theirs.length).toBeLessThan(all.length)
    const held = await sandbox.control.dump('campaigns')
    expectSameIds(
      all,
      held.map(({ id }) => String(id)),
    )
  })
})

describe('cached rows', () => {
  test('show what the same assistant has changed since', async ({ another }) => {
    const careless = await another({ QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all' })
    const args = { pageSize: 4, fields: ['id', 'activate'] }
    let continuationToken: string | undefined
    for (let page = 0; page < 3; page++) {
      const { structured } = await careless.call(
        'car_search_schedules',
        { ...args, continuationToken },
        'json',
      )
      continuationToken = structured.continuationToken
    }
    const page = { ...args, continuationToken }
    const rows = async (): Promise<Record<string, unknown>[]> =>
      (await careless.call('car_search_schedules', page, 'json')).structured.rows
    const active = (await rows()).find(({ activate }) => activate === true)
    expect(active).toBeDefined()
    const done = await careless.call('car_deactivate_schedule', { scheduleId: active?.['id'] })
    expect(done.isError, done.text).toBe(false)
    expect(await rows()).toContainEqual({ id: active?.['id'], activate: false })
  })
})
