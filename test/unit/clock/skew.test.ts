import { describe, expect, test } from 'vitest'
import { clockNote, clockSkew } from '../../../src/session/http/clock-skew.ts'

const now = Date.UTC(2026, 10, 22, 8, 0, 0)

describe('the clock skew', () => {
  test.each([
    ['Sun, 22 Nov 2026 08:00:00 GMT', 0],
    ['Sun, 22 Nov 2026 07:59:58 GMT', 2],
    ['Sun, 22 Nov 2026 03:00:00 GMT', 18_000],
    ['Sun, 22 Nov 2026 13:00:00 GMT', -18_000],
    ['Wed, 25 Nov 2026 08:00:00 GMT', -259_200],
    [' Sun, 22 Nov 2026 08:00:00 GMT ', 0],
  ])('%s: %i s', (date, seconds) => {
    expect(clockSkew(date, now)).toBe(seconds)
  })

  // Other responses of a proxy do not matter.
  test.each([
    undefined,
    '',
    'now',
    '1',
    '2026-11-22T08:00:00Z',
    'Sun, 22 Nov 2026 08:00:00 +0100',
    'Sun, 99 Nov 2026 08:00:00 GMT',
    'Sun, 22 Nov 2026 08:00:00 GMT, Sun, 22 Nov 2026 08:00:00 GMT',
  ])('%s: unknown', (date) => {
    expect(clockSkew(date, now)).toBeUndefined()
  })
})

describe('what is reported of it', () => {
  test.each([undefined, 0, 120, -120, 3])('%s: nothing', (skew) => {
    expect(clockNote(skew)).toBeUndefined()
  })

  test.each([
    [121, '2 min ahead of'],
    [-600, '10 min behind'],
    [7_140, '119 min ahead of'],
    [-18_000, '5 h behind'],
    [172_800, '48 h ahead of'],
    [-259_200, '3 days behind'],
  ])('%i: %s', (skew, words) => {
    expect(clockNote(skew)).toMatch(new RegExp(`^This machine's clock is ${words} Qualys': [^.]+\\.$`))
  })
})
