import type { Operation } from '../../operations/operation.ts'
import {
  BusyError,
  DriftError,
  defaultRetrySeconds,
  type ErrorDetails,
  InputError,
  type QualysError,
  SetupError,
  TooLargeError,
  VendorError,
} from '../../shared/errors.ts'

/** A refusal without a code that says more than its status. */
export interface StatusFailure {
  readonly operation: Operation
  readonly status: number
  /** Qualys' own words, as `: "…"`; empty without any. */
  readonly quote: string
  readonly details: ErrorDetails
}

type ToError = (failure: StatusFailure) => QualysError

/** A 409 without a message on a read is a limit: a read conflicts with nothing (qualys-platform.md 0.5). */
function conflictError({ operation, status, quote, details }: StatusFailure): QualysError {
  if (operation.effect === 'read' && quote === '') {
    const retryAfterSeconds = defaultRetrySeconds
    return new BusyError(
      `Qualys does not take the call for the moment (${status}), as it does at a limit.`,
      `Call again in ${retryAfterSeconds} s.`,
      { ...details, retryAfterSeconds },
    )
  }
  return new InputError(
    `Qualys reports a conflict (${status}${quote}).`,
    operation.effect === 'read' ? 'Change what the reason names.' : 'Look at the object first.',
    details,
  )
}

const tooManyRowsError: ToError = ({ operation, status, quote, details }) =>
  // A walk then asks for smaller batches.
  new (operation.returns === 'rows' ? TooLargeError : InputError)(
    `Qualys does not send as much at once (${status}${quote}).`,
    'Ask for fewer rows, with a smaller pageSize.',
    details,
  )

/** Maintenance or the like: only waiting helps. */
export function unavailableError({ status, quote, details }: Omit<StatusFailure, 'operation'>): VendorError {
  return new VendorError(
    `Qualys is not available for the moment (${status}${quote}), which may be maintenance.`,
    'Try again in some minutes; planned maintenance is announced on the Qualys status page.',
    details,
  )
}

const badGatewayError: ToError = ({ status, quote, details }) =>
  new VendorError(
    `Qualys failed (${status}${quote}): what stands in front of it got no proper answer from behind.`,
    'Try again in some minutes; if it stays so, ask the operator to check the proxy and the Qualys status page.',
    details,
  )

const errorsByStatus: Readonly<Record<number, ToError>> = {
  409: conflictError,
  416: tooManyRowsError,
  502: badGatewayError,
  503: unavailableError,
  504: badGatewayError,
}

/** The class of an error, what happened, and what to do next. */
type Sentences = readonly [
  Kind: new (message: string, next: string, details: ErrorDetails) => QualysError,
  what: string,
  next: string,
]

/** The caller cannot change the format of a request, so the API has changed. */
const formatAdvice =
  'The API may have changed: ask the operator to check its version with qualys_status, and to report it.'

const sentencesByStatus: Readonly<Record<number, Sentences>> = {
  406: [DriftError, 'Qualys does not answer in the format that is asked for', formatAdvice],
  408: [
    VendorError,
    'The request did not arrive in time, or not whole',
    'Try again; if it stays so, ask the operator to check the network and the proxy.',
  ],
  413: [InputError, 'The request is too large', 'Send less at once: fewer ids, or shorter content.'],
  414: [
    InputError,
    'The address of the request is too long',
    'Shorten the filter, or pass fewer ids at once.',
  ],
  415: [DriftError, 'Qualys does not take the request in the format that is sent', formatAdvice],
  423: [
    InputError,
    'What the call is about is locked',
    'Look at the object first; somebody may be at work on it.',
  ],
  431: [
    SetupError,
    'The headers of the request are too large',
    'Ask the operator to check the length of the token, and what the proxy adds.',
  ],
}

const failed: Sentences = [
  VendorError,
  'Qualys failed',
  'Try again in some minutes; if it stays so, report it to Qualys support with the time of the call.',
]
const unexpected: Sentences = [
  VendorError,
  'Qualys answered with an unexpected status',
  'Report it, with the name of the tool.',
]

/** The error for a status, if the product gives no better reason. */
export function failureByStatus(failure: StatusFailure): QualysError {
  const { status, quote, details } = failure
  const toError = errorsByStatus[status]
  if (toError) return toError(failure)
  const [Kind, what, next] = sentencesByStatus[status] ?? (status >= 500 ? failed : unexpected)
  return new Kind(`${what} (${status}${quote}).`, next, details)
}
