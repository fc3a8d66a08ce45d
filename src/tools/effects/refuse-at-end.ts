import { SetupError } from '../../shared/errors.ts'
import type { Safeguards } from '../tool.ts'

/**
 * Throws a SetupError once the program is told to end: an operator who ends it expects that nothing begins. Throws as
 * well while no effect may begin for another reason.
 */
export function refuseAtEnd({ ending, obstacle }: Safeguards): void {
  const error = obstacle?.()
  if (error) throw error
  if (ending.aborted) throw endError()
}

const endError = (): SetupError =>
  new SetupError(
    'qualys-mcp is ending, so nothing was sent.',
    'Make the call again once it is started again.',
  )

/** Whether the request of a call has left. */
export interface SendState {
  isSent: boolean
}

/**
 * Runs an effect, which the end of the program cancels for as long as nothing was sent: it would be refused anyway. What
 * was sent may still be answered.
 */
export async function cancelAtEnd<T>(
  { ending }: Safeguards,
  signal: AbortSignal,
  work: (signal: AbortSignal, state: SendState) => Promise<T>,
): Promise<T> {
  const state: SendState = { isSent: false }
  const waiting = new AbortController()
  const stop = (): void => {
    if (!state.isSent) waiting.abort(endError())
  }
  ending.addEventListener('abort', stop)
  try {
    return await work(AbortSignal.any([signal, waiting.signal]), state)
  } finally {
    ending.removeEventListener('abort', stop)
  }
}
