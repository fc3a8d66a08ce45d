import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../../src/operations/car/runs.ts'
import type { Cursor, Page, Row } from '../../../../src/session/answer.ts'
import { collectRows, type RowSelection } from '../../../../src/session/paging/collect.ts'
import { decodeCursor, tokenAfter } from '../../../../src/session/paging/continuation.ts'
import { scannedUpTo } from '../../../../src/session/paging/page.ts'
import type { FetchPage, RawPage } from '../../../../src/session/paging/paging.ts'
import { TooLargeError, VendorError } from '../../../../src/shared/errors.ts'
import { carList } from '../../../support/session/lists.ts'
import { openInMemory } from '../../../support/session/memory.ts'

// Collecting some rows of a list: how many rows it reads, what it shows, and where its token continues.

const row = (at: number) => ({
  id: String(at),
  title: at % 10 === 0 ? 'BitLocker report' : 'Backup',
  created: { dateTime: 1674216006119 },
  platform: 'WINDOWS',
  executionType: 'Manual',
  scriptId: 19218,
})

/** A list of this number of rows, and its requests. */
function listOf(rows: number, more: Partial<RawPage> = {}) {
  const asked: [from: number, want: number][] = []
  const next: FetchPage = async ([from], want) => {
    asked.push([from, want])
    const end = Math.min(rows, from + want)
    const found = Array.from({ length: end - from }, (_, at) => ({
      record: row(from + at),
      cursorAfter: [from + at + 1, `after ${from + at}`] as Cursor,
    }))
    return { rows: found, total: rows, hasMore: end < rows, ...more }
  }
  return { asked, next }
}

/** Keeps some rows, and looks no further once enough are kept, unless it counts all. */
const selectionOf = (keeps: (row: Row) => boolean, countsAll = false): RowSelection => ({
  countsAll,
  isFilter: true,
  choose: async (rows, wanted) => {
    let kept = 0
    const end = countsAll ? -1 : rows.findIndex((row) => keeps(row) && ++kept === wanted)
    const looked = end === -1 ? rows : rows.slice(0, end + 1)
    return looked.map((row) => (keeps(row) ? row : undefined))
  },
})
const every = (step: number, countsAll = false): RowSelection =>
  selectionOf((row) => Number(row['id']) % step === 0, countsAll)
const never = selectionOf(() => false)

describe('without a filter', () => {
  test('one call for as many rows as requested', async () => {
    const { asked, next } = listOf(100)
    const found = await collectRows(searchJobs, {}, { start: [40], count: 20 }, next)
    expect(asked).toEqual([[40, 20]])
    expect(found).toMatchObject({ hasMore: true, total: 100, end: [60, 'after 59'] })
    expect(found.rows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, at) => `${at + 40}`))
  })

  test.each([
    ['short', 7, 7, false],
    ['full', 20, 20, false],
    ['longer than asked', 25, 20, true],
  ])('an answer that is %s', async (_name, rows, shown, more) => {
    const { next } = listOf(rows)
    const found = await collectRows(searchJobs, {}, { start: [0], count: 20 }, (at) => next(at, rows))
    expect([found.rows.length, found.hasMore]).toEqual([shown, more])
    // Rows after the page belong to the next one.
    expect(found.end).toEqual([shown, `after ${shown - 1}`])
  })

  test('a total that is only known at the end is not shown before', async () => {
    const { next } = listOf(25, { isTotalFromEnd: true })
    const longer: FetchPage = (at) => next(at, 25)
    expect((await collectRows(searchJobs, {}, { start: [0], count: 20 }, longer)).total).toBeUndefined()
    expect((await collectRows(searchJobs, {}, { start: [0], count: 25 }, longer)).total).toBe(25)
    expect(
      (await collectRows(searchJobs, {}, { start: [0], count: 20, selection: every(1) }, longer)).total,
    ).toBe(25)
  })

  test('the result limit and the drift of an answer are passed on', async () => {
    const { next } = listOf(5, { resultLimit: 'no further' })
    const odd: FetchPage = async (at, want) => {
      const batch = await next(at, want)
      return { ...batch, rows: batch.rows.map((one) => ({ ...one, record: { ...row(1), title: 7 } })) }
    }
    const found = await collectRows(searchJobs, {}, { start: [0], count: 5 }, odd)
    expect(found).toMatchObject({
      resultLimit: 'no further',
      drift: ['car_search_jobs: title (another type)'],
    })
  })
})

describe('with a filter', () => {
  test('as many calls of a thousand rows as needed', async () => {
    const { asked, next } = listOf(5_000)
    const looked: unknown[] = []
    const progress = (scanned: number, total: number | undefined): void => void looked.push([scanned, total])
    const wanted = { start: [0] as Cursor, count: 20, selection: every(150), onProgress: progress }
    const found = await collectRows(searchJobs, {}, wanted, next)
    expect(asked).toEqual([
      [0, 1_000],
      [1_000, 1_000],
      [2_000, 1_000],
    ])
    expect(found.rows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, at) => String(at * 150)))
    // It ends with the last requested row.
    expect(found).toMatchObject({ end: [2_851, 'after 2850'], hasMore: true })
    expect(looked).toEqual([
      [1_000, 5_000],
      [2_000, 5_000],
      [2_851, 5_000],
    ])
  })

  test('a selection that counts all looks through the list after a full page', async () => {
    const { asked, next } = listOf(5_000)
    const wanted = { start: [0] as Cursor, count: 20, selection: every(150, true) }
    const found = await collectRows(searchJobs, {}, wanted, next)
    expect(asked).toHaveLength(5)
    expect(found.rows).toHaveLength(20)
    expect(found).toMatchObject({
      found: { matches: 34, scanned: 5_000, isWhole: true },
      end: [2_851, 'after 2850'],
      hasMore: true,
    })
    const all = await collectRows(searchJobs, {}, { ...wanted, count: 40 }, listOf(5_000).next)
    expect(all).toMatchObject({ found: { matches: 34 }, end: [5_000, 'after 4999'], hasMore: false })
  })

  test('rows that are found are not lost if the rest cannot be counted', async () => {
    const { next } = listOf(5_000)
    const failing: FetchPage = (at, want) =>
      at[0] < 3_000 ? next(at, want) : Promise.reject(new VendorError('Qualys failed.', 'Call again.'))
    const wanted = { start: [0] as Cursor, count: 20, selection: every(150, true) }
    const found = await collectRows(searchJobs, {}, wanted, failing)
    expect(found).toMatchObject({ found: { matches: 20, scanned: 3_000, isWhole: false }, hasMore: true })
    await expect(collectRows(searchJobs, {}, { ...wanted, count: 40 }, failing)).rejects.toThrow('failed')
  })

  test('behind rows that Qualys does not show there may be more matches', async () => {
    const { next } = listOf(15_000)
    const limited: FetchPage = async (at, want) => {
      const batch = await next(at, Math.min(want, 9_999 - at[0]))
      return at[0] < 9_000 ? batch : { ...batch, hasMore: false, resultLimit: 'no further' }
    }
    const wanted = { start: [0] as Cursor, count: 20, selection: every(150, true) }
    const found = await collectRows(searchJobs, {}, wanted, limited)
    expect(found).toMatchObject({
      found: { matches: 67, scanned: 9_999, isWhole: false },
      resultLimit: 'no further',
      hasMore: true,
      end: [2_851, 'after 2850'],
    })
  })

  test('a failure of the selection after a full page costs no row', async () => {
    const { next } = listOf(3_000)
    const { choose } = every(150, true)
    let batches = 0
    const failing: RowSelection = {
      ...every(150, true),
      choose: (...batch) =>
        ++batches < 3 ? choose(...batch) : Promise.reject(new VendorError('No names.', 'Call again.')),
    }
    const wanted = { start: [0] as Cursor, count: 5, selection: failing }
    const found = await collectRows(searchJobs, {}, wanted, next)
    expect(found).toMatchObject({ found: { matches: 14, scanned: 2_000, isWhole: false }, hasMore: true })
  })

  test('rows that are too large for one answer are asked for in halves, until the page is full', async () => {
    const { asked, next } = listOf(5_000)
    const large: FetchPage = (at, want) =>
      want <= 300 ? next(at, want) : Promise.reject(new TooLargeError('Too large.', 'Ask for fewer.'))
    const wanted = { start: [0] as Cursor, count: 2, selection: every(300, true) }
    const found = await collectRows(searchJobs, {}, wanted, large)
    expect(asked).toEqual([
      [0, 250],
      [250, 250],
    ])
    expect(found).toMatchObject({ found: { matches: 2, scanned: 500, isWhole: false }, hasMore: true })
  })

  test('a page that fits exactly has no more rows', async () => {
    const wanted = { start: [0] as Cursor, count: 20, selection: every(150, true) }
    const found = await collectRows(searchJobs, {}, wanted, listOf(2_900).next)
    expect(found).toMatchObject({ found: { matches: 20, scanned: 2_900, isWhole: true }, hasMore: false })
  })

  test('a selection that drops no row fetches as many as are wanted', async () => {
    const { asked, next } = listOf(5_000)
    const marked: RowSelection = {
      countsAll: false,
      isFilter: false,
      choose: async (rows) => rows.map((row) => ({ id: row['id'], mark: true })),
    }
    const found = await collectRows(searchJobs, {}, { start: [40], count: 3, selection: marked }, next)
    expect(asked).toEqual([[40, 3]])
    expect(found.rows).toEqual(['40', '41', '42'].map((id) => ({ id, mark: true })))
    // What the selection leaves out may be needed to name the row in a request.
    expect(found.records.map(({ id, platform }) => [id, platform])).toEqual(
      ['40', '41', '42'].map((id) => [id, 'WINDOWS']),
    )
  })

  test.each([
    [9_000, 9, 9_000, false],
    [10_000, 10, 10_000, false],
    [10_001, 10, 10_000, true],
    [15_000, 10, 10_000, true],
  ])('no matches among %i rows: %i calls, %i rows searched', async (rows, calls, scanned, more) => {
    const { asked, next } = listOf(rows)
    const found = await collectRows(searchJobs, {}, { start: [0], count: 20, selection: never }, next)
    expect(asked).toHaveLength(calls)
    expect(found).toMatchObject({ rows: [], end: [scanned, `after ${scanned - 1}`], hasMore: more })
  })

  test('one row short of 10,000, one more call', async () => {
    const { asked, next } = listOf(15_000)
    const shorter: FetchPage = (at, want) => next(at, at[0] === 0 ? want - 1 : want)
    const found = await collectRows(searchJobs, {}, { start: [0], count: 20, selection: never }, shorter)
    expect(asked).toHaveLength(11)
    expect(found.end).toEqual([10_999, 'after 10998'])
  })

  test('with outputs: calls of 50 rows, and twenty of them', async () => {
    const { asked, next } = listOf(5_000)
    const wanted = { start: [0] as Cursor, count: 20, selection: never }
    const found = await collectRows(searchAssetJobs, { includeOutput: true }, wanted, next)
    expect(asked).toHaveLength(20)
    expect(new Set(asked.map(([, want]) => want))).toEqual(new Set([50]))
    expect(found).toMatchObject({ end: [1_000, 'after 999'], hasMore: true })
  })
})

describe('its page', () => {
  const binding = { tool: 'car_search_jobs', account: 'somebody', query: {} }

  test('says how many rows were searched up to each, and continues after it', async () => {
    const { next } = listOf(100)
    const start: Cursor = [10, 'after 9']
    const found = await collectRows(searchJobs, {}, { start, count: 3, selection: every(20) }, next)
    const page: Page = { kind: 'page', ...found, binding }
    expect(page).toMatchObject({ total: 100, hasMore: true })
    expect([0, 1, 2, 3].map((shown) => scannedUpTo(page, shown))).toEqual([0, 11, 31, 51])
    // If not even one row fits, the next page begins where this one did.
    const cursors = [0, 1, 2, 3].map((shown) => decodeCursor(tokenAfter(page, shown) ?? '', binding))
    expect(cursors).toEqual([start, [21, 'after 20'], [41, 'after 40'], [61, 'after 60']])
  })

  test('has no token at the end of the list, except for rows that did not fit', async () => {
    const { next } = listOf(3)
    const found = await collectRows(searchJobs, {}, { start: [0], count: 20 }, next)
    const page: Page = { kind: 'page', ...found, binding }
    expect(tokenAfter(page, 3)).toBeUndefined()
    expect(tokenAfter(page, 2)).toEqual(expect.any(String))
    expect([2, 3].map((shown) => scannedUpTo(page, shown))).toEqual([2, 3])
  })
})

describe('match, through a tool', () => {
  const list = (count: number, options = {}) =>
    openInMemory(
      carList(
        Array.from({ length: count }, (_, at) => row(at)),
        { sortValues: true, ...options },
      ),
    )

  test('10,000 rows are searched, and the token continues with the rest', async () => {
    const memory = list(15_000)
    const { structured: first } = await memory.call('car_search_jobs', { match: 'no-such-word' })
    expect(first).toMatchObject({ rows: [], returned: 0, total: 15_000 })
    expect(first.summary).toContain('0 matches in 10,000 of 15,000 scanned')
    const { continuationToken } = first
    const { structured: second } = await memory.call('car_search_jobs', {
      match: 'no-such-word',
      continuationToken,
    })
    expect(second).toMatchObject({ rows: [], returned: 0 })
    expect(second.summary).toContain('0 matches in rows 10,001-15,000 of 15,000 scanned')
    expect(second).not.toHaveProperty('continuationToken')
    expect(memory.sent).toHaveLength(15)
  })

  test('rows lack sort values: the search ends at the result limit, with its advice', async () => {
    const { structured } = await list(10_050, { sortValues: false }).call('car_search_jobs', {
      match: 'no-such-word',
    })
    expect(structured.summary).toContain('0 matches in 9,999 of 10,050 scanned')
    expect(structured.note).toContain('first 9,999 rows')
    expect(structured).not.toHaveProperty('continuationToken')
  })

  test.each(['BitLocker manual', 'bitlocker WINDOWS', 'report 19218'])('"%s"', async (match) => {
    const { structured } = await list(300).call('car_search_jobs', { match, pageSize: 200, fields: ['id'] })
    expect(structured.rows.map(({ id }) => id)).toEqual(
      Array.from({ length: 30 }, (_, at) => String(at * 10)),
    )
  })
})
