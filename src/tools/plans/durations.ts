import { z } from 'zod'
import { counted } from '../../shared/format.ts'

// Times in whole minutes, as an assistant passes them and as a plan says them.

const hour = 60
const day = 24 * hour

const written = /^(\d{1,6}) ?(m|min|minutes?|h|hours?|d|days?)?$/

const minutesOf = (unit: string): number => (unit.startsWith('d') ? day : unit.startsWith('h') ? hour : 1)

/** The minutes of a text such as `240`, `90m`, `4h` or `2d`; undefined for anything else. */
export function parseMinutes(text: string): number | undefined {
  const [, number, unit = 'm'] = written.exec(text.trim().replace(/\s+/g, ' ').toLowerCase()) ?? []
  return number === undefined ? undefined : Number(number) * minutesOf(unit)
}

/** A time in words, in the largest unit that is whole: `90 min`, `4 h`, `2 days`. */
export function minutesText(minutes: number): string {
  if (minutes > 0 && minutes % day === 0) return counted(minutes / day, 'day')
  return minutes > 0 && minutes % hour === 0 ? `${minutes / hour} h` : `${minutes} min`
}

/** A time in UTC, to the minute: `2026-11-22T06:42Z`. `at`: epoch, in ms. */
export const utcMinute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`

/** A time from `min` to `max` minutes, in minutes. */
export function duration(min: number, max: number) {
  const error = `must be minutes such as 240, or a time such as 4h, 90m or 2d, from ${minutesText(min)} to ${minutesText(max)}`
  return z.string({ error }).transform((text, context): number => {
    const minutes = parseMinutes(text)
    if (minutes !== undefined && minutes >= min && minutes <= max) return minutes
    context.addIssue(error)
    return z.NEVER
  })
}
