import { redactJson } from '../../../shared/secrets.ts'
import type { ApprovalSubject } from '../../approvals.ts'
import { digestOf, hashOfJson, newRecord } from '../../effects/approval/approval-record.ts'
import { asksPerson } from '../../effects/approval/asks-person.ts'
import { callKey } from '../../effects/approval/call-key.ts'
import type { CallToApprove } from '../../effects/approval/offer.ts'
import { recordOf } from '../../effects/approval/records.ts'
import { serverIdOf } from '../../effects/approval/server-id.ts'
import { redactFacts } from '../../effects/preview/facts.ts'
import type { Preview, PreviewFacts } from '../../effects/preview/preview.ts'
import { sealedFacts } from '../../effects/preview/sealed.ts'
import type { Caller, ToolContext } from '../../tool.ts'
import type { PlanApproval, RolloutPlan } from '../plan.ts'

/** The tools whose calls a person approves for a plan. */
export type PlanTool = 'car_plan_rollout' | 'car_plan_rerun' | 'car_resume_rollout'

/** A step of a plan that a person approves. */
export interface PlanStep {
  readonly plan: RolloutPlan
  readonly tool: PlanTool
  /** All that the approval is for. */
  readonly sealed: unknown
  readonly preview: Preview
  /** How many hosts it lets code run on; those of all waves unless it is given. */
  readonly hosts?: number
  /** True if a person is asked whatever the settings say: who proposed the plan wants that. */
  readonly asksAlways?: boolean
}

/** A plan runs code on hosts, whatever step of it is approved. */
export const planEffect = { effect: 'execute', declaredEffect: 'execute' } as const

/** True if a parameter of the script is the value of a secret. */
function namesSecret({ options }: RolloutPlan): boolean {
  const { params } = options
  return Array.isArray(params) && params.some((one: unknown) => Object.hasOwn(Object(one), 'secret'))
}

/** The effects of a plan, and whether it names a secret: they decide whether a person is asked. */
export const weightOf = (plan: RolloutPlan) => ({ ...planEffect, namesSecret: namesSecret(plan) })

/**
 * The SHA-256 that the record of a step holds as that of its arguments. Who asks is sealed with it: four eyes compare with
 * that person, and the journal alone would not prove who it was.
 */
export const hashOfStep = (
  { plan, sealed }: Pick<PlanStep, 'plan' | 'sealed'>,
  asker: Caller['named'],
): string => hashOfJson([plan.id, sealed, ...(asker ? [asker] : [])])

/** What makes an approval one of this step. `preview`: SHA-256 of the facts that are shown. */
export function subjectOf(
  step: Pick<PlanStep, 'plan' | 'tool' | 'sealed'>,
  preview: string,
  { caller, safeguards }: ToolContext,
): ApprovalSubject {
  const { account, platform } = step.plan
  return {
    server: serverIdOf(safeguards.stateDir, safeguards.server),
    account,
    platform,
    caller: caller.id,
    tool: step.tool,
    effect: planEffect.effect,
    arguments: hashOfStep(step, caller.named),
    preview,
  }
}

/** The facts of a step as a person sees them. */
function shownFacts(
  { preview: { facts } }: PlanStep,
  { configuration, session }: Pick<ToolContext, 'configuration' | 'session'>,
): PreviewFacts {
  const headline = configuration.settings.sandbox ? `sandbox: ${facts.headline}` : facts.headline
  return redactFacts({ ...facts, headline }, session.redact)
}

/** The call that a person approves. */
export function callOf(step: PlanStep, context: ToolContext): CallToApprove {
  const { plan, tool } = step
  const { caller, configuration, safeguards, session } = context
  const facts = shownFacts(step, context)
  const { notes } = step.preview
  const subject = subjectOf(step, hashOfJson(sealedFacts(facts)), context)
  const weight = weightOf(plan)
  const record =
    step.asksAlways || asksPerson(configuration.settings, weight)
      ? recordOf(subject, safeguards)
      : newRecord(subject)
  return {
    ...weight,
    asksAlways: step.asksAlways === true,
    preview: { facts, notes: redactJson(notes, session.redact) },
    record,
    digest: digestOf(record),
    subject,
    key: callKey({ server: safeguards.server, caller: caller.id }, tool, {
      plan: plan.id,
      step: hashOfStep(step, caller.named),
    }),
  }
}

/** What the approval of a whole plan is for. */
export const sealedPlan = (plan: RolloutPlan): unknown => ({ plan })

/** What the approval of one wave is for, beside that of the plan. */
export const sealedWave = (plan: RolloutPlan, wave: number): unknown => ({ plan, wave })

/** How a held plan goes on. */
export interface Resumption {
  /** The number of the line that says why the plan is held. */
  readonly held: number
  readonly sha256: string
  readonly adopt?: { readonly jobId: string; readonly correlationUuid?: string }
  readonly notRun?: true
}

/** What the approval to go on with a held plan is for. */
export const sealedResumption = (plan: RolloutPlan, resumption: Resumption): unknown => ({
  plan,
  resume: resumption,
})

/** An approval as the journal holds it, and what it has to be for. */
export interface PlanYes {
  readonly approval: PlanApproval
  readonly tool: PlanTool
  readonly sealed: unknown
  /** True if a person has to have said it, whatever the settings. */
  readonly asksAlways?: boolean
}
