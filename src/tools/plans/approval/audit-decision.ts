import { sha256 } from '../../../shared/crypto.ts'
import { canonicalJson } from '../../../shared/json.ts'
import { approvalFacts, previewFacts } from '../../effects/audit/approved-facts.ts'
import { callerOf } from '../../effects/audit/audit-caller.ts'
import type { WriteAuditLine } from '../../effects/send-once.ts'
import type { ToolContext } from '../../tool.ts'
import { execute } from '../execute.ts'
import { plannedHosts } from '../propose/waves.ts'
import type { Decision } from './given-approval.ts'
import { type PlanStep, planEffect } from './plan-call.ts'

// The lines of the audit log about what a person decides after the call gave up, and about a wave that no call asked for.

/** A step of a plan that a person decides about, without a call that waits. */
type DecidedStep = Pick<PlanStep, 'plan' | 'tool'> & { readonly wave?: number }

const placeOf = ({ plan, wave }: DecidedStep) => ({
  plan: plan.id,
  ...(wave !== undefined && { wave: wave + 1 }),
})

/** The audit log of one step: whoever writes it names the same call. `digest`: of the record that a person is asked. */
async function auditOfStep(step: DecidedStep, digest: string, context: ToolContext): Promise<WriteAuditLine> {
  const caller = await callerOf(execute, context)
  const { tool } = step
  const call = sha256(canonicalJson([tool, placeOf(step)])).slice(0, 16)
  const place = { tool, call, attempt: digest.slice(0, 8), ...placeOf(step) }
  return (event, facts = {}) => context.safeguards.audit?.record(event, { ...place, ...facts }, caller)
}

/** Writes that a person is asked about a wave that is due. */
export async function auditAskedWave(
  step: DecidedStep,
  { record, digest, ways }: Pick<Decision['call'], 'record' | 'digest' | 'ways'>,
  context: ToolContext,
): Promise<void> {
  const audit = await auditOfStep(step, digest, context)
  audit('asked', { effect: planEffect.effect, arguments: placeOf(step) })
  audit('asked', { record, digest, ways })
}

/** Writes what a person decided. The yes is written before the journal holds it. */
export async function auditDecision(
  step: DecidedStep,
  decision: Exclude<Decision, { readonly kind: 'waiting' }>,
  context: ToolContext,
): Promise<void> {
  const { call } = decision
  const audit = await auditOfStep(step, call.digest, context)
  const { plan, wave } = step
  const shown = previewFacts({ ...call, args: plan.options }, context.session.redact)
  if (decision.kind === 'declined') {
    audit('refused', { kind: 'declined', why: `A person said no (${decision.by}).`, ...shown })
    return
  }
  const { approval, verified } = decision
  const waves = wave === undefined ? plan.waves : plan.waves.slice(wave, wave + 1)
  audit('approved', {
    effect: planEffect.effect,
    by: approval.approvedBy,
    approval: approvalFacts(verified),
    counts: { hosts: plannedHosts(waves) },
    ...shown,
  })
}
