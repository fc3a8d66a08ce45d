import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cellOf, recordOf } from '../../../src/tools/exports/csv.ts'

// CSV that any program reads back, and that no spreadsheet takes for a formula.

/** CSV as another program reads it: strictly, without repairs; any line break outside quotes ends a record. */
const read = (text: string): string[][] =>
  parse(text, { record_delimiter: ['\r\n', '\n', '\r'], skip_empty_lines: false, relax_column_count: false })

const values: readonly (readonly [value: unknown, cell: string])[] = [
  ['say "hi", he said', 'say "hi", he said'],
  ['"', '"'],
  ['a,b;c\td', 'a,b;c\td'],
  ['one\r\ntwo\rthree\nfour', 'one\r\ntwo\rthree\nfour'],
  ["=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"],
  ['=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\n=1', "'\n=1"],
  ['\nx', "'\nx"],
  ['  =1', "'  =1"],
  ['\u00a0@x', "'\u00a0@x"],
  ['＝1', "'＝1"],
  ['  ＝1', "'  ＝1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠x', "'＠x"],
  ['a=1', 'a=1'],
  [' a', ' a'],
  ["'=1", "'=1"],
  [-1, '-1'],
  [-0.5, '-0.5'],
  [1e21, '1e+21'],
  [true, 'true'],
  [false, 'false'],
  [null, ''],
  [undefined, ''],
  ['', ''],
  [['=1', { a: 'x,"y"' }], '["=1",{"a":"x,\\"y\\""}]'],
  [{ a: 1 }, '{"a":1}'],
  ['x'.repeat(200_000), 'x'.repeat(200_000)],
]

const toCsv = (rows: readonly (readonly unknown[])[]): string =>
  rows.map((row) => recordOf(row.map(cellOf))).join('')

test.each(values.map(([value, cell], at) => [at, value, cell] as const))('value %i', (_at, value, cell) => {
  expect(read(toCsv([[value, 'end']]))).toEqual([[cell, 'end']])
})

describe('lines', () => {
  test('end with CR and LF', () => {
    expect(
      toCsv([
        ['a', 1],
        ['b', 2],
      ]),
    ).toBe('a,1\r\nb,2\r\n')
  })

  test('of one column are never empty, since readers skip empty ones', () => {
    expect(toCsv([[''], ['x'], [undefined], [null]])).toBe('""\r\nx\r\n""\r\n""\r\n')
    expect(toCsv([['', '']])).toBe(',\r\n')
  })

  test('break only inside quotes', () => {
    expect(toCsv([['a\rb', 'c\nd']])).toBe('"a\rb","c\nd"\r\n')
  })

  test('are those of csv-stringify, a library that takes several times as long', () => {
    const leading = fc.constantFrom(
      '',
      '=',
      '+',
      '-',
      '@',
      '\t',
      '\r',
      '\n',
      ' ',
      '\u00a0',
      '＝',
      '＋',
      '－',
      '＠',
    )
    const texts = fc
      .tuple(leading, leading, fc.string({ unit: fc.constantFrom(...'ab,;"\'\r\n\t=é✓ ') }))
      .map((parts) => parts.join(''))
    const cells = fc.oneof(texts, fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), fc.jsonValue())
    const options = {
      record_delimiter: '\r\n',
      escape_formulas: true,
      quoted_match: /[\r\n]/,
      cast: {
        string: (text: string) => (/^\s+[=+\-@＝＋－＠]|^\n/.test(text) ? `'${text}` : text),
        boolean: String,
        object: (value: object) => JSON.stringify(value),
      },
    }
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 4 }), (row) => {
        expect(toCsv([row])).toBe(stringify([row], { ...options, quoted_empty: row.length === 1 }))
      }),
      { numRuns: 2_000 },
    )
  })
})
