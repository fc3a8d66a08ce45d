import type { EffectOperation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { QualysError } from '../../../shared/errors.ts'
import { listsOf } from '../../lists.ts'
import type { ToolContext } from '../../tool.ts'
import type { SentEffect } from './sent-effect.ts'

/**
 * The state after an effect that happened, for the reply. A read that fails, or has no time left, does not make the
 * effect look failed: the reply then says how to look.
 */
export async function newStateOf(
  { change }: EffectOperation,
  { args }: SentEffect,
  record: Row,
  context: ToolContext,
): Promise<string | undefined> {
  if (!change.newState) return undefined
  const { session, signal } = context
  const lists = {
    ...listsOf({ session, signal }),
    // A cached row may be older than the effect.
    find: (list: Parameters<typeof session.find>[0], ids: readonly string[]) =>
      session.find(list, ids, { signal }, true),
  }
  try {
    return await change.newState(args, record, lists)
  } catch (error) {
    const isTimeout = error instanceof CallTimeoutError
    if (!isTimeout) signal.throwIfAborted()
    if (!isTimeout && !(error instanceof QualysError)) throw error
    const reason = isTimeout ? 'was not looked at, since time was up' : 'could not be read'
    return `what became of it at Qualys ${reason}: ${change.recovery}`
  }
}
