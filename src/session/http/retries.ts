import { VendorError } from '../../shared/errors.ts'
import { secondsToWait, type TextResponse } from './rate-limits.ts'

// When a request is sent again, and why.

const firstBackoffMs = 500
const transient = new Set([502, 503, 504])
const maxTries = 4

/** The answer to one attempt, or the error of the connection. */
type Outcome = TextResponse | VendorError

/** Whole seconds are rounded, and other clients wait for the same moment. */
export const pauseFor = (seconds: number): number => seconds * 1000 * (1 + Math.random() / 20)

/** Milliseconds before the next attempt; undefined if a retry is useless. */
export function pauseAfter(outcome: Outcome, attempt: number): number | undefined {
  const backoff = firstBackoffMs * 2 ** attempt * (0.75 + Math.random() / 2)
  const mayRetry = attempt + 1 < maxTries
  if (outcome instanceof VendorError) return mayRetry ? backoff : undefined
  const wait = secondsToWait(outcome)
  // The hint may come only with the next refusal (qualys-platform.md 3.2), so ask again soon.
  if (wait === 'unknown') return backoff * 4
  if (wait !== undefined) return wait > 0 ? pauseFor(wait) : backoff
  return transient.has(outcome.status) && mayRetry ? backoff : undefined
}

export const limitReason = 'Qualys limits the calls of this account'

export function reasonOf(outcome: Outcome): string {
  if (outcome instanceof VendorError) return 'The connection to Qualys broke'
  return secondsToWait(outcome) === undefined || outcome.status === 503
    ? `Qualys failed (${outcome.status})`
    : `${limitReason} (${outcome.status})`
}
