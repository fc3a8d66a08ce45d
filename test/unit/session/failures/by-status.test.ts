import { describe, expect, test } from 'vitest'
import { failureByStatus, unavailableError } from '../../../../src/session/failures/by-status.ts'
import { operationNamed } from '../../../support/session/memory.ts'

// The meaning of a status alone, if the answer has at most a sentence.

const list = operationNamed('car_search_jobs')
const record = operationNamed('car_get_script')
const effect = operationNamed('car_activate_schedule')

const errorFor = (status: number, said = '', operation = list) => {
  const error = failureByStatus({ operation, status, quote: said, details: { status } })
  return {
    name: error.name,
    kind: error.kind,
    message: error.message,
    next: error.next,
    details: error.details,
  }
}

describe('with a text', () => {
  const form =
    'The API may have changed: ask the operator to check its version with qualys_status, and to report it.'
  const again = 'Try again in some minutes; if it stays so,'
  test.each<readonly [number, string, string, string]>([
    [406, 'DriftError', 'Qualys does not answer in the format that is asked for (406: "x").', form],
    [
      408,
      'VendorError',
      'The request did not arrive in time, or not whole (408: "x").',
      'Try again; if it stays so, ask the operator to check the network and the proxy.',
    ],
    [409, 'InputError', 'Qualys reports a conflict (409: "x").', 'Change what the reason names.'],
    [
      413,
      'InputError',
      'The request is too large (413: "x").',
      'Send less at once: fewer ids, or shorter content.',
    ],
    [
      414,
      'InputError',
      'The address of the request is too long (414: "x").',
      'Shorten the filter, or pass fewer ids at once.',
    ],
    [415, 'DriftError', 'Qualys does not take the request in the format that is sent (415: "x").', form],
    [
      416,
      'TooLargeError',
      'Qualys does not send as much at once (416: "x").',
      'Ask for fewer rows, with a smaller pageSize.',
    ],
    [
      423,
      'InputError',
      'What the call is about is locked (423: "x").',
      'Look at the object first; somebody may be at work on it.',
    ],
    [
      431,
      'SetupError',
      'The headers of the request are too large (431: "x").',
      'Ask the operator to check the length of the token, and what the proxy adds.',
    ],
    [
      500,
      'VendorError',
      'Qualys failed (500: "x").',
      `${again} report it to Qualys support with the time of the call.`,
    ],
    [
      502,
      'VendorError',
      'Qualys failed (502: "x"): what stands in front of it got no proper answer from behind.',
      `${again} ask the operator to check the proxy and the Qualys status page.`,
    ],
    [
      503,
      'VendorError',
      'Qualys is not available for the moment (503: "x"), which may be maintenance.',
      'Try again in some minutes; planned maintenance is announced on the Qualys status page.',
    ],
    [
      504,
      'VendorError',
      'Qualys failed (504: "x"): what stands in front of it got no proper answer from behind.',
      `${again} ask the operator to check the proxy and the Qualys status page.`,
    ],
    [
      599,
      'VendorError',
      'Qualys failed (599: "x").',
      `${again} report it to Qualys support with the time of the call.`,
    ],
    [
      499,
      'VendorError',
      'Qualys answered with an unexpected status (499: "x").',
      'Report it, with the name of the tool.',
    ],
  ])('%i', (status, name, message, next) => {
    expect(errorFor(status, ': "x"')).toMatchObject({ name, message, next, details: { status } })
  })
})

describe('409', () => {
  test('without a text, to a read: as at a limit', () => {
    expect(errorFor(409)).toEqual({
      name: 'BusyError',
      kind: 'busy',
      message: 'Qualys does not take the call for the moment (409), as it does at a limit.',
      next: 'Call again in 60 s.',
      details: { status: 409, retryAfterSeconds: 60 },
    })
  })

  test.each(['', ': "x"'])('to an effect, %j: a conflict', (said) => {
    expect(errorFor(409, said, effect)).toMatchObject({
      name: 'InputError',
      message: `Qualys reports a conflict (409${said}).`,
      next: 'Look at the object first.',
    })
  })
})

test('416 to anything but a list is not about rows', () => {
  expect(errorFor(416, '', record).name).toBe('InputError')
})

test('maintenance is reported whatever the status', () => {
  expect(unavailableError({ status: 200, quote: ': "x"', details: {} }).message).toBe(
    'Qualys is not available for the moment (200: "x"), which may be maintenance.',
  )
})
