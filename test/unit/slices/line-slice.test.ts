import { describe, expect, test } from 'vitest'
import type { Lines } from '../../../src/tools/replies/slices/line-index.ts'
import { fittingSlice, nextArgs, rangeOf, startOf } from '../../../src/tools/replies/slices/line-slice.ts'

// A slice of a text by lines: whole lines as far as they fit, or a part of one that is too long.

const linesOf = (all: readonly string[]): Lines => ({
  count: all.length,
  line: (number) => all[number - 1] ?? '',
})
const lines = ['one\n', 'two\r\n', 'a longer line\n', '🔒🔒🔒🔒\n', 'end']
const start = { from: 1, offset: 0 }

/** The slice whose lines have at most `max` characters together. */
const sliceOf = (max: number, from = start, all = lines) =>
  fittingSlice(linesOf(all), from, max, (slice) => slice.lines.join('').length <= max)

describe('a slice', () => {
  test.each([
    [4, start, ['one\n'], { from: 2, offset: 0 }],
    [8, start, ['one\n'], { from: 2, offset: 0 }],
    [9, start, ['one\n', 'two\r\n'], { from: 3, offset: 0 }],
    [999, start, lines, undefined],
    [3, start, ['one'], { from: 1, offset: 3 }],
    [1, start, ['o'], { from: 1, offset: 1 }],
    [5, { from: 3, offset: 0 }, ['a lon'], { from: 3, offset: 5 }],
    [5, { from: 3, offset: 5 }, ['ger l'], { from: 3, offset: 10 }],
    [5, { from: 3, offset: 10 }, ['ine\n'], { from: 4, offset: 0 }],
    [14, { from: 3, offset: 10 }, ['ine\n', '🔒🔒🔒🔒\n'], { from: 5, offset: 0 }],
    [3, { from: 4, offset: 0 }, ['🔒'], { from: 4, offset: 2 }],
    [1, { from: 4, offset: 2 }, ['🔒'], { from: 4, offset: 4 }],
    [3, { from: 5, offset: 0 }, ['end'], undefined],
    [2, { from: 5, offset: 1 }, ['nd'], undefined],
  ])('of at most %i characters from %j', (max, from, expected, next) => {
    const slice = sliceOf(max, from)
    expect([slice.lines, slice.next]).toEqual([expected, next])
  })

  test('of nothing is empty', () =>
    expect(sliceOf(10, start, [])).toEqual({ start, lines: [], next: undefined }))
})

describe('how a slice is told', () => {
  test.each([
    [999, start, 'lines 1-5 of 5', undefined],
    [9, start, 'lines 1-2 of 5', 'from 3'],
    [4, start, 'line 1 of 5', 'from 2'],
    [5, { from: 3, offset: 5 }, 'line 3 of 5, characters 6-10 of 14', 'from 3 and offset 10'],
    [5, { from: 3, offset: 10 }, 'line 3 of 5, characters 11-14 of 14', 'from 4 and offset 0'],
    [999, { from: 3, offset: 10 }, 'lines 3-5 of 5, from character 11', undefined],
  ])('of at most %i characters from %j', (max, from, range, next) => {
    const slice = sliceOf(max, from)
    expect([rangeOf(slice, linesOf(lines)), nextArgs(slice)]).toEqual([range, next])
  })
})

describe('the start', () => {
  test.each([
    [{}, start],
    [{ from: 5 }, { from: 5, offset: 0 }],
    [
      { from: 3, offset: 13 },
      { from: 3, offset: 13 },
    ],
    [
      { from: 4, offset: 3 },
      { from: 4, offset: 2 },
    ],
  ])('of %j', (args, place) => expect(startOf(args, linesOf(lines), 'content')).toEqual(place))

  test.each([
    [
      { from: 6 },
      lines,
      'from 6 lies behind the end of the content. It has 5 lines: pass a smaller from, or none.',
    ],
    [
      { from: 2 },
      [],
      'from 2 lies behind the end of the content. It has 0 lines: pass a smaller from, or none.',
    ],
    [
      { from: 1, offset: 4 },
      lines,
      'offset 4 lies behind the end of line 1. It has 4 characters: pass a smaller offset, or none.',
    ],
  ])('%j is refused', (args, all, sentence) => {
    const refusal = (): string => {
      try {
        return JSON.stringify(startOf(args, linesOf(all), 'content'))
      } catch (error) {
        return `${(error as Error).message} ${(error as { next?: string }).next}`
      }
    }
    expect(refusal()).toBe(sentence)
  })

  test('of an empty text is its first line', () =>
    expect(startOf({ from: 1 }, linesOf([]), 'content')).toEqual(start))
})
