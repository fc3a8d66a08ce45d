import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compare, readExpectedFailures } from '../../support/conformance/comparison.ts'

const reason = 'An optional feature that this product does not offer.'
const entry = (...failures: string[]) => ({
  reason,
  servers: ['production'],
  suites: ['0.1', '0.2 2025-11-25'],
  failures,
})
const place = { server: 'production', suite: '0.1' } as const
const failure = (name: string) => ({ name, message: 'not found' })

test('failures that are expected, unexpected and outdated are told apart', () => {
  const expected = readExpectedFailures([entry('a:one', 'a:two')])
  expect(compare([failure('a:one'), failure('b:one')], expected, place)).toEqual({
    asExpected: 1,
    unexpected: [failure('b:one')],
    outdated: ['a:two'],
  })
})

test('what is expected of one server or suite is not expected of another', () => {
  const expected = readExpectedFailures([entry('a:one')])
  for (const other of [
    { ...place, server: 'fixtures' },
    { ...place, suite: '0.2 2026-07-28' },
  ] as const)
    expect(compare([failure('a:one')], expected, other)).toEqual({
      asExpected: 0,
      unexpected: [failure('a:one')],
      outdated: [],
    })
})

test('another check of the same scenario is unexpected', () => {
  const { unexpected } = compare([failure('a:two')], readExpectedFailures([entry('a:one')]), place)
  expect(unexpected).toEqual([failure('a:two')])
})

test.each([
  ['a failure that is expected twice in one place', [entry('a:one'), entry('b:one', 'a:one')]],
  ['a suite that there is not', [{ ...entry('a:one'), suites: ['0.3'] }]],
  ['a server that there is not', [{ ...entry('a:one'), servers: ['other'] }]],
  ['no reason', [{ ...entry('a:one'), reason: '' }]],
  ['a whole scenario', [entry('a')]],
])('expected failures with %s are refused', (_what, value) => {
  expect(() => readExpectedFailures(value)).toThrow()
})

test('the expected failures of this product can be read', () => {
  const file = new URL('../../programs/conformance/expected-failures.json', import.meta.url)
  expect(readExpectedFailures(JSON.parse(readFileSync(file, 'utf8')))).not.toEqual([])
})
