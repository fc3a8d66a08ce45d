/** What the platform says about its limits (qualys-platform.md 3.1). Each is absent when Qualys did not say. */
export interface Limits {
  readonly callsLeft?: number
  readonly callsPerWindow?: number
  readonly windowSeconds?: number
}

type Headers = Readonly<Record<string, string>>

function numberIn(headers: Headers, ...names: readonly string[]): number | undefined {
  const text = names
    .map((name) => headers[name])
    .find((value) => value !== undefined && /^\d+(\.\d+)?$/.test(value.trim()))
  return text === undefined ? undefined : Number(text)
}

/** The limits that an answer's headers tell. */
export function limitsOf(headers: Headers): Limits {
  const callsLeft = numberIn(headers, 'x-ratelimit-remaining')
  const callsPerWindow = numberIn(headers, 'x-ratelimit-limit')
  const windowSeconds = numberIn(headers, 'x-ratelimit-window-sec')
  return {
    ...(callsLeft !== undefined && { callsLeft }),
    ...(callsPerWindow !== undefined && { callsPerWindow }),
    ...(windowSeconds !== undefined && { windowSeconds }),
  }
}

/** Body codes of a 409 that is a limit: concurrency and rate (appendix_d.htm), and two relatives one client met. */
const limitCode = /<CODE>\s*(?:1960|1965|1959|1966)\b|"code"\s*:\s*"?(?:1960|1965|1959|1966)\b/i

interface Refusing {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/**
 * Seconds that Qualys asks to wait; "unknown" where it limits the call but gives no hint; undefined where the
 * answer asks for no waiting. A 409 is a limit only when its headers or its code say so: else it is a conflict.
 */
export function secondsToWait({ status, headers, text }: Refusing): number | 'unknown' | undefined {
  if (status !== 429 && status !== 409 && status !== 503) return undefined
  const hint = numberIn(headers, 'x-ratelimit-towait-sec', 'retry-after')
  const limited = status === 429 || (status === 409 && limitCode.test(text.slice(0, 2000)))
  return hint ?? (limited ? 'unknown' : undefined)
}
