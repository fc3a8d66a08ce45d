import type { Verdict } from '../../reads/local-filter.ts'
import { timeOf } from '../../time-text.ts'
import { endOf } from '../inputs/schedule.ts'
import { occurrencesOf } from './occurrences.ts'
import { storedTimetable } from './stored-timetable.ts'

type Row = Readonly<Record<string, unknown>>

const dayMs = 24 * 3_600_000
/** A recurring schedule that shows no end runs on. */
const endless = Date.UTC(9999, 11, 31)

/** The next run of a schedule if it is switched on; undefined if that cannot be read. */
function nextOccurrence(row: Row, now: number): number | 'over' | undefined {
  const timetable = storedTimetable(row, endless)
  if (timetable) return occurrencesOf(timetable, now).first ?? 'over'
  const end = timeOf(row['endDate'])
  const start = timeOf(row['startTime']) ?? 0
  // A day more, since an end that is all that can be read may be in any zone.
  return end !== undefined && end > start && endOf(end) + dayMs < now ? 'over' : undefined
}

/** The next run of a stored schedule: a time, `off`, `over`, or `unknown` if fields are missing. */
export function nextRunOf(row: Row, now: number): string {
  if (row['activate'] === false) return 'off'
  const next = nextOccurrence(row, now)
  if (next === 'over') return next
  if (next === undefined || row['activate'] !== true) return 'unknown'
  return `${new Date(next).toISOString().slice(0, 19)}Z`
}

/** Whether a stored schedule runs within some days from now. */
export function isDueWithin(row: Row, days: number, now: number): Verdict {
  if (row['activate'] === false) return false
  const next = nextOccurrence(row, now)
  if (next === undefined) return undefined
  if (next === 'over' || next > now + days * dayMs) return false
  return row['activate'] === true ? true : undefined
}
