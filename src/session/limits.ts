/** What the platform says about its limits (qualys-platform.md 3.1). Each is absent when Qualys did not say. */
export interface Limits {
  readonly callsLeft?: number
  readonly callsPerWindow?: number
  readonly windowSeconds?: number
  /** Calls that it takes at once. */
  readonly atOnce?: number
}

/** By their names in lower case. */
type Headers = Readonly<Record<string, string>>

function numberIn(headers: Headers, ...names: readonly string[]): number | undefined {
  const text = names
    .map((name) => headers[name])
    .find((value) => value !== undefined && /^\d{1,9}(\.\d{1,9})?$/.test(value.trim()))
  return text === undefined ? undefined : Number(text)
}

/** The limits that an answer's headers tell. */
export function limitsOf(headers: Headers): Limits {
  const callsLeft = numberIn(headers, 'x-ratelimit-remaining')
  // 0 where only the number of calls at once was the reason (qualys-platform.md 3.2).
  const callsPerWindow = numberIn(headers, 'x-ratelimit-limit') || undefined
  const windowSeconds = numberIn(headers, 'x-ratelimit-window-sec')
  // Some guides spell it without the second hyphen.
  const atOnce = numberIn(headers, 'x-concurrency-limit-limit', 'x-concurrencylimit-limit')
  return {
    ...(callsLeft !== undefined && { callsLeft }),
    ...(callsPerWindow !== undefined && { callsPerWindow }),
    ...(windowSeconds !== undefined && { windowSeconds }),
    ...(atOnce !== undefined && atOnce > 0 && { atOnce }),
  }
}

/**
 * Body codes of a 409 that is a limit: concurrency, rate, their older form (appendix_d.htm), two relatives that one
 * client met, and the word for it (qualys-platform.md 4.3).
 */
export const limitCodes: readonly string[] = ['1960', '1965', '1920', '1959', '1966', 'LIMIT_EXCEEDED']
const anyCode = /<(?:CODE|responseCode)>\s*(\w+)|"(?:errorCode|responseCode|code)"\s*:\s*"?(?!null\b)(\w+)/i

/** An answer, as far as limits are in it. */
export interface Refusing {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

function codeIn({ text }: Refusing): string | undefined {
  const [, element, member] = anyCode.exec(text.slice(0, 2_000)) ?? []
  return element ?? member
}

/** True where too many calls were running at once: 1960 (appendix_d.htm). */
export function isConcurrency(refusing: Refusing): boolean {
  return refusing.status === 409 && codeIn(refusing) === '1960'
}

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); the answer's own date tells how far off that is. */
function retryAfter(headers: Headers): number | undefined {
  const seconds = numberIn(headers, 'retry-after')
  if (seconds !== undefined) return seconds
  const until = Date.parse(headers['retry-after'] ?? '')
  const now = Date.parse(headers['date'] ?? '')
  const wait = (until - (Number.isNaN(now) ? Date.now() : now)) / 1000
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

/**
 * Seconds that Qualys asks to wait; "unknown" where it limits the call but gives no hint; undefined where the
 * answer asks for no waiting. The code in a 409 decides whether it is a limit or a conflict; without one, a hint does:
 * one of 0 comes with answers that nothing blocks.
 */
export function secondsToWait(refusing: Refusing): number | 'unknown' | undefined {
  const { status, headers } = refusing
  const hint = numberIn(headers, 'x-ratelimit-towait-sec') ?? retryAfter(headers)
  if (status === 429) return hint ?? 'unknown'
  if (status === 503) return hint || undefined
  if (status !== 409) return undefined
  const code = codeIn(refusing)
  if (code === undefined) return hint || undefined
  return limitCodes.includes(code.toUpperCase()) ? (hint ?? 'unknown') : undefined
}
