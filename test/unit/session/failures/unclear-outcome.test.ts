import { describe, expect, test } from 'vitest'
import {
  asUnclear,
  isOutcomeUnknown,
  mayHaveTakenEffect,
  unclearError,
} from '../../../../src/session/failures/unclear-outcome.ts'
import {
  BusyError,
  ConnectError,
  DriftError,
  InputError,
  type QualysError,
  SetupError,
  TimeoutError,
  TooLargeError,
  VendorError,
} from '../../../../src/shared/errors.ts'
import { operationNamed } from '../../../support/session/memory.ts'

// Whether an effect may have happened, by how its request ended.

const read = operationNamed('car_search_jobs')
const effect = operationNamed('car_activate_schedule')

const failures: readonly (readonly [string, unknown, boolean])[] = [
  ['a connection that broke', new VendorError('x', ''), true],
  ['an answer that did not come in time', new TimeoutError('x', ''), true],
  ['an answer too large to be read', new TooLargeError('x', ''), true],
  ['a connection that was never made', new ConnectError('x', ''), false],
  ['a limit', new BusyError('x', ''), false],
  ['an input', new InputError('x', ''), false],
  ['a setting', new SetupError('x', ''), false],
  ['a mistake of ours', new TypeError('x'), false],
  ...[299, 300, 301, 302, 303, 304, 307, 308].map(
    (status) =>
      [
        `a redirect with ${status}`,
        new SetupError('x', '', { status }),
        status >= 300 && status <= 303,
      ] as const,
  ),
]

describe('a request that ended with', () => {
  test.each(failures)('%s: that the effect may have happened is %s', (_name, error, isUnknown) => {
    expect(isOutcomeUnknown(effect, error)).toBe(isUnknown)
    expect(isOutcomeUnknown(read, error)).toBe(false)
  })
})

describe('a refusal', () => {
  // RFC 9110, 15.5: the request is refused before it is processed.
  const turnedAway = [
    400, 401, 402, 403, 404, 405, 407, 409, 410, 411, 413, 414, 415, 416, 417, 421, 422, 423, 425, 426, 428,
    429, 431, 451,
  ]
  const statuses = Array.from({ length: 400 }, (_, at) => 200 + at)

  test('may come after the work, unless its status proves the contrary', () => {
    const isUnclear = (status: number): boolean => mayHaveTakenEffect(status, { fromProduct: true })
    expect(statuses.filter((status) => status >= 300 && !isUnclear(status))).toEqual(turnedAway)
    expect(statuses.filter((status) => status < 300 && isUnclear(status))).toEqual([])
  })

  test.each([200, 400, 500])('of unknown meaning, with %i, proves nothing', (status) => {
    expect(mayHaveTakenEffect(status, { category: 'unknown', fromProduct: true })).toBe(true)
    expect(mayHaveTakenEffect(400, { category: 'input', fromProduct: true })).toBe(false)
  })
})

describe('the error', () => {
  const failure = new VendorError('The connection broke.', 'Try again.', { status: 502 })

  test('tells nobody to repeat the call, and says where to look', () => {
    expect(unclearError(effect, failure)).toMatchObject({
      kind: 'unclear',
      message: 'The connection broke. Whether car_activate_schedule took effect is not known.',
      next: `Do not repeat it; ${effect.change?.recovery}.`,
      details: { status: 502 },
    })
    expect(unclearError(read, failure).next).toBe('Do not repeat it; look at the object.')
  })

  const reading = (error: Error) => () => {
    throw error
  }
  test.each<readonly [string, QualysError | TypeError, boolean]>([
    ['an answer that cannot be read', new DriftError('x', ''), true],
    ['an answer that is too large', new TooLargeError('x', ''), true],
    ['another failure of Qualys', new VendorError('x', ''), false],
    ['a mistake of ours', new TypeError('x'), false],
  ])('%s: unclear is %s', async (_name, error, isUnclear) => {
    const kind = isUnclear ? { kind: 'unclear' } : error
    await expect(asUnclear(effect, reading(error))).rejects.toThrow(expect.objectContaining(kind))
    await expect(asUnclear(read, reading(error))).rejects.toThrow(error)
  })

  test('an answer that can be read is returned', async () => {
    expect(await asUnclear(effect, () => 7)).toBe(7)
  })
})
