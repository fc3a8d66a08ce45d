import type { TimeWindow } from '../../../config/limits/windows.ts'
import { minuteMs } from '../../../shared/clock.ts'

/** How often a common opening of several windows is looked for. */
const maxRounds = 200

/**
 * The first time at or after `from` at which each of these sets of windows is open; undefined if there is none within
 * about a year of openings.
 */
export function firstOpening(
  from: number,
  ...all: readonly (readonly TimeWindow[] | undefined)[]
): number | undefined {
  const sets = all.filter((windows) => windows !== undefined)
  let at = from
  for (let round = 0; round < maxRounds; round++) {
    const closed = sets.find((windows) => !windows.some((window) => window.isOpen(at)))
    if (!closed) return at
    at = Math.min(...closed.map((window) => window.nextOpening(at)))
    if (!Number.isFinite(at)) return undefined
  }
  return undefined
}

/** What a wave that is due may do now. */
export type Start =
  | { readonly kind: 'wait'; readonly until: number | undefined }
  | { readonly kind: 'start' }
  | { readonly kind: 'late'; readonly since: number }

/** When a wave starts: once it is due and its windows are open, and no later than `lateAfterMinutes` after that. */
export function startOf(
  dueAt: number,
  lateAfterMinutes: number,
  windows: readonly (readonly TimeWindow[] | undefined)[],
  now: number,
): Start {
  const first = firstOpening(dueAt, ...windows)
  if (first === undefined || now < first) return { kind: 'wait', until: first }
  if (now > first + lateAfterMinutes * minuteMs) return { kind: 'late', since: first }
  const open = firstOpening(now, ...windows)
  return open === now ? { kind: 'start' } : { kind: 'wait', until: open }
}
