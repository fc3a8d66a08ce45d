import { LRUCache } from 'lru-cache'

/** The most callers that are told apart; one that was not heard of for longest is forgotten. */
const maxKeys = 10_000

const minBurst = 10

/**
 * Limits the requests of each caller to a rate per minute: a token bucket, kept as the time at which it is full again
 * (GCRA). A sixth of a minute's requests, at least ten, may come at once.
 */
export class RateLimiter {
  readonly #fullAt = new LRUCache<string, number>({ max: maxKeys })
  readonly #intervalMs: number
  readonly #burstMs: number
  readonly #now: () => number

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(perMinute: number, now: () => number) {
    const burst = Math.min(perMinute, Math.max(minBurst, Math.ceil(perMinute / 6)))
    this.#intervalMs = 60_000 / perMinute
    this.#burstMs = burst * this.#intervalMs
    this.#now = now
  }

  /** Takes one request of a caller: 0 if it is allowed, otherwise the whole seconds until the next one is. */
  take(key: string): number {
    const now = this.#now()
    const fullAt = Math.max(now, this.#fullAt.get(key) ?? 0) + this.#intervalMs
    const excessMs = fullAt - now - this.#burstMs
    // Sums of fractions are a little off.
    if (excessMs > 0.001) return Math.max(1, Math.ceil((excessMs - 0.001) / 1_000))
    this.#fullAt.set(key, fullAt)
    return 0
  }
}
