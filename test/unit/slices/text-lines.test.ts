import { describe, expect, test } from 'vitest'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { mask, redactor, Secret } from '../../../src/shared/secrets.ts'
import { textLines } from '../../../src/tools/replies/slices/text-lines.ts'
import { allLines } from '../../support/scripts/stored-script.ts'

// A stored text by line: what is masked, by line, and what the text form does not show.

const secret = 'tr0ub4dor-and-3'
const read = (text: string | Uint8Array, word = secret) => {
  const found = textLines(new StoredText(Buffer.from(text as string)), redactor([new Secret(word)]))
  return { ...found, lines: allLines(found) }
}

describe('lines', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\nb', ['a\n', 'b']],
    ['a\r\n\r\n\rb\n', ['a\r\n', '\r\n', '\r', 'b\n']],
    ['\n\n', ['\n', '\n']],
    ['a\u2028b\u0085c\fd', ['a\u2028b\u0085c\fd']],
  ])('of %j', (text, lines) => expect(read(text).lines).toEqual(lines))
})

describe('what is masked', () => {
  test('is told by line and number; the other characters stay', () => {
    const { lines, masked } = read(
      `\ufeffa\r\nx=${secret} y=${secret}\r\nb\u200b\nhttps://svc:Secret12345@repo.example/x`,
    )
    expect(lines).toEqual([
      '\ufeffa\r\n',
      `x=${mask} y=${mask}\r\n`,
      'b\u200b\n',
      `https://${mask}@repo.example/x`,
    ])
    expect(masked).toEqual([
      { line: 2, values: 2 },
      { line: 4, values: 1 },
    ])
  })

  test('over two lines leaves the lines their numbers', () => {
    const { lines, masked } = read('a\none two\r\nthree four\nb', 'one two three four')
    expect(lines).toEqual(['a\n', `${mask}\r\n`, `${mask}\n`, 'b'])
    expect(masked).toEqual([
      { line: 2, values: 1 },
      { line: 3, values: 1 },
    ])
  })

  test('is also what invisible characters split; those around it stay', () => {
    const { lines, masked } = read(`a\u200b\r\n\u200bx=tr0ub4dor\u001b[31m-and\u200b-3\u200b y\r\n`)
    expect(lines).toEqual(['a\u200b\r\n', `\u200bx=${mask}\u200b y\r\n`])
    expect(masked).toEqual([{ line: 2, values: 1 }])
  })

  test('is also what invisible characters split over two lines', () => {
    const { lines, masked } = read('a\none\u200b two\r\nth\u200bree four\nb', 'one two three four')
    expect(lines).toEqual(['a\n', `${mask}\r\n`, `${mask}\n`, 'b'])
    expect(masked).toEqual([
      { line: 2, values: 1 },
      { line: 3, values: 1 },
    ])
  })

  test.each([
    ['a secret split by a character, beside one in whole', `${secret} tr0ub4dor\u200b-and-3`],
    ['a secret in a sequence that is not shown', `\u001b]0;${secret}\u0007 tr0\u200bub4dor-and-3`],
  ])('is %s', (_what, text) =>
    expect(read(text).lines.join('')).toBe(text.replace(/tr0\u200b?ub4dor\u200b?-and-3/g, mask)),
  )

  test.each(['\uffff', mask, '\ufffd'])('is no %j that the text itself holds', (text) => {
    const { lines, masked } = read(`a ${text}\n`)
    expect(lines).toEqual([`a ${text}\n`])
    expect(masked).toEqual([])
  })
})

describe('what is not shown', () => {
  const shiftJis = Buffer.from('23208365835883670a', 'hex')
  const many = Array.from({ length: 12 }, () => '\u200b\n').join('')

  test.each<[string | Uint8Array, string[]]>([
    ['a\nb\n', []],
    ['', []],
    ['é 漢字 😀\n\tx\n', []],
    ['a\r\nb\r\n', ['CR LF line ends']],
    ['a\nb\r\nc\n', ['CR LF on 1 of 3 lines']],
    ['a\rb\r', ['CR line ends']],
    ['a\r\nb\rc\n', ['CR LF on 1 of 3 lines', 'CR on 1 of 3 lines']],
    ['a\nb', ['no line break at the end']],
    ['a\r\nb', ['CR LF line ends', 'no line break at the end']],
    ['\ufeffa\n', ['byte order mark']],
    ['\ufeff\ufeffa\n', ['byte order mark', '1 invisible character (line 1)']],
    ['a\n👩‍💻\n\n\ue0b0 x\u0000\n', ['3 invisible characters (lines 2, 4)']],
    ['\u001b[31mred\u001b[0m\n', ['2 terminal sequences (line 1)']],
    [many, ['12 invisible characters (lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more)']],
    [Buffer.from('\ufeffa\n', 'utf16le'), ['the encoding utf-16le']],
    [
      Buffer.concat([Buffer.from('a\n'), shiftJis]),
      ['Shift-JIS or another encoding: bytes that are not UTF-8, read as windows-1252 (line 2)'],
    ],
    [
      Buffer.concat([Buffer.from('é\n'), Buffer.of(0xff, 0x0a)]),
      ['Shift-JIS or another encoding: bytes that cannot be read (line 2)'],
    ],
  ])('of %j', (text, clauses) => expect(read(text).notShown).toEqual(clauses))
})
