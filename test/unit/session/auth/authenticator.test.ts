import { expect, test } from 'vitest'
import { passwordAuthenticator } from '../../../../src/session/auth/authenticator.ts'
import { CallTimeoutError } from '../../../../src/shared/deadline.ts'
import { BusyError, TooLargeError, VendorError } from '../../../../src/shared/errors.ts'
import { Secret } from '../../../../src/shared/secrets.ts'

const login = { username: 'nobody', password: new Secret('not the password') }

/** The outcome of a call that waited for the first one, which failed with this error. */
async function errorOfWaiter(error: Error): Promise<string> {
  const access = passwordAuthenticator(login)
  const first = access.run(async () => {
    await new Promise(setImmediate)
    throw error
  }, undefined)
  const second = access.run(async () => 'asked by itself', undefined)
  await expect(first).rejects.toBe(error)
  return second.catch((failure: unknown) => (failure === error ? 'the same failure' : 'another'))
}

test.each([
  ['503', new VendorError('Qualys failed.', 'Wait.', { status: 503 })],
  ['503 that says when', new BusyError('Not available.', 'Wait.', { status: 503, retryAfterSeconds: 8 })],
])('an outage is waited for once: %s', async (_name, error) => {
  expect(await errorOfWaiter(error)).toBe('the same failure')
})

test.each([
  ['an answer of its own that is too large', new TooLargeError('Larger than 8 MiB.', 'Ask for less.')],
  ['its own time', new CallTimeoutError('The call took too long.', 'Ask for less.')],
  ['its own trouble', new VendorError('Qualys failed.', 'Wait.', { status: 500 })],
  ['the limit of its own path', new BusyError('Limited.', 'Wait.', { status: 409 })],
])('a failure of the first call alone is not passed on to the next: %s', async (_name, error) => {
  expect(await errorOfWaiter(error)).toBe('asked by itself')
})
