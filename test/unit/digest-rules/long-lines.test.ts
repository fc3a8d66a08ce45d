import { describe, expect, test } from 'vitest'
import { digestOf, hostsOf } from '../../support/outputs/digest.ts'

// A line of one host may be as long as an output: the work for it grows with its length, not with its square.

/** A line of this length takes a tenth of a second, or ten if the work grows with the square of it. */
const length = 65_000

describe('a line of 65,000 characters', () => {
  test.each(['(1', '1 ', '1,', '1"', '»1', 'a1;', '[1,', '{"a":', '<a>', '::%a', '1年', '1-', 'a1b-'])(
    'of %s',
    async (sign) => {
      const line = sign.repeat(length / sign.length)
      const kinds = await digestOf(hostsOf(6, (index) => `host ${index}\n${line}${index === 0 ? 'x' : ''}`))
      expect(kinds.reduce((sum, { count }) => sum + count, 0)).toBe(6)
    },
  )
})
