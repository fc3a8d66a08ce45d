import { describe, expect, test } from 'vitest'
import { kindOf } from '../../../src/cli/probe/recording/kinds.ts'
import { type Magnitude, magnitudeOf } from '../../../src/cli/probe/recording/schema.ts'

// The form of a value, and the magnitude of a total, without the value itself.

describe('a number', () => {
  test.each([
    [0, 'zero or one'],
    [1, 'zero or one'],
    [2, 'whole number'],
    [-1, 'whole number'],
    [7.5, 'number'],
    [999_999_999_999, 'whole number'],
    [1_000_000_000_000, 'epoch milliseconds'],
    [2_999_999_999_999, 'epoch milliseconds'],
    [3_000_000_000_000, 'whole number'],
    [2n ** 60n, 'whole number'],
    [1_000_000_000_000.5, 'number'],
  ])('%d is %s', (value, kind) => expect(kindOf(value)).toBe(kind))
})

describe('a text', () => {
  test.each([
    ['TRUE', 'boolean text'],
    ['false', 'boolean text'],
    ['yes', 'text'],
    ['-12', 'numeric text'],
    ['9'.repeat(30), 'numeric text'],
    ['9'.repeat(31), 'text'],
    ['1600000000000', 'epoch milliseconds as text'],
    ['3000000000000', 'numeric text'],
    ['160000000000', 'numeric text'],
    ['2026-01-31', 'date'],
    ['2026-1-31', 'text'],
    ['2026-01-31T10:11:12Z', 'ISO time, Z'],
    ['2026-01-31T10:11:12.123Z', 'ISO time, Z'],
    ['2026-01-31T10:11Z', 'ISO time, Z'],
    ['2026-01-31T10:11:12+02:00', 'ISO time, +00:00'],
    ['2026-01-31T10:11:12-0200', 'ISO time, +0000'],
    ['2026-01-31T10:11:12', 'ISO time, no zone'],
    ['A81BC81B-DEAD-4E5D-ABFF-90865D1E13B1', 'UUID'],
    ['dGV4dA==', 'base64 text'],
    [Buffer.from('Get-Date\nexit 0\n').toString('base64'), 'base64 text'],
    [Buffer.from([0, 1, 2, 250, 251]).toString('base64'), 'text'],
    ['A'.repeat(64), 'text'],
    ['A'.repeat(68), 'base64 text'],
    ['dGV4dA=', 'text'],
    ['some words', 'text'],
  ])('%j is %s', (value, kind) => expect(kindOf(value)).toBe(kind))
})

describe('parts', () => {
  test.each([
    [[], 'list'],
    [[1], 'list'],
    [{}, 'object'],
    [null, 'null'],
    [undefined, 'null'],
  ])('%j is %s', (value, kind) => expect(kindOf(value)).toBe(kind))
})

describe('a total', () => {
  test.each<[number, Magnitude]>([
    [0, '0'],
    [1, '1-9'],
    [9, '1-9'],
    [10, '10-99'],
    [99, '10-99'],
    [100, '100-999'],
    [999, '100-999'],
    [1_000, '1,000-9,999'],
    [9_999, '1,000-9,999'],
    [10_000, '10,000 or more'],
    [123_456_789, '10,000 or more'],
  ])('of %i is recorded as %s', (count, magnitude) => expect(magnitudeOf(count)).toBe(magnitude))
})
