import { expect, test } from 'vitest'
import { plainErrorMessage, sentenceOf } from '../../../src/tools/server/protocol/protocol-error.ts'

// The findings of a validator in plain words.

test.each([
  ['Invalid input: expected record, received string', 'a.b: expected object, received string'],
  ['Invalid input: expected string, received undefined', 'a.b: expected string, but it is missing'],
])('of %s it says: %s', (message, sentence) =>
  expect(sentenceOf([{ path: ['a', 'b'], message }])).toBe(sentence),
)

test('a message without findings stays as it is', () => {
  expect(plainErrorMessage('Tool x not found')).toBeUndefined()
  expect(plainErrorMessage('Odd [{"a":1}]')).toBeUndefined()
})
