import type { Settings } from '../../config/settings.ts'
import type { ToolContext } from '../tool.ts'
import type { PlanJournals } from './journal/port.ts'
import type { PlanEvent, PlanLine } from './plan.ts'
import { foldPlan } from './state/fold.ts'
import type { PlanState } from './state/plan-state.ts'

/** What acts on plans: a process that may have effects, for one account. */
export interface Runner {
  readonly journals: PlanJournals
  /** Names this process in leases and intents. */
  readonly id: string
  /** As the caller who proposed the plan: their limits hold. No client is there to ask. */
  readonly context: ToolContext
  /** Why that caller may run nothing any more, as a sentence; absent if they may. */
  readonly barred?: string
  /** The wall clock, in ms since 1970. */
  readonly now: () => number
}

/** What a journal holds, and the state that follows from it. */
export interface OpenPlan {
  readonly lines: readonly PlanLine[]
  readonly state: PlanState
}

/** Reads a plan; undefined if there is none. Throws a JournalError for a damaged journal. */
export function openPlan(journals: PlanJournals, id: string): OpenPlan | undefined {
  const lines = journals.read(id)
  return lines.length === 0 ? undefined : { lines, state: foldPlan(lines) }
}

/** Writes the next line of a plan; undefined if somebody else wrote one meanwhile. */
export function appendTo(
  journals: PlanJournals,
  { lines, state }: OpenPlan,
  event: PlanEvent,
  who: string,
): OpenPlan | undefined {
  const line = journals.append(state.plan.id, lines, event, who)
  if (!line) return undefined
  const next = [...lines, line]
  return { lines: next, state: foldPlan(next) }
}

/** Who writes what no person asked for. */
export const runnerName = 'runner'

/**
 * Writes what became of an intent, whatever was written after it, such as that the plan is held; undefined if that was
 * written already, also if another intent of the wave stands by now.
 */
export function settleIntent(
  journals: PlanJournals,
  intended: OpenPlan,
  outcome: Extract<PlanEvent, { readonly kind: 'sent' | 'lapsed' }>,
): OpenPlan | undefined {
  const { plan, waves } = intended.state
  const mark = waves[outcome.wave]?.intent?.mark
  for (let open: OpenPlan | undefined = intended; open; open = openPlan(journals, plan.id)) {
    const wave = open.state.waves[outcome.wave]
    if (wave?.phase !== 'sending' || wave.intent?.mark !== mark) return undefined
    const next = appendTo(journals, open, outcome, runnerName)
    if (next) return next
  }
  return undefined
}

const second = 1_000

/**
 * How long after the `until` of an intent nobody decides whether its run exists, in ms. Each step to a proxy and through
 * it has a time-out of its own.
 */
export const doubtMs = ({
  connectTimeoutSeconds,
  headersTimeoutSeconds,
  bodyTimeoutSeconds,
  planLookupSeconds,
  httpsProxy,
  httpProxy,
}: Settings): number => {
  const steps = (httpsProxy ?? httpProxy) ? 3 : 1
  return (
    (steps * connectTimeoutSeconds + headersTimeoutSeconds + bodyTimeoutSeconds + planLookupSeconds) * second
  )
}
