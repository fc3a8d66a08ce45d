import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { jobs } from '../../support/workflows/runs.ts'
import { columnOf, expectSameIds, pagesOf } from '../session/walk.ts'
import { searches, sizesAsked } from './pages.ts'

// What paging costs Qualys, and what happens when a larger call fails.

const users = 'POST /qps/rest/1.0/search/saq/user'
let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
const open: Assistant[] = []
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 2_000 })
})
beforeEach(async () => {
  await sandbox.control.reset()
  assistant = await another({ QUALYS_MAX_WAIT_SECONDS: '0' })
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})
afterAll(() => sandbox.close())

async function another(extra: Environment = {}): Promise<Assistant> {
  const one = await assistantOn(sandbox, extra)
  open.push(one)
  return one
}

/** Tokens of the first pages, each with the rows it leads to. */
async function opened(tool: string, args: object, count: number) {
  const tokens: (string | undefined)[] = [undefined]
  for (let page = 0; page < count; page++) {
    const continuationToken = tokens[page]
    const { structured } = await assistant.call(tool, { ...args, continuationToken }, 'json')
    tokens.push(structured.continuationToken)
  }
  return tokens
}

describe('upstream calls', () => {
  test('2,000 jobs, 20 a page: 100 pages cost 8', async () => {
    const pages = await pagesOf(assistant, 'car_search_jobs', { pageSize: 20 })
    expect(pages).toHaveLength(100)
    const held = await sandbox.control.truth('jobs')
    expectSameIds(
      columnOf(pages, 'id'),
      held.map(({ id }) => String(id)),
    )
    expect(await sizesAsked(sandbox.control)).toEqual([20, 20, 40, 80, 160, 320, 640, 1_000])
  })

  test('who looks at one page, or two, has Qualys send these alone', async () => {
    const tokens = await opened('car_search_jobs', { pageSize: 50 }, 2)
    expect(tokens).toHaveLength(3)
    expect(await sizesAsked(sandbox.control)).toEqual([50, 50])
  })

  test('two that page through the same list at the same time cost hardly more than one', async () => {
    const walk = (): Promise<unknown[]> => pagesOf(assistant, 'car_search_jobs', { pageSize: 40 })
    const [first, second] = await Promise.all([walk(), walk()])
    expect(first).toEqual(second)
    expect((await searches(sandbox.control)).length).toBeLessThanOrEqual(2 * 8)
  })

  test('two that take turns in two lists, each with rows of its own', async () => {
    const lists = ['platform:LINUX', 'platform:WINDOWS'].map((filter) => ({ filter, pageSize: 20 }))
    const alone = await Promise.all(
      lists.map(async (args) => pagesOf(await another(), 'car_search_jobs', args)),
    )
    await sandbox.control.forget()
    const both = await Promise.all(lists.map((args) => pagesOf(assistant, 'car_search_jobs', args)))
    expect(both).toEqual(alone)
    expect((await searches(sandbox.control)).length).toBeLessThanOrEqual(2 * 8)
  })

  test('asset jobs, reports, tags, schedules and users too', async () => {
    for (const [tool, args, calls] of [
      ['car_search_asset_jobs', { endAt: '2026-11-01', pageSize: 100 }, 10],
      ['car_list_reports', { pageSize: 3 }, 6],
      ['car_search_asset_tags', { pageSize: 2 }, 7],
      ['car_search_schedules', { pageSize: 2 }, 8],
      ['saq_search_users', { pageSize: 200 }, 9],
    ] as const) {
      await sandbox.control.forget()
      const pages = await pagesOf(assistant, tool, args)
      expect(pages.length).toBeGreaterThan(10)
      expect([tool, (await searches(sandbox.control)).length <= calls]).toEqual([tool, true])
    }
  })
})

describe('what is never served from there', () => {
  test('match: each page looks for itself, a thousand rows at a time', async () => {
    const args = { match: 'linux', pageSize: 5 }
    const [, , , , token] = await opened('car_search_jobs', args, 5)
    const sizes = await sizesAsked(sandbox.control)
    expect(sizes).toEqual(Array(5).fill(1_000))
    await assistant.call('car_search_jobs', { ...args, continuationToken: token })
    expect(await sizesAsked(sandbox.control)).toHaveLength(6)
  })

  test('outputs: each page is fetched, as large as it is', async () => {
    const args = { includeOutput: true, endAt: '2024-01-01', pageSize: 3 }
    const tokens = await opened('car_search_asset_jobs', args, 8)
    for (const continuationToken of tokens.slice(3, 6))
      await assistant.call('car_search_asset_jobs', { ...args, continuationToken })
    expect(await sizesAsked(sandbox.control)).toEqual(Array(8 + 3).fill(3))
  })

  test('nor for the same list with outputs, once it was kept without', async () => {
    const args = { endAt: '2024-01-01', pageSize: 5 }
    await opened('car_search_asset_jobs', args, 6)
    await sandbox.control.forget()
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

  test('asks for itself, and cannot go on with a token of the first', async () => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 5)
    const second = await another(other)
    await sandbox.control.forget()
    const { isError, text } = await second.call('car_search_jobs', { ...args, continuationToken: tokens[4] })
    expect([isError, text]).toMatchObject([true, expect.stringContaining('does not fit this call')])
    expect(await searches(sandbox.control)).toEqual([])
    const pages = await pagesOf(second, 'car_search_jobs', { pageSize: 200 })
    expect(columnOf(pages, 'id')).toHaveLength(2_000)
    expect((await searches(sandbox.control)).length).toBeGreaterThan(2)
  })

  test('sees its own rows at the places where the first one saw theirs', async () => {
    const args = { pageSize: 4 }
    const scoped = await another({ QUALYS_USERNAME: 'saq-emea', QUALYS_PASSWORD: 'sandbox1' })
    const all = columnOf(await pagesOf(assistant, 'saq_search_campaigns', args), 'id')
    const theirs = columnOf(await pagesOf(scoped, 'saq_search_campaigns', args), 'id')
    expect(theirs.length).toBeGreaterThan(0)
    expect(theirs.length).toBeLessThan(all.length)
    const held = await sandbox.control.truth('campaigns')
    expectSameIds(
      all,
      held.map(({ id }) => String(id)),
    )
  })
})

describe('a larger call that fails', () => {
  test.each([
    { kind: 'status', status: 500, tries: 20 },
    { kind: 'reset', tries: 20 },
    { kind: 'truncate', tries: 20 },
    { kind: 'badJson', tries: 20 },
    { kind: 'html', tries: 20 },
    // These have nothing to do with how much was asked for.
    { kind: 'status', status: 403, tries: 40 },
    { kind: 'limit', toWaitSec: 600, tries: 40 },
  ])('$kind $status: the error it is, and the same token works then', async ({ tries, ...fault }) => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 2)
    const page = { ...args, continuationToken: tokens[2] }
    const right = await (await another()).call('car_search_jobs', page, 'json')
    await sandbox.control.faults([{ route: jobs, ...fault }])
    const failed = await assistant.call('car_search_jobs', page, 'json')
    expect(failed.isError, failed.text).toBe(true)
    await sandbox.control.reset()
    expect((await assistant.call('car_search_jobs', page, 'json')).raw).toEqual(right.raw)
    // It may have been the size that was too much.
    expect(await sizesAsked(sandbox.control)).toEqual([tries])
    const next = { ...args, continuationToken: right.structured.continuationToken }
    expect((await assistant.call('car_search_jobs', next)).isError).toBe(false)
    expect(await sizesAsked(sandbox.control)).toEqual(tries === 20 ? [20, 20] : [40])
  })

  test('a size that Qualys refuses: the page alone is asked for, and shown', async () => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 2)
    const page = { ...args, continuationToken: tokens[2] }
    const right = await (await another()).call('car_search_jobs', page, 'json')
    await sandbox.control.reset()
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 400, times: 1 }])
    expect((await assistant.call('car_search_jobs', page, 'json')).raw).toEqual(right.raw)
    expect(await sizesAsked(sandbox.control)).toEqual([40, 20])
  })

  test('a refusal of the page as well is that refusal', async () => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 2)
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 400 }])
    const { isError, error } = await assistant.call('car_search_jobs', {
      ...args,
      continuationToken: tokens[2],
    })
    expect([isError, error]).toMatchObject([true, { kind: 'input' }])
  })

  // What cannot be read must not stay there for a minute.
  test('rows without ids are not kept: the list works again as soon as Qualys sends it whole', async () => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 2)
    const page = { ...args, continuationToken: tokens[2] }
    await sandbox.control.faults([{ route: jobs, kind: 'dropId' }])
    // Whatever else goes wrong here is no failure, so that it shows.
    if (!(await assistant.call('car_search_jobs', page)).isError) return
    await sandbox.control.reset()
    const { isError, text } = await assistant.call('car_search_jobs', page)
    expect(isError, text).toBe(false)
  })

  test('an expired token is renewed within the page', async () => {
    const tokens = await opened('car_search_jobs', { pageSize: 20 }, 2)
    await sandbox.control.revoke()
    const args = { pageSize: 20, continuationToken: tokens[2] }
    expect((await assistant.call('car_search_jobs', args)).isError).toBe(false)
  })

  test('costs no rows that were kept before', async () => {
    const args = { pageSize: 20 }
    const tokens = await opened('car_search_jobs', args, 7)
    await sandbox.control.faults([{ route: jobs, kind: 'status', status: 500 }])
    // Before what is kept: asked for, and refused. Within it: served.
    const before = await assistant.call('car_search_jobs', { ...args, continuationToken: tokens[1] })
    const within = await assistant.call('car_search_jobs', { ...args, continuationToken: tokens[6] })
    expect([before.isError, within.isError]).toEqual([true, false])
  })

  test('an answer beyond what is read: the page alone is asked for, and shown', async () => {
    const args = { companyContains: 'Nimbus', pageSize: 20 }
    const tokens = await opened('saq_search_users', args, 3)
    const page = { ...args, continuationToken: tokens[2] }
    const right = await (await another()).call('saq_search_users', page, 'json')
    const fresh = await another({ QUALYS_MAX_WAIT_SECONDS: '0' })
    await sandbox.control.reset()
    await sandbox.control.faults([
      {
        route: users,
        kind: 'reply',
        times: 1,
        contentType: 'text/xml',
        body: `<a>${'x'.repeat(9 << 20)}</a>`,
      },
    ])
    expect((await fresh.call('saq_search_users', page, 'json')).raw).toEqual(right.raw)
    const limits = async (): Promise<unknown[]> =>
      (await searches(sandbox.control)).map(({ body }) => Number(/<limitResults>(\d+)/.exec(body)?.[1]))
    expect(await limits()).toEqual([40, 20])
    // For a while nothing larger is tried.
    const next = { ...args, continuationToken: right.structured.continuationToken }
    expect((await fresh.call('saq_search_users', next)).isError).toBe(false)
    expect(await limits()).toEqual([40, 20, 20])
  })
})

describe('rows that are kept', () => {
  test('show what the same assistant has changed meanwhile', async () => {
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
    // Whatever else goes wrong here is no failure, so that it shows.
    if (active === undefined) return
    const done = await careless.call('car_deactivate_schedule', { scheduleId: active['id'] })
    if (done.isError) return
    expect(await rows()).toContainEqual({ id: active['id'], activate: false })
  })
})
