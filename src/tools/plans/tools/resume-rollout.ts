import { BusyError } from '../../../shared/errors.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Question, Tool, ToolContext, Waiting } from '../../tool.ts'
import {
  approveStep,
  auditAsked,
  auditOfCall,
  auditRefusals,
  isFirstRound,
  useYes,
} from '../approval/approve-step.ts'
import { heldSeq } from '../approval/yes-of-wave.ts'
import { journalsOf } from '../journals.ts'
import { findPlan } from '../open-plans.ts'
import type { PlanApproval, PlanEvent } from '../plan.ts'
import { requireRollouts } from '../plan-size.ts'
import { resumeInput } from '../propose/plan-inputs.ts'
import { planReply } from '../reply/plan-reply.ts'
import { appendTo, type OpenPlan, openPlan } from '../runner.ts'
import { waveToApprove } from '../state/plan-state.ts'
import { type ResumeInput, stepFor } from './resume-step.ts'

/** Writes the yes, whatever was seen meanwhile; undefined if the plan is no longer where it was when a person was asked. */
function appendYes(
  open: OpenPlan,
  asked: Awaited<ReturnType<typeof stepFor>>,
  approval: PlanApproval,
  { safeguards }: ToolContext,
): OpenPlan | undefined {
  const journals = journalsOf(safeguards)
  const { sha256, adopt, notRun } = asked.kind === 'resumed' ? asked.resumption : { sha256: '' }
  const event: PlanEvent =
    asked.kind === 'approved'
      ? { kind: 'approved', wave: asked.wave, approval }
      : { kind: 'resumed', approval, sha256, ...(adopt && { adopt }), ...(notRun && { notRun }) }
  const isSame = ({ state, lines }: OpenPlan): boolean =>
    asked.kind === 'approved'
      ? waveToApprove(state)?.index === asked.wave
      : state.phase === 'held' &&
        heldSeq(lines) === heldSeq(open.lines) &&
        // Its request was answered late.
        (!(adopt || notRun) || state.waves.some(({ phase }) => phase === 'sending'))
  const { id } = open.state.plan
  for (let newest = openPlan(journals, id); newest && isSame(newest); newest = openPlan(journals, id)) {
    const next = appendTo(journals, newest, event, approval.approvedBy)
    if (next) return next
  }
  return undefined
}

async function resume(
  args: Readonly<Record<string, unknown>>,
  context: ToolContext,
): Promise<Reply | Question | Waiting> {
  const input = args as ResumeInput
  const call = { tool: 'car_resume_rollout', effect: 'execute', args }
  const audit = await auditOfCall(call, context)
  if (isFirstRound(context)) auditAsked(audit, call, context)
  return auditRefusals(audit, context, async () => {
    requireRollouts(context)
    const open = await findPlan(input.planId, context)
    const { id } = open.state.plan
    // While the call waited for a person, a runner took the yes to a wave.
    if (context.approver.hasWaited && open.state.phase === 'running' && !waveToApprove(open.state)) {
      audit('answered', { outcome: 'approved', id })
      return planReply(open, { context, now: Date.now() })
    }
    const asked = await stepFor(open, input, context)
    const yes = await approveStep(asked.step, args, audit, context)
    if (!('approval' in yes)) return yes
    const { approval } = yes
    const next = appendYes(open, asked, approval, context)
    useYes(yes, context)
    if (!next) throw new BusyError('The rollout went on meanwhile.', 'Look at it with car_get_rollout.')
    audit('answered', { outcome: asked.kind, id })
    return planReply(next, { context, now: Date.now() })
  })
}

/** Lets a held rollout go on, or its next wave begin. */
export const resumeRollout: Tool = {
  name: 'car_resume_rollout',
  title: 'Resume a rollout',
  description:
    'Let a held rollout go on, or approve the wave that it waits for; a person approves what is left.',
  effect: 'execute',
  input: resumeInput,
  run: resume,
}
