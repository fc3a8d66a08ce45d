import type { TimeWindow } from '../../../config/limits/windows.ts'
import type { SetupError } from '../../../shared/errors.ts'
import { limitError } from '../policy/limits/limit-error.ts'

// QUALYS_WINDOW: when code may run and mail may go.

const windowsText = (windows: readonly TimeWindow[]): string => windows.join('; ')

/** A time in UTC, to the minute. */
export const utcText = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`

const isOpen = (windows: readonly TimeWindow[], at: number): boolean =>
  windows.some((window) => window.isOpen(at))

/** When the next of the windows opens, as the clock of its zone shows it and in UTC. */
function nextOpeningText(windows: readonly TimeWindow[], now: number): string {
  const [next] = windows
    .map((window) => ({ window, at: window.nextOpening(now) }))
    .sort((one, other) => one.at - other.at)
  return next ? `${next.window.localText(next.at)} (${utcText(next.at)})` : ''
}

/** Whether a window is open, and when the next one opens. */
export function windowState(windows: readonly TimeWindow[], now: number): string {
  const state = isOpen(windows, now) ? 'open now' : `opens ${nextOpeningText(windows, now)}`
  return `${windowsText(windows)}: ${state}`
}

/** Throws unless a window is open now. */
export function checkWindow(windows: readonly TimeWindow[] | undefined, now: number): void {
  if (!windows || isOpen(windows, now)) return
  throw limitError(
    `code may run and mail may go only within QUALYS_WINDOW (${windowsText(windows)}), which opens next ${nextOpeningText(windows, now)}`,
    'QUALYS_WINDOW',
  )
}

/** Most runs of a schedule that are compared with the windows. */
const maxCompared = 10_000

const outside = (what: string, windows: readonly TimeWindow[]): SetupError =>
  limitError(`${what}, and QUALYS_WINDOW is ${windowsText(windows)}`, 'QUALYS_WINDOW')

/** Throws unless every run lies within a window. `count` is undefined if the runs cannot be read. */
export function checkRunsInWindow(
  subject: string,
  runs: { readonly count: number; readonly times: () => Iterable<number> } | undefined,
  windows: readonly TimeWindow[] | undefined,
): void {
  if (!windows) return
  if (!runs) throw outside(`when ${subject} runs cannot be read`, windows)
  if (runs.count > maxCompared)
    throw outside(`${subject} runs more often than the ${maxCompared} times that can be compared`, windows)
  for (const at of runs.times()) {
    if (isOpen(windows, at)) continue
    const [window] = windows
    throw outside(
      `${subject} runs outside the operator’s windows, first at ${window?.localText(at)} (${utcText(at)})`,
      windows,
    )
  }
}
