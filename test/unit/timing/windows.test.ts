import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { checkRunsInWindow, checkWindow, windowState } from '../../../src/tools/effects/timing/window.ts'

// QUALYS_WINDOW: when code may run and mail may go.

const windowsIn = (text: string) => readSettings({}, { QUALYS_WINDOW: text }).settings.window ?? []
const isOpen = (text: string, time: string): boolean =>
  windowsIn(text).some((window) => window.isOpen(Date.parse(time)))
const opensAt = (text: string, from: string): string =>
  new Date(windowsIn(text)[0]?.nextOpening(Date.parse(from)) ?? 0).toISOString().slice(0, 16)

const nights = 'Mon-Fri 22:00-05:00 Europe/Berlin'

describe('a window', () => {
  // 2026-07-03 is a Friday; Berlin is two hours ahead of UTC.
  test.each([
    ['before it opens', '2026-07-03T19:59:59Z', false],
    ['when it opens', '2026-07-03T20:00:00Z', true],
    ['after midnight, on a day that it does not name', '2026-07-04T02:59:59Z', true],
    ['when it closes', '2026-07-04T03:00:00Z', false],
    ['on Saturday evening', '2026-07-04T20:30:00Z', false],
    ['on Monday after midnight, which would be the night of Sunday', '2026-07-06T01:00:00Z', false],
    ['in winter, an hour later', '2026-12-04T20:30:00Z', false],
    ['in winter, when it opens', '2026-12-04T21:00:00Z', true],
  ])('over midnight: %s', (_what, time, open) => {
    expect(isOpen(nights, time)).toBe(open)
  })

  test('is the same with the dashes of a word processor', () => {
    const [window] = windowsIn('Mon–Fri 22:00–05:00 Europe/Berlin')
    expect(String(window)).toBe(nights)
  })

  test('is read in UTC, on every day, where it does not say', () => {
    expect(isOpen('08:00-12:00', '2026-07-05T08:00:00Z')).toBe(true)
    expect(isOpen('08:00-12:00', '2026-07-05T12:00:00Z')).toBe(false)
  })

  test.each([
    ['Sat-Mon 00:00-24:00', ['2026-07-04', '2026-07-05', '2026-07-06'], ['2026-07-03', '2026-07-07']],
    ['Mon,Wed 00:00-24:00', ['2026-07-06', '2026-07-08'], ['2026-07-07']],
    ['saturday 00:00-24:00; SUN 00:00-24:00', ['2026-07-04', '2026-07-05'], ['2026-07-06']],
    ['Sat 00:00-24:00 UTC, Sun 00:00-24:00 UTC', ['2026-07-04', '2026-07-05'], ['2026-07-06']],
  ])('of days: %s', (text, open, closed) => {
    expect(open.map((day) => isOpen(text, `${day}T23:59:00Z`))).toEqual(open.map(() => true))
    expect(closed.map((day) => isOpen(text, `${day}T00:00:00Z`))).toEqual(closed.map(() => false))
  })

  test.each([
    'Mon-Fri',
    '22-05',
    '22:00',
    '25:00-26:00',
    '22:60-23:00',
    '22:00-22:00',
    'Mon-Fri 22:00-05:00 Europe/Atlantis',
    'Mo-Fr 22:00-05:00',
    'Mon-Fri-Sun 22:00-05:00',
    'Mon 22:00-05:00 Europe/Berlin; Sat 00:00-24:00',
    '22:00-05:00, Sat',
    '24:00-05:00',
    ';',
    ', ;',
  ])('is not %s', (text) => {
    expect(() => windowsIn(text)).toThrow(/^QUALYS_WINDOW must be windows such as Mon-Fri 22:00-05:00/)
  })
})

// Berlin: on 2027-03-28 the clock goes from 02:00 to 03:00, on 2026-10-25 from 03:00 back to 02:00.
describe('where the clocks are changed', () => {
  test.each([
    ['21:59', false],
    ['22:00', true],
    ['23:59', true],
  ])('the night before, at %s: %s', (time, open) => {
    expect(isOpen('Sat 23:00-05:00 Europe/Berlin', `2027-03-27T${time}:00Z`)).toBe(open)
  })

  test('a night is shorter in spring and longer in autumn', () => {
    const hoursOpen = (text: string, from: string): number =>
      Array.from({ length: 24 * 60 }, (_, minute) => Date.parse(from) + minute * 60_000).filter((at) =>
        windowsIn(text)[0]?.isOpen(at),
      ).length / 60
    expect(hoursOpen('Sat 22:00-05:00 Europe/Berlin', '2027-03-27T12:00:00Z')).toBe(6)
    expect(hoursOpen('Sat 22:00-05:00 Europe/Berlin', '2026-10-24T12:00:00Z')).toBe(8)
  })

  test('a time that does not exist never comes, and one that exists twice comes twice', () => {
    const text = 'Sun 02:15-02:45 Europe/Berlin'
    expect(opensAt(text, '2027-03-27T12:00:00Z')).toBe('2027-04-04T00:15')
    expect(opensAt(text, '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:15')
    expect(opensAt(text, '2026-10-25T00:45:00Z')).toBe('2026-10-25T01:15')
  })

  test('a window that opens in the hour that is left out opens after it', () => {
    expect(opensAt('Sun 02:30-05:00 Europe/Berlin', '2027-03-27T12:00:00Z')).toBe('2027-03-28T01:00')
  })
})

describe('the next opening', () => {
  test.each([
    [nights, '2026-07-04T03:00:00Z', '2026-07-06T20:00'],
    [nights, '2026-07-03T21:00:00Z', '2026-07-03T21:00'],
    ['Sun 07:07-07:09 UTC', '2026-07-05T07:09:00Z', '2026-07-12T07:07'],
    ['10:00-11:00 Asia/Kathmandu', '2026-07-05T12:00:00Z', '2026-07-06T04:15'],
  ])('of %s from %s is %s', (text, from, next) => {
    expect(opensAt(text, from)).toBe(next)
  })

  test('is told in local time and in UTC, of the window that opens first', () => {
    const windows = windowsIn('Sun 10:00-11:00 UTC; Sat 22:00-23:00 Europe/Berlin')
    expect(() => checkWindow(windows, Date.parse('2026-07-03T12:00:00Z'))).toThrow(
      'code may run and mail may go only within QUALYS_WINDOW (Sun 10:00-11:00 UTC; Sat 22:00-23:00 Europe/Berlin), which opens next Sat 2026-07-04 22:00 Europe/Berlin (2026-07-04T20:00Z).',
    )
    expect(windowState(windows, Date.parse('2026-07-05T10:30:00Z'))).toMatch(/: open now$/)
  })
})

describe('the runs of a schedule', () => {
  const night = windowsIn('22:00-05:00 UTC')
  const runs = (...times: string[]) => ({
    count: times.length,
    times: () => times.map((one) => Date.parse(one)),
  })
  const check = (given: Parameters<typeof checkRunsInWindow>[1]) => () =>
    checkRunsInWindow('the schedule', given, night)

  test('lie in a window, each of them', () => {
    expect(check(runs('2026-07-03T22:00:00Z', '2026-07-04T04:59:00Z'))).not.toThrow()
    expect(check(runs('2026-07-03T22:00:00Z', '2026-07-04T05:00:00Z'))).toThrow(
      /the schedule runs outside the operator’s windows, first at Sat 2026-07-04 05:00 UTC \(2026-07-04T05:00Z\), and QUALYS_WINDOW/,
    )
  })

  test('that cannot be read, or are too many to be compared, lie outside', () => {
    expect(check(undefined)).toThrow(/when the schedule runs cannot be read/)
    expect(check({ count: 10_000, times: () => [] })).not.toThrow()
    expect(check({ count: 10_001, times: () => [] })).toThrow(/more often than the 10000 times/)
  })
})
