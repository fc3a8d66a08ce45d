import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { formOf } from '../../../src/cli/probe/recording/form.ts'
import { examples, kindOf } from '../../../src/cli/probe/recording/kinds.ts'
import { knownFields } from '../../../src/cli/probe/recording/known-fields.ts'
import { searchAssets } from '../../../src/operations/car/assets.ts'

// The form of records, and nothing else of them: a user who attaches a recording to a public page must not have to
// read it first.

const known = knownFields({
  ...searchAssets,
  record: z.looseObject({
    id: z.number(),
    status: z.string(),
    created: z.looseObject({ dateTime: z.string() }),
    tags: z.array(z.looseObject({ id: z.number(), owner: z.looseObject({ name: z.string() }) })),
  }),
  columns: [],
})
const knownPaths = known.map(({ path }) => path)
const form = (rows: readonly unknown[]) => formOf(rows, known)

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

describe('known fields', () => {
  test('are counted with their kinds, within what is around them', () => {
    const rows = [
      { id: 1, created: { dateTime: 1_674_129_606_914 } },
      { id: '25', created: { dateTime: '2022-05-11T06:42:13Z' } },
      { id: 7, created: null },
    ]
    expect(form(rows)).toEqual({
      fields: {
        id: { present: 3, of: 3, kinds: { 'zero or one': 1, 'numeric text': 1, 'whole number': 1 } },
        created: { present: 3, of: 3, kinds: { object: 2, null: 1 } },
        'created.dateTime': { present: 2, of: 2, kinds: { 'epoch milliseconds': 1, 'ISO time, Z': 1 } },
      },
      unknown: 0,
    })
  })

  test('in lists are recorded once, with the number of elements', () => {
    const rows = [{ tags: [{ id: 7 }, { id: 8, owner: { name: 'x' } }] }, { tags: [] }, {}]
    expect(form(rows).fields).toEqual({
      tags: { present: 2, of: 3, kinds: { list: 2 } },
      'tags[]': { present: 2, of: 2, kinds: { object: 2 } },
      'tags[].id': { present: 2, of: 2, kinds: { 'whole number': 2 } },
      'tags[].owner': { present: 1, of: 2, kinds: { object: 1 } },
      'tags[].owner.name': { present: 1, of: 1, kinds: { text: 1 } },
    })
  })

  test('of another kind than known show it, and nothing below', () => {
    expect(form([{ created: [{ dateTime: 7 }], tags: 'none' }])).toEqual({
      fields: {
        created: { present: 1, of: 1, kinds: { list: 1 } },
        tags: { present: 1, of: 1, kinds: { text: 1 } },
      },
      unknown: 0,
    })
  })

  test('are own members only', () => {
    const row = JSON.parse('{"__proto__": {"status": "x"}}')
    const inherited = ['status', 'constructor'].map((name) => ({ path: name, parent: '', name }))
    expect(formOf([row], inherited)).toEqual({ fields: {}, unknown: 1 })
  })
})

describe('unknown fields', () => {
  const unknownIn = (...rows: readonly unknown[]): number => form(rows).unknown

  test('are counted once, wherever known fields stand', () => {
    expect(unknownIn({ id: 1, host: 'x' }, { id: 2, host: 'y', owner: 'z' })).toBe(2)
    expect(unknownIn({ tags: [{ key: 1, owner: { mail: 'x' } }, { key: 2 }], created: { by: 'x' } })).toBe(3)
  })

  test('are counted without what is inside them', () => {
    expect(unknownIn({ agent: { version: { major: 1 } }, hosts: { 'web-01': {}, 'web-02': {} } })).toBe(2)
    expect(unknownIn({ id: { of: { a: 1 } }, status: { text: 'x' } })).toBe(0)
  })

  test('are all fields where none is known', () => {
    expect(formOf([{ a: 1, b: 2 }], [])).toEqual({ fields: {}, unknown: 2 })
  })

  test('in a deep or wide answer are only counted', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 5_000; level++) deep = { status: deep }
    expect(form([deep])).toEqual({
      fields: { status: { present: 1, of: 1, kinds: { object: 1 } } },
      unknown: 0,
    })
    expect(unknownIn(Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, at])))).toBe(
      50_000,
    )
  })
})

describe('any answer', () => {
  const value = fc.oneof(
    fc.constantFrom('jane@example.com', '10.0.0.7', 'PAYROLL', 'web-01'),
    fc.string(),
    fc.integer(),
    fc.constant(null),
  )
  const name = fc.oneof(
    fc.constantFrom('id', 'status', 'created', 'dateTime', 'tags', 'owner', 'name'),
    fc.constantFrom('web-01.example.com', '10.0.0.7', 'Payroll', 'PAYROLL', 'apiKey', '21789601'),
    fc.string(),
  )
  const { row } = fc.letrec((tie) => ({
    row: fc.dictionary(name, tie('value'), { maxKeys: 8 }),
    value: fc.oneof({ maxDepth: 5 }, value, fc.array(tie('value'), { maxLength: 3 }), tie('row')),
  }))

  test('reveals known paths, kinds and counts only', () => {
    let fieldCount = 0
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        const { fields, unknown, ...others } = form(rows)
        expect(others).toEqual({})
        expect(unknown).toBeTypeOf('number')
        for (const [path, { kinds, present, of, ...more }] of Object.entries(fields)) {
          fieldCount += 1
          expect(knownPaths).toContain(path)
          expect(more).toEqual({})
          for (const kind of Object.keys(kinds)) expect(Object.keys(examples)).toContain(kind)
          for (const count of [present, of, ...Object.values(kinds)]) expect(count).toBeTypeOf('number')
        }
      }),
      { seed: 6, numRuns: 300 },
    )
    expect(fieldCount).toBeGreaterThan(500)
  })
})
