import type { Operation } from '../../operations/operation.ts'
import {
  ConnectError,
  DriftError,
  type QualysError,
  SetupError,
  TooLargeError,
  UnclearError,
  VendorError,
} from '../../shared/errors.ts'
import type { Refusal } from './refusal.ts'

/** True if the write may have reached Qualys before the connection failed. */
export function isOutcomeUnknown({ effect }: Operation, error: unknown): error is QualysError {
  if (effect === 'read') return false
  if (error instanceof VendorError) return !(error instanceof ConnectError)
  // A redirect may follow the work. 307 and 308 ask to repeat the request elsewhere, so nothing was done.
  const { status = 0 } = error instanceof SetupError ? error.details : {}
  return status >= 300 && status <= 303
}

/**
 * Statuses that refuse a request before any work (RFC 9110, 15.5). Not 406, which can be found after the
 * work, and not 408, which an intermediary may send when it gives up.
 */
const refusedBeforeWork: ReadonlySet<number> = new Set([
  ...[400, 401, 402, 403, 404, 405, 407, 409, 410, 411, 413, 414, 415, 416, 417],
  ...[421, 422, 423, 425, 426, 428, 429, 431, 451],
])

/** True if the refusal does not prove that nothing was done. */
export function mayHaveTakenEffect(status: number, { category }: Refusal): boolean {
  return category === 'unknown' || (status >= 300 && !refusedBeforeWork.has(status))
}

/** The error for an effect whose outcome is unknown. */
export function unclearError({ name, change }: Operation, { message, details }: QualysError): UnclearError {
  return new UnclearError(
    `${message} Whether ${name} took effect is not known.`,
    `Do not repeat it; ${change?.recovery ?? 'look at the object'}.`,
    details,
  )
}

/**
 * Reads the answer. If the answer to an effect is unreadable, its outcome is unknown: throws an UnclearError.
 */
export async function asUnclear<T>(operation: Operation, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (operation.effect === 'read' || !(error instanceof DriftError || error instanceof TooLargeError))
      throw error
    throw unclearError(operation, error)
  }
}
