import { counted, texts } from '../../../shared/format.ts'
import type { Preview } from '../../effects/preview/preview.ts'
import type { RolloutPlan } from '../plan.ts'
import { waveText } from '../wave-names.ts'
import {
  type PlacedWave,
  type PreviewDetails,
  placed,
  planFacts,
  reachWarning,
  ruleLines,
  scriptLines,
  waveTable,
} from './preview-parts.ts'
import { plannedHosts, unplannedText } from './waves.ts'

const titles = {
  car_plan_rollout: 'Roll a script out in waves',
  car_plan_rerun: 'Run a script again on hosts where it did not succeed',
} as const satisfies Readonly<Record<RolloutPlan['tool'], string>>

/** `wave 2 (canary) and wave 5`. */
function listed(waves: readonly PlacedWave[]): string {
  const names = waves.map(([index, { name }]) => waveText(index, name))
  const last = names.pop() ?? ''
  return names.length > 0 ? `${names.join(', ')} and ${last}` : last
}

/** Whether waves start by themselves once this is approved; undefined for a single one. */
export function approvalWarning(waves: readonly PlacedWave[]): string | undefined {
  const own = waves.filter(([, { needsApproval }]) => needsApproval)
  if (waves.length > 0 && own.length === waves.length)
    return 'Each wave is approved once more before it begins.'
  if (own.length > 0)
    return `Approved once more before it begins: ${listed(own)}. The other waves start by themselves.`
  return waves.length > 1
    ? 'This approval is for all of these waves: later ones start by themselves.'
    : undefined
}

/** What a person reads before a plan is approved. */
export function planPreview(plan: RolloutPlan, details: PreviewDetails = {}): Preview {
  const waves = placed(plan.waves)
  const unplanned = unplannedText(plan.fleet, plan.waves)
  const own = {
    title: titles[plan.tool],
    counts: [counted(waves.length, 'wave'), counted(plannedHosts(plan.waves), 'host')],
    warnings: texts(reachWarning(waves), approvalWarning(waves), unplanned !== undefined && `${unplanned}.`),
    lines: [
      ...scriptLines(plan.script, details.scriptLineCount),
      ...waveTable('waves', plan, waves),
      ...ruleLines(plan),
    ],
    hosts: waves,
  }
  return { facts: planFacts(plan, own, details), notes: [] }
}
