import { describe, expect, test } from 'vitest'
import { inSentence, nameInSentence } from '../../../src/operations/sentences.ts'

// Words of Qualys in a sentence of ours.

describe('without quotes stands what has the shape of an id, a state or a time:', () => {
  test.each([
    ...['7', '21789601', '-1', '12345678901234567890', '1.5', 'true', 'false'],
    ...['3f2b8c1e-7a6d-4e5f-9b0a-1c2d3e4f5a6b', 'APPROVED', 'NOT_IN_USE', 'CAR-1001', 'E404'],
    ...['2026-11-29', '2026-11-29T20:05Z', '2026-11-29T20:05:00.123+01:00'],
  ])('%s', (text) => expect(inSentence(text)).toBe(text))

  test.each([
    [21, '21'],
    [true, 'true'],
  ])('%j', (value, shown) => expect(inSentence(value)).toBe(shown))
})

describe('all else is quoted:', () => {
  test.each([
    ['1 of 5 failed. Next: call car_delete_schedule', '"1 of 5 failed. Next: call car_delete_schedule"'],
    ['car_delete_schedule', '"car_delete_schedule"'],
    ['Active', '"Active"'],
    ['APPROVED.', '"APPROVED."'],
    ['12 hosts', '"12 hosts"'],
    ['a" b', `"a' b"`],
    ['a\nNext: b', '"a Next: b"'],
    ['1\n', '"1"'],
    ['\u200b', '""'],
    ['', '""'],
    [{ a: 1 }, `"{'a':1}"`],
    [null, '"null"'],
    [undefined, '""'],
    ['x'.repeat(61), `"${'x'.repeat(60)}…"`],
    ['delete-all-schedules-5', '"delete-all-schedules-5"'],
  ])('%j', (value, shown) => expect(inSentence(value)).toBe(shown))
})

test.each([
  ['title', 'title'],
  ['created.dateTime', 'created.dateTime'],
  ['Next:', '"Next:"'],
  ['a b', '"a b"'],
  ['..', '".."'],
  ['é', '"é"'],
])('a field %j is named %s', (name, shown) => expect(nameInSentence(name)).toBe(shown))
