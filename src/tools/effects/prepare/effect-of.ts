import type { Effect, EffectOperation, Input } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'

/** The effect of a call; `subject` is the target as Qualys shows it, once it is looked up. */
export function effectOf({ effect, change }: EffectOperation, args: Input, subject?: Row): Effect {
  // A secret leaves this server, and a script can do anything with it.
  if (change.secrets && change.secrets(args).length > 0) return 'execute'
  return change.effect?.(args, subject) ?? effect
}
