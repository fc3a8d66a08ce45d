import {
  type CallToolResult,
  type InputRequiredResult,
  isInputRequiredResult,
} from '@modelcontextprotocol/server'
import { bearing, type Log } from '../../shared/log.ts'

type Result = CallToolResult | InputRequiredResult

/** How a call ended, in one word: `ok`, or the kind of its error. */
function outcomeOf(result: Result, signal: AbortSignal): string {
  if (signal.aborted) return 'cancelled'
  if (isInputRequiredResult(result)) return 'asked'
  const told = result._meta?.['qualys-mcp/error'] as { readonly kind?: string } | undefined
  return result.isError ? (told?.kind ?? 'error') : 'ok'
}

const sizeOf = ({ content }: Partial<CallToolResult>): number =>
  (content ?? []).reduce((sum, part) => sum + ('text' in part ? part.text.length : 0), 0)

/**
 * Numbers the calls. Every log line of a call has its number; the last one says how it ended, never with what
 * content.
 */
export function callLog(log: Log) {
  let last = 0
  return <T extends Result>(tool: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    bearing({ call: ++last, tool }, async () => {
      const began = performance.now()
      const result = await work()
      const ms = Math.round(performance.now() - began)
      const characters = isInputRequiredResult(result) ? 0 : sizeOf(result)
      log.info({ outcome: outcomeOf(result, signal), ms, characters }, 'call ended')
      return result
    })
}
