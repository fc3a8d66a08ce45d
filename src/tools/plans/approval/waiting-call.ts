import { listCalls } from '../../effects/approval/pending/pending-calls.ts'
import { ifUsable } from '../../effects/approval/pending/pending-folder.ts'
import type { FoundCall } from '../../effects/approval/pending/stored-call.ts'
import { type PlanState, waveToApprove } from '../state/plan-state.ts'
import { hashOfStep, sealedPlan, sealedWave } from './plan-call.ts'

/** What a person can approve of a plan at present, as its record seals it; undefined if there is nothing. */
function sealedNext(state: PlanState): unknown {
  const { plan, phase } = state
  if (phase === 'proposed') return sealedPlan(plan)
  const wave = waveToApprove(state)
  return wave && sealedWave(plan, wave.index)
}

/**
 * The newest call of a state folder under which a person can approve a plan that is proposed, or the wave that is due;
 * undefined while nobody is asked.
 */
export function waitingCallOf(state: PlanState, stateDir: string): FoundCall | undefined {
  const sealed = sealedNext(state)
  if (sealed === undefined) return undefined
  const { plan } = state
  const wanted = hashOfStep({ plan, sealed }, plan.caller.named)
  return ifUsable(() => listCalls(stateDir))?.find(
    (call) => call.state === 'pending' && call.record.tool === plan.tool && call.record.arguments === wanted,
  )
}
