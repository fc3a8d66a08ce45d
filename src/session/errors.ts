/** Who can do something about a failure. */
export type ErrorKind = 'input' | 'setup' | 'busy' | 'vendor' | 'drift' | 'unclear' | 'declined'

/** Facts about a failure for programs; no secrets, no free text of the vendor's. */
export interface ErrorDetails {
  readonly status?: number
  /** Qualys' own error code, where the answer held one. */
  readonly code?: string
  readonly retryAfterSeconds?: number
}

/**
 * Every failure that reaches the assistant: what happened and its likely cause (`message`), and what to do
 * next (`next`), one sentence each.
 */
export abstract class QualysError extends Error {
  abstract readonly kind: ErrorKind
  readonly next: string
  readonly details: ErrorDetails

  constructor(message: string, next: string, details: ErrorDetails = {}) {
    super(message)
    this.name = new.target.name
    this.next = next
    this.details = details
  }
}

/** The assistant can mend it: an argument is wrong. */
export class InputError extends QualysError {
  readonly kind = 'input'
}

/** The operator can mend it: credentials, permission, platform, settings. */
export class SetupError extends QualysError {
  readonly kind = 'setup'
}

/** User name, password or token were refused: not to be repeated at once, since accounts lock. */
export class LoginError extends SetupError {}

/** Seconds that are told to whoever may not just try again, where Qualys gives no hint. */
export const vagueSeconds = 60

/** Time mends it. */
export class BusyError extends QualysError {
  readonly kind = 'busy'
}

/** Qualys, or something between here and there, failed. */
export class VendorError extends QualysError {
  readonly kind = 'vendor'
}

/** An answer beyond what is read into memory: no second try makes it smaller, a smaller question does. */
export class TooLargeError extends VendorError {}

/** An answer that did not come in time: a smaller question may have one. */
export class SlowError extends VendorError {}

/** No connection came about: nothing was sent, so that sending it again does no harm. */
export class UnsentError extends VendorError {}

/** Qualys' answer no longer has the form this program knows. */
export class DriftError extends QualysError {
  readonly kind = 'drift'
}

/** An effect was sent, and whether it happened is not known: somebody must look before anything is sent again. */
export class UnclearError extends QualysError {
  readonly kind = 'unclear'
}

/** A person said no, or nobody was there to say yes: nothing was sent. */
export class DeclinedError extends QualysError {
  readonly kind = 'declined'
}
