import type { Input } from '../../../operations/operation.ts'
import { randomBytes, sha256 } from '../../../shared/crypto.ts'
import { QualysError } from '../../../shared/errors.ts'
import { canonicalJson } from '../../../shared/json.ts'
import { asksPerson } from '../../effects/approval/asks-person.ts'
import { type Approved, consent } from '../../effects/approval/consent.ts'
import type { CallToApprove } from '../../effects/approval/offer.ts'
import { useUp } from '../../effects/approval/records.ts'
import { waysFor } from '../../effects/approval/ways.ts'
import { approvalFacts, previewFacts } from '../../effects/audit/approved-facts.ts'
import { auditArguments } from '../../effects/audit/audit-arguments.ts'
import { callerOf } from '../../effects/audit/audit-caller.ts'
import { refusalFacts } from '../../effects/audit/refusal-facts.ts'
import { refuseAtEnd } from '../../effects/refuse-at-end.ts'
import type { WriteAuditLine } from '../../effects/send-once.ts'
import { checkStopFile } from '../../effects/timing/stop-file.ts'
import type { Question, ToolContext, Waiting } from '../../tool.ts'
import { execute } from '../execute.ts'
import type { PlanApproval } from '../plan.ts'
import { plannedHosts } from '../propose/waves.ts'
import { planApproval } from './plan-approval.ts'
import { callOf, type PlanStep } from './plan-call.ts'

/** A call of a tool for plans, as the audit log has it. */
export interface PlanCall {
  readonly tool: string
  readonly effect: string
  readonly args: Input
}

/** True for the first round of a call: a question that is answered, or a call that waited, comes again. */
export const isFirstRound = ({ approver }: ToolContext): boolean =>
  !approver.hasWaited && (!approver.answer || approver.usesInputRequired)

/** The audit log of one call. */
export async function auditOfCall({ tool, args }: PlanCall, context: ToolContext): Promise<WriteAuditLine> {
  const caller = await callerOf(execute, context)
  const call = sha256(canonicalJson([tool, JSON.parse(JSON.stringify(args))])).slice(0, 16)
  const attempt = randomBytes(4).toString('hex')
  return (event, facts = {}) =>
    context.safeguards.audit?.record(event, { tool, call, attempt, ...facts }, caller)
}

/** Writes that a call was made. */
export function auditAsked(
  audit: WriteAuditLine,
  { effect, args }: PlanCall,
  { approver }: ToolContext,
): void {
  audit('asked', { effect, arguments: auditArguments(args), ...(approver.answer && { again: true }) })
}

/** A yes to a step, with the call that it was for. */
export interface ApprovedStep {
  readonly approval: PlanApproval
  readonly call: CallToApprove
}

/** Runs what may be refused, and writes the refusal to the audit log. */
export async function auditRefusals<T>(
  audit: WriteAuditLine,
  { signal }: ToolContext,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof QualysError) audit('refused', refusalFacts(error))
    else audit('refused', { kind: signal.aborted ? 'cancelled' : 'failed' })
    throw error
  }
}

/** Asks a person about a step of a plan, in every way that counts. The yes is used up once the journal holds it. */
export async function approveStep(
  step: PlanStep,
  args: Input,
  audit: WriteAuditLine,
  context: ToolContext,
): Promise<ApprovedStep | Question | Waiting> {
  const { approver, configuration, safeguards, session } = context
  refuseAtEnd(safeguards)
  checkStopFile(execute, {}, context)
  const call = callOf(step, context)
  const { record, digest } = call
  const auditRecord = (): void => audit('asked', { record, digest, ways: waysFor(call, context).ways })
  const asks = call.asksAlways === true || asksPerson(configuration.settings, call)
  if (isFirstRound(context) && !approver.answer && asks) auditRecord()
  const onGivenUp = (error?: QualysError): void =>
    audit(
      'refused',
      error ? refusalFacts(error) : { kind: 'cancelled', why: 'the call ended while a person was asked' },
    )
  const result = await consent(call, context)
  if ('waitingFor' in result) return { ...result, onGivenUp }
  if ('question' in result) {
    const { isForged, ...question } = result
    if (isForged) {
      audit('refused', {
        kind: 'declined',
        why: 'the answer came without a state that fits: asked again',
      })
      auditRecord()
    }
    return { ...question, onGivenUp }
  }
  refuseAtEnd(safeguards)
  checkStopFile(execute, {}, context)
  const approved: Approved = result
  audit('approved', {
    effect: call.effect,
    by: approved.approvedBy,
    ...(approved.verified && { approval: approvalFacts(approved.verified) }),
    plan: step.plan.id,
    counts: { hosts: step.hosts ?? plannedHosts(step.plan.waves) },
    ...previewFacts({ ...call, args }, session.redact),
  })
  return { approval: planApproval(call, approved, context), call }
}

/** Uses a yes up, once the journal holds it. */
export function useYes({ call }: ApprovedStep, { safeguards }: ToolContext): void {
  useUp(call, safeguards)
}
