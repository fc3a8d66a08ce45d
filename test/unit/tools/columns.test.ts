import { describe, expect, test } from 'vitest'
import { chooseColumns, flatten, segment, truncateToMinute } from '../../../src/tools/replies/columns.ts'

// The columns of a page: sanitized names, objects as dotted paths, the usual columns or the existing ones.

describe('the name of a field', () => {
  test.each([
    ['title', 'title'],
    ['a-b:c$d@e_f', 'a-b:c$d@e_f'],
    ['a.b', 'a_b'],
    ['a b\tc', 'a_b_c'],
    ['größe', 'größe'],
    ['x\nNote: all\u001b[31m\u202e', 'x_Note:_all'],
    ['', '_'],
    ['\u200b', '_'],
    ['<<a>>', '__a__'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), `${'x'.repeat(79)}_`],
  ])('%j is %s', (name, shown) => expect(segment(name)).toBe(shown))
})

const nested = (depth: number): Record<string, unknown> =>
  depth === 0 ? { end: 1 } : { in: nested(depth - 1) }

describe('a record flattened', () => {
  test('has dotted paths for its objects; lists stay whole', () => {
    expect({ ...flatten({ id: 1, a: { b: { c: 2 }, d: [{ e: 3 }] }, empty: {} }) }).toEqual({
      id: 1,
      'a.b.c': 2,
      'a.d': [{ e: 3 }],
    })
  })

  test.each([
    [6, `${'in.'.repeat(6)}end`, 1],
    [7, `${'in.'.repeat(7)}end`, 1],
    [8, 'in.in.in.in.in.in.in.in', { end: 1 }],
    [9, 'in.in.in.in.in.in.in.in', { in: { end: 1 } }],
  ])('%i levels deep', (depth, path, value) =>
    expect(Object.entries(flatten(nested(depth)))).toEqual([[path, value]]),
  )

  test('numbers names that are equal once cleaned', () => {
    expect({ ...flatten({ 'a b': 1, 'a.b': 2, a_b: 3, a_b_2: 4, a: { b: 5 } }) }).toEqual({
      a_b: 1,
      a_b_2: 2,
      a_b_3: 3,
      a_b_2_2: 4,
      'a.b': 5,
    })
  })

  test('treats names of the language as names like any other', () => {
    const flat = flatten(JSON.parse('{"__proto__":{"polluted":1},"constructor":"a","toString":"b"}'))
    expect(Object.keys(flat)).toEqual(['__proto__.polluted', 'constructor', 'toString'])
    expect('valueOf' in flat).toBe(false)
  })
})

describe('to the minute', () => {
  test.each([
    ['2026-11-22T10:11:12Z', '2026-11-22T10:11Z'],
    ['2026-11-22T10:11Z', '2026-11-22T10:11Z'],
    ['at 2026-11-22T10:11:12Z', 'at 2026-11-22T10:11:12Z'],
    ['2026-11-22T10:11:12+00:00', '2026-11-22T10:11:12+00:00'],
    [['2026-11-22T10:11:12Z'], ['2026-11-22T10:11:12Z']],
    [7, 7],
  ])('%j is %j', (value, shown) => expect(truncateToMinute({ at: value })['at']).toEqual(shown))
})

const usual = { columns: ['id', 'title', 'platform', 'outcome.code'] }

describe('the default columns', () => {
  test('are those that occur, in their order', () => {
    const rows = [{ title: 1, id: 2, more: 3 }, { platform: 4 }]
    expect(chooseColumns(rows, usual, undefined)).toEqual({
      names: ['id', 'title', 'platform'],
      hasDrifted: false,
    })
  })

  test('of no rows are none', () => {
    expect(chooseColumns([], usual, undefined)).toEqual({ names: [], hasDrifted: false })
  })

  test.each([
    ['half of them occur', { columns: ['id', 'a', 'b'] }, { id: 1, a: 2, x: 3 }, ['id', 'a'], false],
    ['fewer than half', { columns: ['id', 'a', 'b', 'c'] }, { id: 1, a: 2, x: 3 }, ['id', 'a', 'x'], true],
    ['the id alone', { columns: ['id', 'a'] }, { id: 1, x: 3 }, ['id', 'x'], true],
    [
      'what comes in with time does not count',
      { columns: ['id', 'a', 'output.code', 'endDate'], filterFields: ['output', 'endDate'] },
      { id: 1, a: 2 },
      ['id', 'a'],
      false,
    ],
    [
      'nor does it stand for those that lack',
      { columns: ['id', 'a', 'b', 'output.code'], filterFields: ['output'] },
      { id: 1, 'output.code': 2 },
      ['id', 'output.code'],
      true,
    ],
  ])('%s', (_what, operation, row, names, hasDrifted) => {
    const chosen = chooseColumns([row], operation, undefined)
    expect(chosen).toMatchObject({ names, hasDrifted })
    expect(chosen.note !== undefined).toBe(hasDrifted)
  })

  test('that are missing are named, with the tool where it is known', () => {
    const columns = ['id', 'a', 'b', 'c']
    expect(chooseColumns([{ id: 1, x: 1 }], { columns }, undefined).note).toBe(
      "Qualys' rows lack the usual fields (a, b, c): shown is what they have.",
    )
    expect(chooseColumns([{ id: 1, x: 1 }], { columns, name: 'car_search_jobs' }, undefined).note).toBe(
      "Qualys' rows in car_search_jobs lack the usual fields (a, b, c): shown is what they have.",
    )
  })

  test('are replaced by eight fields that hold values, in some row at least', () => {
    const row = {
      id: 1,
      list: [],
      object: {},
      none: null,
      ...Object.fromEntries('abcdefghij'.split('').map((name) => [name, 0])),
    }
    expect(chooseColumns([row, { list: 'text' }], { columns: ['id', 'p', 'q'] }, undefined).names).toEqual([
      'id',
      'list',
      ...'abcdef'.split(''),
    ])
  })
})

describe('requested columns', () => {
  const rows = [{ id: 1, 'category.id': 3, 'category.name': 'x', a_b: 4 }, { title: 't' }]

  test.each([
    [['title', 'id'], ['title', 'id'], undefined],
    [['*'], ['id', 'category.id', 'category.name', 'a_b', 'title'], undefined],
    [['id', '*', 'nope'], ['id', 'category.id', 'category.name', 'a_b', 'title'], undefined],
    [['category'], ['category.id', 'category.name'], undefined],
    [['category.name', 'category'], ['category.name', 'category.id'], undefined],
    [['id', 'id'], ['id'], undefined],
    [['a b'], ['a_b'], undefined],
    [
      ['nope', 'id'],
      ['id'],
      'No row here has "nope". There are: id, category.id, category.name, a_b, title, platform, outcome.code.',
    ],
    [
      ['titel', 'id'],
      ['id'],
      'No row here has "titel". The nearest is title; there are: id, category.id, category.name, a_b, title, platform, outcome.code.',
    ],
    [['platform', 'id'], ['id'], 'No row here has a value in "platform".'],
    [['outcome', 'id'], ['id'], 'No row here has a value in "outcome".'],
  ])('%j', (fields, names, note) => {
    expect(chooseColumns(rows, usual, fields)).toEqual({
      names,
      hasDrifted: false,
      ...(note !== undefined && { note }),
    })
  })

  test('are reported as missing in some rows only', () => {
    expect(chooseColumns([], usual, ['nope'])).toEqual({ names: ['nope'], hasDrifted: false })
  })

  test('are all where an operation declares so', () => {
    expect(chooseColumns([{ a: 1 }], { columns: ['*'] }, undefined).names).toEqual(['a'])
  })

  test.each([
    [30, ''],
    [31, '1 more'],
    [1_040, '1,010 more'],
  ])('%i missing ones are named up to thirty', (count, rest) => {
    const fields = Array.from({ length: count }, (_, at) => `n${at}`)
    const note = chooseColumns([{ id: 1 }], usual, fields).note ?? ''
    const named = (/^No row here has (.*?)\. There are/.exec(note)?.[1] ?? '').split(', ')
    expect(named.filter((name) => name.startsWith('"n'))).toHaveLength(30)
    expect(named.filter((name) => !name.startsWith('"n')).join()).toBe(rest)
  })

  test.each([
    [6, 6, ''],
    [7, 6, '1 more'],
  ])('%i long ones are named up to some hundred characters', (count, shown, rest) => {
    const fields = Array.from({ length: count }, (_, at) => `${'n'.repeat(79)}${at}`)
    const note = chooseColumns([{ id: 1 }], usual, fields).note ?? ''
    expect(note.match(/n{79}\d/g)).toHaveLength(shown)
    expect(/n\d", (\d more)\./.exec(note)?.[1] ?? '').toBe(rest)
  })

  test('one at least is named, clipped if it is long', () => {
    const long = Array(7).fill('n'.repeat(79)).join('.')
    expect(chooseColumns([{ id: 1 }], usual, [long, 'x']).note).toContain(
      `No row here has "${'n'.repeat(79)}.…", 1 more. There are: id, title, platform, outcome.code.`,
    )
  })

  test('of which rows have none are replaced by the default ones', () => {
    const row = { id: 1, title: 't', platform: 'LINUX', more: 1 }
    expect(chooseColumns([row], usual, ['plattform'])).toEqual({
      names: ['id', 'title', 'platform'],
      hasDrifted: false,
      note: 'No row here has "plattform". The nearest is platform; there are: id, title, platform, more, outcome.code.',
    })
    expect(chooseColumns([row], usual, ['outcome.code'])).toMatchObject({
      names: ['id', 'title', 'platform'],
      note: 'No row here has a value in "outcome.code".',
    })
  })

  test('that rows are only counted by are named as such', () => {
    const counted = { ...usual, rowFilters: { outcome: {} } }
    expect(chooseColumns([{ id: 1 }], counted, ['outcome', 'id'])).toMatchObject({
      names: ['id'],
      note: 'Rows do not show "outcome": it is a column to count by.',
    })
  })
})
