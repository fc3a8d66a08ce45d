import { BusyError, SetupError } from '../../../shared/errors.ts'
import { offerElsewhere } from '../../effects/approval/offer.ts'
import { waysFor } from '../../effects/approval/ways.ts'
import type { ToolContext } from '../../tool.ts'
import { PlanHold } from '../hold.ts'
import type { PlanEvent } from '../plan.ts'
import { wavePreview } from '../propose/progress-preview.ts'
import { appendTo, type OpenPlan, type Runner } from '../runner.ts'
import type { WaveState } from '../state/plan-state.ts'
import { waveInWords } from '../wave-names.ts'
import { serverWindow } from '../windows.ts'
import { auditAskedWave, auditDecision } from './audit-decision.ts'
import { decisionOn, useApproval } from './given-approval.ts'
import { callOf, type PlanStep, planEffect, sealedPlan, sealedWave, subjectOf } from './plan-call.ts'

/** Writes what a person decided about a proposed plan on the page or in a terminal; undefined while nobody decided. */
export async function askAboutPlan(
  { journals, context }: Runner,
  open: OpenPlan,
): Promise<OpenPlan | undefined> {
  const { plan, digest } = open.state
  const step = { plan, tool: plan.tool, sealed: sealedPlan(plan) }
  const decision = await decisionOn(subjectOf(step, digest, context), context)
  if (!decision || decision.kind === 'waiting') return undefined
  await auditDecision(step, decision, context)
  if (decision.kind === 'declined') {
    const why = `It was declined by ${decision.by}.`
    return appendTo(journals, open, { kind: 'stopped', why }, decision.by)
  }
  const { approval, call } = decision
  const next = appendTo(journals, open, { kind: 'approved', approval }, approval.approvedBy)
  if (next) useApproval(call, context, `Rollout ${plan.id} was approved, and has begun.`)
  return next
}

/** The step in which a person approves one wave. */
export function waveStep(
  { state }: OpenPlan,
  { index, planned }: WaveState,
  { configuration }: Pick<ToolContext, 'configuration'>,
): PlanStep {
  const { plan } = state
  return {
    plan,
    tool: plan.tool,
    sealed: sealedWave(plan, index),
    preview: wavePreview(state, index, { serverWindow: serverWindow(configuration.settings) }),
    hosts: planned.hosts.length,
    asksAlways: true,
  }
}

/** Asks for the approval of a wave that is due, and writes what a person decided; undefined while nobody did. */
export async function askAboutWave(
  { journals, context }: Runner,
  open: OpenPlan,
  wave: WaveState,
): Promise<OpenPlan | undefined> {
  const { plan } = open.state
  const call = callOf(waveStep(open, wave, context), context)
  const decision = await decisionOn(call.subject, context, open.state.resumedAt)
  const where = waveInWords(plan, wave.index)
  const step = { plan, tool: plan.tool, wave: wave.index }
  if (decision && decision.kind !== 'waiting') await auditDecision(step, decision, context)
  if (decision?.kind === 'declined')
    throw new PlanHold('approval', `${where} was declined by ${decision.by}. Resuming asks again.`)
  if (decision?.kind === 'approved') {
    const { approval } = decision
    const event: PlanEvent = { kind: 'approved', wave: wave.index, approval }
    const next = appendTo(journals, open, event, approval.approvedBy)
    if (next) useApproval(decision.call, context, `${where} of rollout ${plan.id} was approved.`)
    return next
  }
  if (decision) return undefined
  const taken = waysFor(planEffect, context)
  const offer = await offerElsewhere(call, taken, context)
  if (offer instanceof SetupError) {
    // A process without a page leaves the question to one that has one: the wave is held once it is late.
    const countsOnPage = taken.ways.some((way) => way === 'page' || way === 'passkey')
    if (countsOnPage && !context.safeguards.approvals.page) return undefined
    throw new PlanHold(
      'approval',
      `${where} needs an approval, and this process cannot ask for one elsewhere than in a form of the client: resume the plan with a client that shows forms. ${offer.message}`,
    )
  }
  // Too many calls wait: the next look asks again.
  if (offer instanceof BusyError) throw offer
  if (!offer.isKnown) await auditAskedWave(step, { ...call, ways: [...taken.ways] }, context)
  return undefined
}
