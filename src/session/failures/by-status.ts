import type { Operation } from '../../operations/operation.ts'
import {
  BusyError,
  DriftError,
  type ErrorDetails,
  InputError,
  type QualysError,
  SetupError,
  TooLargeError,
  VendorError,
  vagueSeconds,
} from '../../shared/errors.ts'

/** A refusal without a code that says more than its status. */
export interface Silent {
  readonly operation: Operation
  readonly status: number
  /** Qualys' own words, as `: "…"`; empty without any. */
  readonly said: string
  readonly details: ErrorDetails
}

type Telling = (silent: Silent) => QualysError

/** The caller cannot change the format of a request, so the API has changed. */
const otherForm =
  (what: string): Telling =>
  ({ status, said, details }) =>
    new DriftError(
      `${what} (${status}${said}).`,
      'The API may have changed: ask the operator to check its version with qualys_status, and to report it.',
      details,
    )

/** A 409 without a message on a read is a limit: a read conflicts with nothing (qualys-platform.md 0.5). */
function conflict({ operation, status, said, details }: Silent): QualysError {
  if (operation.effect === 'read' && said === '') {
    const retryAfterSeconds = vagueSeconds
    return new BusyError(
      `Qualys does not take the call for the moment (${status}), as it does at a limit.`,
      `Call again in ${retryAfterSeconds} s.`,
      { ...details, retryAfterSeconds },
    )
  }
  return new InputError(
    `Qualys reports a conflict (${status}${said}).`,
    operation.effect === 'read' ? 'Change what the reason names.' : 'Look at the object first.',
    details,
  )
}

const tooManyRows: Telling = ({ operation, status, said, details }) =>
  // A walk then asks for smaller batches.
  new (operation.returns === 'rows' ? TooLargeError : InputError)(
    `Qualys does not send as much at once (${status}${said}).`,
    'Ask for fewer rows, with a smaller pageSize.',
    details,
  )

/** Maintenance or the like: only waiting helps. */
export function unavailable({ status, said, details }: Omit<Silent, 'operation'>): VendorError {
  return new VendorError(
    `Qualys is not available for the moment (${status}${said}), which may be maintenance.`,
    'Try again in some minutes; planned maintenance is announced on the Qualys status page.',
    details,
  )
}

const unanswered: Telling = ({ status, said, details }) =>
  new VendorError(
    `Qualys failed (${status}${said}): what stands in front of it got no proper answer from behind.`,
    'Try again in some minutes; if it stays so, ask the operator to check the proxy and the Qualys status page.',
    details,
  )

const told: Readonly<Record<number, Telling>> = {
  406: otherForm('Qualys does not answer in the format that is asked for'),
  408: ({ status, said, details }) =>
    new VendorError(
      `The request did not arrive in time, or not whole (${status}${said}).`,
      'Try again; if it stays so, ask the operator to check the network and the proxy.',
      details,
    ),
  409: conflict,
  413: ({ status, said, details }) =>
    new InputError(
      `The request is too large (${status}${said}).`,
      'Send less at once: fewer ids, or shorter content.',
      details,
    ),
  414: ({ status, said, details }) =>
    new InputError(
      `The address of the request is too long (${status}${said}).`,
      'Shorten the filter, or pass fewer ids at once.',
      details,
    ),
  415: otherForm('Qualys does not take the request in the format that is sent'),
  416: tooManyRows,
  423: ({ status, said, details }) =>
    new InputError(
      `What the call is about is locked (${status}${said}).`,
      'Look at the object first; somebody may be at work on it.',
      details,
    ),
  431: ({ status, said, details }) =>
    new SetupError(
      `The headers of the request are too large (${status}${said}).`,
      'Ask the operator to check the length of the token, and what the proxy adds.',
      details,
    ),
  502: unanswered,
  503: unavailable,
  504: unanswered,
}

/** The error for a status, if the product gives no better reason. */
export function failureByStatus(silent: Silent): QualysError {
  const { status, said, details } = silent
  const known = told[status]
  if (known) return known(silent)
  if (status >= 500)
    return new VendorError(
      `Qualys failed (${status}${said}).`,
      'Try again in some minutes; if it stays so, report it to Qualys support with the time of the call.',
      details,
    )
  return new VendorError(
    `Qualys answered with an unexpected status (${status}${said}).`,
    'Report it, with the name of the tool.',
    details,
  )
}
