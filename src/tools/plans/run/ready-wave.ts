import type { Input } from '../../../operations/operation.ts'
import { QualysError, SetupError, UnreachableError } from '../../../shared/errors.ts'
import { LimitError } from '../../effects/policy/limits/limit-error.ts'
import type { PreparedCall } from '../../effects/prepare/inspection.ts'
import { prepare } from '../../effects/prepare/prepare.ts'
import { checkStopFile } from '../../effects/timing/stop-file.ts'
import { quoteIfNeeded } from '../../replies/cells.ts'
import type { ToolContext } from '../../tool.ts'
import { wrongWith } from '../approval/plan-approval.ts'
import { yesesOf } from '../approval/yes-of-wave.ts'
import { execute } from '../execute.ts'
import { PlanHold } from '../hold.ts'
import type { PlanApproval } from '../plan.ts'
import type { OpenPlan } from '../runner.ts'
import type { PlanState } from '../state/plan-state.ts'
import { readNewestRuns } from './newest-runs.ts'
import { isUnapproved, readStoredScript, type StoredScript } from './planned-script.ts'
import { argumentsOf, newMark } from './wave-call.ts'
import { checkLeftOut, findWaveHosts, type WaveHosts } from './wave-hosts.ts'

// The checks before a wave.

/** Throws a PlanHold unless the script may run, with the content that was approved. */
async function checkScript({ plan, sha256: sealed }: PlanState, context: ToolContext): Promise<void> {
  const { id } = plan.script
  const title = quoteIfNeeded(plan.script.title)
  let stored: StoredScript
  try {
    stored = await readStoredScript(id, context)
  } catch (error) {
    if (!(error instanceof QualysError) || error.kind !== 'input') throw error
    throw new PlanHold('script changed', `Script ${id} cannot be read any more: ${error.message}`)
  }
  if (isUnapproved(stored))
    throw new PlanHold(
      'script changed',
      `Script ${id} (${title}) may not run any more: its status is ${stored.status}. Have it approved in Qualys, then resume.`,
    )
  const { sha256: found } = stored
  if (found === sealed) return
  throw new PlanHold(
    'script changed',
    found === undefined
      ? `The content of script ${id} (${title}) cannot be read, so nobody can tell whether it changed.`
      : `The content of script ${id} (${title}) changed since it was approved: sha256 ${found} in place of ${sealed}. Resuming asks a person to approve the new content.`,
  )
}

/** Throws a PlanHold if an approval of the journal does not count in this process. */
export async function checkApprovals(open: OpenPlan, index: number, context: ToolContext) {
  const yeses = yesesOf(open.state, open.lines, index)
  if (!yeses) throw new PlanHold('approval', 'An approval of this wave is missing. Resuming asks a person.')
  for (const yes of yeses) {
    const wrong = await wrongWith(yes, open.state.plan, context)
    if (wrong !== undefined) throw new PlanHold('approval', `${wrong} Resuming asks a person again.`)
  }
  return yeses.map(({ approval }) => approval)
}

/** The hosts of a wave that a person goes on without: the plan was resumed after it was held for them. */
function acceptedHosts({ lines }: OpenPlan, index: number): ReadonlySet<string> {
  const accepted = new Set<string>()
  let named: readonly string[] = []
  for (const line of lines) {
    if (line.kind === 'held')
      named = line.reason === 'left out' && line.wave === index ? (line.hosts ?? []) : []
    if (line.kind === 'resumed') for (const host of named) accepted.add(host)
  }
  return accepted
}

async function hostsToReach(open: OpenPlan, index: number, context: ToolContext): Promise<WaveHosts> {
  const { plan, waves } = open.state
  const wave = waves[index]?.planned ?? { ...noWave }
  const found = await findWaveHosts(plan, wave, waves[index]?.refused ?? [], context)
  checkLeftOut(plan, wave, found, acceptedHosts(open, index))
  return found
}

const noWave = { name: '', hosts: [], chosenBy: '', soakMinutes: 0, needsApproval: false } as const

/** What a limit of the operator, Qualys or a person forbids holds the plan; what passes by itself is tried again. */
export function asHold(error: unknown): unknown {
  if (error instanceof LimitError) return new PlanHold('limit', error.message)
  // The network may be back before the wave is late.
  if (error instanceof UnreachableError) return error
  if (error instanceof SetupError) return new PlanHold('refused', `${error.message} ${error.next}`)
  if (error instanceof QualysError && error.kind === 'input')
    return new PlanHold('refused', `${error.message} ${error.next}`)
  return error
}

/** A wave whose call was checked, and that may be sent. */
export interface ReadyWave {
  readonly args: Input
  readonly approvals: readonly PlanApproval[]
  readonly prepared: PreparedCall
  readonly found: WaveHosts
  readonly mark: string
  readonly before: readonly string[]
}

/** The checks before each wave (design 14). Throws a PlanHold for what only a person can decide. */
export async function makeReady(open: OpenPlan, index: number, context: ToolContext): Promise<ReadyWave> {
  try {
    const approvals = await checkApprovals(open, index, context)
    await checkScript(open.state, context)
    const found = await hostsToReach(open, index, context)
    const mark = newMark()
    const args = argumentsOf(open.state.plan, index, found.hosts, mark)
    checkStopFile(execute, args, context)
    const prepared = await prepare(execute, args, context)
    const before = (await readNewestRuns(open.state.plan.script.id, context)).map(({ id }) => String(id))
    return { args, approvals, prepared, found, mark, before }
  } catch (error) {
    throw asHold(error)
  }
}
