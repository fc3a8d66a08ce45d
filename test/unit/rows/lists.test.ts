import { describe, expect, test } from 'vitest'
import type { Session } from '../../../src/session/session.ts'
import { BusyError, LoginError, TimeoutError, VendorError } from '../../../src/shared/errors.ts'
import { listsOf } from '../../../src/tools/lists.ts'

// What becomes of a reading that fails. No session is used.

const attempting = (signal = new AbortController().signal) =>
  listsOf({ session: {} as Session, signal }).attempt

const failing = (error: Error) => async () => {
  throw error
}

describe('an attempt', () => {
  test('brings what is read', async () => {
    expect(await attempting()(async () => 5)).toBe(5)
  })

  test('brings nothing where Qualys fails', async () => {
    expect(await attempting()(failing(new VendorError('No.', '')))).toBeUndefined()
  })

  test.each([
    [new VendorError('No.', '', { status: 403 }), 'other', 403],
    [new VendorError('No.', '', { status: 504 }), 'tooLarge', 504],
    [new TimeoutError('No.', ''), 'tooLarge', undefined],
    [new BusyError('No.', ''), 'busy', undefined],
    [new LoginError('Refused.', '', { status: 401 }), 'login', 401],
  ])('brings what is made of the failure %#', async (error, kind, status) => {
    const failure = await attempting()(failing(error), (one) => one)
    expect(failure).toEqual({ kind, error, ...(status !== undefined && { status }) })
  })

  test('fails with a slip of this program', async () => {
    const slip = new TypeError('a slip')
    await expect(attempting()(failing(slip), () => 5)).rejects.toBe(slip)
  })

  test('ends with the call', async () => {
    const controller = new AbortController()
    controller.abort(new Error('cancelled'))
    const reading = failing(new VendorError('No.', ''))
    await expect(attempting(controller.signal)(reading)).rejects.toThrow('cancelled')
  })
})
