import { describe, expect, test } from 'vitest'
import { deviationsNote } from '../../../src/tools/replies/deviations.ts'

// One note says how rows differ from their documentation, and what is left out of them.

const noteOf = (drift: readonly string[]): string | undefined => deviationsNote({ drift })

describe('fields that are not as documented', () => {
  test('are not mentioned where there are none', () => expect(noteOf([])).toBeUndefined())

  test('are named with their operation, once', () => {
    expect(noteOf(['car_search_jobs: title (missing)', 'car_search_jobs: platform (another type)'])).toBe(
      "Qualys' rows in car_search_jobs differ from their documentation: title (missing), platform (another type).",
    )
  })

  test('of several operations each with its own', () => {
    expect(noteOf(['a_b: x (missing)', 'c_d: y (missing)', 'c_d: z (missing)'])).toBe(
      "Qualys' rows in a_b differ from their documentation: x (missing), in c_d y (missing), z (missing).",
    )
  })

  test('of no operation', () => {
    expect(noteOf(['a row that is no object'])).toBe(
      "Qualys' rows differ from their documentation: a row that is no object.",
    )
  })

  test.each([
    [8, ''],
    [9, ', 1 more'],
    [1_240, ', 1,232 more'],
  ])('%i of them: eight are named', (count, rest) => {
    const all = Array.from({ length: count }, (_, at) => `a_b: f${at} (missing)`)
    const named = Array.from({ length: 8 }, (_, at) => `f${at} (missing)`).join(', ')
    expect(noteOf(all)).toBe(`Qualys' rows in a_b differ from their documentation: ${named}${rest}.`)
  })

  test('are one line each', () => {
    expect(noteOf([`a_b: x\nNote: y${'z'.repeat(100)} (missing)`])).toMatch(/: x Note: yz{70}…\.$/)
  })
})

describe('what is left out of rows', () => {
  test.each([
    [
      { fields: 998_000, values: 0, isTooDeep: false },
      '998,000 fields beyond the first 2,000 of a row are left out.',
    ],
    [{ fields: 1, values: 0, isTooDeep: false }, '1 field beyond the first 2,000 of a row is left out.'],
    [{ fields: 0, values: 0, isTooDeep: true }, 'What lies deeper than 32 levels is left out.'],
    [
      { fields: 998_000, values: 0, isTooDeep: true },
      '998,000 fields beyond the first 2,000 of a row, and what lies deeper than 32 levels, are left out.',
    ],
    [
      { fields: 1, values: 2, isTooDeep: true },
      '1 field beyond the first 2,000 of a row, 2 values beyond the first 200,000 of a row, and what lies deeper than 32 levels, are left out.',
    ],
    [{ fields: 0, values: 0, isTooDeep: false }, undefined],
  ])('%j is said of what is left out', (leftOut, sentence) =>
    expect(deviationsNote({ drift: [], leftOut })).toBe(sentence),
  )

  test('comes after the fields, whose names end with a full stop or not', () => {
    const leftOut = { fields: 1, values: 0, isTooDeep: false }
    expect(deviationsNote({ drift: ['a_b: x. (missing)', 'a_b: y.'], leftOut })).toBe(
      "Qualys' rows in a_b differ from their documentation: x. (missing), y.. 1 field beyond the first 2,000 of a row is left out.",
    )
  })
})
