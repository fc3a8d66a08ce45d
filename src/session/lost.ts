import type { Operation } from '../operations/operation.ts'
import {
  DriftError,
  type QualysError,
  SetupError,
  TooLargeError,
  UnclearError,
  UnsentError,
  VendorError,
} from './errors.ts'
import type { Refusal } from './product.ts'

/** A connection that broke after an effect may have gone out. Where none came about, nothing was done. */
export function isLost({ effect }: Operation, error: unknown): error is QualysError {
  if (effect === 'read') return false
  if (error instanceof VendorError) return !(error instanceof UnsentError)
  // Sent on, perhaps after the work was done; 307 and 308 ask to do it elsewhere.
  const { status = 0 } = error instanceof SetupError ? error.details : {}
  return status >= 300 && status <= 303
}

/**
 * Statuses with which a request is turned away before it is worked on (RFC 9110, 15.5). Not 406: the form of an answer
 * can be found wrong after the work; nor 408: something in between may have given up.
 */
const turnedAway: ReadonlySet<number> = new Set([
  ...[400, 401, 402, 403, 404, 405, 407, 409, 410, 411, 413, 414, 415, 416, 417],
  ...[421, 422, 423, 425, 426, 428, 429, 431, 451],
])

/** A refusal that may have come after the work: any that does not prove the contrary. */
export function mayHaveHappened(status: number, { means }: Refusal): boolean {
  return means === 'unknown' || (status >= 300 && !turnedAway.has(status))
}

/** What is said of an effect whose answer was lost. */
export function unclear({ name, change }: Operation, { message, details }: QualysError): UnclearError {
  return new UnclearError(
    `${message} Whether ${name} took effect is not known.`,
    `Do not repeat it; ${change?.findOut ?? 'look at the object'}.`,
    details,
  )
}

/** An answer that cannot be read: what it says of an effect is lost too. */
export function orUnclear<T>(operation: Operation, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (operation.effect === 'read' || !(error instanceof DriftError || error instanceof TooLargeError))
      throw error
    throw unclear(operation, error)
  }
}
