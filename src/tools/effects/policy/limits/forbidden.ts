import { storedActs } from '../../../../operations/car/inputs/run-targets.ts'
import type { Act } from '../../../../operations/effects/effect-targets.ts'
import type { EffectOperation, Input } from '../../../../operations/operation.ts'
import type { Row } from '../../../../session/answer.ts'
import type { ToolContext } from '../../../tool.ts'
import type { Targets } from '../../targets/targets.ts'
import { limitError } from './limit-error.ts'

/** What new content does where active schedules run the script. Unread schedules count as one. */
function actsOfSchedules(targets: Targets): readonly Act[] {
  if (targets.product !== 'car' || !targets.named.runsBySchedules) return []
  const { activeSchedules } = targets
  if (activeSchedules === undefined) return ['run', ...storedActs(undefined)]
  return activeSchedules.flatMap(({ raw }) => ['run', ...storedActs(raw)] as const)
}

const isSwitchOff = (targets: Targets): boolean =>
  targets.product === 'car' && targets.named.isSwitchOff === true

/**
 * Throws if a call does what QUALYS_FORBID switches off, for whatever reason and whoever approves it. `current`: the
 * target as Qualys shows it.
 */
export function checkForbidden(
  operation: EffectOperation,
  args: Input,
  current: Row | undefined,
  targets: Targets,
  { configuration: { settings } }: ToolContext,
): void {
  const { forbid } = settings
  if (!forbid) return
  const { effect, change } = operation
  const effects = [effect, change.effect?.(args, current)]
  const done = [
    ...(effects.includes('delete') ? (['delete'] as const) : []),
    ...(isSwitchOff(targets) ? [] : (change.acts?.(args, current) ?? [])),
    ...actsOfSchedules(targets),
  ]
  const forbidden = done.find((act) => forbid.has(act))
  if (forbidden !== undefined)
    throw limitError(
      `${operation.title} would do what QUALYS_FORBID switches off: ${forbidden}`,
      'QUALYS_FORBID',
    )
}
