import { numberIn, secondsInHeaders, secondsTold, secondsUntilNextCall } from './wait-hint.ts'

/** What the platform reports about its limits (qualys-platform.md 3.1). Absent members were not reported. */
export interface RateLimits {
  readonly callsLeft?: number
  readonly callsPerWindow?: number
  readonly windowSeconds?: number
  /** Maximum number of concurrent calls. */
  readonly maxConcurrent?: number
}

/** Header names in lower case. */
type Headers = Readonly<Record<string, string>>

/** The limits in an answer's headers. */
export function limitsOf(headers: Headers): RateLimits {
  const callsLeft = numberIn(headers, 'x-ratelimit-remaining')
  // 0 if only the number of concurrent calls was the reason (qualys-platform.md 3.2).
  const callsPerWindow = numberIn(headers, 'x-ratelimit-limit') || undefined
  const windowSeconds = numberIn(headers, 'x-ratelimit-window-sec')
  // Some guides spell it without the second hyphen.
  const maxConcurrent = numberIn(headers, 'x-concurrency-limit-limit', 'x-concurrencylimit-limit')
  return {
    ...(callsLeft !== undefined && { callsLeft }),
    ...(callsPerWindow !== undefined && { callsPerWindow }),
    ...(windowSeconds !== undefined && { windowSeconds }),
    ...(maxConcurrent !== undefined && maxConcurrent > 0 && { maxConcurrent }),
  }
}

/**
 * Body codes that mark a 409 as a limit: concurrency, rate, their older form (appendix_d.htm), two related
 * codes that one client has seen, and the word for it (qualys-platform.md 4.3).
 */
export const limitCodes: readonly string[] = ['1960', '1965', '1920', '1959', '1966', 'LIMIT_EXCEEDED']
const anyCode = /<(?:CODE|responseCode)>\s*(\w+)|"(?:errorCode|responseCode|code)"\s*:\s*"?(?!null\b)(\w+)/i

/** The parts of an answer that can report a limit. */
export interface TextResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

function codeIn({ text }: TextResponse): string | undefined {
  const [, element, member] = anyCode.exec(text.slice(0, 2_000)) ?? []
  return element ?? member
}

/** True if too many calls were running at once: 1960 (appendix_d.htm). */
export function isConcurrencyLimit(response: TextResponse): boolean {
  return response.status === 409 && codeIn(response) === '1960'
}

/**
 * Seconds that Qualys asks to wait; "unknown" if it limits the call without a hint; undefined if no wait is
 * needed. The code of a 409 says whether it is a limit or a conflict. Without a code the hint decides; a hint
 * of 0 also comes with answers that are not limited.
 */
export function secondsToWait(response: TextResponse): number | 'unknown' | undefined {
  const { status, headers } = response
  if (status === 429) return secondsTold(response) ?? 'unknown'
  if (status === 503) return secondsInHeaders(headers) || undefined
  if (status !== 409) return undefined
  const code = codeIn(response)
  if (code === undefined)
    return (secondsInHeaders(headers) ?? secondsUntilNextCall(response.text)) || undefined
  return limitCodes.includes(code.toUpperCase()) ? (secondsTold(response) ?? 'unknown') : undefined
}
