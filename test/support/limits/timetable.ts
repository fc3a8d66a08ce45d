import type { WireSchedule } from './wire.ts'

// When schedules run, as the model counts it.

export const hourMs = 3_600_000
const steps: Readonly<Record<string, number>> = {
  HOURLY: hourMs,
  DAILY: 24 * hourMs,
  WEEKLY: 7 * 24 * hourMs,
}

/** The time between two runs of a schedule; undefined if it runs once. A month is at least 28 days. */
const stepOf = ({ frequency, interval }: WireSchedule): number | undefined =>
  frequency === undefined ? undefined : (steps[frequency] ?? 28 * 24 * hourMs) * interval

/** How often a schedule runs from its start to its end, at least. */
export function runsOf(schedule: WireSchedule): number {
  const step = stepOf(schedule)
  if (step === undefined || schedule.end === undefined) return 1
  return Math.floor((schedule.end - schedule.start) / step) + 1
}

/** The most runs within a time. */
export function fullest(schedule: WireSchedule, within: number): number {
  const step = stepOf(schedule)
  return step === undefined ? 1 : Math.min(runsOf(schedule), Math.ceil(within / step))
}

/** The first runs of a schedule, as far as they are still to come. */
export function runTimes(schedule: WireSchedule, from: number): number[] {
  const step = stepOf(schedule) ?? 0
  const count = Math.min(runsOf(schedule), 100)
  return Array.from({ length: count }, (_, index) => schedule.start + index * step).filter((at) => at >= from)
}
