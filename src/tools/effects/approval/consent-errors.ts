import { BusyError, DeclinedError, type QualysError, SetupError } from '../../../shared/errors.ts'
import type { ToolContext } from '../../tool.ts'
import { nextStep, type Offer, wayText } from './offer.ts'
import { timeText } from './pending/time-text.ts'

// What the assistant is told where a call is not approved.

/** A way that is offered, or why there is none. */
export type OfferResult = Offer | SetupError | BusyError

/** What is said of a no, and of the clients that say it for nobody. */
const refusals = {
  declined: ['The person said no', 'say no without showing anything'],
  closed: ['The question was closed without an answer', 'close it without showing anything'],
} as const

/** What is said of an answer that no person gave. */
export const answersOfNobody = {
  'no form': 'The client accepted without showing the form',
  odd: "The client's answer does not fit the form",
  failed: 'The client could not ask',
  unanswered: 'Nobody answered the question in time',
} as const

/** The way that is left after a no; nothing if no folder can hold the call. */
function wayAfterNo(offer: OfferResult, sentenceOf: (offer: Offer) => string): string {
  if (offer instanceof SetupError) return ''
  return ` ${offer instanceof BusyError ? `${offer.message} ${offer.next}` : sentenceOf(offer)}`
}

/** The error for a no in a form. It stays a no; but the person may not have been asked. */
export function declinedError(
  kind: keyof typeof refusals,
  offer: OfferResult,
  context: ToolContext,
): DeclinedError {
  const [what, habit] = refusals[kind]
  const way = wayAfterNo(
    offer,
    (open) =>
      `Some clients ${habit}: a person who saw no question can ${wayText(open, context)} within ten minutes, and then the identical call runs.`,
  )
  return new DeclinedError(
    `${what}, so nothing was sent.`,
    `Do not ask again unless the person wants it.${way}`,
  )
}

/** The error for a call that a person said no to, and was asked about again. Nobody is asked a third time. */
export function stillDeclinedError(until: number, offer: OfferResult, context: ToolContext): DeclinedError {
  const way = wayAfterNo(
    offer,
    (open) =>
      `Before that only an approval by code runs it: a person who wants it can ${wayText(open, context)} within ten minutes, then make the identical call again.`,
  )
  return new DeclinedError(
    'A person said no to this call and was asked again already, so it is declined without asking; nothing was sent.',
    `It may be asked again after ${timeText(until)}.${way}`,
  )
}

/** The error for a no on the page or in a terminal, which a waiting call hears of. */
export const declinedElsewhere = (place: string): DeclinedError =>
  new DeclinedError(
    `A person said no ${place}, so nothing was sent.`,
    'Do not ask again unless the person wants it.',
  )

/** The error if no person has approved: how one can. */
export function notApprovedError(what: string, offer: OfferResult, context: ToolContext): QualysError {
  if (offer instanceof SetupError) return new SetupError(`${what} ${offer.message}`, offer.next)
  if (offer instanceof BusyError) return new BusyError(`${what} ${offer.message}`, offer.next)
  return new DeclinedError(what, nextStep(offer, context))
}
