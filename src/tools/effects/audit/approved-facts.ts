import type { Input } from '../../../operations/operation.ts'
import { type Redact, redactJson } from '../../../shared/secrets.ts'
import type { VerifiedSignature } from '../../approvals.ts'
import { hashOfJson } from '../approval/approval-record.ts'
import type { Approved } from '../approval/consent.ts'
import type { VerifiedApproval } from '../approval/verify-approval.ts'
import type { PreparedCall } from '../prepare/inspection.ts'
import { sealedFacts } from '../preview/sealed.ts'
import { auditArguments } from './audit-arguments.ts'
import { maskCredentials } from './mask-credentials.ts'
import { shownWithin } from './shown-preview.ts'
import { pagesOf, targetIds } from './target-ids.ts'
import { truncateTo } from './truncate.ts'

/** Shares of a line of 64 KiB. With the names around them they always fit, so ids are never cut. */
const maxShownBytes = 24 * 1024
const maxSendsBytes = 8 * 1024

/** The facts of an approval, as lines of the audit log. */
interface ApprovedFacts {
  /** Ids for which `approved` has no room, one object a line: they come before it. */
  readonly targets: readonly Input[]
  readonly approved: Input
}

/** A preview as lines of the log hold it, and the record and digest that it was sealed with. */
export function previewFacts(
  { digest, record, preview, args }: Pick<PreparedCall, 'digest' | 'record' | 'preview' | 'args'>,
  redact: Redact,
): Input {
  const cut = shownWithin(sealedFacts(preview.facts), maxShownBytes)
  const masked = redactJson(maskCredentials(cut.shown, args), redact)
  // A mask may be longer than what it replaces.
  const { shown, linesLeftOut } = shownWithin(masked, maxShownBytes)
  const leftOut = cut.linesLeftOut + linesLeftOut
  return {
    digest,
    record,
    shown,
    ...(leftOut > 0 && { linesLeftOut: leftOut }),
    // A preview that is cut or masked cannot be checked against its hash.
    ...(hashOfJson(masked) !== hashOfJson(cut.shown) && { masked: true }),
  }
}

/** How it was approved: with a passkey, all that shows who signed the record, without the server. */
export function approvalFacts({ approval, signature }: VerifiedApproval): Input {
  const { way, by, person, at } = approval
  return {
    way,
    by,
    at: new Date(at).toISOString(),
    ...(person !== undefined && { person }),
    ...(signature && { passkey: signatureFacts(signature) }),
  }
}

const signatureFacts = ({ passkey, assertion, origin }: VerifiedSignature): Input => {
  const { person, credentialId, publicKey, rpId } = passkey
  return { person, credentialId, publicKey, rpId, origin, assertion }
}

/** The ids that a call concerns, in pages that fit into one line each, and how many there are of each kind. */
export function approvedCounts({ targets, hosts }: Pick<PreparedCall, 'targets' | 'hosts'>) {
  const ids = targetIds(targets, hosts)
  const counts = Object.fromEntries(Object.entries(ids).map(([kind, list]) => [kind, list.length]))
  return { pages: pagesOf(ids), counts }
}

/** What was approved: the preview as it was read, the ids that it concerns, and the hashes that prove both. */
export function approvedFacts(
  prepared: PreparedCall,
  args: Input,
  { approvedBy, verified }: Approved,
  redact: Redact,
): ApprovedFacts {
  const { pages, counts } = approvedCounts(prepared)
  return {
    targets: pages.slice(0, -1).map((page) => ({ targets: page })),
    approved: {
      effect: prepared.effect,
      by: approvedBy,
      ...(verified && { approval: approvalFacts(verified) }),
      counts,
      targets: pages.at(-1) ?? {},
      ...previewFacts(prepared, redact),
      // The people that replace a company or a tag, or the content as its platform needs it.
      ...(prepared.args !== args && { sends: truncateTo(auditArguments(prepared.args), maxSendsBytes) }),
    },
  }
}
