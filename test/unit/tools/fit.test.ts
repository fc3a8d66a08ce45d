import { describe, expect, test } from 'vitest'
import {
  type Extent,
  estimateRows,
  fitToBudget,
  type Reply,
  sizeOf,
} from '../../../src/tools/replies/reply.ts'

// A reply is composed smaller and smaller until it fits: fewer rows first, then shorter texts, then fewer columns.

const replyOf = (characters: number): Reply => ({ summary: 'x'.repeat(characters), body: '', rows: [] })

/** Every extent that was tried, for replies of these lengths. */
function triedExtents(start: Extent, budget: number, size: (extent: Extent) => number): Extent[] {
  const extents: Extent[] = []
  fitToBudget(start, budget, (extent) => {
    extents.push(extent)
    return replyOf(size(extent))
  })
  return extents
}

describe('the size of a reply', () => {
  test('is that of the larger form, with room for "sandbox: "', () => {
    expect(sizeOf({ summary: 'a', body: 'b'.repeat(500), rows: [] })).toBe(10 + 502)
    const json = { summary: 'a', rows: [{ b: '"'.repeat(50) }], returned: 1, total: 3, note: 'n' }
    expect(sizeOf({ summary: 'a', body: '', rows: json.rows, total: 3, note: 'n' })).toBe(
      10 + JSON.stringify(json).length,
    )
  })
})

describe('smaller and smaller', () => {
  const start: Extent = { rows: 3, maxTextLength: 2_000, maxColumns: 8 }
  const base = sizeOf(replyOf(0))

  test.each([
    [1_000 + base, 1],
    [999 + base, 3],
  ])('a reply of 1,000 characters within %i', (budget, times) => {
    expect(triedExtents(start, budget, ({ rows }) => (rows === 1 ? 0 : 1_000))).toHaveLength(times)
  })

  test('rows are dropped first, one by one, then texts are cut to table width, then columns by half', () => {
    const extents = triedExtents(start, 1_000, () => 4_000)
    expect(extents.slice(0, 3)).toEqual([start, { ...start, rows: 2 }, { ...start, rows: 1 }])
    const texts = extents.slice(3).filter(({ maxColumns: width }) => width === 8)
    expect(texts[0]?.maxTextLength).toBe(Math.floor((2_000 * 0.95 * 1_000) / sizeOf(replyOf(4_000))))
    expect(texts.at(-1)?.maxTextLength).toBe(160)
    expect(
      texts.every(
        ({ maxTextLength: longest }, at) => at === 0 || longest < (texts[at - 1]?.maxTextLength ?? 0),
      ),
    ).toBe(true)
    expect(extents.slice(3 + texts.length).map(({ maxColumns: width }) => width)).toEqual([4, 2, 1])
  })

  test('one row is tried even if none seems to fit', () => {
    const tried: number[] = []
    fitToBudget({ ...start, rows: 0 }, 10_000, ({ rows }) => {
      tried.push(rows)
      return replyOf(10)
    })
    expect(tried).toEqual([1])
  })

  test('the smallest is returned where nothing fits', () => {
    expect(fitToBudget(start, 10, () => replyOf(500)).summary).toHaveLength(500)
  })
})

describe('how many rows may fit', () => {
  test.each([
    [[], 100, 0],
    [[100], 100, 1],
    [[101], 100, 0],
    [[50, 50], 100, 2],
    [[50, 51], 100, 1],
    [[10, 10, 10, 100], 40, 3],
  ])('%j within %i: %i', (sizes, budget, rows) => {
    expect(
      estimateRows(
        sizes.map((size) => ({ size })),
        budget,
      ),
    ).toBe(rows)
  })
})
