import { describe, expect, test } from 'vitest'
import { unseen as unseenInOperations } from '../../../src/operations/unseen.ts'
import { unseen } from '../../../src/shared/characters/unseen.ts'
import { jsonLine } from '../../../src/shared/json.ts'
import {
  escapeInvisible,
  hiddenIn,
  lookalikeBlanksIn,
  oneLine,
  safeText,
} from '../../../src/shared/safe-text.ts'

// Characters that nobody sees: the list of format characters was shorter than the Unicode property, so that fillers,
// joiners and selectors stayed in replies.

const codePoints = Array.from({ length: 0x11_0000 }, (_, code) => code).filter(
  (code) => code < 0xd800 || code > 0xdfff,
)
const charactersOf = (pattern: RegExp): string[] =>
  codePoints.map((code) => String.fromCodePoint(code)).filter((character) => pattern.test(character))

const spelled = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`

describe.each([
  ['default-ignorable characters', /\p{Default_Ignorable_Code_Point}/u, 4_000],
  ['format characters', /\p{Cf}/u, 160],
  ['private use', /\p{Co}/u, 137_000],
  ['characters that are none', /\p{Noncharacter_Code_Point}/u, 66],
  ['separators of lines and paragraphs', /\p{Zl}|\p{Zp}/u, 2],
  ['control characters', /(?![\n\t\r])\p{Cc}/u, 62],
])('%s', (_kind, pattern, least) => {
  // No control sequence begins with one of these and an exclamation mark behind it.
  const characters = charactersOf(pattern)
  const text = characters.map((character) => `${character}!`).join('')

  test('there are some', () => expect(characters.length).toBeGreaterThanOrEqual(least))

  test('are taken out of replies, and told as hidden', () => {
    const shown = '!'.repeat(characters.length)
    expect(safeText(text.replaceAll('\u001b!', '!'))).toBe(shown)
    expect(hiddenIn(text)).toHaveLength(characters.length)
  })

  test('are spelled out in previews', () => {
    expect(escapeInvisible(text)).toBe(characters.map((character) => `${spelled(character)}!`).join(''))
  })

  test('are escaped in lines of JSON, and read back as they were', () => {
    const line = jsonLine(text)
    expect(line).toMatch(/^[ -~]+$/)
    expect(JSON.parse(line)).toBe(text)
  })
})

const lookalikes = charactersOf(/(?! )\p{Zs}/u)

test('blanks that look like a space become one in replies, and are spelled out in previews', () => {
  expect(lookalikes).toHaveLength(16)
  const text = lookalikes.join('x')
  expect(safeText(text)).toBe(lookalikes.map(() => ' ').join('x'))
  expect(lookalikeBlanksIn(text)).toEqual(lookalikes.map((_, at) => at * 2))
  expect(hiddenIn(text)).toEqual([])
  expect(escapeInvisible(text)).toBe(lookalikes.map(spelled).join('x'))
})

test.each([
  '\u2800',
  '\u3164',
  '\u115f',
  '\u1160',
  '\uffa0',
  '\u180e',
  '\u00ad',
  '\u034f',
  '\u{1d159}',
  '\u{16fe4}',
])('a blank that draws nothing: %j', (blank) => {
  expect(safeText(`a${blank}b`)).toBe('ab')
  expect(escapeInvisible(`a${blank}b`)).toBe(`a${spelled(blank)}b`)
  expect(oneLine(`${blank}More: of it`)).toBe('More: of it')
})

test('halves of characters', () => {
  expect(safeText('a\ud800b\udc00c')).toBe('abc')
  expect(escapeInvisible('a\ud800b')).toBe('a\\u{d800}b')
  expect(jsonLine('\ud800')).toBe('"\\ud800"')
})

describe('titles of real languages still read', () => {
  test.each([
    ['Persian without its non-joiner', 'می\u200cخواهم', 'میخواهم'],
    ['Hindi without its joiner', 'क्\u200dष', 'क्ष'],
    ['Arabic with its marks of direction taken out', '\u200fالخادم 3\u200e', 'الخادم 3'],
    ['Hebrew with points', 'שָׁלוֹם', 'שָׁלוֹם'],
    ['a family as its people', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', '\u{1f468}\u{1f469}\u{1f467}'],
    ['a red heart as a heart', '\u2764\ufe0f', '\u2764'],
    ['a flag', '\u{1f1e9}\u{1f1ea}', '\u{1f1e9}\u{1f1ea}'],
    ['Japanese with a space', '証明書\u3000更新', '証明書 更新'],
    ['French with a narrow space', 'Prêt\u202f!', 'Prêt !'],
    ['Korean', '서버', '서버'],
    ['Korean in single letters', '\u1109\u1165\u1107\u1165', '\u1109\u1165\u1107\u1165'],
  ])('%s', (_what, text, shown) => expect(safeText(text)).toBe(shown))
})

test('what has no character yet is shown in replies, and spelled out in previews', () => {
  expect(safeText('a\u0378b')).toBe('a\u0378b')
  expect(escapeInvisible('a\u0378b')).toBe('a\\u{378}b')
})

test('operations have the same rule', () => expect(unseenInOperations).toBe(unseen))
