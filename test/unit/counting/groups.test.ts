import { describe, expect, test } from 'vitest'
import { searchAssetJobs, searchJobs } from '../../../src/operations/car/runs.ts'
import type { Row } from '../../../src/session/answer.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { parseGroupKey } from '../../../src/tools/workflows/count/group-key.ts'
import { Groups } from '../../../src/tools/workflows/count/groups.ts'

// Rows counted by the values of some columns, by the words of a row test, or by time bucket.

const asIs = (text: string): string => text

function groupsOf(labels: readonly string[], rows: readonly Row[], operation = searchJobs): Groups {
  const groups = new Groups(operation, labels.map(parseGroupKey), asIs)
  for (const row of rows) groups.add(row)
  return groups
}

const groupRows = (groups: Groups): unknown[] =>
  groups.sorted().map(({ values, count }) => [...values, count])

describe('a label', () => {
  test.each([
    ['platform', { label: 'platform', name: 'platform' }],
    ['created.dateTime:day', { label: 'created.dateTime:day', name: 'created.dateTime', bucket: 'day' }],
    ['a:b:week', { label: 'a:b:week', name: 'a:b', bucket: 'week' }],
    ['created.dateTime:days', { label: 'created.dateTime:days', name: 'created.dateTime:days' }],
    [':day', { label: ':day', name: ':day' }],
  ])('%s', (label, key) => expect(parseGroupKey(label)).toEqual(key))
})

describe('a bucket of time', () => {
  const begins = (bucket: string, time: unknown): unknown =>
    groupsOf([`at:${bucket}`], [{ at: time }]).sorted()[0]?.values[0]

  test.each([
    ['hour', '2026-11-22T10:11:12Z', '2026-11-22T10:00Z'],
    ['hour', '2026-11-22T00:00:00Z', '2026-11-22T00:00Z'],
    ['day', '2026-11-22T23:59:59Z', '2026-11-22'],
    ['month', '2026-11-22T10:11:12Z', '2026-11'],
    ['week', '2026-11-22T10:11:12Z', '2026-11-16'],
    ['week', '2026-11-16T00:00:00Z', '2026-11-16'],
    ['week', '2026-11-15T23:59:59Z', '2026-11-09'],
    ['week', '2026-01-01T12:00:00Z', '2025-12-29'],
    ['week', '2025-12-28T23:59:00Z', '2025-12-22'],
    ['week', '2026-01-04T23:59:00Z', '2025-12-29'],
    ['week', '2024-02-29T12:00:00Z', '2024-02-26'],
  ])('%s of %s begins on %s', (bucket, time, begin) => expect(begins(bucket, time)).toBe(begin))

  test.each<[unknown, string]>([
    [1_700_000_000_000, '2023-11-14'],
    [1_700_000_000, '2023-11-14'],
    ['1700000000000', '2023-11-14'],
    ['2023-11-14T22:13:20.000+0000', '2023-11-14'],
    ['2023-11-14T23:30:00-02:00', '2023-11-15'],
    ['2026-13-01T10:00:00Z', ''],
    ['2026-01-31T10:00:00Z', '2026-01-31'],
    ['2026-01-31', '2026-01-31'],
    ['2026-02-30', ''],
    ['soon', ''],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [{ a: 1 }, ''],
    [true, ''],
  ])('the day of %j is %j', (time, day) => expect(begins('day', time)).toBe(day))

  test('is that of its own row, whatever came before', () => {
    const times = [
      '2026-11-22T10:00:00Z',
      '2026-11-22T10:59:00Z',
      'x',
      '2026-11-22T11:00:00Z',
      '2026-11-22T10:01:00Z',
    ]
    expect(
      groupRows(
        groupsOf(
          ['at:hour'],
          times.map((at) => ({ at })),
        ),
      ),
    ).toEqual([
      ['2026-11-22T11:00Z', 1],
      ['2026-11-22T10:00Z', 3],
      ['', 1],
    ])
  })
})

describe('a column', () => {
  test.each<[string, Row, string]>([
    ['title', { title: 'a run' }, 'a run'],
    ['title', {}, ''],
    ['title', { title: null }, ''],
    ['title', { title: '' }, ''],
    ['scriptId', { scriptId: 7 }, '7'],
    ['test', { test: false }, 'false'],
    ['category', { category: { id: 1, name: 'c' } }, 'c (1)'],
    ['category.name', { category: { id: 1, name: 'c' } }, 'c'],
    ['category.name.length', { category: { name: 'c' } }, ''],
    ['category.name', { category: 'text' }, ''],
    ['constructor', {}, ''],
    ['category.constructor', { category: {} }, ''],
    ['tags', { tags: ['a', 'b'] }, 'a, b'],
    ['deep', { deep: { er: 1 } }, '{"er":1}'],
    ['title', { title: '\u001b[31mred\u001b[0m\tx' }, 'red x'],
  ])('%s of %j is %j', (label, row, value) =>
    expect(groupRows(groupsOf([label], [row]))).toEqual([[value, 1]]),
  )

  test('of long values groups those with the same first 200 characters', () => {
    const long = 'x'.repeat(200)
    const rows = [`${long}1`, `${long}2`, long, 'x'.repeat(199)].map((title) => ({ title }))
    expect(groupRows(groupsOf(['title'], rows))).toEqual([
      [`${'x'.repeat(199)}…`, 2],
      ['x'.repeat(199), 1],
      [long, 1],
    ])
  })

  test('with values that look the same once made safe is one group', () => {
    const rows = ['a\u200bb', 'ab', 'a\tb', 'a b'].map((title) => ({ title }))
    expect(groupRows(groupsOf(['title'], rows))).toEqual([
      ['a b', 2],
      ['ab', 2],
    ])
  })

  test('holds no secret, nor half of one', () => {
    const secret = 'tr0ub4dor-and-3'
    const redact = redactor([new Secret(secret)]).redact
    const groups = new Groups(searchJobs, [parseGroupKey('title')], redact)
    for (const title of [secret, `${' '.repeat(190)}${secret}`, [...secret].join('\u200b')])
      groups.add({ title })
    expect(JSON.stringify(groups.sorted())).not.toContain('tr0ub')
    expect(groups.sorted()[0]).toMatchObject({ count: 3, values: ['[masked-by-qualys-mcp]'] })
  })
})

describe('the words of a row test', () => {
  test.each<[Row, string]>([
    [{}, 'open'],
    [{ endDate: 'x', output: { code: 0 } }, 'succeeded'],
    [{ endDate: 'x', output: { code: 2 } }, 'failed'],
    [{ endDate: 'x' }, 'unknown'],
  ])('%j is %j', (row, word) => {
    expect(groupRows(groupsOf(['outcome'], [row], searchAssetJobs))).toEqual([[word, 1]])
  })

  test('are only those of the list', () => {
    expect(groupRows(groupsOf(['outcome'], [{ outcome: 'x' }]))).toEqual([['x', 1]])
  })
})

describe('several columns', () => {
  test('make a group of each combination', () => {
    const rows = [
      { a: '1', b: '1' },
      { a: '1', b: '2' },
      { a: '1', b: '1' },
      { a: '2', b: '1' },
      { a: '12', b: '' },
      { a: '1', b: '2' },
      { a: '1', b: '1' },
    ]
    expect(groupRows(groupsOf(['a', 'b'], rows))).toEqual([
      ['1', '1', 3],
      ['1', '2', 2],
      ['12', '', 1],
      ['2', '1', 1],
    ])
  })
})

describe('the order', () => {
  test('is by size, then by name', () => {
    const rows = ['b', 'a', 'c', 'c', 'B'].map((title) => ({ title }))
    expect(groupRows(groupsOf(['title'], rows))).toEqual([
      ['c', 2],
      ['B', 1],
      ['a', 1],
      ['b', 1],
    ])
  })

  test('is by time first, the latest first, then by size, then by name; rows without time come last', () => {
    const rows: readonly (readonly [string, string])[] = [
      ['a', '2026-01-01'],
      ['b', '2026-01-01'],
      ['b', '2026-01-01'],
      ['c', '2026-03-01'],
      ['a', ''],
      ['z', '2026-03-01'],
    ]
    const by = groupsOf(
      ['title', 'at:month'],
      rows.map(([title, day]) => ({ title, at: day === '' ? undefined : `${day}T00:00:00Z` })),
    )
    expect(groupRows(by)).toEqual([
      ['c', '2026-03', 1],
      ['z', '2026-03', 1],
      ['b', '2026-01', 2],
      ['a', '2026-01', 1],
      ['a', '', 1],
    ])
  })
})

describe('how many', () => {
  test('rows there are is known without any column', () => {
    const groups = groupsOf([], [{}, {}, {}])
    expect([groups.rows, groups.sorted()]).toEqual([3, []])
  })

  test('groups there may be: 10,000, however many rows they have', () => {
    const groups = groupsOf(['id'], [])
    for (let round = 0; round < 2; round++) for (let id = 0; id < 10_000; id++) groups.add({ id: String(id) })
    expect(groups.sorted()).toHaveLength(10_000)
    expect(groups.rows).toBe(20_000)
    expect(() => groups.add({ id: 'one more' })).toThrow('id: more than 10,000 different groups.')
  })
})
