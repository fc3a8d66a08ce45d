import type { PlanApproval, PlanLine } from '../plan.ts'
import type { PlanState } from '../state/plan-state.ts'
import { type PlanYes, type Resumption, sealedPlan, sealedResumption, sealedWave } from './plan-call.ts'

type ResumedLine = Extract<PlanLine, { readonly kind: 'resumed' }>

/** What was approved when a plan was resumed, as its line tells. */
const resumptionOf = (
  { seq, sha256, adopt, notRun }: ResumedLine,
  lines: readonly PlanLine[],
): Resumption => ({
  held: heldSeq(lines.slice(0, seq - 1)),
  sha256,
  ...(adopt && { adopt }),
  ...(notRun && { notRun }),
})

/** The number of the newest line that says why a plan is held; 0 if it never was. */
export const heldSeq = (lines: readonly PlanLine[]): number =>
  lines.findLast(({ kind }) => kind === 'held')?.seq ?? 0

/** The yes that a plan goes on by: that of its newest resumption, else that of its proposal. */
function yesOfPlan({ plan }: PlanState, lines: readonly PlanLine[], approval: PlanApproval): PlanYes {
  const resumed = lines.findLast((line) => line.kind === 'resumed')
  if (resumed?.kind !== 'resumed') return { approval, tool: plan.tool, sealed: sealedPlan(plan) }
  return {
    approval,
    tool: 'car_resume_rollout',
    sealed: sealedResumption(plan, resumptionOf(resumed, lines)),
  }
}

/** Every yes that a wave needs, as the journal holds them; undefined if one is missing. */
export function yesesOf(
  state: PlanState,
  lines: readonly PlanLine[],
  index: number,
): readonly PlanYes[] | undefined {
  const { approval, plan, waves } = state
  const wave = waves[index]
  if (!approval || !wave) return undefined
  const ofPlan = yesOfPlan(state, lines, approval)
  if (!wave.planned.needsApproval) return [ofPlan]
  const sealed = sealedWave(plan, index)
  return wave.approval && [ofPlan, { approval: wave.approval, tool: plan.tool, sealed, asksAlways: true }]
}
