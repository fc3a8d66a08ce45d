import { minuteMs } from '../../../shared/clock.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { hostsOf } from '../bounds.ts'
import { minutesText } from '../durations.ts'
import type { Bound, HoldReason, WaveCounts } from '../plan.ts'
import { waveText } from '../wave-names.ts'
import { failuresOf, type PlanState, type WaveState } from './plan-state.ts'

// The rules of stopping. A run cannot be stopped, so that a hold only keeps later waves from starting.

/** What the hosts of a wave mean for the plan. `isEnd`: nothing more of the wave counts. */
export type Verdict =
  | { readonly kind: 'go on' }
  | { readonly kind: 'end' }
  | {
      readonly kind: 'hold'
      readonly reason: HoldReason
      /** What happened and which rule it meets, as one sentence. */
      readonly why: string
      readonly isEnd: boolean
    }

interface Fault {
  readonly reason: HoldReason
  readonly why: string
}

/** What is judged. */
interface Judged {
  readonly state: PlanState
  readonly wave: WaveState
  readonly counts: WaveCounts
  /** The hosts that the run was sent to. */
  readonly hosts: number
  readonly isEnd: boolean
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

const nameOf = ({ index, planned }: WaveState): string => waveText(index, planned.name)

/** `4 of 50 hosts of wave 2 (canary) failed, and the plan stops when 3 of 50 fail`, if that many have failed. */
function tooManyFailures(
  bound: Bound | undefined,
  failures: number,
  accepted: number,
  hosts: number,
  of: string,
): Fault | undefined {
  const limit = bound && Math.max(1, hostsOf(bound, hosts))
  const further = failures - accepted
  if (limit === undefined || further < limit) return undefined
  const since = accepted > 0 ? `, ${formatNumber(further)} of them since a person accepted the others` : ''
  const rule = `${formatNumber(limit)} of ${formatNumber(hosts)} ${limit === 1 ? 'fails' : 'fail'}`
  const what = `${formatNumber(failures)} of ${counted(hosts, 'host')} of ${of}`
  return { reason: 'failures', why: `${what} failed${since}, and the plan stops when ${rule}.` }
}

const acceptedOf = ({ acceptedFailures }: PlanState, { index }: WaveState): number =>
  acceptedFailures[index] ?? 0

function inWave({ state, wave, counts, hosts }: Judged): Fault | undefined {
  const failures = failuresOf(counts)
  return tooManyFailures(state.plan.stopAfter.wave, failures, acceptedOf(state, wave), hosts, nameOf(wave))
}

function overAll({ state, wave, counts }: Judged): Fault | undefined {
  const failures = state.waves.map((one) => failuresOf(one.index === wave.index ? counts : one.counts))
  const accepted = state.waves.map((one, index) => Math.min(acceptedOf(state, one), failures[index] ?? 0))
  const hosts = sum(state.plan.waves.map((planned) => planned.hosts.length))
  return tooManyFailures(state.plan.stopAfter.all, sum(failures), sum(accepted), hosts, 'the plan')
}

/** A wave without any success holds the plan, whatever it allows. */
function noSuccess({ state, wave, counts, hosts, isEnd }: Judged): Fault | undefined {
  const { succeeded, open } = counts
  if (succeeded > 0 || (open > 0 && !isEnd)) return undefined
  const failures = failuresOf(counts)
  const accepted = acceptedOf(state, wave) + (state.acceptedNotReported[wave.index] ?? 0)
  if (failures + open <= accepted) return undefined
  const parts = [
    failures > 0 && `${formatNumber(failures)} failed`,
    open > 0 && `${formatNumber(open)} did not report`,
  ]
  const why = `No host of ${nameOf(wave)} succeeded, of ${formatNumber(hosts)}: ${texts(...parts).join(', ')}.`
  return { reason: failures > 0 ? 'failures' : 'not reported', why }
}

function tooManyMissing({ state, wave, counts: { open }, hosts, isEnd }: Judged): Fault | undefined {
  const { notReported, reportWithinMinutes } = state.plan
  const limit = hostsOf(notReported, hosts)
  if (!isEnd || open <= limit || open <= (state.acceptedNotReported[wave.index] ?? 0)) return undefined
  const what = `${formatNumber(open)} of ${counted(hosts, 'host')} of ${nameOf(wave)} did not report`
  const rule = `more than ${formatNumber(limit)} of ${formatNumber(hosts)} do not`
  return {
    reason: 'not reported',
    why: `${what} within ${minutesText(reportWithinMinutes)}, and the plan stops when ${rule}.`,
  }
}

function hasEnded(
  { plan }: PlanState,
  { phase, run }: WaveState,
  { open }: WaveCounts,
  now: number,
): boolean {
  if (phase === 'ended' || open === 0) return true
  return run !== undefined && now >= run.sentAt + plan.reportWithinMinutes * minuteMs
}

/**
 * Judges a wave whose run was sent, by the hosts as they are now. A wave that has ended may be judged again: a person may
 * have held the plan when it ended. What a person accepted by resuming holds it no more.
 */
export function judgeWave(state: PlanState, wave: WaveState, counts: WaveCounts, now: number): Verdict {
  const { succeeded, open } = counts
  const isEnd = hasEnded(state, wave, counts, now)
  const judged = { state, wave, counts, isEnd, hosts: succeeded + failuresOf(counts) + open }
  const fault = inWave(judged) ?? overAll(judged) ?? noSuccess(judged) ?? tooManyMissing(judged)
  if (fault) return { kind: 'hold', ...fault, isEnd }
  return { kind: isEnd ? 'end' : 'go on' }
}
