import { beforeEach, describe, expect, test } from 'vitest'
import type { DerivedRows } from '../../../../src/operations/reads/derived-rows.ts'
import { fetchFrom, originOf, placeIn } from '../../../../src/session/paging/derived.ts'
import { DerivedCache } from '../../../../src/session/paging/derived-cache.ts'

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

describe('a cursor in rows that have changed', () => {
  const people = (...rows: DerivedRows['rows']): DerivedRows => ({ ...derivedOf(0), rows })
  const byId = (...ids: string[]) => people(...ids.map((id) => ({ id })))
  /** The cursor after some rows of a list. */
  const cursorAfter = async (derived: DerivedRows, count: number) =>
    (await fetchFrom(derived)([0], count)).rows.at(-1)?.cursorAfter ?? [0]

  test.each([
    ['is the same if they have not', ['a', 'b', 'c', 'd'], 2, false],
    ['moves on with new rows before it', ['x', 'y', 'a', 'b', 'c', 'd'], 4, false],
    ['moves back with rows that are gone', ['b', 'c', 'd'], 1, false],
    ['is found in a list that is shorter now', ['b'], 1, false],
    ['is lost with its row', ['a', 'c', 'd'], 2, true],
    ['is lost in an empty list', [], 2, true],
  ] as const)('%s', async (_, ids, offset, isLost) => {
    const cursor = await cursorAfter(byId('a', 'b', 'c', 'd'), 2)
    const { start, origin } = placeIn(byId(...ids), cursor)
    expect([start[0], origin.pageNote !== undefined]).toEqual([offset, isLost])
  })

  test('is found by the name, where rows show no id, though their state changes', async () => {
    const cursor = await cursorAfter(people({ name: 'A', state: 'NOT_SENT' }, { name: 'B' }), 1)
    const now = people({ name: 'B' }, { name: 'A', state: 'CLOSED' })
    expect(placeIn(now, cursor).start).toEqual([2, cursor[1]])
  })

  test('is the nearest of namesakes', async () => {
    const namesakes = people({ name: 'A' }, { name: 'A' }, { name: 'B' })
    expect(placeIn(namesakes, await cursorAfter(namesakes, 2)).start[0]).toBe(2)
    expect(placeIn(namesakes, await cursorAfter(namesakes, 1)).start[0]).toBe(1)
  })

  test('of an older form, or at the start, is kept', () => {
    expect(placeIn(byId('a'), [7]).start).toEqual([7])
    expect(placeIn(byId('a'), [0, 1]).start).toEqual([0, 1])
  })
})

test('rows are counted by a column, most first; values that are no words are not', () => {
  const rows = [{ state: 'B' }, { state: 'A' }, { state: '__proto__' }, { state: 'A' }, { state: 7 }, {}]
  expect(originOf({ ...derivedOf(0), rows }, 'state').groups).toEqual([
    { word: 'A', count: 2 },
    { word: 'B', count: 1 },
    { word: '__proto__', count: 1 },
  ])
  expect(originOf({ ...derivedOf(0), rows })).not.toHaveProperty('groups')
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

  const readLarge = (list: string, offset: number, megabytes: number) =>
    cache.read(list, [offset], async () => {
      derived.push(list)
      return {
        ...derivedOf(0),
        rows: Array.from({ length: megabytes }, () => ({ name: 'x'.repeat(1_000_000) })),
      }
    })

  test('rows are kept within a bound in bytes, those that were read last', async () => {
    for (const list of ['a', 'b', 'c']) await readLarge(list, 0, 7)
    for (const list of ['c', 'b']) await readLarge(list, 5, 7)
    expect(derived).toEqual(['a', 'b', 'c'])
    await readLarge('a', 5, 7)
    expect(derived).toEqual(['a', 'b', 'c', 'a'])
    // `c` was read before `b`.
    await readLarge('b', 5, 7)
    expect(derived).toHaveLength(4)
    await readLarge('c', 5, 7)
    expect(derived.slice(4)).toEqual(['c'])
  })

  test('rows beyond the bound are not kept, and nothing else goes for them', async () => {
    await read('a', 0, 5_000)
    await readLarge('d', 0, 17)
    await readLarge('d', 5, 17)
    await read('a', 5, 5_000)
    expect(derived).toEqual(['a', 'd', 'd'])
  })
})
