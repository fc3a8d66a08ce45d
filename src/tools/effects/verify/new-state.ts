import type { NewState } from '../../../operations/effects/new-state.ts'
import type { EffectOperation, Input } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import type { Clock } from '../../../shared/clock.ts'
import { redactJson } from '../../../shared/secrets.ts'
import { type Lists, listsOf } from '../../lists.ts'
import type { ToolContext } from '../../tool.ts'
import type { PreparedCall } from '../prepare/inspection.ts'
import { look } from './look.ts'
import { shownTargets } from './shown-targets.ts'

/** Lists as they are now: a cached row may be older than the effect. Masked where clauses quote the rows. */
function freshLists({ session, signal }: ToolContext): Lists {
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
  const { found: state, failure } = await look(context, clock, async (running) =>
    change.newState?.(said, record, freshLists(running), shownTargets(call)),
  )
  if (failure !== undefined) return { text: `what became of it at Qualys ${failure}: ${change.recovery}` }
  return typeof state === 'string' ? { text: state } : state
}
