import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { createCsvFormatter } from '../../../src/tools/exports/csv.ts'

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

test.each(values.map(([value, cell], at) => [at, value, cell] as const))(
  'value %i',
  async (_at, value, cell) => {
    const toCsv = await createCsvFormatter(2)
    expect(read(toCsv([[value, 'end']]))).toEqual([[cell, 'end']])
  },
)

describe('lines', () => {
  test('end with CR and LF', async () => {
    expect(
      (await createCsvFormatter(2))([
        ['a', 1],
        ['b', 2],
      ]),
    ).toBe('a,1\r\nb,2\r\n')
  })

  test('of one column are never empty, since readers skip empty ones', async () => {
    expect((await createCsvFormatter(1))([[''], ['x'], [undefined], [null]])).toBe('""\r\nx\r\n""\r\n""\r\n')
    expect((await createCsvFormatter(2))([['', '']])).toBe(',\r\n')
  })

  test('break only inside quotes', async () => {
    expect((await createCsvFormatter(2))([['a\rb', 'c\nd']])).toBe('"a\rb","c\nd"\r\n')
  })

  test('of no rows are none', async () => expect((await createCsvFormatter(2))([])).toBe(''))
})
