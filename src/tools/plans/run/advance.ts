import { dayMs } from '../../../shared/clock.ts'
import { QualysError } from '../../../shared/errors.ts'
import { factsOf } from '../../../shared/log.ts'
import { failureKinds } from '../../workflows/run/failure-kinds.ts'
import { askAboutPlan, askAboutWave } from '../approval/ask.ts'
import { utcMinute } from '../durations.ts'
import { PlanHold } from '../hold.ts'
import { JournalError } from '../journal-error.ts'
import type { PlanEvent } from '../plan.ts'
import {
  appendTo,
  doubtMs,
  type OpenPlan,
  openPlan,
  type Runner,
  runnerName,
  settleIntent,
} from '../runner.ts'
import { judgeWave, type Verdict } from '../state/judge.ts'
import { type NextStep, nextStep } from '../state/next-step.ts'
import { isOpenPhase, type WaveState } from '../state/plan-state.ts'
import { waveInWords } from '../wave-names.ts'
import { windowsOf } from '../windows.ts'
import { isEnding } from './one-request.ts'
import { proveRun } from './prove-run.ts'
import { sendWave } from './send-wave.ts'
import { isNews, lookAtWave } from './watch-wave.ts'

/** What a runner does next about a plan, by its clock and settings. */
const stepOf = ({ now, context }: Runner, { state }: OpenPlan): NextStep => {
  const { settings } = context.configuration
  return nextStep(state, {
    now: now(),
    doubtMs: doubtMs(settings),
    windows: [settings.window, windowsOf(state.plan)],
  })
}

/** The kinds of output that are kept with a plan that is held for failures. */
const maxKinds = 5

/** Each returns the plan as it is then; undefined if there is nothing to do now, or somebody else did it. */
type Act = Promise<OpenPlan | undefined>

const append = ({ journals }: Runner, open: OpenPlan, event: PlanEvent): OpenPlan | undefined =>
  appendTo(journals, open, event, runnerName)

/** Why the plan cannot go on, with the outputs of the hosts that failed. */
async function holdFor(
  verdict: Extract<Verdict, { readonly kind: 'hold' }>,
  wave: WaveState,
  jobId: string | undefined,
  { context }: Runner,
): Promise<PlanHold> {
  const { reason, why } = verdict
  const id = jobId ?? wave.run?.jobId
  if (reason === 'not reported' && id !== undefined)
    return new PlanHold(reason, `${why} car_search_asset_jobs with jobId ${id} and outcome open names them.`)
  if (reason !== 'failures' || id === undefined) return new PlanHold(reason, why)
  try {
    return new PlanHold(reason, why, { outputs: await failureKinds(id, context, maxKinds) })
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    // The outputs only explain: without them it is held as well.
    return new PlanHold(reason, why)
  }
}

/** True if a hold would keep something from starting. */
const hasMore = ({ state }: OpenPlan, { index }: WaveState): boolean =>
  state.phase === 'running' && index < state.waves.length - 1

async function watch(runner: Runner, open: OpenPlan, wave: WaveState): Act {
  const { now, context } = runner
  const { plan } = open.state
  const { counts, jobId } = await lookAtWave(plan, wave, context)
  const verdict = judgeWave(open.state, wave, counts, now())
  const isEnd = verdict.kind === 'end' || (verdict.kind === 'hold' && verdict.isEnd)
  const holds = verdict.kind === 'hold' && hasMore(open, wave)
  const isFirstSight = jobId !== undefined && wave.run?.jobId === undefined
  if (!isEnd && !holds && !isFirstSight && !isNews(wave.counts, counts)) return undefined
  const isSame = JSON.stringify(wave.counts) === JSON.stringify(counts)
  const seen =
    isEnd || isFirstSight || !isSame
      ? append(runner, open, {
          kind: 'seen',
          wave: wave.index,
          counts,
          ...(jobId !== undefined && { jobId }),
          ...(isEnd && { isEnd }),
        })
      : open
  if (!seen || !holds) return seen
  return append(runner, seen, (await holdFor(verdict, wave, jobId, runner)).eventFor(wave.index))
}

async function judge(runner: Runner, open: OpenPlan, wave: WaveState): Act {
  if (!wave.counts) return undefined
  const verdict = judgeWave(open.state, wave, wave.counts, runner.now())
  if (verdict.kind !== 'hold') return undefined
  return append(runner, open, (await holdFor(verdict, wave, undefined, runner)).eventFor(wave.index))
}

function lateHold({ plan }: OpenPlan['state'], wave: WaveState, since: number, now: number): PlanHold {
  const where = waveInWords(plan, wave.index)
  const minutes = plan.lateAfterMinutes
  if (wave.planned.needsApproval && !wave.approval)
    return new PlanHold(
      'approval',
      `Nobody approved ${where} within ${minutes} min of ${utcMinute(since)}. Resuming asks again.`,
    )
  return new PlanHold(
    'late',
    `${where} was due ${utcMinute(since)}, and nothing could start it until ${utcMinute(now)}: more than ${minutes} min late. Resuming starts it now.`,
  )
}

async function prove(runner: Runner, open: OpenPlan, step: Extract<NextStep, { kind: 'prove' }>): Act {
  const { wave, intent } = step
  return settleIntent(runner.journals, open, await proveRun(runner, open.state, wave.index, intent))
}

async function act(runner: Runner, open: OpenPlan, step: NextStep): Act {
  switch (step.kind) {
    case 'none':
      return undefined
    case 'expire':
      return append(runner, open, { kind: 'expired' })
    case 'finish':
      return append(runner, open, { kind: 'done' })
    case 'ask about the plan':
      return askAboutPlan(runner, open)
    case 'ask about a wave':
      return askAboutWave(runner, open, step.wave)
    case 'late':
      throw lateHold(open.state, step.wave, step.since, runner.now())
    case 'send':
      return sendWave(runner, open, step.wave.index)
    case 'prove':
      return prove(runner, open, step)
    case 'watch':
      return watch(runner, open, step.wave)
    case 'judge':
      return judge(runner, open, step.wave)
  }
}

const waveOf = (step: NextStep): number | undefined => ('wave' in step ? step.wave.index : undefined)

/** Writes why a plan cannot go on, unless it was held or stopped meanwhile. */
function hold(runner: Runner, id: string, reason: PlanHold, wave: number | undefined): OpenPlan | undefined {
  for (;;) {
    const open = openPlan(runner.journals, id)
    if (open?.state.phase !== 'running') return undefined
    const held = append(runner, open, reason.eventFor(wave))
    if (held) return held
  }
}

/** A lease is renewed while a step takes longer, and ends soon after its runner does. */
const leaseMs = 45_000
const renewMs = 15_000

/** When what failed for now is tried again, in ms: each try may write lines. */
const retryMs = 30_000

/** More steps than a plan takes at once. */
const maxSteps = 100

/** When a plan is looked at again, unless something happens: epoch, in ms; undefined once it has ended. */
function lookAgainAt(runner: Runner, open: OpenPlan): number | undefined {
  const step = stepOf(runner, open)
  const now = runner.now()
  if (step.kind !== 'none') return now
  return isOpenPhase(open.state) ? Math.min(step.until ?? now + dayMs, now + dayMs) : undefined
}

/** What came of advancing a plan. */
export interface Advanced {
  readonly open: OpenPlan
  /** When there may be more to do: epoch, in ms; undefined once the plan has ended. */
  readonly again: number | undefined
  /** Why it could not go on for now; absent if it could. */
  readonly problem?: QualysError
}

/** Takes every step that is due, one after the other; each one can be taken again. */
async function takeSteps(runner: Runner, id: string): Promise<Advanced | undefined> {
  let watched: number | undefined
  for (let count = 0; count < maxSteps; count++) {
    const open = openPlan(runner.journals, id)
    if (!open) return undefined
    // Who ends takes no further step.
    if (count > 0 && isEnding(runner.context)) return { open, again: lookAgainAt(runner, open) }
    const step = stepOf(runner, open)
    // A run is looked at once in a while.
    if (step.kind === 'watch' && watched === step.wave.index)
      return { open, again: lookAgainAt(runner, open) }
    if (step.kind === 'watch') watched = step.wave.index
    let next: OpenPlan | undefined
    try {
      next = await act(runner, open, step)
    } catch (error) {
      if (!(error instanceof PlanHold)) throw error
      next = hold(runner, id, error, waveOf(step))
    }
    if (!next) {
      const last = openPlan(runner.journals, id) ?? open
      return { open: last, again: lookAgainAt(runner, last) }
    }
  }
  return undefined
}

/** A lease that cannot be written, such as on a full disk, ends by itself. */
function keepQuietly(work: () => unknown, log: Runner['context']['log']): void {
  try {
    work()
  } catch (error) {
    log.debug(factsOf(error), 'the lease of a plan cannot be written')
  }
}

/**
 * Moves a plan on as far as it goes now: one idempotent step after the other, by one runner at a time. Undefined if
 * there is no such plan, or if another runner has it. What failed for now is logged, and tried again with the next call.
 */
export async function advancePlan(runner: Runner, id: string): Promise<Advanced | undefined> {
  const lease = runner.journals.lease(id, runner.id, leaseMs)
  if (!lease) return undefined
  const { log } = runner.context
  const timer = setInterval(() => keepQuietly(lease.renew, log), renewMs)
  try {
    return await takeSteps(runner, id)
  } catch (error) {
    if (!(error instanceof QualysError) || error instanceof JournalError) throw error
    log.warn(factsOf(error), `plan ${id} could not go on for now`)
    const open = openPlan(runner.journals, id)
    return open && { open, again: runner.now() + retryMs, problem: error }
  } finally {
    clearInterval(timer)
    keepQuietly(lease.release, log)
  }
}
