import { describe, expect, test } from 'vitest'
import { mostWithin, occurrencesOf } from '../../../src/operations/car/timetable/occurrences.ts'
import type { Timetable } from '../../../src/operations/effects/effect-targets.ts'

// How often a schedule runs until its end.

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const start = Date.UTC(2041, 0, 31, 8, 30)

type Frequency = NonNullable<Timetable['recurrence']>['frequency']

const recurring = (frequency: Frequency, interval: number, end: number): Timetable => ({
  start,
  recurrence: { frequency, interval, end },
})

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16)

describe('occurrences', () => {
  test('of a schedule that runs once', () => {
    expect(occurrencesOf({ start }, start)).toMatchObject({ count: 1, first: start, last: start })
    expect(occurrencesOf({ start }, start + 1)).toMatchObject({ count: 0, first: undefined, last: undefined })
  })

  test.each<[Frequency, number, number, number]>([
    ['HOURLY', 1, start + 24 * hourMs, 25],
    ['HOURLY', 1, start + 24 * hourMs - 1, 24],
    ['HOURLY', 4, start + 24 * hourMs, 7],
    ['DAILY', 1, start + 399 * dayMs, 400],
    ['DAILY', 1, start + 400 * dayMs, 401],
    ['WEEKLY', 2, start + 28 * dayMs, 3],
    ['MONTHLY', 1, Date.UTC(2041, 11, 31, 8, 30), 12],
    ['MONTHLY', 1, Date.UTC(2041, 11, 31, 8, 29), 11],
    ['MONTHLY', 5, Date.UTC(2042, 0, 30), 3],
    ['HOURLY', 1, start, 1],
  ])('%s every %i until %i: %i', (frequency, interval, end, count) => {
    const occurrences = occurrencesOf(recurring(frequency, interval, end), 0)
    expect(occurrences.count).toBe(count)
    const times = [...occurrences.times()]
    expect(times).toHaveLength(count)
    expect([times[0], times.at(-1)]).toEqual([occurrences.first, occurrences.last])
    expect(times.every((time) => time >= start && time <= end)).toBe(true)
  })

  test('of every month end on the last day of shorter months, and run on', () => {
    const { times } = occurrencesOf(recurring('MONTHLY', 1, Date.UTC(2041, 4, 1)), 0)
    expect([...times()].map(iso)).toEqual([
      ...['2041-01-31T08:30', '2041-02-28T08:30', '2041-03-31T08:30', '2041-04-30T08:30'],
    ])
  })

  test('that are over do not count', () => {
    const daily = recurring('DAILY', 1, start + 10 * dayMs)
    expect(occurrencesOf(daily, start + 3 * dayMs)).toMatchObject({ count: 8, first: start + 3 * dayMs })
    expect(occurrencesOf(daily, start + 3 * dayMs + 1)).toMatchObject({ count: 7, first: start + 4 * dayMs })
    expect(occurrencesOf(daily, start + 11 * dayMs).count).toBe(0)
  })

  test('of a century are counted without a step for each', () => {
    const hourly = recurring('HOURLY', 1, Date.UTC(2141, 0, 31))
    expect(occurrencesOf(hourly, 0).count).toBe(876_568)
  })
})

describe('the fullest time', () => {
  test.each<[Frequency, number, number, number]>([
    ['HOURLY', 1, 24, 1],
    ['HOURLY', 5, 5, 1],
    ['DAILY', 1, 1, 1],
    ['WEEKLY', 1, 1, 1],
    ['MONTHLY', 1, 1, 1],
  ])('of %s every %i: %i in a day, %i in an hour', (frequency, interval, inDay, inHour) => {
    const timetable = recurring(frequency, interval, Date.UTC(2099, 0, 1))
    expect(mostWithin(timetable, 1_000, dayMs)).toBe(inDay)
    expect(mostWithin(timetable, 1_000, hourMs)).toBe(inHour)
  })

  test('holds no more runs than there are', () => {
    expect(mostWithin(recurring('HOURLY', 1, start + 2 * hourMs), 3, dayMs)).toBe(3)
    expect(mostWithin({ start }, 1, dayMs)).toBe(1)
    expect(mostWithin({ start }, 0, dayMs)).toBe(0)
  })
})
