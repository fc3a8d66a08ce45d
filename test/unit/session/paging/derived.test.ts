import { beforeEach, describe, expect, test } from 'vitest'
import type { DerivedRows } from '../../../../src/operations/reads/derived-rows.ts'
import { DerivedCache, fetchFrom } from '../../../../src/session/paging/derived.ts'

const derivedOf = (count: number): DerivedRows => ({
  rows: Array.from({ length: count }, (_, at) => ({ id: String(at) })),
  of: 'of campaign 1',
  name: 'Audit',
  from: 'from its record',
  notes: [],
})

describe('pages of derived rows', () => {
  test.each([0, 1, 2, 3, 7])('from any cursor, %i at a time, hold each row once', async (size) => {
    const fetchPage = fetchFrom(derivedOf(6))
    const ids: unknown[] = []
    let offset = 0
    for (let calls = 0; calls < 10; calls++) {
      const page = await fetchPage([offset], size)
      expect(page.total).toBe(6)
      ids.push(...page.rows.map(({ record }) => (record as { id: string }).id))
      offset = page.rows.at(-1)?.cursorAfter[0] ?? offset
      expect(page.hasMore).toBe(offset < 6)
      if (!page.hasMore) break
    }
    expect(ids).toEqual(size === 0 ? [] : ['0', '1', '2', '3', '4', '5'])
  })

  test('beyond the last one there is none', async () => {
    expect(await fetchFrom(derivedOf(3))([9], 2)).toEqual({ rows: [], total: 3, hasMore: false })
  })
})

describe('between two pages', () => {
  let now: number
  let cache: DerivedCache
  let derived: string[]
  beforeEach(() => {
    now = 0
    cache = new DerivedCache(() => now)
    derived = []
  })
  const read = (list: string, offset: number, rows = 10) =>
    cache.read(list, [offset], async () => {
      derived.push(list)
      return derivedOf(rows)
    })

  test('rows are kept for a minute; the first page reads them anew', async () => {
    await read('a', 0)
    await read('a', 5)
    expect(derived).toEqual(['a'])
    await read('a', 0)
    expect(derived).toEqual(['a', 'a'])
    now = 59_999
    await read('a', 5)
    expect(derived).toHaveLength(2)
    now = 60_000
    await read('a', 5)
    expect(derived).toHaveLength(3)
  })

  test('a page of a list that is not kept reads it', async () => {
    await read('a', 5)
    await read('b', 5)
    expect(derived).toEqual(['a', 'b'])
  })

  test('nothing is kept after an effect, nor what was read meanwhile', async () => {
    await read('a', 0)
    cache.invalidate()
    await read('a', 5)
    expect(derived).toEqual(['a', 'a'])
    await cache.read('b', [0], async () => {
      cache.invalidate()
      return derivedOf(10)
    })
    await read('b', 5)
    expect(derived).toEqual(['a', 'a', 'b'])
  })

  test('at most ten thousand rows are kept, the latest ones', async () => {
    for (const list of ['a', 'b', 'c']) await read(list, 0, 5_000)
    for (const list of ['c', 'b']) await read(list, 5, 5_000)
    expect(derived).toEqual(['a', 'b', 'c'])
    await read('a', 5, 5_000)
    expect(derived).toEqual(['a', 'b', 'c', 'a'])
    await read('d', 0, 10_001)
    await read('d', 5, 10_001)
    expect(derived.slice(-2)).toEqual(['d', 'd'])
  })
})
