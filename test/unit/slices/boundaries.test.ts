import { describe, expect, test } from 'vitest'
import { mask } from '../../../src/shared/secrets.ts'
import { characterBoundary, largestFitting, sliceEnd } from '../../../src/tools/replies/slices/boundaries.ts'

// Where a text may be cut: never within a surrogate pair, never within a mask, of which a half would not be
// recognized when it comes back, and never so that a text looks like a credential that was none.

describe('a cut', () => {
  test.each([
    ['ab', 1, 1],
    ['a🔒b', 1, 1],
    ['a🔒b', 2, 1],
    ['a🔒b', 3, 3],
    ['a🔒b', 99, 99],
    ['🔒', 0, 0],
    ['\udd12x', 0, 0],
    ['a\udd12x', 1, 1],
    [`ab${mask}c`, 2, 2],
    [`ab${mask}c`, 3, 2],
    [`ab${mask}c`, 1 + mask.length, 2],
    [`ab${mask}c`, 2 + mask.length, 2 + mask.length],
    ['NoBearer 1', 2, 1],
    ['NoBasic 1', 2, 1],
    ['no bearer 1', 3, 3],
    ['NoBearers', 2, 2],
    [mask + mask, mask.length, mask.length],
    [mask + mask, mask.length + 1, mask.length],
  ])('of %j at %i is at %i', (text, at, place) => expect(characterBoundary(text, at)).toBe(place))
})

describe('the end of a slice', () => {
  test.each([
    ['abc', 0, 2, 2],
    ['🔒b', 0, 1, 2],
    [`${mask}b`, 0, 5, mask.length],
    [`a${mask}b`, 0, 5, 1],
    [`a${mask}b`, 1, 1, 1 + mask.length],
  ])('of %j from %i with at most %i characters is %i', (text, start, max, end) =>
    expect(sliceEnd(text, start, max)).toBe(end),
  )
})

test.each([0, 1, 7, 8, 9, 1000])('the largest number that fits, of those up to 8: %i fits', (most) =>
  expect(largestFitting(8, (size) => size <= most)).toBe(Math.min(8, most)),
)
