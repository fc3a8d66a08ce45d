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

/** How a call ended. */
export interface EndedCall {
  readonly tool: string
  /** `ok`, `asked`, `cancelled`, or the kind of its error. */
  readonly outcome: string
}

/** A result, and its outcome where that does not show in it. */
interface Ended<T> {
  readonly result: T
  readonly outcome?: string | undefined
}

/**
 * Numbers the calls. Every log line of a call has its number. The last line has the outcome, the duration and
 * the size, never the content. `onEnded`: told of each outcome.
 */
export function callLog(log: Log, onEnded: (call: EndedCall) => void = () => undefined) {
  let lastCall = 0
  return <T extends Result>(tool: string, signal: AbortSignal, work: () => Promise<Ended<T>>): Promise<T> =>
    withContext({ call: ++lastCall, tool }, async () => {
      const startedAt = performance.now()
      const ended = await work()
      const { result } = ended
      const ms = Math.round(performance.now() - startedAt)
      const characters = isInputRequiredResult(result) ? 0 : sizeOf(result)
      const outcome = ended.outcome ?? outcomeOf(result, signal)
      log.info({ outcome, ms, characters }, 'call ended')
      onEnded({ tool, outcome })
      return result
    })
}
