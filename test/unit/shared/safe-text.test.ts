import { describe, expect, test } from 'vitest'
import { escapeInvisible, oneLine, quotation, safeText } from '../../../src/shared/safe-text.ts'

// Text of hosts and people: nothing in it that a terminal, a model or a person would not see as it is.

describe('safe text', () => {
  test.each([
    ['plain', 'plain'],
    ['a\tb\nc', 'a\tb\nc'],
    ['a\r\nb\rc', 'a\nb\nc'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u009b31mred', 'red'],
    ['\u001b]0;title\u0007after', 'after'],
    ['\u001b]0;title\u001b\\after', 'after'],
    ['\u001bP1$r\u009cafter', 'after'],
    ['\u001b(Bafter', 'after'],
    ['\u001bcafter', 'after'],
    ['\u001b[', ''],
    ['a\u0000\u0007\u007f\u0085b', 'ab'],
    ['a\u2028b\u2029c', 'abc'],
    ['zero\u200bwidth\ufeff', 'zerowidth'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['tag\u{E0041}', 'tag'],
    ['half \ud800 a letter', 'half  a letter'],
    ['private \ue000', 'private '],
    ['hidden\u{E0101}', 'hidden'],
    ['heart\u2764\ufe0f', 'heart\u2764'],
    ['Zürich 証明書 \u{1F600}', 'Zürich 証明書 \u{1F600}'],
  ])('%j', (text, expected) => {
    expect(safeText(text)).toBe(expected)
  })

  test('a megabyte of unfinished commands takes no time', () => {
    const text = '\u001b[;?'.repeat(250_000)
    expect(safeText(text).length).toBeLessThan(text.length)
  })
})

describe('spelled out', () => {
  test.each([
    ['a\tb\nc', 'a\tb\nc'],
    ['a\r\nb', 'a\nb'],
    ['a\rb', 'a\\u{d}b'],
    ['\u001b[31m', '\\u{1b}[31m'],
    ['\u200b\ufeff\u202e', '\\u{200b}\\u{feff}\\u{202e}'],
    ['\u{E0041}\u{E0101}', '\\u{e0041}\\u{e0101}'],
    ['\ud800', '\\u{d800}'],
    ['\ue000', '\\u{e000}'],
    ['\u2028', '\\u{2028}'],
    ['\ufe0f', '\\u{fe0f}'],
    ['Zürich \u{1F600}', 'Zürich \u{1F600}'],
  ])('%j', (text, expected) => {
    expect(escapeInvisible(text)).toBe(expected)
  })
})

describe('on one line', () => {
  test.each([
    ['  a \n\t b  ', 'a b'],
    ['a\u001b[31m b', 'a b'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(oneLine(text)).toBe(expected)
  })

  test.each([
    [9, 'xxxxxxxxx'],
    [10, 'xxxxxxxxxx'],
    [11, 'xxxxxxxxx…'],
    [300, 'xxxxxxxxx…'],
  ])('%i characters, of which ten are shown', (length, expected) => {
    expect(oneLine('x'.repeat(length), 10)).toBe(expected)
  })

  test('characters are counted, not their halves', () => {
    expect(oneLine('\u{1F600}'.repeat(10), 10)).toBe('\u{1F600}'.repeat(10))
    expect(oneLine('\u{1F600}'.repeat(11), 10)).toBe(`${'\u{1F600}'.repeat(9)}…`)
  })

  test('text far beyond the limit is not read, but the result shows that it was cut', () => {
    expect(oneLine(`${' '.repeat(199)}ab`, 10)).toBe('a…')
    expect(oneLine(`${' '.repeat(198)}ab`, 10)).toBe('ab')
  })

  test('two hundred characters by default', () => {
    expect(oneLine('x'.repeat(200))).toHaveLength(200)
    expect(oneLine('x'.repeat(201))).toBe(`${'x'.repeat(199)}…`)
  })
})

test.each([
  ['no', '"no"'],
  ['say "no"', `"say 'no'"`],
  ['a\nb', '"a b"'],
])('the words %j are quoted as %s', (text, expected) => {
  expect(quotation(text)).toBe(expected)
})
