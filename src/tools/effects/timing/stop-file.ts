import { lstatSync } from 'node:fs'
import { operations } from '../../../operations/index.ts'
import type { EffectOperation, Input, Operation } from '../../../operations/operation.ts'
import { texts } from '../../../shared/format.ts'
import { systemErrorCode } from '../../../shared/own-folder.ts'
import type { ToolContext } from '../../tool.ts'
import { LimitError } from '../policy/limits/limit-error.ts'
import type { Targets } from '../targets/targets.ts'

/** Why the stop file stops effects; undefined if it does not exist. Whatever hides it counts as a stop. */
export function stopReason(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    lstatSync(file)
    return 'that file exists'
  } catch (error) {
    const code = systemErrorCode(error)
    return code === 'ENOENT' ? undefined : `whether that file exists cannot be told (${code})`
  }
}

/** The calls of a tool that still go, in words. */
const callOf = ({ name, change }: Operation): string => texts(name, change?.quietCalls).join(' ')

/** These belong to no operation of Qualys. */
const rolloutTools = ['car_hold_rollout', 'car_stop_rollout'] as const

/** True if the call only takes away work, as far as is known: what it changes shows once its targets are looked up. */
const takesAwayWork = ({ change }: EffectOperation, args: Input, targets: Targets | undefined): boolean =>
  change.quiets?.(args) === true && !(targets?.product === 'car' && targets.named.isSwitchOff === false)

/** Throws while the operator's stop file exists, unless the call only takes away work. */
export function checkStopFile(
  operation: EffectOperation,
  args: Input,
  { configuration, withheldTools }: ToolContext,
  targets?: Targets,
): void {
  const reason = stopReason(configuration.settings.stopFile)
  if (reason === undefined || takesAwayWork(operation, args, targets)) return
  const quiet = operations.filter((one) => one.change?.quiets && !withheldTools.has(one.name))
  const ofRollouts = configuration.settings.maxAssetsPerPlan > 0 ? rolloutTools : []
  const still = [...quiet.map(callOf), ...ofRollouts.filter((name) => !withheldTools.has(name))]
  throw new LimitError(
    `The operator has stopped all effects (QUALYS_STOP_FILE: ${reason}); nothing was sent.`,
    still.length === 0
      ? 'Only the operator can end this: tell them what was to be done.'
      : `Only the operator can end this: tell them what was to be done. Calls that only take away work still go, with their usual approval: ${still.join(', ')}.`,
    'QUALYS_STOP_FILE',
  )
}
