import type { Timetable } from '../../effects/effect-targets.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const periods = { HOURLY: hourMs, DAILY: dayMs, WEEKLY: 7 * dayMs } as const

/** The months since the year 0. */
const monthOf = (time: Date): number => time.getUTCFullYear() * 12 + time.getUTCMonth()

/**
 * The same time some months later. On a day that a month does not have, the last one counts: what Qualys does then is
 * not documented, and so no run is left out.
 */
function monthsLater(start: number, months: number): number {
  const time = new Date(start)
  const month = monthOf(time) + months
  const [year, monthOfYear] = [Math.floor(month / 12), month % 12]
  const lastDay = new Date(Date.UTC(year, monthOfYear + 1, 0)).getUTCDate()
  const moved = new Date(start)
  moved.setUTCFullYear(year, monthOfYear, Math.min(time.getUTCDate(), lastDay))
  return moved.getTime()
}

/** The time of one occurrence, counted from 0. */
function occurrenceAt({ start, recurrence }: Timetable, index: number): number {
  if (!recurrence) return start
  const { frequency, interval } = recurrence
  return frequency === 'MONTHLY'
    ? monthsLater(start, index * interval)
    : start + index * interval * periods[frequency]
}

/** The number of occurrences before a time, in closed form. */
function countBefore(timetable: Timetable, time: number): number {
  const { start, recurrence } = timetable
  if (time <= start) return 0
  if (!recurrence) return 1
  const { frequency, interval } = recurrence
  if (frequency !== 'MONTHLY') return Math.ceil((time - start) / (interval * periods[frequency]))
  const months = monthOf(new Date(time)) - monthOf(new Date(start))
  const index = Math.floor(months / interval)
  return occurrenceAt(timetable, index) < time ? index + 1 : index
}

/** The runs of a schedule from some time until its end. */
export interface Occurrences {
  readonly count: number
  readonly first: number | undefined
  readonly last: number | undefined
  /** Each of them in turn. */
  readonly times: () => Generator<number>
}

/** The runs of a schedule that are still to come. */
export function occurrencesOf(timetable: Timetable, now: number): Occurrences {
  const { start, recurrence } = timetable
  const begin = countBefore(timetable, now)
  const end = countBefore(timetable, (recurrence?.end ?? start) + 1)
  const at = (index: number) => (begin < end ? occurrenceAt(timetable, index) : undefined)
  return {
    count: Math.max(0, end - begin),
    first: at(begin),
    last: at(end - 1),
    *times() {
      for (let index = begin; index < end; index++) yield occurrenceAt(timetable, index)
    },
  }
}

/** The most runs of a schedule within a time that rolls on. */
export function mostWithin({ recurrence }: Timetable, count: number, span: number): number {
  if (!recurrence) return Math.min(count, 1)
  const { frequency, interval } = recurrence
  // The shortest month has 28 days.
  const period = interval * (frequency === 'MONTHLY' ? 28 * dayMs : periods[frequency])
  return Math.min(count, Math.ceil(span / period))
}
