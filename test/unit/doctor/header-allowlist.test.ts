import { describe, expect, test } from 'vitest'
import { codeOf, headersOf, phraseOf } from '../../../src/cli/probe/recording/header-allowlist.ts'

// What a recording may contain of headers and refusals: numbers, and words that are known beforehand.

describe('headers', () => {
  test.each([
    ['content-type', 'application/json', 'application/json'],
    ['content-type', 'Application/JSON; charset=utf-8', 'application/json'],
    ['content-type', 'text/xml', 'text/xml'],
    ['content-type', 'application/vnd.qualys.car.api.v1.0+json', 'application/vnd.qualys.car.api.v1.0+json'],
    ['content-type', 'application/x-customer', '(another value)'],
    ['content-type', 'text/html; name=somebody', 'text/html'],
    ['content-encoding', 'gzip', 'gzip'],
    ['content-encoding', 'x', '(another value)'],
    ['retry-after', '300', '300'],
    ['retry-after', 'Sun, 22 Nov 2026 10:11:12 GMT', '(another value)'],
    ['retry-after', '1234567890', '(another value)'],
    ['x-ratelimit-remaining', '0', '0'],
    ['x-concurrency-limit-limit', '2', '2'],
    ['x-concurrencylimit-running', '-1', '(another value)'],
  ])('%s: %s is recorded as %s', (name, value, recorded) =>
    expect(headersOf({ [name]: value })).toEqual({ [name]: recorded }),
  )

  test.each(['x-powered-by', 'set-cookie', 'date', 'server', 'location', 'x-ratelimit-other'])(
    '%s is not recorded',
    (name) => expect(headersOf({ [name]: '1' })).toEqual({}),
  )
})

describe('codes', () => {
  test.each(['INVALID_REQUEST', 'UNAUTHORIZED', 'OBJECT_NOT_FOUND', '1965', '404'])(
    '%s is recorded',
    (code) => expect(codeOf(code)).toBe(code),
  )
  test.each(['PAYROLL', 'PAYROLL_SERVER', 'invalid_request', '19218', '7', '', 'constructor', 'x y'])(
    '%j is recorded as another one',
    (code) => expect(codeOf(code)).toBe('(another code)'),
  )
})

describe('sentences', () => {
  test.each([
    ['JWT expired at 2026', 'token expired'],
    ['Not authenticated', 'not authenticated'],
    ['com.qualys.InvalidCredentialsException: no', 'wrong credentials'],
    ['Authentication failed', 'wrong credentials'],
    ['bad login', 'wrong credentials'],
    ['You are not authorized to access the application through the API', 'no API access'],
    ['name: Element is required', 'element is required'],
    ['name: Invalid value', 'invalid value'],
    ['id: Element must not be set', 'element must not be set'],
    ["Request method 'PUT' not supported", 'method not allowed'],
    ["Request method 'PUT' is not supported", 'method not allowed'],
    ['Method Not Allowed', 'method not allowed'],
    ['No message available', 'no such path'],
    ['No static resource x', 'no such path'],
    ['cannot be run again for another 12 seconds', 'limit'],
    ['Rate limit exceeded', 'limit'],
    ['Host payroll-01 is gone', undefined],
    ['an Invalid value', undefined],
    ['', undefined],
  ])('%s: %s', (message, phrase) => expect(phraseOf(message)).toBe(phrase))
})
