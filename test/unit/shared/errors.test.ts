import { expect, test } from 'vitest'
import { BusyError, QualysError } from '../../../src/shared/errors.ts'

test('a failure under another message is the same failure', () => {
  const failure = new BusyError('Qualys asks to wait.', 'Call again.', { retryAfterSeconds: 7 })
  const other = failure.withMessage(`tagId needs another list. ${failure.message}`)
  expect(other.message).toBe('tagId needs another list. Qualys asks to wait.')
  expect(other).toBeInstanceOf(BusyError)
  expect(other).toBeInstanceOf(QualysError)
  const { kind, next, details, name } = other
  expect({ kind, next, details, name }).toEqual({
    kind: 'busy',
    next: 'Call again.',
    details: { retryAfterSeconds: 7 },
    name: 'BusyError',
  })
  expect(failure.message).toBe('Qualys asks to wait.')
})
