import { searchAssets, searchAssetTags } from '../../../operations/car/assets.ts'
import { InputError } from '../../../shared/errors.ts'
import { counted } from '../../../shared/format.ts'
import { checkAssets } from '../../effects/policy/limits/assets.ts'
import { callerLimit, LimitError, limitError } from '../../effects/policy/limits/limit-error.ts'
import { callerTags, checkTags } from '../../effects/policy/limits/tags.ts'
import { findHosts, type Hosts } from '../../effects/targets/hosts.ts'
import {
  type LookupContext,
  readRows,
  requireInList,
  type Target,
  toTarget,
} from '../../effects/targets/lookup.ts'
import { quoteIfNeeded } from '../../replies/cells.ts'
import type { ToolContext } from '../../tool.ts'
import { hostsOf } from '../bounds.ts'
import { PlanHold } from '../hold.ts'
import type { LeftOutHost, PlannedWave, RolloutPlan } from '../plan.ts'
import { checkPlanSize } from '../plan-size.ts'
import { plannedHosts } from '../propose/waves.ts'
import { waveInWords } from '../wave-names.ts'

/** The hosts that a wave is sent to now, of those that were approved. */
export interface WaveHosts {
  readonly hosts: readonly string[]
  readonly leftOut: readonly LeftOutHost[]
  /** Hosts that have the tag of the fleet since: named, never added. */
  readonly joined: readonly string[]
}

/** A tag may have grown: more hosts than this are not read for names that nobody adds. */
const maxFleet = 100_000

/** The hosts that have the tag now. */
async function readFleet(tagId: string, context: ToolContext): Promise<readonly Target[]> {
  try {
    const tags = await requireInList(context, searchAssetTags, [tagId])
    const { count, members, unknownReason } = await findHosts(
      { assets: [], tags, excludedAssets: [] },
      maxFleet,
      context,
    )
    if (count === members.length) return members
    throw new PlanHold(
      'left out',
      `Which hosts have the tag of the fleet cannot be read: ${unknownReason ?? `it has ${count}`}.`,
    )
  } catch (error) {
    if (error instanceof InputError)
      throw new PlanHold('left out', `The tag of the fleet is gone: ${error.message}`)
    throw error
  }
}

async function readHosts(ids: readonly string[], context: LookupContext): Promise<readonly Target[]> {
  const rows = await readRows(context, searchAssets, ids)
  return ids.flatMap((id) => (rows.has(id) ? [toTarget(context, id, rows.get(id))] : []))
}

const noTags = { assets: [], tags: [], excludedAssets: [] } as const

async function checkHosts(members: readonly Target[], context: ToolContext): Promise<void> {
  const hosts: Hosts = { count: members.length, members }
  await checkTags(noTags, hosts, context)
  checkAssets(hosts, context)
}

/** Hosts on which the operator does not let code run, and why. */
async function findForbidden(
  members: readonly Target[],
  context: ToolContext,
): Promise<readonly LeftOutHost[]> {
  try {
    await checkHosts(members, context)
    return []
  } catch (error) {
    if (!(error instanceof LimitError)) throw error
  }
  const forbidden: LeftOutHost[] = []
  for (const member of members) {
    try {
      await checkHosts([member], context)
    } catch (error) {
      if (!(error instanceof LimitError)) throw error
      forbidden.push({ id: member.id, why: `is forbidden by ${error.setting}` })
    }
  }
  return forbidden
}

/**
 * Throws a LimitError if the limits of whoever calls do not let these waves run: they begin waves that somebody else
 * proposed. What the settings forbid is left out when the wave begins.
 */
export async function checkCallerLimits(
  plan: RolloutPlan,
  waves: readonly number[],
  context: ToolContext,
): Promise<void> {
  const { maxAssetsPerRun: most, tags } = context.caller
  for (const index of waves) {
    const hosts = plan.waves[index]?.hosts ?? []
    if (most !== undefined && hosts.length > most)
      throw limitError(
        `${waveInWords(plan, index)} has ${counted(hosts.length, 'host')}, and ${callerLimit} is ${most}`,
        callerLimit,
      )
    if (!tags) continue
    for (const member of await readHosts(hosts, context))
      try {
        await checkHosts([member], context)
      } catch (error) {
        if (!(error instanceof LimitError) || error.setting.includes(callerTags)) throw error
      }
  }
}

/**
 * Splits the hosts of a wave into those that are reached now and those that are left out. Throws a LimitError for a plan
 * with more hosts than the operator allows by now. `refused`: hosts that Qualys does not take.
 */
export async function findWaveHosts(
  { fleetTag, fleet, waves }: RolloutPlan,
  { hosts }: PlannedWave,
  refused: readonly string[],
  context: ToolContext,
): Promise<WaveHosts> {
  checkPlanSize(plannedHosts(waves), context)
  const members = fleetTag ? await readFleet(fleetTag.id, context) : await readHosts(hosts, context)
  const present = new Map(members.map((member) => [member.id, member]))
  const why = fleetTag ? 'is gone or has no longer the tag of the fleet' : 'is gone'
  const gone = hosts.filter((id) => !present.has(id)).map((id) => ({ id, why }))
  const reachable = hosts.flatMap((id) => (refused.includes(id) ? [] : (present.get(id) ?? [])))
  const named = refused.filter((id) => present.has(id)).map((id) => ({ id, why: 'is refused by Qualys' }))
  const forbidden = reachable.length === 0 ? [] : await findForbidden(reachable, context)
  const barred = new Set(forbidden.map(({ id }) => id))
  const known = new Set(fleet)
  return {
    hosts: reachable.map(({ id }) => id).filter((id) => !barred.has(id)),
    leftOut: [...gone, ...named, ...forbidden],
    joined: fleetTag ? members.map(({ id }) => id).filter((id) => !known.has(id)) : [],
  }
}

const maxNamed = 5

/** Throws a PlanHold if more hosts are left out than the plan allows, besides those that a person accepted, or all. */
export function checkLeftOut(
  { leftOut: bound, hostNames }: RolloutPlan,
  wave: PlannedWave,
  { hosts, leftOut }: WaveHosts,
  accepted: ReadonlySet<string>,
): void {
  const most = Math.max(1, hostsOf(bound, wave.hosts.length))
  if (leftOut.filter(({ id }) => !accepted.has(id)).length <= most && hosts.length > 0) return
  const named = leftOut
    .slice(0, maxNamed)
    .map(({ id, why }) => `${quoteIfNeeded(hostNames[id] ?? id)} ${why}`)
  const more = leftOut.length > maxNamed ? `; ${leftOut.length - maxNamed} more` : ''
  const next =
    hosts.length > 0
      ? 'Look at them; resuming goes on without them.'
      : 'Without hosts this wave cannot begin: bring some back, or stop the plan.'
  throw new PlanHold(
    'left out',
    `${counted(leftOut.length, 'host')} of the ${wave.hosts.length} of this wave can no longer be reached (${named.join('; ')}${more}). ${next}`,
    { hosts: leftOut.map(({ id }) => id) },
  )
}
