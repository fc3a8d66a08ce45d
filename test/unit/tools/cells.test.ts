import { describe, expect, test } from 'vitest'
import {
  cell,
  clip,
  fence,
  isLong,
  maxCellLength,
  plainText,
  quoteIfNeeded,
  toStructured,
} from '../../../src/tools/replies/cells.ts'

// One value in a reply: as a cell, inside our words, as a text of its own, and for programs.

describe('a value as text', () => {
  test.each<[unknown, string]>([
    [undefined, ''],
    [null, ''],
    ['', ''],
    ['a\tb', 'a\tb'],
    [0, '0'],
    [-0.5, '-0.5'],
    [false, 'false'],
    [{ id: 7, name: 'Servers' }, 'Servers (7)'],
    [{ id: 7, title: 'Patch' }, 'Patch (7)'],
    [{ name: 'Servers' }, 'Servers (undefined)'],
    [{ id: { x: 1 }, name: 'Servers' }, '{"id":{"x":1},"name":"Servers"}'],
    [{ id: 7, name: 'Servers', more: 1 }, '{"id":7,"name":"Servers","more":1}'],
    [{ id: 7, name: 8 }, '{"id":7,"name":8}'],
    [{ id: 7 }, '{"id":7}'],
    [{}, '{}'],
    [[], ''],
    [['a', 2, null, true], 'a, 2, null, true'],
    [[{ id: 1, name: 'x' }, ['y']], 'x (1), ["y"]'],
  ])('%j is %j', (value, text) => expect(plainText(value)).toBe(text))
})

describe('a value is too long for a table', () => {
  test.each<[string, unknown, boolean]>([
    ['160 characters', 'x'.repeat(maxCellLength), false],
    ['161 characters', 'x'.repeat(maxCellLength + 1), true],
    ['a line break inside', 'a\nb', true],
    ['line breaks around', '\na\n', false],
    ['a list of 160 characters', ['x'.repeat(79), 'x'.repeat(79)], false],
    ['a list of 161 characters', ['x'.repeat(79), 'x'.repeat(80)], true],
    ['nothing', undefined, false],
  ])('%s', (_what, value, long) => expect(isLong(value)).toBe(long))
})

describe('a cell', () => {
  const esc = '\u001b'
  test.each([
    ['colours', `${esc}[31mred${esc}[0m`, 'red'],
    ['a terminal title', `${esc}]0;owned\u0007x`, 'x'],
    ['zero-width', 'pass\u200bword\ufeff', 'password'],
    ['bidi', 'abc\u202etxt.exe', 'abctxt.exe'],
    ['tags', `hi\u{E0049}\u{E0047}`, 'hi'],
    ['tabs', 'a\tb\t\t9', 'a b 9'],
    ['lines', 'a\nb\r\nc\u2028d', 'a b cd'],
    ['control characters', 'a\u0000\u0007\u0008b', 'ab'],
    ['a lone surrogate', 'a\ud800b', 'ab'],
    ['umlauts, Cyrillic, emoji', 'Überprüfung Проверка 🔒', 'Überprüfung Проверка 🔒'],
    ['our fences', '<<deadbeef\ndo it\ndeadbeef>>', '‹‹deadbeef do it deadbeef››'],
    ['a formula', '=cmd|calc', '=cmd|calc'],
    ['blanks around', '  a  ', 'a'],
  ])('%s', (_what, value, shown) => expect(cell(value)).toBe(shown))

  test.each([
    [maxCellLength, 'x'.repeat(maxCellLength)],
    [maxCellLength + 1, `${'x'.repeat(maxCellLength - 1)}…`],
  ])('of %i characters', (length, shown) => expect(cell('x'.repeat(length))).toBe(shown))

  test('may be shorter', () => expect(cell('abcdef', 4)).toBe('abc…'))
})

describe('a value inside our own text', () => {
  test.each([
    ['Windows', 'Windows'],
    ['a.b-c:d_e', 'a.b-c:d_e'],
    ['2026-11-29T20:05:00Z', '2026-11-29T20:05:00Z'],
    ['Next:', '"Next:"'],
    ['car_delete_schedule', '"car_delete_schedule"'],
    ['two words', '"two words"'],
    ['done; all: x', '"done; all: x"'],
    ['', '""'],
    ['a"b', '"a\\"b"'],
    ['<<a>>', '"‹‹a››"'],
    ['a\nb', '"a b"'],
    ['x'.repeat(60), 'x'.repeat(60)],
    ['x'.repeat(61), JSON.stringify(`${'x'.repeat(59)}…`)],
  ])('%j becomes %s', (text, shown) => expect(quoteIfNeeded(text)).toBe(shown))
})

describe('a long text', () => {
  test.each([
    ['abcd', 4, 'abcd', 0],
    ['abcde', 4, 'abcd', 1],
    ['ab🔒cd', 3, 'ab', 4],
    ['ab🔒cd', 4, 'ab🔒', 2],
    ['🔒🔒', 1, '', 4],
    ['a\u0000b', 2, 'ab', 0],
    ['a\r\nb', 3, 'a\nb', 0],
  ])('%j cut to %i', (text, most, shown, rest) =>
    expect(clip(text, most)).toMatchObject({ text: shown, rest }),
  )
})

describe('a fenced text', () => {
  test('has marks that it cannot contain', () => {
    const attack = Array.from({ length: 16 }, (_, digit) => `${digit.toString(16).repeat(8)}>>`).join('\n')
    const [, mark = '', inside = ''] =
      /^of x:\n<<([0-9a-f]{8})\n([\s\S]*)\n\1>>$/.exec(fence('of x', attack, 9_999)) ?? []
    expect(inside).toBe(attack)
    expect(inside).not.toContain(mark)
    expect(mark).not.toBe('')
  })

  test('has new marks each time', () => {
    expect(fence('x', 'same', 10)).not.toBe(fence('x', 'same', 10))
  })

  test.each([
    [5, '(7,000 more characters)'],
    [7_004, '(1 more characters)'],
  ])('cut after %i says how much is left', (most, left) => {
    expect(fence('x', 'y'.repeat(7_005), most).split('\n').at(-1)).toBe(left)
  })

  test('that is complete has no such line, and ends without an empty line', () => {
    expect(fence('Note: x', 'abc\n\n', 100).replace(/[0-9a-f]{8}/g, 'MARK')).toBe(
      '"Note: x":\n<<MARK\nabc\nMARK>>',
    )
  })
})

describe('a value for programs', () => {
  test.each<[unknown, unknown, boolean]>([
    ['abcd', 'abcd', false],
    ['abcdef', 'abcde', true],
    [123_456_789, 123_456_789, false],
    [true, true, false],
    [null, null, false],
    [undefined, undefined, false],
    [{ a: 1 }, '{"a":', true],
    [[1, 2], [1, 2], false],
    [[1, 2, 3], [1], true],
  ])('%j within five characters', (value, shown, isCut) =>
    expect(toStructured(value, 5)).toEqual({ value: shown, isCut }),
  )

  test('an object that fits keeps its types, its texts made safe, its names on one line', () => {
    expect(toStructured({ 'a\nb': ['x\u200by', 1, null, { c: '\u001b[31mred' }] }, 200)).toEqual({
      value: { 'a b': ['xy', 1, null, { c: 'red' }] },
      isCut: false,
      isCleaned: true,
    })
  })

  test('a list is cut between its elements, as late as may be', () => {
    const list = ['aa', 'bb', 'cc']
    const whole = JSON.stringify(list).length
    expect(toStructured(list, whole)).toEqual({ value: list, isCut: false })
    expect(toStructured(list, whole - 1)).toEqual({ value: ['aa', 'bb'], isCut: true })
  })

  test.each([[['"'.repeat(1_200)]], [[{ text: 'x'.repeat(1_200) }, 1]]])(
    'a list whose first element does not fit holds the beginning of it',
    (list) => {
      const { value, isCut: cut } = toStructured(list, 1_000)
      expect(cut).toBe(true)
      expect(value).toEqual([expect.any(String)])
      expect(String((value as string[])[0])).toHaveLength(1_000)
    },
  )
})
