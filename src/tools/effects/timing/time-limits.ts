import type { Settings } from '../../../config/settings.ts'
import type { Effect, EffectOperation, Input } from '../../../operations/operation.ts'
import type { Targets } from '../targets/targets.ts'
import { mailsOf } from './mails.ts'
import { checkWindow } from './window.ts'

/** A call whose targets were looked up. */
interface TimedCall {
  readonly effect: Effect
  readonly args: Input
  readonly targets: Targets
}

/** True if the call runs code or mails people at once. */
function actsNow({ effect, args, targets }: TimedCall): boolean {
  if (targets.product === 'car') return targets.named.runs === 'now'
  const mails = mailsOf(targets, effect, args)
  // Another due date mails nobody at once.
  return effect === 'execute' && mails !== undefined && mails.n !== 0
}

/** Throws for a call that runs code or mails people outside the operator's windows. */
export function checkTimeLimits({ change }: EffectOperation, call: TimedCall, settings: Settings): void {
  if (!settings.window || change.quiets?.(call.args)) return
  if (actsNow(call)) checkWindow(settings.window, Date.now())
}
