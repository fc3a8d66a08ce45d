import { counted } from '../../shared/format.ts'
import { limitError } from '../effects/policy/limits/limit-error.ts'
import type { ToolContext } from '../tool.ts'

/** The limit on the hosts of a rollout. */
export const planLimit = 'QUALYS_MAX_ASSETS_PER_PLAN'

/** Throws unless the operator allows rollouts. */
export function requireRollouts({ configuration }: ToolContext): void {
  if (configuration.settings.maxAssetsPerPlan > 0) return
  throw limitError(`${planLimit} is 0, so there are no rollouts`, planLimit)
}

/** Throws if a rollout has more hosts than the operator allows. */
export function checkPlanSize(hosts: number, context: ToolContext): void {
  requireRollouts(context)
  const max = context.configuration.settings.maxAssetsPerPlan
  if (hosts <= max) return
  throw limitError(`the rollout has ${counted(hosts, 'host')}, and ${planLimit} is ${max}`, planLimit)
}
