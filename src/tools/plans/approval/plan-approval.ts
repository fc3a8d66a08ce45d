import { oneLine } from '../../../shared/safe-text.ts'
import { digestOf } from '../../effects/approval/approval-record.ts'
import { asksPerson } from '../../effects/approval/asks-person.ts'
import { type Approved, bySettings } from '../../effects/approval/consent.ts'
import type { CallToApprove } from '../../effects/approval/offer.ts'
import { assertionSchema, clientDataIn } from '../../effects/approval/page/passkeys/response-schemas.ts'
import type { Approval } from '../../effects/approval/pending/stored-call.ts'
import { verifyApproval } from '../../effects/approval/verify-approval.ts'
import { waysFor, waysText } from '../../effects/approval/ways.ts'
import type { ToolContext } from '../../tool.ts'
import type { PlanApproval, RolloutPlan } from '../plan.ts'
import { hashOfStep, type PlanYes, planEffect, weightOf } from './plan-call.ts'

/** A yes as the journal holds it. */
export function planApproval(
  { record, digest }: Pick<CallToApprove, 'record' | 'digest'>,
  { approvedBy, verified }: Approved,
  { caller }: ToolContext,
): PlanApproval {
  const asker = caller.named && { asker: caller.named }
  if (verified) return { record, digest, approvedBy, way: 'elsewhere', approval: verified.approval, ...asker }
  return { record, digest, approvedBy, way: approvedBy === bySettings ? 'settings' : 'form', ...asker }
}

/** What to say of a signature that was made on the page of a process that has ended; undefined for others. */
function otherPort({ passkey }: Approval, { safeguards }: ToolContext): string | undefined {
  const { clientDataJSON } = assertionSchema.safeParse(passkey?.assertion).data?.response ?? {}
  const origin = clientDataJSON === undefined ? undefined : clientDataIn(clientDataJSON)?.origin
  const isLocal = origin?.startsWith('http://localhost:') === true
  if (!isLocal || safeguards.approvals.page?.origins().includes(origin)) return undefined
  return `The passkey signed on the page at ${oneLine(origin, 100)}, which was that of another process: with QUALYS_PAGE_PORT the page keeps its port, and what was signed before a restart counts after it.`
}

/** What is wrong with the way in which an approval was given, by the settings of this process. */
async function wrongWay(
  { approval, way, digest, asker }: PlanApproval,
  asksAlways: boolean,
  plan: RolloutPlan,
  context: ToolContext,
): Promise<string | undefined> {
  const { settings } = context.configuration
  const taken = waysFor(planEffect, context)
  if (way === 'settings')
    return asksAlways || asksPerson(settings, weightOf(plan))
      ? 'It was let through by settings that ask nobody, and by the settings of this process a person has to approve it.'
      : undefined
  if (way === 'form')
    return taken.ways.includes('client')
      ? undefined
      : `It was approved in a form of the client, but ${waysText(taken)}.`
  // Four eyes compare the person who approved with the one who asked then.
  const { named: _, ...caller } = context.caller
  const asked = { ...context, caller: { ...caller, ...(asker && { named: asker }) } }
  const verified = await verifyApproval({ digest, ...(approval && { approval }) }, taken, asked)
  if (typeof verified !== 'string') return undefined
  return (approval && otherPort(approval, context)) ?? verified
}

/**
 * Why an approval of the journal does not count for this plan: it is verified again before every wave, by the settings
 * of the process that sends. Undefined if it counts.
 */
export async function wrongWith(
  { approval, tool, sealed, asksAlways = false }: PlanYes,
  plan: RolloutPlan,
  context: ToolContext,
): Promise<string | undefined> {
  const { record, digest } = approval
  const isOfPlan =
    digestOf(record) === digest &&
    record.arguments === hashOfStep({ plan, sealed }, approval.asker) &&
    record.tool === tool &&
    record.account === plan.account &&
    record.platform === plan.platform
  if (!isOfPlan) return 'The approval in the journal is for something else than this plan.'
  return wrongWay(approval, asksAlways, plan, context)
}
