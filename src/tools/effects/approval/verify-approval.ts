import { QualysError } from '../../../shared/errors.ts'
import { comparableName } from '../../../shared/safe-text.ts'
import type { VerifiedSignature } from '../../approvals.ts'
import type { ToolContext } from '../../tool.ts'
import { isSealed } from './approval-seal.ts'
import type { Approval, FoundCall } from './pending/stored-call.ts'
import { placeOf, type TakenWays, waysText } from './ways.ts'

/** What was approved elsewhere, and how. */
type GivenApproval = Pick<FoundCall, 'approval' | 'digest'>

/** An approval that counts. */
export interface VerifiedApproval {
  readonly approval: Approval
  /** With the passkey as it is pinned now. */
  readonly signature?: VerifiedSignature
}

const isTaken = ({ way, by }: Approval, { ways }: TakenWays): boolean => {
  if (by === 'passkey') return ways.includes('passkey') || ways.includes('page')
  return ways.includes(way)
}

/** A name that looks the same is the same person, as on the page. */
const isSamePerson = (one: string, other = ''): boolean => comparableName(one) === comparableName(other)

/** Checks a signature against the record, with the keys that are pinned now. Returns what is wrong with it. */
async function verifyPasskey(
  { digest }: GivenApproval,
  { passkey, person }: Approval,
  { safeguards }: ToolContext,
): Promise<VerifiedSignature | string> {
  if (!passkey) return 'The approval with a passkey came without a signature, so it does not count.'
  const { approvals } = safeguards
  try {
    const passkeys = await approvals.passkeys()
    return await passkeys.verify({
      assertion: passkey.assertion,
      digest,
      origins: approvals.page?.origins() ?? [],
      person,
      // The page looked at it first, and counted it.
      isAgain: true,
    })
  } catch (error) {
    if (error instanceof QualysError) return error.message
    throw error
  }
}

/**
 * Verifies an approval that was given elsewhere, by the settings of this process: its way, its key, its person, its
 * record. Returns what is wrong with it, as one sentence.
 */
export async function verifyApproval(
  call: GivenApproval,
  taken: TakenWays,
  context: ToolContext,
): Promise<VerifiedApproval | string> {
  const { approval, digest } = call
  const { caller, safeguards } = context
  if (!approval) return 'The approval does not say how it was given, so it does not count.'
  if (!isTaken(approval, taken)) return `It was approved ${placeOf(approval)}, but ${waysText(taken)}.`
  const signed = approval.by === 'passkey' ? await verifyPasskey(call, approval, context) : undefined
  if (typeof signed === 'string') return signed
  // Over stdio whoever may write the folder may be the person. In the service, the page knows who is logged in.
  const { sealKey, needsSeal } = safeguards.approvals
  const isOfService = (needsSeal || caller.named !== undefined) && approval.way === 'page'
  if (isOfService && !isSealed(sealKey, digest, approval))
    return 'It was not approved on the page of this service, or before the password of its account changed, so it does not count.'
  const person = signed?.passkey.person ?? approval.person
  if (taken.needsOther && (person === undefined || isSamePerson(person, caller.named?.person)))
    return 'It was approved by the person who asks, but another person has to approve it.'
  return { approval, ...(signed && { signature: signed }) }
}
