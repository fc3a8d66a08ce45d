import type { Configuration, Settings } from '../../../config/settings.ts'
import { type Occurrences, occurrencesOf } from '../../../operations/car/timetable/occurrences.ts'
import { storedTimetable } from '../../../operations/car/timetable/stored-timetable.ts'
import type { Timetable } from '../../../operations/effects/effect-targets.ts'
import { formatNumber } from '../../../shared/format.ts'
import { limitError } from '../policy/limits/limit-error.ts'
import type { CarTargets } from '../targets/car-targets.ts'
import { checkRunsInWindow, utcText } from './window.ts'

// The runs of the schedule that a call creates, changes or switches on.

/** The schedule of a call, with its runs that are still to come. */
export interface ScheduleRuns {
  readonly timetable: Timetable
  readonly occurrences: Occurrences
}

/** The setting that needs to know when a schedule runs; undefined if only the default limit on its runs is set. */
function strictSetting({ settings, origins }: Configuration): string | undefined {
  if (settings.window) return 'QUALYS_WINDOW'
  if (settings.maxHostsPerDay !== undefined) return 'QUALYS_MAX_HOSTS_PER_DAY'
  if (settings.maxRunsPerHour !== undefined) return 'QUALYS_MAX_RUNS_PER_HOUR'
  return origins.maxScheduledRuns === 'default' ? undefined : 'QUALYS_MAX_SCHEDULED_RUNS'
}

/**
 * The runs of a schedule; undefined if the call has none, or if those that are stored cannot be read. That is refused
 * where the operator has set a limit on them.
 */
function scheduleRunsOf(
  { named, schedules }: CarTargets,
  configuration: Configuration,
  now: number,
): ScheduleRuns | undefined {
  const { runs } = named
  if (runs === undefined || runs === 'now') return undefined
  const timetable = runs === 'stored' ? storedTimetable(schedules[0]?.row) : runs
  if (timetable) return { timetable, occurrences: occurrencesOf(timetable, now) }
  const setting = strictSetting(configuration)
  if (setting === undefined) return undefined
  throw limitError(
    `when schedule ${schedules[0]?.id} runs cannot be read, and an unknown number of runs counts as over any limit (${setting})`,
    setting,
  )
}

/** What a person is told of a schedule whose runs cannot be read. */
export const unknownRunsWarning = ({ named }: CarTargets, runs: ScheduleRuns | undefined): string | false =>
  named.runs === 'stored' &&
  !named.isSwitchOff &&
  !runs &&
  'When and how often it will run until its end cannot be read.'

const spanText = ({ first = 0, last = 0 }: Occurrences): string =>
  `the first ${utcText(first)}, the last ${utcText(last)}`

/** New content of a script runs whenever its active schedules do. */
function checkChangedSchedules({ named, activeSchedules = [] }: CarTargets, settings: Settings): void {
  if (!named.changesScript) return
  for (const { id, row } of activeSchedules) {
    const timetable = storedTimetable(row)
    const runs = timetable && occurrencesOf(timetable, Date.now())
    checkRunsInWindow(`schedule ${id}, which runs the script,`, runs, settings.window)
  }
}

/**
 * The runs of the schedule of a call, if it has one. Throws if they are too many, or lie outside the windows. Switching
 * a schedule off is always allowed.
 */
export function checkScheduleRuns(
  targets: CarTargets,
  configuration: Configuration,
  now: number,
): ScheduleRuns | undefined {
  const { settings } = configuration
  checkChangedSchedules(targets, settings)
  if (targets.named.isSwitchOff) return undefined
  const runs = scheduleRunsOf(targets, configuration, now)
  if (!runs) return undefined
  const { occurrences } = runs
  const { maxScheduledRuns, window } = settings
  if (occurrences.count > maxScheduledRuns)
    throw limitError(
      `the schedule has ${formatNumber(occurrences.count)} runs until its end (${spanText(occurrences)}), and QUALYS_MAX_SCHEDULED_RUNS is ${maxScheduledRuns}`,
      'QUALYS_MAX_SCHEDULED_RUNS',
    )
  checkRunsInWindow('the schedule', occurrences, window)
  return runs
}

/** How often the schedule runs, for the preview. */
export function runsLine({ occurrences }: ScheduleRuns, endsRuns: boolean): string {
  const { count, first } = occurrences
  const label = endsRuns ? 'runs, if it is switched on' : 'runs'
  if (first === undefined) return `${label}: none until its end`
  return count === 1
    ? `${label}: 1, ${utcText(first)}`
    : `${label}: ${formatNumber(count)}, ${spanText(occurrences)}`
}
