import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Cursor, Page, Row } from '../../../src/session/answer.ts'
import { headlineOf } from '../../../src/tools/replies/headline.ts'

// The first line of a page: which rows of how many, their order, counts, and shared values.

/** A page whose rows are every tenth of those scanned. */
function page(rows: readonly Row[], before = 0, total?: number): Page {
  const end: Cursor = [before + rows.length * 10]
  return {
    kind: 'page',
    rows,
    cursors: [[before], ...rows.map((_, index): Cursor => [before + (index + 1) * 10])],
    end,
    hasMore: false,
    binding: { tool: 'car_search_jobs', account: 'somebody', query: {} },
    drift: [],
    ...(total !== undefined && { total }),
  }
}

interface More {
  readonly before?: number
  readonly total?: number
  readonly isFiltered?: boolean
  readonly sort?: readonly string[]
  readonly shared?: readonly string[]
}

function line(operation: Operation, rows: readonly Row[], more: More = {}): string {
  const { before, total, isFiltered = false, sort, shared = [] } = more
  const layout = { budget: 24_000, isFiltered, ...(sort && { sort }) }
  return headlineOf(operation, page(rows, before, total), rows, shared, layout)
}

const plain = {
  ...searchJobs,
  countBy: undefined,
  highlight: undefined,
  paging: undefined,
} as unknown as Operation
const some = (count: number, row: Row = {}): Row[] => Array.from({ length: count }, () => row)

describe('which rows', () => {
  test.each<[string, readonly Row[], More]>([
    ['jobs 1-1 of 1', some(1), { total: 1 }],
    ['jobs 1-2 of 1,500', some(2), { total: 1_500 }],
    ['jobs 1,001-1,003 of an unknown total', some(3), { before: 1_000 }],
    ['no jobs found', [], { total: 0 }],
    ['no more jobs', [], { before: 1, total: 1 }],
    ['jobs: 1 match in 10 of 1,500 scanned', some(1), { isFiltered: true, total: 1_500 }],
    ['jobs: 2 matches in 20 of an unknown total scanned', some(2), { isFiltered: true }],
    ['jobs: 0 matches in 0 of 7 scanned', [], { isFiltered: true, total: 7 }],
    ['jobs: 2 matches in rows 2-21 of 30 scanned', some(2), { isFiltered: true, before: 1, total: 30 }],
  ])('%s', (said, rows, more) => expect(line(plain, rows, more)).toBe(said))
})

describe('a filtered page', () => {
  const shownOf = (all: number, shown: number, found?: Page['found'], unknown: readonly number[] = []) => {
    const whole = { ...page(some(all), 0, 2_000), ...(found && { found }) }
    return headlineOf(plain, whole, some(shown), [], { budget: 24_000, isFiltered: true, unknown })
  }

  test.each([
    ['20 of 431 matches in 2,000 of 2,000 scanned', 20, 20, { matches: 431, scanned: 2_000, isWhole: true }],
    [
      '20 of at least 431 matches in 1,500 of 2,000 scanned',
      ...[20, 20, { matches: 431, scanned: 1_500, isWhole: false }],
    ],
    ['3 of 20 matches in 2,000 of 2,000 scanned', 20, 3, { matches: 20, scanned: 2_000, isWhole: true }],
    ['1 of 2 matches in 2,000 of 2,000 scanned', 2, 1, { matches: 2, scanned: 2_000, isWhole: true }],
    ['20 matches in 2,000 of 2,000 scanned', 20, 20, { matches: 20, scanned: 2_000, isWhole: true }],
    ['3 matches in 30 of 2,000 scanned', 20, 3, undefined],
  ] as [string, number, number, Page['found']][])('%s', (said, all, shown, found) =>
    expect(shownOf(all, shown, found)).toBe(`jobs: ${said}`),
  )

  test.each([
    ['0 matches, 40 unknown in 40 of 2,000 scanned', 0, 0, { matches: 0, scanned: 40, isWhole: true }, [40]],
    ['0 matches, 1,200 unknown in 0 of 2,000 scanned', 0, 0, undefined, [1_200]],
    ['2 matches, 3 unknown in 20 of 2,000 scanned', 4, 2, undefined, [0, 1, 3, 3, 9]],
    ['4 matches, 9 unknown in 40 of 2,000 scanned', 4, 4, undefined, [0, 1, 3, 3, 9]],
    // What was counted behind the page counts as well.
    [
      '2 of 4 matches, 9 unknown in 90 of 2,000 scanned',
      ...[4, 2, { matches: 4, scanned: 90, isWhole: true }, [0, 1, 3, 3, 9]],
    ],
    ['1 match in 10 of 2,000 scanned', 1, 1, undefined, [0, 0]],
  ] as [string, number, number, Page['found'], number[]][])('%s', (said, all, shown, found, unknown) =>
    expect(shownOf(all, shown, found, unknown)).toBe(`jobs: ${said}`),
  )
})

const byTitle = { ...plain, countBy: 'title' } as Operation

describe('how many of each', () => {
  const titled = (...titles: readonly unknown[]): Row[] => titles.map((title) => ({ title }))

  test.each<[readonly Row[], string]>([
    [titled('a', 'b', 'b'), '; 2 b, 1 a'],
    [titled('a', 'a'), ''],
    [titled('a'), ''],
    [titled('a', undefined), ''],
    [titled('a', 'two words'), '; 1 a, 1 "two words"'],
    [titled('Manual; all: test true', 'b'), '; 1 "Manual; all: test true", 1 b'],
    [titled('a', 'b', 'c', 'd', 'e'), '; 1 a, 1 b, 1 c, 1 d, 1 e'],
    [titled('a', 'b', 'c', 'd', 'e', 'f', 'g'), '; 1 a, 1 b, 1 c, 1 d, 1 e, 2 other'],
  ])('%j', (rows, said) =>
    expect(line(byTitle, rows)).toBe(`jobs 1-${rows.length} of an unknown total${said}`),
  )

  test('a row filter is counted as well, and rows that pass none as unknown', () => {
    const open: Row = {}
    const failed: Row = { endDate: 'x', output: { code: 2 } }
    const odd: Row = { endDate: 'x' }
    expect(line(searchAssetJobs, [open, open])).toBe(
      'asset jobs 1-2 of an unknown total, newest first; 2 open',
    )
    expect(line(searchAssetJobs, [open, failed, odd])).toBe(
      'asset jobs 1-3 of an unknown total, newest first; 1 open, 1 failed, 1 unknown',
    )
  })
})

describe('a boolean that is rarely true', () => {
  const flagged = { ...plain, highlight: 'test' } as Operation
  test.each<[readonly Row[], string]>([
    [[{ test: true }, { test: false }], '; 1 test'],
    [[{ test: true }, { test: true }], '; 2 test'],
    [[{ test: false }, {}], ''],
    [[{ test: 'true' }], ''],
  ])('%j', (rows, said) =>
    expect(line(flagged, rows)).toBe(`jobs 1-${rows.length} of an unknown total${said}`),
  )
})

test('what all rows share comes last', () => {
  expect(
    line(byTitle, [{ title: 'a' }, { title: 'b' }], { total: 2, shared: ['platform LINUX', 'x 1'] }),
  ).toBe('jobs 1-2 of 2; 1 a, 1 b; all: platform LINUX, x 1')
})
