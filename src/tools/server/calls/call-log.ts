import {
  type CallToolResult,
  type InputRequiredResult,
  isInputRequiredResult,
} from '@modelcontextprotocol/server'
import { type Log, withContext } from '../../../shared/log.ts'

type Result = CallToolResult | InputRequiredResult

/** How a call ended, in one word: `ok`, or the kind of its error. */
function outcomeOf(result: Result, signal: AbortSignal): string {
  if (signal.aborted) return 'cancelled'
  if (isInputRequiredResult(result)) return 'asked'
  const error = result._meta?.['qualys-mcp/error'] as { readonly kind?: string } | undefined
  return result.isError ? (error?.kind ?? 'error') : 'ok'
}

const sizeOf = ({ content }: Partial<CallToolResult>): number =>
  (content ?? []).reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 0)

/**
 * Numbers the calls. Every log line of a call has its number. The last line has the outcome, the duration and
 * the size, never the content.
 */
export function callLog(log: Log) {
  let lastCall = 0
  return <T extends Result>(tool: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    withContext({ call: ++lastCall, tool }, async () => {
      const startedAt = performance.now()
      const result = await work()
      const ms = Math.round(performance.now() - startedAt)
      const characters = isInputRequiredResult(result) ? 0 : sizeOf(result)
      log.info({ outcome: outcomeOf(result, signal), ms, characters }, 'call ended')
      return result
    })
}
