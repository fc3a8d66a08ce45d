import { describe, expect, test } from 'vitest'
import { parameterWarnings } from '../../../src/operations/car/inputs/parameters.ts'
import { effectNamed } from '../../support/effects/in-memory.ts'

// An empty parameter before one with a value is warned of: some versions of CAR leave it out, and the later ones
// move up. Before, nothing said so.

const given = (value: string, key = value || 'empty') => ({ key, value })
const secret = { key: 's', secret: 'db-password' }
const warning = /^An empty parameter stands before one with a value/

test.each([
  ['an empty value before another', [given(''), given('1')]],
  ['blanks before another', [given(' '), given('1')]],
  ['an empty value between others', [given('1'), given(''), given('2')]],
  ['an empty value before a secret', [given(''), secret]],
])('%s', (_, list) => expect(parameterWarnings(list)).toEqual([expect.stringMatching(warning)]))

test.each([
  ['none', undefined],
  ['an empty value at the end', [given('1'), given('')]],
  ['empty values alone', [given('', 'a'), given('', 'b')]],
  ['a secret before a value', [secret, given('1')]],
])('%s is no reason to warn', (_, list) => expect(parameterWarnings(list)).toEqual([]))

test('two scripts are not one list', () => {
  expect(parameterWarnings([given('')], [given('1')])).toEqual([])
})

describe('the preview of', () => {
  const params = [given(''), given('1')]
  test.each<readonly [string, object]>([
    ['car_execute_script', { scriptId: '1', assetIds: ['1'], params }],
    ['car_create_script', { title: 'T', content: 'x', params }],
    ['car_update_script', { scriptId: '1', params }],
    ['car_create_schedule', { title: 'T', scripts: [{ id: '1' }, { id: '2', params }] }],
    ['car_update_schedule', { scheduleId: '1', scripts: [{ id: '2', params }] }],
  ])('%s says so', (tool, input) => {
    expect(effectNamed(tool).change.warnings?.({ ...input })).toContainEqual(expect.stringMatching(warning))
  })
})
