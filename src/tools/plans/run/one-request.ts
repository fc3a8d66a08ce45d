import { ConnectError, messageOf, QualysError } from '../../../shared/errors.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { cancelAtEnd, type SendState } from '../../effects/refuse-at-end.ts'
import type { ToolContext } from '../../tool.ts'

// The one request of a wave: when it is given up, and what is known of it if it fails.

/** True if this process ends, or may not begin anything: what it does not send, another one will. */
export const isEnding = ({ safeguards, signal }: ToolContext): boolean =>
  safeguards.ending.aborted || signal.aborted || safeguards.obstacle?.() !== undefined

/** Sends unless the program, or what moves plans on, ends before that. What has left may still be answered. */
export async function sendUnlessEnded<T>(
  { safeguards, signal: ended }: ToolContext,
  work: (signal: AbortSignal, state: SendState) => Promise<T>,
): Promise<T> {
  return cancelAtEnd(safeguards, new AbortController().signal, async (signal, state) => {
    const waiting = new AbortController()
    const stop = (): void => {
      if (!state.isSent) waiting.abort(ended.reason)
    }
    if (ended.aborted) stop()
    ended.addEventListener('abort', stop)
    try {
      return await work(AbortSignal.any([signal, waiting.signal]), state)
    } finally {
      ended.removeEventListener('abort', stop)
    }
  })
}

/** Why a request that failed certainly ran nothing; undefined if it may have run something. */
export function lapsedAfter(error: unknown, isSent: boolean): string | undefined {
  const isRefused =
    error instanceof ConnectError ||
    (error instanceof QualysError && ['input', 'setup', 'busy'].includes(error.kind))
  const why = oneLine(messageOf(error), 300)
  return !isSent || isRefused ? why : undefined
}

/**
 * The hosts that Qualys names when it refuses a run: it does so for hosts that are blocked in CAR, which no list shows.
 * Only whole numbers that are ids of this wave count.
 */
export function refusedHosts(error: unknown, hosts: readonly string[]): readonly string[] {
  if (!(error instanceof QualysError) || error.kind !== 'input') return []
  const numbers = new Set(error.message.match(/\d+/g))
  return hosts.filter((id) => numbers.has(id))
}
