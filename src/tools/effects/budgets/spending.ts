import { mostWithin } from '../../../operations/car/timetable/occurrences.ts'
import type { Effect, Input } from '../../../operations/operation.ts'
import { dayMs, hourMs } from '../../../shared/clock.ts'
import { type CarTargets, storedIdsIn } from '../targets/car-targets.ts'
import type { Hosts } from '../targets/hosts.ts'
import type { SaqTargets } from '../targets/saq-targets.ts'
import type { Targets } from '../targets/targets.ts'
import { mailsOf } from '../timing/mails.ts'
import type { ScheduleRuns } from '../timing/schedule-runs.ts'
import type { Spent } from './budget-limits.ts'

/** A call that was looked up and not yet sent. */
export interface SpendingCall {
  readonly effect: Effect
  readonly args: Input
  readonly targets: Targets
  /** Where code runs; undefined if none runs. */
  readonly hosts?: Hosts | undefined
  /** The runs of its schedule, if it has one. */
  readonly scheduleRuns?: ScheduleRuns | undefined
}

/** What a call spends of one budget. */
export interface Spending {
  readonly what: Spent
  /** Undefined if it is unknown. */
  readonly n: number | undefined
  /** Present for what stays spent until then, as a schedule runs until its end. */
  readonly until?: number
  /** When that begins. */
  readonly from?: number
}

/** What a call spends, and what becomes of the standing charges of its schedule or campaign. */
export interface Spendings {
  readonly spendings: readonly Spending[]
  /** The schedule or campaign that standing charges belong to; undefined if Qualys will give it an id. */
  readonly object: string | undefined
  /** What an object that the call creates will be. */
  readonly noun: 'schedule' | 'campaign'
  /** True if the call ends or replaces the standing charges of the object. */
  readonly replaces: boolean
}

const product = (...numbers: readonly (number | undefined)[]): number | undefined =>
  numbers.reduce((result, number) =>
    result === undefined || number === undefined ? undefined : result * number,
  )

function carSpendings({ named, schedules }: CarTargets, call: SpendingCall): Spendings {
  const { runs, endsRuns = false } = named
  const id = named.schedules?.[0]
  const scripts = named.scripts?.length ?? storedIdsIn(schedules[0]?.row?.['scripts'])?.length
  const hosts = call.hosts?.count
  const whole = (spendings: readonly Spending[]): Spendings => ({
    spendings,
    object: id === undefined ? undefined : `schedule ${id}`,
    noun: 'schedule',
    replaces: endsRuns || spendings.length > 0,
  })
  if (endsRuns || runs === undefined) return whole([])
  if (runs === 'now')
    return whole([
      { what: 'hosts', n: product(hosts, scripts) },
      { what: 'runs', n: scripts },
    ])
  if (!call.scheduleRuns) return whole([])
  const { timetable, occurrences } = call.scheduleRuns
  const { count, last } = occurrences
  if (last === undefined) return whole([])
  const standing = { until: last, from: timetable.start }
  return whole([
    { what: 'hosts', n: product(hosts, scripts, mostWithin(timetable, count, dayMs)), ...standing },
    { what: 'runs', n: product(scripts, mostWithin(timetable, count, hourMs)), ...standing },
  ])
}

function saqSpendings(targets: SaqTargets, { effect, args }: SpendingCall): Spendings {
  const id = targets.named.campaigns?.[0]
  const mails = mailsOf(targets, effect, args)
  return {
    spendings: mails
      ? [{ what: 'mails', n: mails.n, ...(mails.until !== undefined && { until: mails.until }) }]
      : [],
    object: id === undefined ? undefined : `campaign ${id}`,
    noun: 'campaign',
    replaces: targets.named.endsMails === true || mails?.areAll === true,
  }
}

/** What a call spends of the budgets, from what it acts on. */
export const spendingsOf = (call: SpendingCall): Spendings =>
  call.targets.product === 'car' ? carSpendings(call.targets, call) : saqSpendings(call.targets, call)
