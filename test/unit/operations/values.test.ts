import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { scheduleInput } from '../../../src/operations/car/inputs/schedule.ts'
import {
  base64Text,
  boolean,
  id,
  ids,
  instant,
  joinClauses,
  searchText,
  time,
  writeClause,
} from '../../../src/operations/fields.ts'
import { longId, missingCount, received, search, wordOf } from '../../../src/operations/saq/fields.ts'
import { counted, idOrHint } from '../../../src/operations/sentences.ts'

// Values as an assistant passes them, and as Qualys sends them.

test('an id is taken without the blanks around it, as a list of them shows it', () => {
  const digits = z.strictObject({
    id: id('from a list'),
    ids: ids('from a list'),
    longId: longId('from a list'),
  })
  expect(digits.parse({ id: ' 19218 ', ids: ['1', '2\n'], longId: '\t640002' })).toEqual({
    id: '19218',
    ids: ['1', '2'],
    longId: '640002',
  })
  expect(digits.safeParse({ id: '19 218', ids: ['1', ' 1'], longId: ' ' }).error?.issues).toHaveLength(3)
})

describe('a time that Qualys sends', () => {
  test.for([
    ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00Z'],
    ['2026-01-31T08:00:00.123Z', '2026-01-31T08:00:00Z'],
    ['2026-01-28T08:00:00+00:00', '2026-01-28T08:00:00Z'],
    ['2026-01-28T08:00:00+0000', '2026-01-28T08:00:00Z'],
    ['2026-01-31T08:00:00+0200', '2026-01-31T06:00:00Z'],
    ['2026-01-31T08:00:00-05:30', '2026-01-31T13:30:00Z'],
    [1_769_846_400, '2026-01-31T08:00:00Z'],
    [1_769_846_400_999, '2026-01-31T08:00:00Z'],
    ['1769846400', '2026-01-31T08:00:00Z'],
    ['1769846400000', '2026-01-31T08:00:00Z'],
    [99_999_999_999, '5138-11-16T09:46:39Z'],
    [100_000_000_000, '1973-03-03T09:46:40Z'],
  ] as const)('%s is %s', ([value, iso]) => expect(time.parse(value)).toBe(iso))

  test.for([
    '',
    'yesterday',
    '2026-01-31',
    '2026-01-31T08:00:00',
    '2026-13-01T08:00:00Z',
    '123456789',
    '2026-01-31 08:00:00Z',
    Number.NaN,
    9e15,
  ])('%s is invalid', (value) => expect(time.safeParse(value).success).toBe(false))
})

describe('a time that an assistant passes', () => {
  test.for([
    ['2026-01-31T08:00:00Z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00:00.5+02:00', '2026-01-31T06:00:00.500Z'],
    ['2026-01-31 08:00', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00+0200', '2026-01-31T06:00:00.000Z'],
    ['2026-01-31T08:00:00+02', '2026-01-31T06:00:00.000Z'],
    ['2026-01-31t08:00:00z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31 08:00:00 z', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31  08:00 -05:30', '2026-01-31T13:30:00.000Z'],
    [' 2026-01-31T08:00Z\n', '2026-01-31T08:00:00.000Z'],
    ['2026-01-31T08:00:00.123456789Z', '2026-01-31T08:00:00.123Z'],
  ] as const)('%s is sent as %s', ([text, wire]) => {
    expect(instant('x').parse(text)).toBe(wire)
    expect(instant('x', 'end').parse(text)).toBe(wire)
  })

  test.for(['2026-01-31', ' 2026-01-31', '2026-01-31\t'])(
    '%j counts from its start, or to its end',
    (day) => {
      expect(instant('x').parse(day)).toBe('2026-01-31T00:00:00.000Z')
      expect(instant('x', 'end').parse(day)).toBe('2026-01-31T23:59:59.999Z')
    },
  )

  test('of a schedule may have blanks around', () => {
    expect(scheduleInput.startDate.parse(' 2096-02-29\n')).toBe('2096-02-29')
    expect(scheduleInput.startTime.parse('08:30 ')).toBe('08:30')
  })

  test.for([
    ...['', ' ', 'now', '2026-02-30', '31.01.2026', '2026-01-31T25:00Z', '2026', '2026-1-31', '20260131'],
    ...['2026-01-31T', '2026-01-31Z', '2026-01-31 8:00', '2026-01-31T08', '2026-01-31T08:00:60Z'],
    ...['2026-01-31T08:00 CET', '2026-01-31T08:00+2', '2026-01-31T08:00:00,5Z', '2026-01-31T08:00ZZ'],
    ...['2026-01-31T08:00+25:00', '1769846400000', '2026 01-31', '2026-01-31T 08:00'],
  ])('%j is invalid, as a start and as an end', (text) => {
    expect(instant('x').safeParse(text).success).toBe(false)
    expect(instant('x', 'end').safeParse(text).success).toBe(false)
  })
})

test.for([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ['true', true],
  ['false', false],
] as const)('the flag %j is %s', ([value, expected]) => expect(boolean.parse(value)).toBe(expected))

test.for([2, 'yes', 'TRUE', '', null])('%j is no flag', (value) =>
  expect(boolean.safeParse(value).success).toBe(false),
)

describe('base64', () => {
  const read = (bytes: Buffer): unknown => base64Text.parse(bytes.toString('base64'))

  test('is read as UTF-8, as UTF-16 after its mark, and else by its code page', () => {
    expect(read(Buffer.from('Größe €'))).toBe('Größe €')
    expect(read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Größe', 'utf16le')]))).toBe('Größe')
    expect(read(Buffer.from('Größe', 'latin1'))).toBe('Größe')
  })

  test('may be split into lines', () => expect(base64Text.parse('R2V0\r\nLVBT\n')).toBe('Get-PS'))

  test.for(['abc', 'ab=c', 'a b', '????', 'ab===='])('%s is invalid', (text) =>
    expect(base64Text.safeParse(text).success).toBe(false),
  )
})

describe('a clause of a filter', () => {
  test.for([
    ['Script test', 'name:Script test'],
    ['Ports | all', 'name:"Ports | all"'],
    ['say "hello"', 'name:`say "hello"`'],
    ['`"', "name:'`\"'"],
    ['this and that', 'name:"this and that"'],
    ['NOT', 'name:"NOT"'],
    ['android', 'name:android'],
  ] as const)('%s', ([text, expected]) => expect(writeClause('name', text)).toBe(expected))

  test('a text with every kind of quote cannot be one', () => {
    expect(searchText('x').safeParse('"`').success).toBe(true)
    expect(searchText('x').safeParse('"`\'').success).toBe(false)
  })

  test('several are joined, those with OR in brackets', () => {
    expect(joinClauses()).toBeUndefined()
    expect(joinClauses(undefined, 'a:1')).toBe('a:1')
    expect(joinClauses('a:1 OR b:2')).toBe('a:1 OR b:2')
    expect(joinClauses('a:1', undefined, 'b:2 or c:3', 'orange:4')).toBe('a:1 AND (b:2 or c:3) AND orange:4')
  })
})

describe('SAQ', () => {
  test.for(['IN_REVIEW', 'in review', ' In-Review ', 'in  review'])('%j is the word IN_REVIEW', (word) =>
    expect(wordOf(['IN_REVIEW', 'CLOSED']).parse(word)).toBe('IN_REVIEW'),
  )

  test('criteria of a search', () => {
    const input = {
      name: 'a',
      nameContains: 'b',
      id: ['1'],
      tagId: ['1', '2'],
      isLibrary: false,
      uuid: undefined,
    }
    expect(search(input).body.criteria).toEqual([
      { field: 'name', operator: 'EQUALS', value: 'a' },
      { field: 'name', operator: 'CONTAINS', value: 'b' },
      { field: 'id', operator: 'EQUALS', value: '1' },
      { field: 'tags.tag.id', operator: 'IN', value: '1,2' },
      { field: 'isLibrary', operator: 'EQUALS', value: 'false' },
    ])
  })

  test('an element without a text is omitted', () => {
    for (const nothing of ['', null, undefined]) {
      expect(received.text.parse(nothing)).toBeUndefined()
      expect(received.number.parse(nothing)).toBeUndefined()
    }
    expect(received.list(received.text).parse('')).toEqual([])
    expect(received.number.parse('-12')).toBe(-12)
    expect(received.number.safeParse('1.5').success).toBe(false)
    expect(received.id.safeParse('').success).toBe(false)
  })
})

describe('the summary of an answer', () => {
  test('names its id, or where to find it', () => {
    expect(idOrHint('7', 'car_search_scripts')).toBe('7')
    expect(idOrHint(7, 'car_search_scripts')).toBe('7')
    for (const none of [undefined, null, {}, true])
      expect(idOrHint(none, 'car_search_scripts')).toBe('(id not told: see car_search_scripts)')
  })

  test('names its count, or that there is none', () => {
    expect([counted(0, 'user'), counted(1, 'user'), counted(2, 'user')]).toEqual([
      '0 users',
      '1 user',
      '2 users',
    ])
    expect(missingCount({ count: '2' })).toBe('')
    expect(missingCount({ count: 0 })).toBe('')
    expect(missingCount({})).toBe(', as far as Qualys says, which gives no number')
  })
})
