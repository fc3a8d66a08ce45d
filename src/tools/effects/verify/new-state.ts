import type { NewState } from '../../../operations/new-state.ts'
import type { EffectOperation, Input } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { type Clock, withTimeout } from '../../../shared/clock.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { QualysError } from '../../../shared/errors.ts'
import { factsOf } from '../../../shared/log.ts'
import { redactJson } from '../../../shared/secrets.ts'
import { type Lists, listsOf } from '../../lists.ts'
import type { ToolContext } from '../../tool.ts'
import type { PreparedCall } from '../prepare/inspection.ts'
import { shownTargets } from './shown-targets.ts'

/** Clients give a call up after a minute, and the effect has happened. */
const maxReadMs = 10_000

/** Lists as they are now: a cached row may be older than the effect. Masked where clauses quote the rows. */
function freshLists({ session }: ToolContext, signal: AbortSignal): Lists {
  const lists = listsOf({ session, signal })
  return {
    ...lists,
    find: (list, ids) => session.find(list, ids, { signal }, true),
    first: async (list, input) => {
      const { rows, isWhole } = await lists.first(list, input)
      return { rows: redactJson(rows, session.redact), isWhole }
    },
  }
}

/**
 * Looks at Qualys after an effect that happened, for at most ten seconds. `onFailure`: makes of the reason, `could not
 * be read`, what is said instead. Throws only if the call is cancelled: the effect must not look failed.
 */
export async function readBack<T>(
  context: ToolContext,
  clock: Clock,
  read: (context: ToolContext) => Promise<T>,
  onFailure: (reason: string) => T,
): Promise<T> {
  const { signal, log } = context
  const late = 'was not looked at, since time was up'
  let found: { readonly value: T } | undefined
  try {
    await withTimeout(clock, clock.now() + maxReadMs, signal, async (signal) => {
      found = { value: await read({ ...context, signal }) }
    })
  } catch (error) {
    const isLate = error instanceof CallTimeoutError || signal.reason instanceof CallTimeoutError
    if (!isLate) signal.throwIfAborted()
    if (!isLate && !(error instanceof QualysError)) log.error(factsOf(error), 'unexpected')
    const isDenied = error instanceof QualysError && error.details.status === 403
    return onFailure(isLate ? late : isDenied ? 'may not be read by this user (403)' : 'could not be read')
  }
  return found ? found.value : onFailure(late)
}

/**
 * The state after an effect that happened, for the reply. A read that fails, or has no time left, does not make the
 * effect look failed: the reply then says how to look. `said`: the arguments as replies quote them.
 */
export async function newStateOf(
  { change }: EffectOperation,
  call: Pick<PreparedCall, 'targets' | 'hosts'>,
  said: Input,
  record: Row,
  context: ToolContext,
  clock: Clock,
): Promise<NewState | undefined> {
  const state = await readBack(
    context,
    clock,
    async (running) =>
      change.newState?.(said, record, freshLists(running, running.signal), shownTargets(call)),
    (reason) => `what became of it at Qualys ${reason}: ${change.recovery}`,
  )
  return typeof state === 'string' ? { text: state } : state
}
