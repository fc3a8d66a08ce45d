import { expect, test } from 'vitest'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'

// The outcome of a script on a host: no status field is public.

const outcomes = Object.entries(searchAssetJobs.rowFilters?.['outcome'] ?? {})
const outcomesOf = (row: object): string[] =>
  outcomes.filter(([, holds]) => holds({ ...row })).map(([name]) => name)

const ended = { endDate: '2026-01-31T08:00:00Z' }

test.for([
  ['neither an end nor an output', {}, ['open']],
  ['null for both', { endDate: null, output: null }, ['open']],
  ['an end, and no output', ended, []],
  ['an end, and an output without a code', { ...ended, output: { text: 'x' } }, []],
  ['an output without a code', { output: {} }, []],
  ['the code 0', { output: { code: 0 } }, ['succeeded']],
  ['the code 0, and an end', { ...ended, output: { code: 0 } }, ['succeeded']],
  ['the code 1', { output: { code: 1 } }, ['failed']],
  ['the code -1, and an end', { ...ended, output: { code: -1 } }, ['failed']],
  ['a code that is no number', { ...ended, output: { code: '1' } }, []],
  ['an output that is a text', { output: 'x' }, []],
] as const)('%s', ([, row, expected]) => expect(outcomesOf(row)).toEqual(expected))

test('a result is stable a day after it was created', () => {
  const agedBy = (ms: number) => ({ created: { dateTime: new Date(Date.now() - ms).toISOString() } })
  const day = 24 * 3600_000
  expect(searchAssetJobs.isStable?.(agedBy(day + 60_000))).toBe(true)
  expect(searchAssetJobs.isStable?.(agedBy(day - 60_000))).toBe(false)
  expect(searchAssetJobs.isStable?.({})).toBe(false)
  expect(searchAssetJobs.isStable?.({ created: { dateTime: 'yesterday' } })).toBe(false)
})

test('results are large with their outputs only', () => {
  expect(searchAssetJobs.hasLargeRows?.({ includeOutput: true })).toBe(true)
  expect(searchAssetJobs.hasLargeRows?.({ includeOutput: false })).toBe(false)
  expect(searchAssetJobs.hasLargeRows?.({})).toBe(false)
})
