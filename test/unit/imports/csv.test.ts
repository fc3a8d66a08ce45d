import { describe, expect, test } from 'vitest'
import { readCsv } from '../../../src/tools/effects/imports/csv.ts'

const isKnown = (name: string): boolean => ['first', 'last', 'tags'].includes(name)
const cells = async (text: string, most = 100) =>
  (await readCsv(text, isKnown, most)).map((record) => record.cells)
const lines = async (text: string) => (await readCsv(text, isKnown, 100)).map(({ line }) => line)

describe('the delimiter', () => {
  test.each([
    ['comma', 'first,last\na,b'],
    ['semicolon', 'first;last\na;b'],
    ['tab', 'first\tlast\na\tb'],
    ['said in the first line', 'sep=;\r\nfirst;last\r\na;b'],
    ['said in quotation marks', '"sep=;"\r\nfirst;last\r\na;b'],
    ['said in the first cell of a row', 'sep=,,,\r\nfirst,last\r\na,b'],
  ])('%s', async (_, text) => {
    expect(await cells(text)).toEqual([
      ['first', 'last'],
      ['a', 'b'],
    ])
  })

  test('is the one that gives known names, whatever rows hold', async () => {
    expect(await cells('first;last;a,b,c,d\n1;2;3,4')).toEqual([
      ['first', 'last', 'a,b,c,d'],
      ['1', '2', '3,4'],
    ])
    expect(await cells('first,last\n1;2;3,4')).toEqual([
      ['first', 'last'],
      ['1;2;3', '4'],
    ])
  })

  test('a tab at the edge of a cell is no blank', async () => {
    expect(await cells('first\tlast\n\tb\na\t')).toEqual([
      ['first', 'last'],
      ['', 'b'],
      ['a', ''],
    ])
  })
})

describe('rows', () => {
  test('quotes, doubled quotes, delimiters and line breaks in cells, blanks around them', async () => {
    expect(await cells('first,last\r\n "a ""b"", c" ,"d\r\ne"\r\n  f  ,g\r\n')).toEqual([
      ['first', 'last'],
      ['a "b", c', 'd\ne'],
      ['f', 'g'],
    ])
  })

  test.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ])('end with %s', async (_, end) => {
    expect(await cells(['first,last', 'a,b', 'c,d', ''].join(end))).toEqual([
      ['first', 'last'],
      ['a', 'b'],
      ['c', 'd'],
    ])
  })

  test('blank ones are skipped, and the others keep their lines', async () => {
    const text = '\n;;\nfirst;last\n\n"x\ny";2\n  \n;\n3;4\n'
    expect(await cells(text)).toEqual([
      ['first', 'last'],
      ['x\ny', '2'],
      ['3', '4'],
    ])
    expect(await lines(text)).toEqual([3, 5, 9])
    expect(await lines(`sep=;\n${text}`)).toEqual([4, 6, 10])
  })

  test('too many are refused', async () => {
    await expect(cells(`first,last\n${'a,b\n'.repeat(11)}`, 11)).rejects.toThrow(/more than 10 rows/)
    expect(await cells(`first,last\n${'a,b\n'.repeat(10)}`, 11)).toHaveLength(11)
    await expect(cells(`first,last\n${',\n'.repeat(50_001)}a,b`)).rejects.toThrow(/many blank ones/)
    await expect(cells(`first,last\n"${'x'.repeat(1_100_000)}",b`)).rejects.toThrow(/million characters/)
    await expect(cells(','.repeat(1_000_000))).rejects.toThrow(/too many columns/)
  })

  test('a million blank ones at the end, as spreadsheets write them, are none', async () => {
    expect(await cells(`first,last\na,b\n${',\n'.repeat(1_000_000)}`)).toHaveLength(2)
    expect(await cells(`first,last\na,b${'\n'.repeat(1_000_000)}c,d`)).toHaveLength(3)
  })

  test('an empty file has none', async () => {
    expect(await cells('')).toEqual([])
    expect(await cells('\n \n')).toEqual([])
  })
})

describe('quotes that do not fit are refused with their line', () => {
  test.each([
    ['first,last\na,b\nc,"d\ne,f\n', /^Line 3 of the file cannot be read: .* that nothing closes\.$/],
    ['first,last\na,b"c"\n', /^Line 2 of the file cannot be read: a quotation mark stands within/],
    ['first,last\na,"b"c\n', /^Line 2 of the file cannot be read: text follows the quotation mark/],
    ['sep=,\nfirst,last\na,b"c"\n', /^Line 3 of the file/],
  ])('%j', async (text, reason) => {
    await expect(cells(text)).rejects.toThrow(reason)
  })
})
