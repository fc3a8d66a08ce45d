import type { Timetable } from '../../effects/effect-targets.ts'
import { timeOf } from '../../time-text.ts'
import { endOf } from '../inputs/schedule.ts'

type Row = Readonly<Record<string, unknown>>

const frequencies = ['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'] as const

/** Before CAR existed: a time of day or a number of days, read as a time, lies in 1970. */
const earliest = Date.UTC(2000, 0, 1)

const isAbsent = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || typeof value === 'boolean'

const isUtc = (zone: unknown): boolean =>
  /^(?:utc|gmt|z|0|etc\/(?:utc|gmt)|(?:utc|gmt)?[+-]?00:?00)$/i.test(String(zone))

/** A zone in which the clocks are changed moves the runs. No page names its field. */
const hasOtherZone = (row: Row): boolean =>
  Object.entries(row).some(
    ([name, value]) => /time_?zone|^tz|^zone/i.test(name) && !isAbsent(value) && !isUtc(value),
  )

/** Days, counts and other rules of a recurrence that this program does not know, beside it or in it. */
const hasOtherRules = (row: Row, recurrence: Row): boolean => {
  const { frequency: _, interval: __, ...others } = recurrence
  return (
    Object.values(others).some((value) => !isAbsent(value)) ||
    Object.entries(row).some(
      ([name, value]) =>
        /cron|recur|repeat|occurrence|days?_?of|week_?days?/i.test(name) &&
        name !== 'recurrence' &&
        !isAbsent(value),
    )
  )
}

/** When a stored schedule runs; undefined if that cannot be read. `endless`: the end of one that shows no end. */
export function storedTimetable(row: Row | undefined, endless?: number): Timetable | undefined {
  const start = timeOf(row?.['startTime'])
  if (!row || start === undefined || start < earliest || hasOtherZone(row)) return undefined
  const { scheduleType } = row
  const recurrence = row['recurrence'] as Row | null | undefined
  if (recurrence?.['frequency'] == null) return scheduleType === 'ONE_TIME' ? { start } : undefined
  const frequency = frequencies.find((word) => word === recurrence['frequency'])
  const interval = Number(recurrence['interval'] ?? 1)
  const end = row['endDate'] == null ? endless : timeOf(row['endDate'])
  if (frequency === undefined || end === undefined || scheduleType === 'ONE_TIME') return undefined
  if (endOf(end) < start || hasOtherRules(row, recurrence)) return undefined
  if (!Number.isInteger(interval) || interval < 1) return undefined
  return { start, recurrence: { frequency, interval, end: endOf(end) } }
}
