import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Field, fieldsOf } from '../../../src/cli/probe/recording/fields.ts'
import { examples, kindOf } from '../../../src/cli/probe/recording/kinds.ts'
import { ObservedValues } from '../../../src/cli/probe/recording/name-privacy.ts'
import { addValue, emptyShape, startTraversal } from '../../../src/cli/probe/recording/shape.ts'
import { vocabulary } from '../../../src/cli/probe/recording/vocabulary.ts'

// The form of answers, and nothing else of them: a user who attaches a recording to a public page must not have to
// read it first.

function formOf(rows: readonly unknown[], seen = new ObservedValues()): Field[] {
  const shape = emptyShape()
  for (const row of rows) addValue(shape, row, startTraversal(seen))
  return fieldsOf(shape, seen)
}

const paths = (rows: readonly unknown[]): string[] => formOf(rows).map(({ path }) => path)
const wordsAt = (rows: readonly unknown[], path: string): readonly string[] =>
  formOf(rows).find((field) => field.path === path)?.values ?? []

describe('the form of a value', () => {
  test.each(Object.entries(examples))('%s is recognised', (kind, specimen) => {
    expect(kindOf(specimen)).toBe(kind)
  })

  test.each([
    ['Backup', 'text'],
    ['UNIX', 'text'],
    ['ONE_TIME', 'text'],
    ['PowerShell', 'text'],
    ['cGF0aA==', 'base64 text'],
    ['R2V0LVBTRHJpdmU=', 'base64 text'],
    ['123456', 'numeric text'],
    ['2022-05-11T06:42:13.692+00:00', 'ISO time, +00:00'],
    [1_674_129_606_914, 'epoch milliseconds'],
    [undefined, 'null'],
  ])('%s is %s', (value, kind) => expect(kindOf(value)).toBe(kind))
})

describe('fields', () => {
  test('are counted with their forms, within what is around them', () => {
    const rows = [
      { id: 1, created: { dateTime: 1_674_129_606_914 } },
      { id: '25', created: { dateTime: '2022-05-11T06:42:13Z' } },
      { id: 7, created: null },
    ]
    expect(formOf(rows)).toEqual([
      { path: 'created', present: 3, of: 3, kinds: { object: 2, null: 1 } },
      {
        path: 'created.dateTime',
        present: 2,
        of: 2,
        kinds: { 'epoch milliseconds': 1, 'ISO time, Z': 1 },
      },
      { path: 'id', present: 3, of: 3, kinds: { 'zero or one': 1, 'numeric text': 1, 'whole number': 1 } },
    ])
  })

  test('in lists are recorded once', () => {
    expect(paths([{ tags: [{ id: 7 }, { id: 8, name: 'x' }] }])).toEqual([
      'tags',
      'tags[]',
      'tags[].id',
      'tags[].name',
    ])
  })

  test('of a deep or wide answer are truncated', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 5_000; level++) deep = { status: deep }
    expect(formOf([deep]).length).toBeLessThan(20)
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, at]))
    expect(paths([wide])).toEqual(['{*}'])
  })
})

describe('names that may be data', () => {
  const hidden = [
    ['a host', { 'web-01.example.com': 1 }],
    ['an address', { '10.0.0.7': 1 }],
    ['an e-mail address', { 'jane@example.com': 1 }],
    ['an id', { '21789601': 1 }],
    ['a UUID', { 'a81bc81b-dead-4e5d-abff-90865d1e13b1': 1 }],
    ['a sentence', { 'Payroll of the north': 1 }],
    ['something with a number', { srv042: 1 }],
    ['a very long name', { [`a${'b'.repeat(50)}`]: 1 }],
    ['what an object inherits from', JSON.parse('{"__proto__": {"x1y22": 1}}')],
  ] as const

  test.each(hidden)('%s', (_, row) => {
    const [name = ''] = Object.keys(row)
    if (name !== '__proto__') expect(paths([row])).toEqual(['{*}'])
    expect(JSON.stringify(formOf([{ map: row }]))).not.toMatch(
      /web-01|10\.0|jane|2178|a81b|Payroll|srv|bbb|x1y/,
    )
  })

  test('are keys of a map of like things', () => {
    const map = { alice: { status: 'ACTIVE' }, bob: { status: 'ACTIVE' } }
    expect(paths([{ owners: map }, { owners: map }, { owners: map }])).toEqual([
      'owners',
      'owners.{*}',
      'owners.{*}.status',
    ])
  })

  test('are names that vary from row to row', () => {
    const rows = ['alice', 'bob', 'carol', 'dave', 'erin'].map((name) => ({ id: 1, by: { [name]: 3 } }))
    expect(paths(rows)).toEqual(['by', 'by.{*}', 'id'])
  })

  test('are names that are values elsewhere, before or after', () => {
    const alike = Array.from({ length: 5 }, () => ({ owners: { alice: 3 } }))
    expect(paths(alike)).toEqual(['owners', 'owners.alice'])
    for (const rows of [
      [...alike, { title: 'alice' }],
      [{ title: 'alice' }, ...alike],
    ])
      expect(paths(rows)).toEqual(['owners', 'owners.{*}', 'title'])
  })

  test('are new names that fewer than three records have', () => {
    expect(
      paths([
        { id: 7, cousin: 1 },
        { id: 8, cousin: 1 },
      ]),
    ).toEqual(['id', '{*}'])
    expect(paths([7, 8, 9].map((id) => ({ id, cousin: 1 })))).toEqual(['cousin', 'id'])
  })

  test('are names of fields that people define, however many records have them', () => {
    const rows = Array.from({ length: 9 }, (_, id) => ({ id, customAttributes: { CostCenter: 7, id } }))
    expect(paths(rows)).toEqual(['customAttributes', 'customAttributes.id', 'customAttributes.{*}', 'id'])
  })

  test('are keys of a map that some records share', () => {
    const names = ['alice', 'bob', 'carol', 'dave']
    const rows = Array.from({ length: 20 }, (_, at) => ({ id: at, by: { [names[at % 4] ?? '']: 3 } }))
    expect(paths(rows)).toEqual(['by', 'by.{*}', 'id'])
  })

  test('are not names that this program knows, whatever their values are', () => {
    const rows = [{ id: 7, title: 'status', status: 'ACTIVE', created: { dateTime: 'id' } }]
    expect(paths(rows)).toEqual(['created', 'created.dateTime', 'id', 'status', 'title'])
  })

  test('are not new names that every row has', () => {
    const rows = Array.from({ length: 20 }, (_, at) => ({ id: at, agentVersion: '6.1', lastCheckIn: at }))
    expect(paths(rows)).toEqual(['agentVersion', 'id', 'lastCheckIn'])
  })
})

describe('words', () => {
  const rows = (values: readonly unknown[], name = 'status') => values.map((value) => ({ [name]: value }))

  test.each(['status', 'state', 'subType', 'platform', 'workflowType', 'fileFormat'])(
    'of %s are recorded',
    (name) => {
      expect(wordsAt(rows(['ACTIVE', 'Detection', 'ACTIVE'], name), name)).toEqual(['ACTIVE', 'Detection'])
    },
  )

  test.each([
    'title',
    'userStatus',
    'typeName',
    'companyType',
    'hostState',
    'emailType',
    'tagType',
    'note',
    'x',
  ])('of %s are not', (name) => expect(wordsAt(rows(['ACTIVE'], name), name)).toEqual([]))

  test('of a field inside an object that belongs to a person are not', () => {
    expect(wordsAt([{ user: { type: 'Plumber' } }], 'user.type')).toEqual([])
    expect(wordsAt([{ params: [{ type: 'Secret' }] }], 'params[].type')).toEqual([])
  })

  test.each([
    ['jane@example.com'],
    ['10.0.0.7'],
    ['v2'],
    ['srv01'],
    ['Payroll of the whole north'],
    ['a.b'],
    ['-'],
    ['x'.repeat(30)],
  ])('are not, in a field that also holds %s', (odd) =>
    expect(wordsAt(rows(['ACTIVE', odd]), 'status')).toEqual([]),
  )

  test.each([
    ['businessUnit', 'Payroll Zurich'],
    ['type', 'Confidential Merger'],
    ['approvalStatus', 'Waiting for Bob Miller'],
    ['kind', 'MEIER'],
    ['businessUnit', 'PAYROLL'],
    ['mode', 'Layoffs'],
    ['state', 'Bavaria Munich'],
    ['status', 'SRV01'],
  ])('are not, where %s is %s', (name, value) => expect(wordsAt(rows([value], name), name)).toEqual([]))

  test('are not, where there are many', () => {
    const many = Array.from({ length: 13 }, (_, at) => `WORD_${String.fromCharCode(65 + at)}`)
    expect(wordsAt(rows(many.slice(0, 12)), 'status')).toHaveLength(12)
    expect(wordsAt(rows(many), 'status')).toEqual([])
  })

  test('are not, if one is a value of another field', () => {
    const both = [{ status: 'PAYROLL', title: 'PAYROLL' }, { status: 'ACTIVE' }]
    expect(wordsAt(both, 'status')).toEqual(['ACTIVE'])
  })
})

describe('any answer', () => {
  /** Texts that would be recognized: none of our words has their letters. */
  const secret = fc.string({ unit: fc.constantFrom('ж', 'ю', '7', '@', '.'), minLength: 3, maxLength: 20 })

  test('reveals only short words of the fields that may have them', () => {
    const anything = fc.object({ withBoxedValues: false, withNullPrototype: false, maxDepth: 4 })
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 6 }), (rows) => {
        for (const { path, values = [], kinds } of formOf(rows)) {
          for (const part of path.split(/\.|\[\]/).filter((name) => name !== '' && name !== '{*}'))
            expect(part).toMatch(/^[A-Za-z_$@#][\w-]{0,60}$/)
          for (const value of values) expect(value).toMatch(/^[A-Za-z_ -]+$/)
          for (const kind of Object.keys(kinds)) expect(Object.keys(examples)).toContain(kind)
        }
      }),
      { seed: 6, numRuns: 200 },
    )
  })

  test('reveals no value, wherever it stands', () => {
    const name = fc.oneof(fc.constantFrom(...vocabulary), fc.constantFrom('agent', 'lastSeenBy'), secret)
    const { row } = fc.letrec((tie) => ({
      row: fc.dictionary(name, tie('value'), { maxKeys: 6 }),
      value: fc.oneof({ maxDepth: 4 }, secret, fc.array(secret, { maxLength: 3 }), tie('row')),
    }))
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        expect(JSON.stringify(formOf(rows))).not.toMatch(/[жю]|@[7.]|7[@.]|777|\.\.\./)
      }),
      { seed: 6, numRuns: 200 },
    )
  })

  test('of words only reveals none that another field holds, too', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'C', 'D'), minLength: 2, maxLength: 8 })
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (names) => {
        const rows = names.flatMap((name) => [{ status: name }, { title: name, [name]: { [name]: name } }])
        const fields = formOf(rows)
        expect(fields.flatMap(({ values = [] }) => values)).toEqual([])
        expect(
          fields.map(({ path }) => path).filter((path) => names.some((name) => path.includes(name))),
        ).toEqual([])
      }),
      { seed: 6, numRuns: 150 },
    )
  })
})
