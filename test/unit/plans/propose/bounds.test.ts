import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bound, boundText, hostsOf, parseBound, share } from '../../../../src/tools/plans/bounds.ts'
import { duration, minutesText, parseMinutes } from '../../../../src/tools/plans/durations.ts'
import { checkProperty } from '../../../support/properties/property.ts'

// Numbers of hosts, shares of hosts, and times.

const complaint = (schema: ReturnType<typeof bound> | typeof share, text: unknown): string | undefined =>
  schema.safeParse(text).error?.issues[0]?.message

describe('a bound', () => {
  test.each([
    ['3', { hosts: 3 }],
    [' 3 ', { hosts: 3 }],
    ['1000000', { hosts: 1_000_000 }],
    ['5%', { percent: 5 }],
    ['2.5 %', { percent: 2.5 }],
    [' 0.125  % ', { percent: 0.125 }],
    ['100%', { percent: 100 }],
  ])('%j is read', (text, value) => expect(parseBound(text)).toEqual(value))

  test.each([
    '',
    ' ',
    '0',
    '00',
    '0%',
    '0.0%',
    '100.001%',
    '101 %',
    '-1',
    '+1',
    '1.5',
    '1,000',
    '1e3',
    '5%%',
    '% 5',
    'three',
    '1000001',
    '0.0001%',
  ])('%j is none', (text) => expect(parseBound(text)).toBeUndefined())

  test.each([
    ['0', 'must be at least 1 host: pass 1, or a share above 0%'],
    ['0.0 %', 'must be at least 1 host: pass 1, or a share above 0%'],
    ['101%', 'is more than all hosts: pass a number of hosts such as 3, or a share such as 5%'],
    ['three', 'must be a number of hosts such as 3, or a share such as 5%'],
    [3, 'must be a number of hosts such as 3, or a share such as 5%'],
  ])('%j is refused with what to pass', (text, message) => expect(complaint(bound(), text)).toBe(message))

  test.each([
    ['10', 'must be a share such as 10%'],
    ['ten', 'must be a share such as 10%'],
    ['0%', 'must be a share above 0% and up to 100%, such as 10%'],
    ['120%', 'must be a share above 0% and up to 100%, such as 10%'],
  ])('%j is no share', (text, message) => expect(complaint(share, text)).toBe(message))

  test('is said as it was written', () => {
    expect(boundText({ hosts: 1 })).toBe('1 host')
    expect(boundText({ hosts: 2000 })).toBe('2,000 hosts')
    expect(boundText({ percent: 2.5 })).toBe('2.5%')
  })
})

describe('the hosts of a bound', () => {
  test.each([
    ['10%', 50, 5],
    ['10%', 51, 6],
    // In fractions, 0.07 * 100 is above 7.
    ['7%', 100, 7],
    ['0.1%', 1000, 1],
    ['0.1%', 1001, 2],
    ['2.5%', 40, 1],
    ['2.5%', 41, 2],
    ['100%', 7, 7],
    ['0.001%', 3, 1],
    ['5%', 0, 1],
    ['3', 2, 3],
  ])('%s of %i are %i', (text, total, count) => {
    const value = parseBound(text)
    expect(value && hostsOf(value, total)).toBe(count)
  })

  test('are the share in exact numbers, rounded up', () => {
    const cases = fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 1_000_000 }))
    checkProperty(cases, 500, ([thousandths, total]) => {
      const exact = (BigInt(thousandths) * BigInt(total) + 99_999n) / 100_000n
      expect(hostsOf({ percent: thousandths / 1000 }, total)).toBe(Number(exact))
    })
  })
})

describe('a time', () => {
  test.each([
    ['240', 240],
    ['90m', 90],
    ['90 min', 90],
    ['4h', 240],
    ['4 Hours', 240],
    ['2d', 2880],
    ['1 day', 1440],
    ['0', 0],
  ])('%j is %i minutes', (text, minutes) => expect(parseMinutes(text)).toBe(minutes))

  test.each(['', 'h', '1.5h', '-4h', '4h30m', '4 weeks', '1e3'])('%j is none', (text) =>
    expect(parseMinutes(text)).toBeUndefined(),
  )

  test.each([
    [0, '0 min'],
    [90, '90 min'],
    [240, '4 h'],
    [1440, '1 day'],
    [2880, '2 days'],
    [1500, '25 h'],
  ])('%i minutes are said in the largest whole unit', (minutes, text) =>
    expect(minutesText(minutes)).toBe(text),
  )

  test('within its limits is taken, and any other refused with what to pass', () => {
    const schema = duration(1, 7 * 1440)
    expect(schema.parse('7d')).toBe(7 * 1440)
    for (const wrong of ['0', '8d', 'soon', 4])
      expect(schema.safeParse(wrong).error?.issues[0]?.message).toBe(
        'must be minutes such as 240, or a time such as 4h, 90m or 2d, from 1 min to 7 days',
      )
  })
})
