import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  piecesOf,
  quotedPieces,
  rowLines,
  spelledOut,
  valueLines,
  valueText,
} from '../../../src/tools/effects/preview/quoted.ts'
import { cellsIn, readBack, rowLine } from '../../support/consent/previews.ts'
import { anyText, checkProperty } from '../../support/properties/property.ts'

// The text of a value: what is shown can be read back to what is sent.

describe('a text', () => {
  test.each<readonly [string, string, string]>([
    ['a line break', '/tmp/safe # comment\nrm -rf /', String.raw`/tmp/safe # comment\nrm -rf /`],
    ['a line break of Windows', 'a\r\nb', String.raw`a\r\nb`],
    ['a carriage return', 'a\rb', String.raw`a\rb`],
    ['a tab', 'a\tb', String.raw`a\tb`],
    ['quotes', 'ls -la "$1"', String.raw`ls -la \"$1\"`],
    ['single quotes', "ls -la '$1'", "ls -la '$1'"],
    ['runs of blanks', '  if x:    y  ', '  if x:    y  '],
    ['a backslash', 'C:\\temp\\new', String.raw`C:\\temp\\new`],
    ['what looks like an escape', 'a\\nb\\u{200b}', String.raw`a\\nb\\u{200b}`],
    ['a backslash at its end', 'C:\\', String.raw`C:\\`],
    ['what cannot be seen', 'a\u200bb\u{e0041}\u3164', String.raw`a\u{200b}b\u{e0041}\u{3164}`],
    ['blanks of other kinds', 'a\u00a0b\u3000c\u2800', String.raw`a\u{a0}b\u{3000}c\u{2800}`],
    ['line separators', 'a\u2028b\u2029c\u0085', String.raw`a\u{2028}b\u{2029}c\u{85}`],
    ['a mark on our own quote', '\u0338x', String.raw`\u{338}x`],
    ['a mark on an escape', 'a\n\u0338', String.raw`a\n\u{338}`],
    ['marks of a language', 'e\u0301 ก็', 'e\u0301 ก็'],
    ['marks over other lines', `a${'\u0301'.repeat(5)}`, `a${'\u0301'.repeat(3)}\\u{301}\\u{301}`],
    ['nothing', '', ''],
  ])('with %s', (_what, text, shown) => {
    expect(spelledOut(text)).toBe(shown)
    expect(readBack(shown)).toBe(text)
  })

  const partOfText = fc.oneof(
    anyText(8),
    fc.constantFrom('\\', '"', '\n', '\r', '\t', '\\n', '\\u{41}', '\u200b', '! ', ' '.repeat(90), '\u0301'),
  )
  const text = fc.array(partOfText, { maxLength: 40 }).map((parts) => parts.join(''))

  test('is read back from its pieces', () => {
    checkProperty(text, 300, (value) => {
      const pieces = piecesOf(spelledOut(value))
      expect(readBack(pieces.map((piece) => piece.slice(1, -1)).join(''))).toBe(value)
      for (const piece of pieces) expect(piece).toMatch(/^"(?:[^"\\]|\\.)*"$/)
    })
  })

  test('begins no line, and closes no quotation', () => {
    checkProperty(fc.array(text, { maxLength: 12 }), 200, (values) => {
      const [head, ...lines] = valueLines('name', values)
      expect(head).toMatch(/^name(?: \(\d+ values?\))?:/)
      for (const line of lines) expect(line).toMatch(/^ {2,4}"(?:[^"\\]|\\.)*"(?:, "(?:[^"\\]|\\.)*")*,?$/)
    })
  })
})

test('a row: the further pieces of a long cell are indented, and the next begins a line', () => {
  const long = `${'x'.repeat(80)}${'y'.repeat(80)}z`
  expect(rowLines(['1', 'a\nb', long, 'c', 'd'])).toEqual([
    String.raw`"1", "a\nb", "${'x'.repeat(80)}"`,
    `  "${'y'.repeat(80)}"`,
    '  "z",',
    '"c", "d"',
  ])
})

test('two values differ wherever their texts do', () => {
  const texts = ['a\nb', 'a b', 'a\\nb', 'a\r\nb', 'a  b', 'a\u00a0b', 'a"b', "a'b", 'a\\"b']
  expect(new Set(texts.map((text) => quotedPieces(text).join())).size).toBe(texts.length)
})

test('cells keep to their row, whatever they hold', () => {
  checkProperty(
    fc.array(fc.array(anyText(8), { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
    200,
    (rows) => {
      const lines = rows.flatMap(rowLines)
      for (const line of lines) expect(line).toMatch(rowLine)
      expect(cellsIn(lines)).toEqual(rows.flat())
    },
  )
})

test.each([
  ['an object', { a: 1 }, '{"a":1}'],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a text', 'a', 'a'],
])('%s: the text of a value', (_what, value, text) => {
  expect(valueText(value)).toBe(text)
})
