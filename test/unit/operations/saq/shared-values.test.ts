import { describe, expect, test } from 'vitest'
import { SharedValues } from '../../../../src/operations/saq/people/shared-values.ts'

// What holds for namesakes, whose questionnaires show only the name they share.

const agreed = (values: readonly (string | number | boolean)[], namesakes: number): unknown => {
  const shared = new SharedValues()
  for (const value of values) shared.add(value)
  return shared.agreed(namesakes)
}

describe('a value holds for each namesake', () => {
  test.each<[values: readonly (string | number | boolean)[], namesakes: number, expected: unknown]>([
    [['open'], 1, 'open'],
    [['open', 'open'], 2, 'open'],
    [[false, false], 2, false],
    [[0, 0, 0], 3, 0],
  ])('%o of %i people', (values, namesakes, expected) => {
    expect(agreed(values, namesakes)).toBe(expected)
  })
})

describe('nothing is known', () => {
  test.each<[what: string, values: readonly string[], namesakes: number]>([
    ['if one has no questionnaire', ['open'], 2],
    ['if somebody has several', ['open', 'open', 'open'], 2],
    ['if they differ', ['open', 'closed'], 2],
    ['without questionnaires', [], 2],
    ['without people', [], 0],
  ])('%s', (_what, values, namesakes) => {
    expect(agreed(values, namesakes)).toBeUndefined()
  })
})
