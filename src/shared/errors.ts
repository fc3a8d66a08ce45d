/** The kind of a failure: who can do something about it. */
export type ErrorKind = 'input' | 'setup' | 'busy' | 'vendor' | 'drift' | 'unclear' | 'declined'

/** Facts about a failure for programs: no secrets and no free text from Qualys. */
export interface ErrorDetails {
  readonly status?: number
  /** Qualys' own error code, if the answer has one. */
  readonly code?: string
  readonly retryAfterSeconds?: number
}

/**
 * Base class of every failure that reaches the assistant. `message` says what happened and the likely cause,
 * `next` what to do next, in one sentence each.
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

  /** The same failure, under a message that says more. */
  withMessage(message: string): this {
    return Object.create(this, { message: { value: message } })
  }
}

/** An argument is wrong; the assistant can fix it. */
export class InputError extends QualysError {
  readonly kind = 'input'
}

/** Credentials, permission, platform or settings are wrong; the operator can fix them. */
export class SetupError extends QualysError {
  readonly kind = 'setup'
}

/** No connection is possible at present: the network, or an address in the settings. Nothing was sent. */
export class UnreachableError extends SetupError {}

/** User name, password or token were refused. Do not retry at once: accounts lock. */
export class LoginError extends SetupError {}

/** The seconds to report if the call must wait and Qualys gives no hint. */
export const defaultRetrySeconds = 60

/** A limit or a temporary state: the call works later. */
export class BusyError extends QualysError {
  readonly kind = 'busy'
}

/** Qualys, or something between this server and Qualys, failed. */
export class VendorError extends QualysError {
  readonly kind = 'vendor'
}

/** The answer is larger than the memory limit. A retry does not help, a smaller request does. */
export class TooLargeError extends VendorError {}

/** The answer did not arrive in time. A smaller request may succeed. */
export class TimeoutError extends VendorError {}

/** No connection was made. Nothing was sent, so sending it again is safe. */
export class ConnectError extends VendorError {}

/** The answer of Qualys does not have the form that this program expects. */
export class DriftError extends QualysError {
  readonly kind = 'drift'
}

/** An effect was sent and its outcome is unknown: somebody must check before anything is sent again. */
export class UnclearError extends QualysError {
  readonly kind = 'unclear'
}

/** A person declined, or nobody was there to approve: nothing was sent. */
export class DeclinedError extends QualysError {
  readonly kind = 'declined'
}

/** What went wrong, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A flag, a setting or a file that stops a command. The message is one sentence that says what to do. */
export class SettingsError extends Error {}
