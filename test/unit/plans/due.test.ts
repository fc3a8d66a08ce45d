import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { timeWindows } from '../../../src/config/limits/windows.ts'
import { firstOpening, startOf } from '../../../src/tools/plans/state/due.ts'
import { checkProperty } from '../../support/properties/property.ts'

const minute = 60_000
const hour = 60 * minute
/** A Monday. */
const monday = Date.UTC(2026, 10, 23)
const at = (hours: number): number => monday + hours * hour

const nights = timeWindows.parse('22:00-02:00')
const evenings = timeWindows.parse('20:00-23:00')
const mornings = timeWindows.parse('06:00-08:00')

describe('the first opening', () => {
  test.each([
    ['without windows is now', at(5), [], at(5)],
    ['of no windows is now', at(5), [undefined, undefined], at(5)],
    ['is now while they are open', at(23), [nights], at(23)],
    ['is the beginning of the next window', at(5), [nights], at(22)],
    ['is where all are open', at(5), [nights, evenings], at(22)],
    ['skips what others close', at(1), [nights, evenings], at(22)],
    ['is never where no two are open at once', at(5), [evenings, mornings], undefined],
  ] as const)('%s', (_, from, windows, expected) => {
    expect(firstOpening(from, ...windows)).toBe(expected)
  })
})

describe('a wave', () => {
  test.each([
    ['waits until it is due', at(5), [], at(4), { kind: 'wait', until: at(5) }],
    ['starts when it is due', at(5), [], at(5), { kind: 'start' }],
    ['starts an hour later', at(5), [], at(6), { kind: 'start' }],
    ['is late after that', at(5), [], at(6) + 1, { kind: 'late', since: at(5) }],
    ['waits for its window', at(5), [nights], at(6) + 1, { kind: 'wait', until: at(22) }],
    ['starts in its window', at(5), [nights], at(22), { kind: 'start' }],
    ['is late by the opening of its window', at(5), [nights], at(23) + 1, { kind: 'late', since: at(22) }],
    ['waits for ever if no windows are open at once', at(5), [evenings, mornings], at(90), { kind: 'wait' }],
  ] as const)('%s', (_, due, windows, now, expected) => {
    expect(startOf(due, 60, windows, now)).toMatchObject(expected)
  })

  test('whose window closes within its time waits for the next one', () => {
    const short = timeWindows.parse('10:00-10:30')
    expect(startOf(at(10), 120, [short], at(11))).toEqual({ kind: 'wait', until: at(34) })
  })
})

const span = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 12 }))
const windows = fc.array(span, { maxLength: 2 }).map((spans) =>
  spans.map(([from, hours]) => {
    const clock = (value: number): string => `${String(value % 24).padStart(2, '0')}:00`
    return timeWindows.parse(`${clock(from)}-${clock(from + hours)}`)
  }),
)

test('a wave starts only when it is due, not late, and all windows are open', () => {
  const moment = fc.integer({ min: -72 * 60, max: 72 * 60 }).map((minutes) => monday + minutes * minute)
  const late = fc.integer({ min: 5, max: 24 * 60 })
  checkProperty(fc.tuple(moment, moment, late, windows), 300, ([due, now, lateAfter, sets]) => {
    const start = startOf(due, lateAfter, sets, now)
    const isOpen = (time: number): boolean => sets.every((set) => set.some((window) => window.isOpen(time)))
    if (start.kind === 'start') {
      expect(now).toBeGreaterThanOrEqual(due)
      expect(isOpen(now)).toBe(true)
      expect(now).toBeLessThanOrEqual((firstOpening(due, ...sets) ?? 0) + lateAfter * minute)
    }
    if (start.kind === 'late') {
      expect(isOpen(start.since)).toBe(true)
      expect(now).toBeGreaterThan(start.since + lateAfter * minute)
    }
    if (start.kind === 'wait' && start.until !== undefined) {
      expect(start.until).toBeGreaterThan(now)
      expect(startOf(due, lateAfter, sets, start.until).kind).not.toBe('wait')
    }
  })
})
