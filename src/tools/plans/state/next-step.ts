import type { TimeWindow } from '../../../config/limits/windows.ts'
import { dayMs } from '../../../shared/clock.ts'
import { startOf } from './due.ts'
import { judgeWave } from './judge.ts'
import { currentWave, type EventOf, isOpenPhase, type PlanState, type WaveState } from './plan-state.ts'

/** What a runner does next about a plan. */
export type NextStep =
  /** Nothing, until somebody else acts or this time comes. */
  | { readonly kind: 'none'; readonly until?: number | undefined }
  | { readonly kind: 'expire' }
  | { readonly kind: 'ask about the plan' }
  | { readonly kind: 'ask about a wave'; readonly wave: WaveState }
  | { readonly kind: 'send'; readonly wave: WaveState }
  | { readonly kind: 'late'; readonly wave: WaveState; readonly since: number }
  | { readonly kind: 'prove'; readonly wave: WaveState; readonly intent: EventOf<'intent'> }
  | { readonly kind: 'watch'; readonly wave: WaveState }
  /** A wave that ended was not judged: its runner ended first. */
  | { readonly kind: 'judge'; readonly wave: WaveState }
  | { readonly kind: 'finish' }

/** What the next step depends on besides the plan. */
export interface StepTimes {
  readonly now: number
  /** How long nobody judges an intent after its `until`, in ms. */
  readonly doubtMs: number
  readonly windows: readonly (readonly TimeWindow[] | undefined)[]
}

/** A plan that nobody touched for so long expires. */
const expiresAfterMs = 7 * dayMs

/** True if the wave is on its way: that goes on while the plan is held or stopped. */
function underWay(wave: WaveState, { now, doubtMs }: StepTimes): NextStep | undefined {
  if (wave.phase === 'sent') return { kind: 'watch', wave }
  if (wave.phase !== 'sending' || !wave.intent) return undefined
  const from = wave.intent.until + doubtMs
  return now < from ? { kind: 'none', until: from } : { kind: 'prove', wave, intent: wave.intent }
}

function waiting(state: PlanState, wave: WaveState, { now, windows }: StepTimes): NextStep {
  const before = state.waves[wave.index - 1]
  if (before?.counts && judgeWave(state, before, before.counts, now).kind === 'hold')
    return { kind: 'judge', wave: before }
  const start = startOf(state.dueAt ?? now, state.plan.lateAfterMinutes, windows, now)
  if (start.kind === 'late') return { kind: 'late', wave, since: start.since }
  if (start.kind === 'wait') return { kind: 'none', until: start.until }
  const needsApproval = wave.planned.needsApproval && !wave.approval
  return needsApproval ? { kind: 'ask about a wave', wave } : { kind: 'send', wave }
}

/** What a runner does next. Pure: asked again after the same lines, it says the same. */
export function nextStep(state: PlanState, times: StepTimes): NextStep {
  const { phase, touchedAt, dueAt = 0 } = state
  const wave = currentWave(state)
  if (phase === 'done' || phase === 'expired') return { kind: 'none' }
  const isOnItsWay = wave?.phase === 'sending' || wave?.phase === 'sent'
  if (isOpenPhase(state) && !isOnItsWay && times.now > Math.max(touchedAt, dueAt) + expiresAfterMs)
    return { kind: 'expire' }
  if (phase === 'proposed') return { kind: 'ask about the plan' }
  if (!wave) return phase === 'running' ? { kind: 'finish' } : { kind: 'none' }
  const step = underWay(wave, times)
  // A person decides about a run that could not be proved, and nobody about one of a plan that is over.
  if (step?.kind === 'prove' && phase !== 'running') return { kind: 'none' }
  if (step) return step
  return phase === 'running' ? waiting(state, wave, times) : { kind: 'none' }
}
