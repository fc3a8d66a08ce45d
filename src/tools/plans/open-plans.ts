import { platformName } from '../../config/platforms.ts'
import { InputError } from '../../shared/errors.ts'
import type { Safeguards, ToolContext } from '../tool.ts'
import { execute } from './execute.ts'
import type { PlanJournals } from './journal/port.ts'
import { JournalError } from './journal-error.ts'
import { journalsOf } from './journals.ts'
import { type OpenPlan, openPlan } from './runner.ts'
import { isOpenPhase } from './state/plan-state.ts'

/** All plans of a state folder. */
export interface ReadPlans {
  readonly open: readonly OpenPlan[]
  /** Plans whose journals cannot be read: nothing acts on them. */
  readonly damaged: readonly JournalError[]
}

/** Reads every plan that is not skipped. A damaged journal is reported; the other plans are read all the same. */
export function readPlans(journals: PlanJournals, skips = (_id: string): boolean => false): ReadPlans {
  const open: OpenPlan[] = []
  const damaged: JournalError[] = []
  for (const id of journals.list()) {
    if (skips(id)) continue
    try {
      const plan = openPlan(journals, id)
      if (plan) open.push(plan)
    } catch (error) {
      if (!(error instanceof JournalError)) throw error
      damaged.push(error)
    }
  }
  return { open, damaged }
}

/** True for a plan that has not ended. */
export const isOpen = ({ state }: OpenPlan): boolean => isOpenPhase(state)

/** The order of a list: the last changed plan first. */
export const newestFirst = (one: OpenPlan, other: OpenPlan): number =>
  other.state.touchedAt - one.state.touchedAt

/** How many plans of a state folder are in each phase. */
export function countPlans(safeguards: Safeguards): Readonly<Record<string, number>> {
  const { open, damaged } = readPlans(journalsOf(safeguards))
  const counts: Record<string, number> = damaged.length > 0 ? { damaged: damaged.length } : {}
  for (const { state } of open) counts[state.phase] = (counts[state.phase] ?? 0) + 1
  return counts
}

/** Who acts, as the journal says it. */
export const whoOf = ({ caller }: ToolContext): string =>
  caller.named ? `${caller.named.person} (${caller.named.name})` : 'the client'

/** Whose plans a call can see: those of its account, on its platform. */
export async function accountOf({ session, configuration }: ToolContext) {
  return {
    account: session.redact(await session.identity(execute)),
    platform: platformName(configuration.settings),
  }
}

/** A plan of the account of a call. Throws an InputError if there is none. */
export async function findPlan(id: string, context: ToolContext): Promise<OpenPlan> {
  const open = openPlan(journalsOf(context.safeguards), id)
  const own = await accountOf(context)
  if (open && open.state.plan.account === own.account && open.state.plan.platform === own.platform)
    return open
  throw new InputError(
    open
      ? `Rollout ${id} belongs to another account (${open.state.plan.account} on ${open.state.plan.platform}).`
      : `There is no rollout ${id} in this state folder.`,
    'Pass an id from car_list_rollouts.',
  )
}
