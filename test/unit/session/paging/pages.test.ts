import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { encodeCursor } from '../../../../src/session/paging/continuation.ts'
import {
  type CarList,
  carList,
  columnIn,
  pagesIn,
  saqList,
  serveUsers,
} from '../../../support/session/lists.ts'
import { openInMemory, operationNamed, type QualysInMemory } from '../../../support/session/memory.ts'

// Lists of every kind from the first page to the last: each row once, for any page size.

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1))
const listed = (count: number, key = 'id', options: CarList = {}, extra: Environment = {}): QualysInMemory =>
  openInMemory(
    carList(
      idsOf(count).map((id) => ({ [key]: id })),
      options,
    ),
    { extra },
  )
const bodies = ({ sent }: QualysInMemory): Record<string, unknown>[] =>
  sent.map(({ body }) => JSON.parse(body))

const lists = [
  ['car_search_scripts', 'id'],
  ['car_search_schedules', 'id'],
  ['car_search_asset_tags', 'id'],
  ['car_search_blocked_commands', 'commandId'],
  ['car_list_reports', 'fileUuid'],
  ['car_list_script_types', 'id'],
  ['car_list_script_languages', 'id'],
  ['car_search_jobs', 'id'],
  ['car_search_asset_jobs', 'id'],
  ['car_search_assets', 'id'],
] as const

describe.each(lists)('%s', (tool, key) => {
  test.each([1, 2, 7, 20, 200])('%i a page: every id once', async (pageSize) => {
    const sortValues = /jobs|assets$/.test(tool)
    const pages = await pagesIn(listed(41, key, { sortValues }), tool, { fields: [key], pageSize })
    expect(pages).toHaveLength(Math.ceil(41 / pageSize))
    expect(columnIn(pages, key)).toEqual(idsOf(41))
  })
})

describe.each(['offset', 'id'])('users by %s', (way) => {
  const users = (count: number): QualysInMemory =>
    openInMemory(saqList(serveUsers(idsOf(count).map(Number))), { extra: { QUALYS_SAQ_PAGING: way } })

  test.each([1, 2, 7, 20, 200])('%i a page: every id once', async (pageSize) => {
    const pages = await pagesIn(users(41), 'saq_search_users', { fields: ['id'], pageSize })
    expect(pages).toHaveLength(Math.ceil(41 / pageSize))
    expect(columnIn(pages)).toEqual(idsOf(41))
    // The total is known at the end.
    expect(pages.map(({ total }) => total)).toEqual([...Array(pages.length - 1).fill(undefined), 41])
  })
})

describe('page sizes that change between pages: every id once', () => {
  test.each([
    ['car_search_scripts', {}],
    ['car_search_jobs', { sortValues: true }],
    ['car_search_jobs', {}],
    ['car_list_reports', {}],
  ])('%s %j', async (tool, options) => {
    const memory = listed(120, 'id', options)
    const seen: string[] = []
    let continuationToken: string | undefined
    for (const pageSize of [7, 3, 11, 1, 20, 5, 200]) {
      const { structured } = await memory.call(tool, { pageSize, continuationToken, fields: ['id'] })
      seen.push(...columnIn([structured]))
      continuationToken = structured.continuationToken
    }
    expect(continuationToken).toBeUndefined()
    expect(seen).toEqual(idsOf(120))
  })
})

describe('searchAfter', () => {
  test.each([
    { pageSize: 1, count: 80, calls: 8 },
    { pageSize: 20, count: 4, calls: 3 },
    { pageSize: 200, count: 1, calls: 1 },
    { pageSize: undefined, count: 4, calls: 3 },
  ])('80 runs, $pageSize a page: $count pages, $calls calls', async ({ pageSize, count, calls }) => {
    const memory = listed(80, 'id', { sortValues: true })
    const pages = await pagesIn(memory, 'car_search_jobs', { pageSize })
    expect(pages).toHaveLength(count)
    expect(columnIn(pages)).toEqual(idsOf(80))
    expect(memory.sent).toHaveLength(calls)
    const [first, ...others] = bodies(memory)
    expect(first).not.toHaveProperty('searchAfter')
    for (const { searchAfter, pageSize: _, ...body } of others) {
      expect(searchAfter).toEqual([expect.any(Number), expect.any(String)])
      expect({ ...body, pageSize: first?.['pageSize'] }).toEqual(first)
    }
  })

  test('sort values of any type are sent back as they came', async () => {
    const memory = openInMemory((_sent, nth) => {
      const list = [{ sortValues: [null, 1.5, 'ü', true, '007'], data: { id: String(nth) } }]
      return { body: { body: { totalCount: 2, list } } }
    })
    const { structured } = await memory.call('car_search_jobs', { pageSize: 1 })
    // Equal sort values mean the same rows again.
    const { error } = await memory.call('car_search_jobs', {
      pageSize: 1,
      continuationToken: structured.continuationToken,
    })
    expect(bodies(memory)[1]?.['searchAfter']).toEqual([null, 1.5, 'ü', true, '007'])
    expect(error).toMatchObject({ kind: 'drift' })
  })

  test('rows that do not fit the reply come on the next page', async () => {
    const rows = idsOf(60).map((id) => ({ id, title: `${id} `.padEnd(200, 'x') }))
    const memory = openInMemory(carList(rows, { sortValues: true }), {
      extra: { QUALYS_REPLY_CHARS: '2000' },
    })
    const pages = await pagesIn(memory, 'car_search_jobs', { fields: ['*'], pageSize: 60 })
    expect(pages.length).toBeGreaterThan(3)
    expect(columnIn(pages)).toEqual(idsOf(60))
  })

  test('a page shorter than requested continues while the total says there is more', async () => {
    const { structured } = await listed(1, 'id', { sortValues: true, total: 3 }).call('car_search_jobs', {
      pageSize: 2,
    })
    expect(structured).toMatchObject({ returned: 1, total: 3, continuationToken: expect.any(String) })
  })

  test.each([
    ['without sort values: every row up to the result limit once, then its advice', false, [9_950], 9_999],
    ['with them, rows beyond 10,000 are reached', true, [9_950, 9_949, '9949'], 10_050],
  ] as const)('%s', async (_name, sortValues, place, last) => {
    const memory = listed(10_050, 'id', { sortValues })
    const args = { fields: ['id'], pageSize: 20 }
    const account = await memory.session.identity(operationNamed('car_search_jobs'))
    const continuationToken = encodeCursor(place, { tool: 'car_search_jobs', account, query: {} })
    const pages = await pagesIn(memory, 'car_search_jobs', args, continuationToken)
    expect(columnIn(pages)).toEqual(idsOf(last).slice(9_950))
    expect(pages.length).toBeGreaterThan(2)
    const walls = pages.map(({ note = '' }) => /first 9,999 rows.*[Nn]arrow the filter/.test(note))
    expect(walls).toEqual([...Array(pages.length - 1).fill(false), !sortValues])
  })
})
