import { messageOf, QualysError, SetupError } from '../../../shared/errors.ts'
import { factsOf } from '../../../shared/log.ts'
import { Progress } from '../../progress.ts'
import type { Caller, ServerServices, ToolContext } from '../../tool.ts'
import { journalsOf } from '../journals.ts'
import { accountOf, readPlans } from '../open-plans.ts'
import { planLimit } from '../plan-size.ts'
import type { OpenPlan, Runner } from '../runner.ts'
import { type Advanced, advancePlan } from './advance.ts'

/** A run that has just begun is looked at often, and one that takes long seldom: after a tenth of its time, in ms. */
const lookMs = { least: 2_000, most: 30_000, share: 0.1 } as const

/** What is remembered of plans from one look to the next. */
export interface PlanMemory {
  /** When each plan is looked at again, and at how many lines: epoch, in ms. Infinity once it has ended. */
  readonly again: Map<string, { readonly at: number; readonly lines: number }>
  /** Damaged journals that were reported. */
  readonly reported: Set<string>
}

export const newMemory = (): PlanMemory => ({ again: new Map(), reported: new Set() })

/** A call context without a client: nobody can be asked in a form. */
async function contextFor(
  { openSession, redact: _, refusalOfCall: __, callerNow: ___, ...services }: ServerServices,
  caller: Caller,
  signal: AbortSignal,
): Promise<ToolContext> {
  const session = await openSession()
  return {
    ...services,
    caller,
    session: session.forCall(() => undefined, caller.named && caller.id),
    signal,
    progress: new Progress(() => undefined),
    approver: { isReachable: false, opensAddresses: false, usesInputRequired: false },
    arrivedAt: performance.now(),
  }
}

function lookAgain({ open, again }: Advanced, now: number): number {
  if (again === undefined) return Number.POSITIVE_INFINITY
  const wave = open.state.current === undefined ? undefined : open.state.waves[open.state.current]
  if (wave?.phase !== 'sent') return Math.max(again, now + lookMs.least)
  const age = now - (wave.run?.sentAt ?? now)
  return now + Math.min(lookMs.most, Math.max(lookMs.least, age * lookMs.share))
}

/** True if the plan is due, or somebody else wrote to it. */
function isDue({ again }: PlanMemory, { state, lines }: OpenPlan, now: number): boolean {
  const known = again.get(state.plan.id)
  return !known || known.at <= now || known.lines !== lines.length
}

/** Throws a SetupError where rollouts are off: other processes of the state folder move them, by their own limits. */
function checkMayMove({ configuration }: ToolContext, id: string): void {
  if (configuration.settings.maxAssetsPerPlan > 0) return
  throw new SetupError(
    `Nothing moves rollout ${id} here, since ${planLimit} is 0.`,
    'Set it, and the other limits, as the server has them.',
  )
}

/** What went wrong, and what to do next. */
const sentenceOf = (error: unknown): string =>
  error instanceof QualysError ? `${error.message} ${error.next}` : messageOf(error)

/** What one look at all plans did. */
export interface MovedPlans {
  readonly advanced: readonly Advanced[]
  /** Why plans could not be moved, or read. */
  readonly problems: readonly string[]
}

/** Moves every plan of this account on as far as it goes now. */
export async function movePlans(
  services: ServerServices,
  memory: PlanMemory,
  signal: AbortSignal,
  now: () => number = Date.now,
): Promise<MovedPlans> {
  const { safeguards, log } = services
  const journals = journalsOf(safeguards)
  const advanced: Advanced[] = []
  const problems: string[] = []
  // What has ended, or is of another account, is read once.
  const { open: plans, damaged } = readPlans(
    journals,
    (id) => memory.again.get(id)?.at === Number.POSITIVE_INFINITY,
  )
  for (const error of damaged) {
    const { message } = error
    problems.push(sentenceOf(error))
    if (!memory.reported.has(message)) log.error({}, message)
    memory.reported.add(message)
  }
  for (const open of plans.filter((plan) => isDue(memory, plan, now()))) {
    if (signal.aborted || safeguards.ending.aborted) break
    const { plan } = open.state
    try {
      const known = services.callerNow?.(plan.caller)
      const caller = known && 'caller' in known ? known.caller : plan.caller
      const context = await contextFor(services, caller, signal)
      const own = await accountOf(context)
      if (plan.account !== own.account || plan.platform !== own.platform) {
        memory.again.set(plan.id, { at: Number.POSITIVE_INFINITY, lines: open.lines.length })
        continue
      }
      checkMayMove(context, plan.id)
      const runner: Runner = {
        ...{ journals, id: safeguards.server, context, now },
        ...(known && 'barred' in known && { barred: known.barred }),
      }
      const moved = await advancePlan(runner, plan.id)
      const next = moved ?? { open, again: now() }
      memory.again.set(plan.id, { at: lookAgain(next, now()), lines: next.open.lines.length })
      if (moved) advanced.push(moved)
      if (moved?.problem) problems.push(sentenceOf(moved.problem))
    } catch (error) {
      // Who was ended takes no further step, and that is no fault.
      if (signal.aborted) break
      problems.push(sentenceOf(error))
      log.warn(factsOf(error), `plan ${plan.id} could not go on`)
      memory.again.set(plan.id, { at: now() + lookMs.most, lines: open.lines.length })
      if (!(error instanceof QualysError)) log.error(factsOf(error), 'unexpected')
    }
  }
  return { advanced, problems }
}
