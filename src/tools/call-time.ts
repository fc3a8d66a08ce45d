import type { Settings } from '../config/settings.ts'
import { withDeadline } from '../shared/deadline.ts'

/** Runs one call within QUALYS_CALL_TIMEOUT_SECONDS. */
export function inCallTime<T>(
  { callTimeoutSeconds }: Settings,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const tooLong = [
    `The call took longer than ${callTimeoutSeconds} s (QUALYS_CALL_TIMEOUT_SECONDS), and was ended.`,
    'Ask for less at once, or ask the operator to allow more time.',
  ] as const
  return withDeadline(callTimeoutSeconds, tooLong, signal, work)
}
