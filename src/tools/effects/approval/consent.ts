import { BusyError, DeclinedError, type QualysError, SetupError } from '../../../shared/errors.ts'
import type { FormAnswer, Question, ToolContext, Waiting } from '../../tool.ts'
import { refuseUnreadable } from '../preview/readable.ts'
import { digestOf } from './approval-record.ts'
import { asksPerson } from './asks-person.ts'
import {
  answersOfNobody,
  declinedElsewhere,
  declinedError,
  notApprovedError,
  type OfferResult,
  stillDeclinedError,
} from './consent-errors.ts'
import { formQuestion, maxFormLines } from './form/form-question.ts'
import { type CallToApprove, type Offer, offerElsewhere, wayText } from './offer.ts'
import { declinedCall, reopenCall } from './pending/pending-calls.ts'
import { ifUsable } from './pending/pending-folder.ts'
import type { StoredCall } from './pending/stored-call.ts'
import { recordOf, sameCalls, useUp } from './records.ts'
import { type VerifiedApproval, verifyApproval } from './verify-approval.ts'
import { awaitDecision } from './wait.ts'
import { placeOf, type TakenWays, waysFor } from './ways.ts'

/** Who approved a call that no person has to approve. */
export const bySettings = 'settings'

/** A yes. */
export interface Approved {
  /** Who said it, and how. */
  readonly approvedBy: string
  /** How it was given, unless in a form or by the settings. */
  readonly verified?: VerifiedApproval
}

/** Who approved a call, or what it waits for. */
type Consent =
  | Approved
  | (Omit<Question, 'onGivenUp'> & { readonly isForged: boolean })
  | Omit<Waiting, 'onGivenUp'>

/** What the state of a question with an address is for: a client that only opened it was shown no form to tick. */
const addressOf = (digest: string): string => `address ${digest}`

/**
 * The answer that belongs to exactly this call; undefined if there is none. One that came late is held by this process.
 */
async function answerTo(
  { digest }: CallToApprove,
  { ways }: TakenWays,
  { approver: { answer, request }, safeguards }: ToolContext,
): Promise<FormAnswer | undefined> {
  if (!answer || !request) return ways.includes('client') ? safeguards.lateAnswers.take(digest) : undefined
  // Only this process says that nobody answered, when the state is about to expire as well.
  const isValid =
    answer.kind === 'unanswered' ||
    (await safeguards.requestStates.redeem(
      answer.state,
      answer.isOfAddress ? addressOf(digest) : digest,
      request,
    ))
  // A state is issued only for a question that counts; the settings may have changed since.
  const counts = answer.kind !== 'approved' || ways.includes('client')
  return isValid && counts ? answer : undefined
}

/**
 * Throws a DeclinedError if a person said no on the page before the client told that it opened its address: the call has
 * another record by then.
 */
async function refuseDeclinedOnPage(
  { key }: CallToApprove,
  { approver: { answer, request }, safeguards }: ToolContext,
): Promise<void> {
  if (!answer?.isOfAddress || !request) return
  const declined = ifUsable(() => declinedCall(safeguards.stateDir, key))
  if (!declined) return
  const isOfQuestion = await safeguards.requestStates.redeem(
    answer.state,
    addressOf(declined.digest),
    request,
  )
  if (isOfQuestion) throw declinedElsewhere(placeOfDecline(declined))
}

/** What an approval that was given elsewhere is worth; undefined if there is none. */
async function approvalElsewhere(
  call: CallToApprove,
  taken: TakenWays,
  context: ToolContext,
): Promise<VerifiedApproval | string | undefined> {
  const found = sameCalls(call.subject, context.safeguards).find(
    ({ digest, state }) => digest === call.digest && state === 'approved',
  )
  return found && verifyApproval(found, taken, context)
}

/** Verifies once more what was approved elsewhere, as the last thing before the request. Throws a DeclinedError. */
export async function verifyAgain(call: CallToApprove, context: ToolContext): Promise<void> {
  const verified = await approvalElsewhere(call, waysFor(call, context), context)
  if (typeof verified === 'object') return
  throw new DeclinedError(
    verified === undefined
      ? 'The approval is gone or was used by another call meanwhile; nothing was sent.'
      : `${verified} Nothing was sent.`,
    'Make the call again to ask for another one.',
  )
}

/** A later no takes back an earlier yes: its record is used up. Returns the call with another one. */
function takeBack(call: CallToApprove, { safeguards }: ToolContext): CallToApprove {
  useUp(call, safeguards)
  const record = recordOf(call.subject, safeguards)
  return { ...call, record, digest: digestOf(record) }
}

/** Who approved, as reply and audit log say it. */
function approvedBy({ approval, signature }: VerifiedApproval): string {
  const person = signature?.passkey.person ?? approval.person
  return `${person === undefined ? 'a person' : person}, ${placeOf(approval)}`
}

/** What a waiting call does once a person decided elsewhere: it runs, or ends with the no. */
function waitingFor(
  offer: Offer,
  { digest, key }: CallToApprove,
  context: ToolContext,
  error: QualysError,
): Omit<Waiting, 'onGivenUp'> {
  return {
    waitingFor: offer.link === undefined ? wayText(offer, context) : offer.link,
    error,
    decided: async (signal) => {
      const decided = await awaitDecision(digest, key, context, signal)
      if (!decided) throw error
      if (decided.state !== 'declined') return
      context.safeguards.approvals.records.end(digest)
      throw declinedElsewhere(placeOfDecline(decided))
    },
  }
}

const placeOfDecline = ({ declined }: StoredCall): string =>
  declined?.way === 'page' ? 'on the approval page' : 'in a terminal'

/** Opens the page in the browser of this machine, for a call that no person was told of. */
async function showPage(offer: Offer, { safeguards: { approvals } }: ToolContext): Promise<boolean> {
  if (offer.isKnown || offer.link === undefined) return false
  return (await approvals.page?.openInBrowser?.(offer.code)) === true
}

/** Asks through an address that the client opens, which may hold the key of the page. */
async function linkQuestion(
  offer: Offer,
  { digest }: CallToApprove,
  { safeguards: { approvals, requestStates }, approver }: ToolContext,
): Promise<Consent | undefined> {
  if (!approver.opensAddresses || approver.answer || offer.link === undefined) return undefined
  return {
    question:
      'A person has to approve this call on the page behind this address: open it, read, and decide there.',
    url: (await approvals.page?.keyLinkFor?.(offer.code)) ?? offer.link,
    state: await requestStates.issue(addressOf(digest)),
    digest,
    isForged: false,
  }
}

/** What comes of a call that only the page or a terminal can approve. Throws the error that says how. */
async function askElsewhere(
  what: string,
  offer: OfferResult,
  call: CallToApprove,
  context: ToolContext,
  mayWait = false,
): Promise<Consent> {
  const error = notApprovedError(what, offer, context)
  if (offer instanceof SetupError || offer instanceof BusyError) throw error
  const question = await linkQuestion(offer, call, context)
  if (question) return question
  const isShown = await showPage(offer, context)
  if (mayWait || isShown || offer.isKnown || context.safeguards.approvals.waitsAtOnce)
    return waitingFor(offer, call, context, error)
  throw error
}

/**
 * Who approved: the settings, or a person through the client, on the page or in a terminal; or what to ask or to wait
 * for. Throws a DeclinedError if the person declined or was not asked. An answer counts only with a state that this
 * process issued for exactly this call; otherwise the question is asked again.
 */
export async function consent(call: CallToApprove, context: ToolContext): Promise<Consent> {
  const { approver, safeguards } = context
  const { declines, requestStates } = safeguards
  const { digest, key, preview } = call
  if (!call.asksAlways && !asksPerson(context.configuration.settings, call)) return { approvedBy: bySettings }
  refuseUnreadable(preview)
  const taken = waysFor(call, context)
  const answer = await answerTo(call, taken, context)
  if (!answer) await refuseDeclinedOnPage(call, context)
  const elsewhere = await approvalElsewhere(call, taken, context)
  const offer = (): Promise<OfferResult> => offerElsewhere(call, taken, context)
  const mayAskInForm = taken.ways.includes('client') && approver.isReachable
  if (answer?.kind === 'declined' || answer?.kind === 'closed') {
    declines.add(key)
    const open = elsewhere === undefined ? call : takeBack(call, context)
    throw declinedError(answer.kind, await offerElsewhere(open, taken, context), context)
  }
  if (answer?.kind === 'approved') {
    declines.end(key)
    return { approvedBy: 'a person, asked by the client' }
  }
  if (typeof elsewhere === 'object') {
    declines.end(key)
    requestStates.voidOf(digest)
    return { approvedBy: approvedBy(elsewhere), verified: elsewhere }
  }
  if (elsewhere !== undefined) {
    // Somebody can still approve it in a way that counts.
    ifUsable(() => reopenCall(safeguards.stateDir, digest))
    throw notApprovedError(`${elsewhere} Nothing was sent.`, await offer(), context)
  }
  if (answer?.kind === 'opened')
    return askElsewhere('Nobody has approved this yet; nothing was sent.', await offer(), call, context, true)
  if (answer) {
    if (answer.kind !== 'unanswered') declines.askedNobody(key)
    const said = answer.said ? ` (${answer.said})` : ''
    throw notApprovedError(
      `${answersOfNobody[answer.kind]}${said}, so nothing was sent.`,
      await offer(),
      context,
    )
  }
  const declinedUntil = declines.ask(key)
  if (declinedUntil !== undefined) {
    const open = await offer()
    const error = stillDeclinedError(declinedUntil, open, context)
    // Nobody is asked by that: the call hears of what a person decides elsewhere.
    if ('isKnown' in open && open.isKnown && !mayAskInForm) return waitingFor(open, call, context, error)
    throw error
  }
  if (!taken.ways.includes('client'))
    return askElsewhere('A person has to approve this; nothing was sent.', await offer(), call, context)
  if (!approver.isReachable)
    return askElsewhere(
      'A person has to approve this, and this client cannot ask one; nothing was sent.',
      await offer(),
      call,
      context,
    )
  const question = await formQuestion(preview, offer)
  if (question instanceof BusyError) throw question
  if (question instanceof SetupError)
    throw new SetupError(
      `A form cannot show all of the preview, and there is no place to read the rest. ${question.message}`,
      question.next,
    )
  if (question === undefined)
    return askElsewhere(
      `A person has to approve this, and even an excerpt of the preview takes more than the ${maxFormLines} lines of a form; nothing was sent.`,
      await offer(),
      call,
      context,
    )
  return {
    question,
    state: await requestStates.issue(digest),
    digest,
    isForged: approver.answer !== undefined,
  }
}
