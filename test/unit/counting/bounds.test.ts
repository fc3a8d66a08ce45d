import { describe, expect, test } from 'vitest'
import { RowIndex } from '../../../src/operations/car/joins/row-index.ts'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'
import { unjoined } from '../../../src/operations/reads/joined-columns.ts'
import { addAll, copyOf, DistinctCounter, distinctCell } from '../../../src/tools/workflows/count/distinct.ts'
import { parseGroupKey } from '../../../src/tools/workflows/count/group-key.ts'
import { Groups } from '../../../src/tools/workflows/count/groups.ts'
import { Counter } from '../../support/counting/memory.ts'

// What a count keeps at most, and what it says beyond that.

const column = { name: 'platform', read: ({ platform }: Readonly<Record<string, unknown>>) => platform }

describe('an index of rows', () => {
  test('takes so many rows and no more', () => {
    const index = new RowIndex([column], { rows: 2, characters: 1_000 })
    expect(['1', '2', '3'].map((id) => index.add([id], { platform: 'LINUX' }))).toEqual([true, true, false])
    expect([index.size, index.has('2'), index.has('3')]).toEqual([2, true, false])
  })

  test('takes so many characters and no more', () => {
    const index = new RowIndex([column], { rows: 1_000, characters: 100 })
    expect(index.add(['1'], { platform: 'x'.repeat(60) })).toBe(true)
    // The same values are kept once.
    expect(index.add(['2'], { platform: 'x'.repeat(60) })).toBe(true)
    expect(index.add(['3'], { platform: 'y'.repeat(60) })).toBe(false)
  })

  test('finds a row under each of its ids, and the first of two rows with one id', () => {
    const index = new RowIndex([column])
    index.add(['1', 'a'], { platform: 'LINUX' })
    index.add(['1', 'b'], { platform: 'MAC' })
    expect(['1', 'a', 'b', 'c'].map((id) => index.value(id, 'platform'))).toEqual([
      'LINUX',
      'LINUX',
      'MAC',
      undefined,
    ])
    expect(index.value('1', 'title')).toBeUndefined()
  })

  test('knows the value that all rows have', () => {
    const index = new RowIndex([column])
    expect(index.common('platform')).toBeUndefined()
    index.add(['1'], { platform: 'LINUX' })
    index.add(['2'], { platform: 'LINUX' })
    expect(index.common('platform')).toEqual({ value: 'LINUX' })
    index.add(['3'], {})
    expect(index.common('platform')).toBeUndefined()
  })

  test('looks for that value once, however often it is asked for', () => {
    const index = new RowIndex([column])
    let reads = 0
    const counted = { toString: () => `LINUX ${String(++reads)}` }
    index.add(['1'], { platform: counted })
    for (let row = 0; row < 10; row++) expect(index.common('platform')).toEqual({ value: counted })
    expect(reads).toBe(1)
  })

  test('takes a number beyond 2^53', () => {
    const index = new RowIndex([column])
    index.add(['1'], { platform: 2n ** 60n })
    expect(index.value('1', 'platform')).toBe(2n ** 60n)
  })
})

describe('different values', () => {
  test('are at least so many when no more can be kept', () => {
    const counter = new DistinctCounter(2)
    const [first, second] = [counter.empty(), counter.empty()]
    for (const value of ['a', 'b', 'a']) counter.add(first, value)
    expect(distinctCell(first)).toBe(2)
    counter.add(second, 'a')
    counter.add(first, 'a')
    expect([first, second].map(distinctCell)).toEqual([2, 'unknown'])
    const both = copyOf(first)
    addAll(both, second)
    expect(distinctCell(both)).toBe('at least 2')
    expect(distinctCell(first)).toBe(2)
  })

  const groupsOf = (rows: readonly object[], distinct = 'asset.id'): Groups => {
    const groups = new Groups(searchAssetJobs, [parseGroupKey('title')], (text) => text, {
      distinct: parseGroupKey(distinct),
    })
    for (const row of rows) groups.add({ ...row })
    return groups
  }
  const host = (title: string, id?: unknown): object => ({ title, asset: { id } })

  test('of each group and of all; a row without a value is in neither', () => {
    const groups = groupsOf([host('a', 1), host('a', '1'), host('b', 2), host('b', 1), host('b'), {}])
    expect(
      groups.sorted().map(({ values, count, distinct }) => [...values, count, distinct?.values.size]),
    ).toEqual([
      ['b', 3, 2],
      ['a', 2, 1],
      ['', 1, 0],
    ])
    expect([groups.whole?.values.size, groups.valueless]).toEqual([2, 2])
  })

  test('of groups that look the same are counted once', () => {
    const [group] = groupsOf([host('a\u200b', 1), host('a', 1), host('a', 2)]).sorted()
    expect([group?.count, group?.distinct?.values.size]).toEqual([3, 2])
  })

  test('of a column of another list are at least those that rows lead to', () => {
    const joined = (row: Readonly<Record<string, unknown>>): unknown => row['system'] ?? unjoined
    const groups = new Groups(searchAssetJobs, [parseGroupKey('title')], (text) => text, {
      distinct: parseGroupKey('asset.operatingSystem'),
      joined: (name) => (name === 'asset.operatingSystem' ? joined : undefined),
    })
    for (const row of [{ title: 'a' }, { title: 'a', system: 'x' }, { title: 'b', system: 'y' }])
      groups.add(row)
    expect(
      groups.sorted().map(({ values, distinct }) => [...values, distinct && distinctCell(distinct)]),
    ).toEqual([
      ['a', 'at least 1'],
      ['b', 1],
    ])
    expect([groups.whole && distinctCell(groups.whole), groups.valueless, groups.isFull]).toEqual([
      'at least 2',
      1,
      false,
    ])
  })

  test('of outcomes and of days', () => {
    const rows = [
      { created: { dateTime: '2026-11-22T01:00:00Z' }, endDate: 'x', output: { code: 0 } },
      { created: { dateTime: '2026-11-22T02:00:00Z' } },
      { created: { dateTime: '2026-11-23T01:00:00Z' } },
    ]
    for (const label of ['outcome', 'created.dateTime:day'])
      expect(groupsOf(rows, label).whole?.values.size).toBe(2)
  })
})

test('min without groups is refused before anything is read', async () => {
  const counter = new Counter()
  const { isError, text } = await counter.jobs({ min: 2 })
  expect([isError, text]).toEqual([true, expect.stringContaining('Pass groupBy as well')])
  expect(counter.upstream.sent).toEqual([])
})
