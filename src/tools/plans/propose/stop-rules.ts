import { InputError } from '../../../shared/errors.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { boundText, hostsOf } from '../bounds.ts'
import { minutesText } from '../durations.ts'
import type { Bound, PlannedWave, RolloutPlan } from '../plan.ts'
import { capitalized, waveText } from '../wave-names.ts'
import { plannedHosts } from './waves.ts'

const sizesOf = (waves: readonly Pick<PlannedWave, 'hosts'>[]): number[] =>
  waves.map(({ hosts }) => hosts.length)

const isZero = (bound: Bound): boolean => ('hosts' in bound ? bound.hosts : bound.percent) <= 0

function refuse(name: string, bound: Bound, why: string, next: string): never {
  throw new InputError(`${name} ${boundText(bound)} ${why}.`, next)
}

/** Throws if a rule for failures always holds the plan, or never. `most`: the hosts among which it counts. */
function checkFailures(name: string, bound: Bound | undefined, most: number, whose: string): void {
  if (bound === undefined) return
  if (isZero(bound))
    refuse(name, bound, 'would stop the plan before it begins', `Pass ${name} of at least 1 host.`)
  if (hostsOf(bound, most) > most)
    refuse(
      name,
      bound,
      `can never stop the plan: ${whose} ${counted(most, 'host')}`,
      `Pass ${formatNumber(most)} or less, or a share such as 5%.`,
    )
}

/**
 * Throws an InputError for a rule that can never hold the plan, or that always does. A small wave may still be one in
 * which a rule cannot count: that no host of it succeeds holds the plan in any case.
 */
export function checkStopRules(
  waves: readonly Pick<PlannedWave, 'hosts'>[],
  stopAfter: RolloutPlan['stopAfter'],
  notReported: Bound,
): void {
  const largest = Math.max(...sizesOf(waves))
  checkFailures('stopAfter.wave', stopAfter.wave, largest, 'the largest wave has')
  checkFailures('stopAfter.all', stopAfter.all, plannedHosts(waves), 'all waves together have')
  if (isZero(notReported))
    refuse('notReported', notReported, 'is less than 1 host', 'Pass 1, or a share such as 10%.')
  // Of one host none can be missing and another one not: that none succeeds is the rule for it.
  if (largest > 1 && hostsOf(notReported, largest) >= largest)
    refuse(
      'notReported',
      notReported,
      `can never stop the plan: the largest wave has ${counted(largest, 'host')}`,
      `Pass less than ${formatNumber(largest)}, or a share such as 10%.`,
    )
}

/** ` (5%)` behind the number that a share comes to. */
const shareText = (bound: Bound): string => ('percent' in bound ? ` (${boundText(bound)})` : '')

/** `3 of 50 hosts (5%) fail`; undefined if there are not as many. */
function failText(bound: Bound | undefined, total: number): string | undefined {
  if (bound === undefined) return undefined
  const count = hostsOf(bound, total)
  return count > total
    ? undefined
    : `when ${formatNumber(count)} of ${counted(total, 'host')}${shareText(bound)} ${count === 1 ? 'fails' : 'fail'}`
}

/** `more than 5 (10%) have not reported within 4 h`; undefined if no more than all can. */
function missingText(bound: Bound, total: number, minutes: number): string | undefined {
  const count = hostsOf(bound, total)
  return count >= total
    ? undefined
    : `when more than ${formatNumber(count)}${shareText(bound)} ${count === 1 ? 'has' : 'have'} not reported within ${minutesText(minutes)}`
}

function alternatives(parts: readonly (string | undefined)[]): string {
  const clauses = parts.filter((part) => part !== undefined)
  const last = clauses.pop() ?? ''
  if (clauses.length === 0) return last
  return `${clauses.join(', ')}${clauses.length > 1 ? ',' : ''} or ${last}`
}

/**
 * When the plan stops, with numbers: a sentence for each wave, and one over all waves if there is such a rule. `shown`:
 * the indexes of the waves that still count; all without it.
 */
export function stopRuleTexts(
  plan: Pick<RolloutPlan, 'waves' | 'stopAfter' | 'notReported' | 'reportWithinMinutes'>,
  shown?: ReadonlySet<number>,
): string[] {
  const { waves, stopAfter, notReported, reportWithinMinutes } = plan
  const total = plannedHosts(waves)
  const over = failText(stopAfter.all, total)
  return [
    ...waves.flatMap((wave, index) => {
      if (shown && !shown.has(index)) return []
      const size = wave.hosts.length
      const rules = alternatives([
        failText(stopAfter.wave, size),
        'when none succeeds',
        missingText(notReported, size, reportWithinMinutes),
      ])
      return `${capitalized(waveText(index, wave.name))}: stops ${rules}.`
    }),
    ...(over === undefined ? [] : [`All waves together: stops ${over}.`]),
  ]
}
