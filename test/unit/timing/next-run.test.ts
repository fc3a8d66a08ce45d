import { describe, expect, test } from 'vitest'
import { isDueWithin, nextRunOf } from '../../../src/operations/car/timetable/next-run.ts'
import { dayMs, hourMs, nextRunByStepping } from '../../support/schedules/expected.ts'

// When a stored schedule runs next, from the fields of its record alone.

type Row = Readonly<Record<string, unknown>>

const iso = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

const start = Date.UTC(2027, 0, 31, 8, 30)

const daily: Row = {
  id: 'a',
  activate: true,
  scheduleType: 'RECURRING',
  startTime: iso(start),
  recurrence: { frequency: 'DAILY', interval: 1 },
}

describe('the next run', () => {
  const starts = [start, Date.UTC(2028, 1, 29, 23, 59), Date.UTC(2026, 11, 1), Date.UTC(2026, 9, 30, 4)]
  const nows = [0, 1, 27, 28, 29, 30, 31, 59, 60, 61, 365, 366, 730, 1461].flatMap((days) =>
    [-1, 0, 1].map((offset) => Date.UTC(2027, 0, 31, 8, 30) + days * dayMs + offset * 1_000),
  )

  test.each(['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'].flatMap((word) => [1, 2, 5, 13].map((n) => [word, n])))(
    '%s every %i is that of a count of all runs',
    (word, n) => {
      const recurrence = { frequency: String(word), interval: Number(n) }
      for (const startTime of starts)
        for (const now of nows)
          for (const endDate of [undefined, Date.UTC(2027, 4, 31), Date.UTC(2028, 1, 29, 12)]) {
            const row = {
              ...daily,
              startTime: iso(startTime),
              recurrence,
              ...(endDate !== undefined && { endDate: iso(endDate) }),
            }
            const isReversed = endDate !== undefined && endDate < startTime
            const next = nextRunByStepping({ startTime, recurrence, ...(endDate && { endDate }) }, now)
            const name = `${iso(startTime)} ${iso(now)} ${endDate}`
            if (!isReversed) expect(nextRunOf(row, now), name).toBe(next === undefined ? 'over' : iso(next))
          }
    },
  )

  test('of the last day of January is the last day of a shorter month, also in a leap year', () => {
    const monthly = { ...daily, recurrence: { frequency: 'MONTHLY', interval: 1 } }
    expect(nextRunOf(monthly, Date.UTC(2027, 1, 1))).toBe('2027-02-28T08:30:00Z')
    expect(nextRunOf(monthly, Date.UTC(2028, 1, 1))).toBe('2028-02-29T08:30:00Z')
    expect(nextRunOf(monthly, Date.UTC(2027, 3, 1))).toBe('2027-04-30T08:30:00Z')
    expect(nextRunOf(monthly, Date.UTC(2027, 4, 1))).toBe('2027-05-31T08:30:00Z')
  })

  test('of a schedule that runs once is its start, until then', () => {
    const { recurrence: _, ...others } = daily
    const once = { ...others, scheduleType: 'ONE_TIME' }
    expect(nextRunOf(once, start)).toBe(iso(start))
    expect(nextRunOf(once, start + 1)).toBe('over')
    expect(nextRunOf({ ...once, recurrence: null }, start)).toBe(iso(start))
  })

  test.each<[string, Row]>([
    ['', { activate: false }],
    [', all else missing', { activate: false, startTime: undefined, recurrence: undefined }],
    [', and over', { activate: false, endDate: iso(start + dayMs) }],
  ])('is off if it is switched off%s', (_name, fields) => {
    expect(nextRunOf({ ...daily, ...fields }, start + 4 * dayMs)).toBe('off')
    expect(isDueWithin({ ...daily, ...fields }, 366, start + 4 * dayMs)).toBe(false)
  })

  test.each<[string, Row]>([
    ['its end has passed', { endDate: iso(start + dayMs) }],
    ['by its end alone', { endDate: iso(start + dayMs), startTime: undefined, recurrence: undefined }],
    ['with another zone', { endDate: iso(start + dayMs), timezone: 'Europe/Berlin' }],
    ['perhaps switched off', { endDate: iso(start + dayMs), activate: undefined }],
  ])('is over: %s', (_name, fields) => {
    expect(nextRunOf({ ...daily, ...fields }, start + 4 * dayMs)).toBe('over')
    expect(isDueWithin({ ...daily, ...fields }, 366, start + 4 * dayMs)).toBe(false)
  })

  test.each<[string, Row]>([
    ['whether it is on', { activate: undefined }],
    ['whether it is on, as no boolean', { activate: 'yes' }],
    ['its start', { startTime: undefined }],
    ['its start as a time', { startTime: 'tomorrow' }],
    ['a start with a day', { startTime: '1970-01-01T08:30:00Z' }],
    ['how often it runs', { recurrence: undefined }],
    ['how often it runs: another form', { recurrence: 'DAILY' }],
    ['how often it runs: another word', { recurrence: { frequency: 'YEARLY' } }],
    ['how often it runs: half an interval', { recurrence: { frequency: 'DAILY', interval: 0.5 } }],
    ['how often it runs: a list', { recurrence: [{ frequency: 'DAILY' }] }],
    ['an end that is a time', { endDate: 'never' }],
    ['an end behind its start', { endDate: '1970-01-01T00:00:00Z' }],
    ...[
      'timezone',
      'timeZone',
      'zoneId',
      'timeZoneId',
      'time_zone',
      'tz',
      'timezoneType',
      'agentTimezone',
    ].map((field): [string, Row] => [`times in UTC: ${field}`, { [field]: 'Europe/Berlin' }]),
    ['times in UTC: an object', { timeZone: { id: 'UTC' } }],
    ['times in UTC: an offset', { timezoneOffset: '+02:00' }],
    ['days that are known', { recurrence: { frequency: 'WEEKLY', interval: 1, daysOfWeek: ['MON', 'WED'] } }],
    ['days that are known: beside it', { daysOfMonth: [1, 15] }],
    ['a rule that is known', { cronExpression: '0 8 * * 1-5' }],
    ['how many times it runs', { recurrenceCount: 3 }],
    ['whether it runs once', { scheduleType: 'ONE_TIME' }],
  ])('is unknown if the record does not show %s', (_name, fields) => {
    expect(nextRunOf({ ...daily, ...fields }, start)).toBe('unknown')
    expect(isDueWithin({ ...daily, ...fields }, 366, start)).toBeUndefined()
  })

  test.each<Row>([
    ...['UTC', 'gmt', 'Etc/UTC', 'Z', '+00:00', 'UTC+00:00', 0, '', null].map((timeZone) => ({ timeZone })),
    { recurrence: { frequency: 'DAILY', interval: 1, daysOfWeek: null, timezone: '' } },
    { isRecurring: true, cronExpression: null, useAgentTimezone: false },
  ])('is computed with %j', (fields) => {
    expect(nextRunOf({ ...daily, ...fields }, start)).toBe(iso(start))
  })

  test('of a bare record is unknown', () => {
    expect(nextRunOf({ id: 'a', customerUuid: 'b' }, start)).toBe('unknown')
    expect(isDueWithin({ id: 'a', customerUuid: 'b' }, 366, start)).toBeUndefined()
  })

  test('with a hostile interval is none or a time', () => {
    for (const frequency of ['HOURLY', 'MONTHLY'])
      for (const interval of [1e9, 1e15, Number.MAX_SAFE_INTEGER])
        expect(nextRunOf({ ...daily, recurrence: { frequency, interval } }, start + dayMs)).toBe('over')
  })
})

describe('due within some days', () => {
  test.each<[number, number, boolean]>([
    [1, -dayMs, true],
    [1, -dayMs - 1, false],
    [7, -7 * dayMs, true],
    [7, -7 * dayMs - 1, false],
    [366, -366 * dayMs, true],
    [1, 0, true],
    [1, 1, true],
  ])('%i, %i ms from its start: %s', (days, offset, isDue) => {
    expect(isDueWithin(daily, days, start + offset)).toBe(isDue)
  })

  test('is known for a run that is too far away, on or off', () => {
    const row = { ...daily, activate: undefined }
    expect(isDueWithin(row, 1, start - 2 * dayMs)).toBe(false)
    expect(isDueWithin(row, 1, start - hourMs)).toBeUndefined()
  })
})
