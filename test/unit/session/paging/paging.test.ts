import { describe, expect, test } from 'vitest'
import type { Paging } from '../../../../src/operations/paging-kinds.ts'
import type { Cursor } from '../../../../src/session/answer.ts'
import {
  pageRequestFor,
  pagingLoopError,
  pagingOf,
  type RawPage,
  readPage,
  windowOf,
} from '../../../../src/session/paging/paging.ts'
import type { Payload } from '../../../../src/session/products/product.ts'
import { operationNamed } from '../../../support/session/memory.ts'

// How each kind of list is requested, and what is read of its answers.

const whole: Paging = { kind: 'whole' }
const byOffset: Paging = { kind: 'offset' }
const byNumber: Paging = { kind: 'pageNumber' }
const sort = { default: ['created:desc'], unique: 'id', as: 'array' } as const
const searchAfter: Paging = { kind: 'searchAfter', sort }
const order = { sort: [{ created: 'desc' }, { id: 'desc' }] }

/** The rows of a page, each with its cursor. */
const placed = ({ rows }: RawPage) => rows.map(({ record, cursorAfter }) => ({ record, cursorAfter }))

describe('the request', () => {
  test.each<readonly [string, Paging, Cursor, object]>([
    ['whole', whole, [0], { params: {}, skip: 0 }],
    ['whole, from the 40th on', whole, [40], { params: {}, skip: 40 }],
    ['offset', byOffset, [0], { params: { limit: 20, offset: 0 }, skip: 0, fullSize: 20 }],
    [
      'offset, from the 40th on',
      byOffset,
      [40],
      { params: { limit: 20, offset: 40 }, skip: 0, fullSize: 20 },
    ],
    ['page number', byNumber, [0], { params: { pageSize: 20, pageNumber: 0 }, skip: 0, fullSize: 20 }],
    [
      'page number, the third',
      byNumber,
      [40],
      { params: { pageSize: 20, pageNumber: 2 }, skip: 0, fullSize: 20 },
    ],
    [
      'page number, of a place in a page',
      byNumber,
      [7],
      { params: { pageSize: 27, pageNumber: 0 }, skip: 7, fullSize: 27 },
    ],
    [
      'page number with an order',
      { kind: 'pageNumber', sort: { ...sort, as: 'text' } },
      [0],
      {
        params: { sort: JSON.stringify(order.sort), pageSize: 20, pageNumber: 0 },
        skip: 0,
        fullSize: 20,
      },
    ],
    ['searchAfter', searchAfter, [0], { params: { ...order, pageSize: 20 }, skip: 0, fullSize: 20 }],
    [
      'searchAfter, after a row',
      searchAfter,
      [40, 7, 'x'],
      { params: { ...order, pageSize: 20, searchAfter: [7, 'x'] }, skip: 0, fullSize: 20 },
    ],
    // The rows came without sort values: page numbers still reach the first 9,999.
    [
      'searchAfter, after a row without values',
      searchAfter,
      [40],
      { params: { ...order, pageSize: 20, pageNumber: 2 }, skip: 0, fullSize: 20 },
    ],
    [
      'qps by offset',
      { kind: 'qps', by: 'offset' },
      [0],
      { params: { preferences: { startFromOffset: undefined, limitResults: 20 } }, skip: 0, fullSize: 20 },
    ],
    [
      'qps by offset, from the 41st on',
      { kind: 'qps', by: 'offset' },
      [40, '7'],
      { params: { preferences: { startFromOffset: 41, limitResults: 20 } }, skip: 0, fullSize: 20 },
    ],
    [
      'qps by id',
      { kind: 'qps', by: 'id' },
      [40, '7'],
      { params: { preferences: { limitResults: 20 }, beyond: '7' }, skip: 0, fullSize: 20 },
    ],
    [
      'qps by id, without one',
      { kind: 'qps', by: 'id' },
      [40],
      { params: { preferences: { startFromOffset: 41, limitResults: 20 } }, skip: 0, fullSize: 20 },
    ],
  ])('%s', (_name, paging, position, ask) => {
    expect(pageRequestFor(paging, position, 20)).toEqual(ask)
  })

  test.each<readonly [readonly string[], readonly object[]]>([
    [['title:asc'], [{ title: 'asc' }, { id: 'asc' }]],
    [
      ['title:asc', 'created:desc'],
      [{ title: 'asc' }, { created: 'desc' }, { id: 'desc' }],
    ],
    [['id:asc'], [{ id: 'asc' }]],
    [
      ['id:desc', 'title:asc'],
      [{ id: 'desc' }, { title: 'asc' }],
    ],
  ])('in the order %j, equal rows keep their order', (keys, expected) => {
    expect(pageRequestFor(searchAfter, [0], 20, keys).params).toMatchObject({ sort: expected })
  })

  test('after the result limit there is advice, and no call', () => {
    const limit = expect.objectContaining({
      kind: 'input',
      message: 'Qualys shows only the first 9,999 rows of this list.',
      next: 'Narrow the filter or the dates so that fewer rows match, or sort the other way round.',
    })
    expect(() => pageRequestFor(byNumber, [9_999], 20)).toThrow(limit)
    expect(() => pageRequestFor(searchAfter, [9_999], 20)).toThrow(limit)
    expect(pageRequestFor(byNumber, [9_998], 20).params).toEqual({ pageSize: 1, pageNumber: 9_998 })
    expect(pageRequestFor(searchAfter, [9_999, 7], 20).params).toEqual({
      ...order,
      searchAfter: [7],
      pageSize: 20,
    })
  })

  test('a list is walked as its page documents, or as the operator configures', () => {
    const users = operationNamed('saq_search_users')
    const by = (way: 'offset' | 'id' | undefined) => pagingOf(users, way)
    expect([by('offset'), by('id')]).toEqual([
      { kind: 'qps', by: 'offset' },
      { kind: 'qps', by: 'id' },
    ])
    expect(by(undefined)).toEqual(users.paging)
    const reports = operationNamed('car_list_reports')
    expect(pagingOf(reports, 'id')).toEqual(reports.paging)
    const { paging: _, ...without } = reports
    expect(pagingOf(without, undefined)).toEqual(whole)
  })
})

describe('the answer', () => {
  const rows = (count: number): object[] => Array.from({ length: count }, (_, at) => ({ id: String(at) }))
  /** As v2 sends them, with sort values. */
  const wrapped = (count: number): object[] =>
    rows(count).map((data, at) => ({ sortValues: [at, String(at)], data }))
  const batch = (paging: Paging, payload: Payload, position: Cursor = [0], want = 20) =>
    readPage(paging, pageRequestFor(paging, position, want), payload, position)

  test.each<readonly [string, unknown, unknown, Cursor]>([
    ['flat', { id: 1 }, { id: 1 }, [1]],
    ['with sort values beside', { id: 1, sortValues: [7] }, { id: 1 }, [1, 7]],
    ['wrapped', { sortValues: [7], data: { id: 1 } }, { id: 1 }, [1, 7]],
    ['wrapped without sort values', { data: { id: 1 } }, { id: 1 }, [1]],
    ['with a field named data', { id: 1, data: { x: 2 } }, { id: 1, data: { x: 2 } }, [1]],
    ['with invalid data', { sortValues: [7], data: 'x' }, { data: 'x' }, [1, 7]],
    ['with sort values that are none', { id: 1, sortValues: 7 }, { id: 1 }, [1]],
    ['none', 'x', 'x', [1]],
  ])('a row %s', (_name, row, record, after) => {
    expect(placed(batch(searchAfter, { rows: [row] }))).toEqual([{ record, cursorAfter: after }])
  })

  test('of a whole list: the rows after the position', () => {
    expect(placed(batch(whole, { rows: rows(5), total: 5 }, [3]))).toEqual([
      { record: { id: '3' }, cursorAfter: [4] },
      { record: { id: '4' }, cursorAfter: [5] },
    ])
  })

  test.each<readonly [string, Paging, Payload, Cursor, boolean]>([
    ['a full answer without a total', byNumber, { rows: rows(20) }, [0], true],
    ['a short answer without a total', byNumber, { rows: rows(19) }, [0], false],
    ['a full answer of more', byNumber, { rows: rows(20), total: 21 }, [0], true],
    ['a full answer of all', byNumber, { rows: rows(20), total: 20 }, [0], false],
    ['a full answer of less than was seen', byNumber, { rows: rows(20), total: 19 }, [0], true],
    ['a short page by number, which leaves a hole', byNumber, { rows: rows(19), total: 40 }, [0], false],
    ['a short answer after a row', searchAfter, { rows: wrapped(19), total: 40 }, [0], true],
    ['a short answer by offset', byOffset, { rows: rows(19), total: 40 }, [0], true],
    ['a short answer that reaches the end', byOffset, { rows: rows(19), total: 39 }, [20], false],
    ['nothing, though more is counted', byOffset, { rows: [], total: 40 }, [20], false],
    ['nothing', searchAfter, {}, [0], false],
    ['a whole list', whole, { rows: rows(5), total: 5 }, [0], false],
  ])('%s: whether there are more rows', (_name, paging, payload, position, more) => {
    expect(batch(paging, payload, position).hasMore).toBe(more)
  })

  test.each([
    [20, 20],
    [19, undefined],
    [21, 21],
    [undefined, undefined],
  ])('a total of %s after 20 rows is %s', (total, expected) => {
    const payload = { rows: rows(20), ...(total !== undefined && { total }) }
    expect(batch(byNumber, payload).total).toBe(expected)
  })

  test.each<readonly [string, Paging, number, Cursor, number, string | undefined]>([
    ['by number, at the result limit', byNumber, 1, [9_998], 1, 'first 9,999 rows'],
    ['by number, before it', byNumber, 1, [9_997], 1, undefined],
    ['after a row without values, at the result limit', searchAfter, 1, [9_998], 1, 'first 9,999 rows'],
    ['by offset, which has none', byOffset, 1, [9_998], 1, undefined],
  ])('%s', (_name, paging, count, position, want, limit) => {
    const read = batch(paging, { rows: rows(count), total: 20_000 }, position, want)
    if (limit === undefined) expect(read.resultLimit).toBeUndefined()
    else expect(read).toMatchObject({ hasMore: false, resultLimit: expect.stringContaining(limit) })
  })

  test('after a row with sort values there is no result limit', () => {
    const read = batch(searchAfter, { rows: wrapped(1), total: 20_000 }, [9_998, 7, 'x'], 1)
    expect(read).toMatchObject({ hasMore: true, rows: [{ cursorAfter: [9_999, 0, '0'] }] })
    expect(read.resultLimit).toBeUndefined()
  })

  test('counted rows that are not sent are reported', () => {
    expect(batch(byNumber, { rows: rows(19), total: 1_040 })).toMatchObject({
      hasMore: false,
      resultLimit: 'Qualys counts 1,021 more rows but sent no more; some may have come meanwhile.',
    })
    expect(batch(byNumber, { rows: rows(19), total: 19 }).resultLimit).toBeUndefined()
  })

  test('rows that end where they should begin were sent before', () => {
    const same = { rows: [{ sortValues: [7, 'x'], data: { id: 1 } }], total: 40 }
    expect(() => batch(searchAfter, same, [20, 7, 'x'])).toThrow(pagingLoopError(searchAfter))
    // A value of another type is another value.
    expect(batch(searchAfter, same, [20, '7', 'x']).rows).toHaveLength(1)
    expect(batch(searchAfter, { rows: [], total: 40 }, [20, 7, 'x']).rows).toEqual([])
  })

  test.each([
    [
      searchAfter,
      'Paging does not work here any more: narrow the filter or the dates so that one page holds the rows.',
    ],
    [
      { kind: 'qps', by: 'id' } as const,
      'Paging does not work here: ask the operator to set QUALYS_SAQ_PAGING to the other of offset and id, or narrow the search.',
    ],
  ])('the advice for a paging loop of %j', (paging, next) => {
    expect(pagingLoopError(paging)).toMatchObject({
      kind: 'drift',
      message: 'Qualys sent the same rows again instead of those behind them.',
      next,
    })
  })
})

describe('windows of page numbers', () => {
  test('a window holds the row it is for, and ends at the result limit', () => {
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
    for (let seed = 1; seed <= 10; seed++) {
      let random = seed * 7_919
      let before = 0
      for (let calls = 0; before < 9_999; calls++) {
        random = (random * 48_271) % 2_147_483_647
        const want = 1 + (random % (seed % 3 === 0 ? 1_000 : 200))
        const ask = pageRequestFor({ kind: 'pageNumber' }, [before], want)
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
      const larger: number[] = []
      for (let before = 0; before + want <= 9_999; before += want) {
        const window = windowOf(before, want)
        if (window?.pageSize !== want || window.pageNumber !== before / want) larger.push(before)
      }
      expect(larger).toEqual([])
    }
  })
})
