import { expect, test } from 'vitest'
import { searchAssetJobs } from '../../../src/operations/car/runs.ts'

// The outcome of a script on a host: no status field is documented, two of its words are known from reports.

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
  // Before, a host whose manifest was parsed and that had an output counted as failed.
  ['a parsed manifest', { status: 'MANIFEST_PARSE_SUCCESS' }, ['open']],
  ['a parsed manifest, and a code', { status: 'MANIFEST_PARSE_SUCCESS', output: { code: 1 } }, ['open']],
  ['a parsed manifest in small letters', { status: 'manifest_parse_success', output: { code: 1 } }, ['open']],
  ['a manifest in the text of the output', { output: { code: 1, text: 'MANIFEST_SENT' } }, ['open']],
  ['an output that is the text of a manifest', { output: 'MANIFEST_SENT' }, ['open']],
  ['an assigned manifest, and the code 0', { status: 'CAR_ASSIGNED', output: { code: 0 } }, ['open']],
  ['a manifest, and an end', { ...ended, status: 'MANIFEST_X', output: { code: 1 } }, ['failed']],
  [
    'a manifest, and a result',
    { status: 'MANIFEST_X', scriptResult: '', output: { code: 0 } },
    ['succeeded'],
  ],
  ['a manifest, and null for a result', { status: 'MANIFEST_X', scriptResult: null }, ['open']],
  ['a passed execution', { status: 'EXECUTION PASSED' }, ['succeeded']],
  ['a passed execution, and the code 0', { status: 'EXECUTION PASSED', output: { code: 0 } }, ['succeeded']],
  ['a passed execution, and the code 3', { status: 'EXECUTION PASSED', output: { code: 3 } }, ['failed']],
  [
    'a passed execution, and the text of a manifest',
    { status: 'EXECUTION PASSED', output: { text: 'MANIFEST_X' } },
    ['succeeded'],
  ],
  ['a status that is not known', { status: 'EXECUTION STARTED' }, ['open']],
  ['a status that is not known, and an end', { ...ended, status: 'EXECUTION FAILED' }, []],
  ['a status that is not known, and the code 0', { status: 'DONE', output: { code: 0 } }, ['succeeded']],
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
