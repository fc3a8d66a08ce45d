import type { ApprovalSubject } from '../../approvals.ts'
import { listCalls, reopenCall } from '../../effects/approval/pending/pending-calls.ts'
import { ifUsable } from '../../effects/approval/pending/pending-folder.ts'
import type { FoundCall } from '../../effects/approval/pending/stored-call.ts'
import { recordOutcome, sameCalls, useUp } from '../../effects/approval/records.ts'
import { type VerifiedApproval, verifyApproval } from '../../effects/approval/verify-approval.ts'
import { placeOf, waysFor } from '../../effects/approval/ways.ts'
import type { ToolContext } from '../../tool.ts'
import type { PlanApproval } from '../plan.ts'
import { planEffect } from './plan-call.ts'

/** What a person decided about a step, on the page or in a terminal, without a call that waits for it. */
export type Decision =
  | {
      readonly kind: 'approved'
      readonly approval: PlanApproval
      readonly verified: VerifiedApproval
      readonly call: FoundCall
    }
  | { readonly kind: 'declined'; readonly by: string; readonly call: FoundCall }
  /** Somebody can still decide. */
  | { readonly kind: 'waiting'; readonly call: FoundCall }

/** The call of a step that a person declined within the last minutes, and after `since`. */
const declinedStep = (subject: ApprovalSubject, stateDir: string, since: number): FoundCall | undefined =>
  ifUsable(() => listCalls(stateDir))?.find(
    ({ state, record, at }) => state === 'declined' && record.arguments === subject.arguments && at > since,
  )

/** The decision on a step; undefined if nobody is asked at present. `since`: an earlier no counts no longer. */
export async function decisionOn(
  subject: ApprovalSubject,
  context: ToolContext,
  since = 0,
): Promise<Decision | undefined> {
  const { caller, safeguards } = context
  const [call] = sameCalls(subject, safeguards)
  if (call?.state === 'pending') return { kind: 'waiting', call }
  if (!call) {
    const declined = declinedStep(subject, safeguards.stateDir, since)
    if (!declined?.declined) return undefined
    const { way, person = 'a person' } = declined.declined
    const by = way === 'page' ? 'page key' : 'terminal'
    return { kind: 'declined', by: `${person}, ${placeOf({ way, by })}`, call: declined }
  }
  const verified = await verifyApproval(call, waysFor(planEffect, context), context)
  if (typeof verified === 'string') {
    // Somebody can still approve it in a way that counts.
    ifUsable(() => reopenCall(safeguards.stateDir, call.digest))
    return { kind: 'waiting', call: { ...call, state: 'pending' } }
  }
  const { approval, signature } = verified
  const person = signature?.passkey.person ?? approval.person ?? 'a person'
  return {
    kind: 'approved',
    call,
    verified,
    approval: {
      record: call.record,
      digest: call.digest,
      approvedBy: `${person}, ${placeOf(approval)}`,
      way: 'elsewhere',
      approval,
      ...(caller.named && { asker: caller.named }),
    },
  }
}

/** Uses a record up, once the journal holds the approval. */
export function useApproval(
  call: Pick<FoundCall, 'digest' | 'record' | 'preview'>,
  { safeguards }: ToolContext,
  outcome: string,
): void {
  useUp(call, safeguards)
  recordOutcome(call, safeguards, outcome)
}
