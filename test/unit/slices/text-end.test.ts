import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mask } from '../../../src/shared/secrets.ts'
import { characterBoundary } from '../../../src/tools/replies/slices/boundaries.ts'
import { LineIndex } from '../../../src/tools/replies/slices/line-index.ts'
import { endStart } from '../../../src/tools/replies/slices/text-end.ts'

// Where the end of a text begins: at a line if that costs little, else between characters as people see them.

const startIn = (text: string, max: number, end = text.length): number =>
  endStart(new LineIndex(text), end, max)
const tail = (text: string, max: number): string => text.slice(startIn(text, max))

describe('the end', () => {
  test.each([
    ['abc', 9, 'abc'],
    ['abc', 2, 'bc'],
    ['one\ntwo\nthree', 8, 'three'],
    ['one\ntwo\nthree', 9, 'two\nthree'],
    ['one\r\ntwo\r\n', 6, 'two\r\n'],
    ['one\rtwo\r', 5, 'two\r'],
    // The line would leave less than half of what fits.
    [`${'x'.repeat(50)}\nend`, 40, `${'x'.repeat(36)}\nend`],
    ['a🔒b', 2, 'b'],
    ['a🔒b', 3, '🔒b'],
    ['xe\u0301y', 2, 'y'],
    ['xe\u0301y', 3, 'e\u0301y'],
    ['x👍🏽y', 3, 'y'],
    ['x🇩🇪🇫🇷', 7, '🇫🇷'],
    ['x🇩🇪🇫🇷', 6, '🇫🇷'],
    ['x\u1112\u1161\u11aby', 2, 'y'],
    // A last character that is longer than what fits is whole.
    ['x🇩🇪', 2, '🇩🇪'],
    ['xe\u0301', 1, 'e\u0301'],
    [`ab${mask}`, 3, mask],
    [`ab${mask}c`, 4, 'c'],
    [`ab${mask}c`, 1 + mask.length, `${mask}c`],
    ['NoBearer 12345678', 15, 'earer 12345678'],
    ['end\n\n\n', 2, '\n\n'],
  ])('of %j within %i is %j', (text, max, expected) => expect(tail(text, max)).toBe(expected))

  test('of a run of flags is whole flags, however long', () => {
    const flags = '🇩🇪'.repeat(20_000)
    for (const max of [1_001, 1_002, 1_003, 1_004]) expect(tail(flags, max)).toMatch(/^(?:🇩🇪)+$/u)
  })

  test('of a mark that never ends is some of it', () => {
    expect(tail(`a${'\u0301'.repeat(100_000)}`, 50)).toHaveLength(50)
  })

  const pieces = fc.constantFrom(
    'a',
    'é',
    'e\u0301',
    '🔒',
    '👍🏽',
    '🇩🇪',
    '한',
    '\n',
    '\r\n',
    '\r',
    mask,
    'NoBasic ',
  )
  const text = fc.array(pieces, { minLength: 1, maxLength: 60 }).map((parts) => parts.join(''))

  test('of any text is whole characters, at most so many, and may begin a slice', () => {
    const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 400 }), (text, max) => {
        const start = startIn(text, max)
        const isWhole = [...graphemes.segment(text)].some(({ index }) => index === start)
        expect(isWhole).toBe(true)
        expect(characterBoundary(text, start)).toBe(start)
        // A last character may be longer than what fits.
        if (text.length - start > max)
          expect(endStart(new LineIndex(text), text.length, text.length - start - 1)).toBe(start)
        expect(start).toBeLessThan(text.length)
      }),
      { numRuns: 400 },
    )
  })
})
