import { describe, expect, test } from 'vitest'
import { callKey } from '../../../src/tools/effects/approval/call-key.ts'

const origin = { server: 'a', caller: 'stdio' }
const args = {
  scriptId: '1',
  assetIds: ['3', '2', '10'],
  params: [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ],
}
const key = callKey(origin, 'car_execute_script', args)

describe('a call is the same', () => {
  test.each([
    ['with its arguments in another order', { params: args.params, assetIds: args.assetIds, scriptId: '1' }],
    ['with its ids in another order', { ...args, assetIds: ['10', '3', '2'] }],
    [
      'with members of an object in another order',
      { ...args, params: [{ value: '1', key: 'a' }, args.params[1]] },
    ],
    ['with an argument that is absent', { ...args, description: undefined }],
  ])('%s', (_what, other) => {
    expect(callKey(origin, 'car_execute_script', other)).toBe(key)
  })
})

test.each([
  ['another tool', callKey(origin, 'car_clone_script', args)],
  ['another server', callKey({ ...origin, server: 'b' }, 'car_execute_script', args)],
  ['another caller', callKey({ ...origin, caller: 'x' }, 'car_execute_script', args)],
  ['one argument more', callKey(origin, 'car_execute_script', { ...args, description: 'x' })],
  ['other ids', callKey(origin, 'car_execute_script', { ...args, assetIds: ['3', '2'] })],
  [
    'objects in another order',
    callKey(origin, 'car_execute_script', { ...args, params: [...args.params].reverse() }),
  ],
])('%s makes another call', (_what, other) => {
  expect(other).toMatch(/^[0-9a-f]{64}$/)
  expect(other).not.toBe(key)
})
