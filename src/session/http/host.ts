import type { Settings } from '../../config/settings.ts'
import { makeAgent, type ProxySetting, proxyFor } from './agent.ts'
import { clockSkew } from './clock-skew.ts'
import { FairLimiter } from './concurrency-limiter.ts'
import { isConcurrencyLimit, limitsOf, type RateLimits, type TextResponse } from './rate-limits.ts'

/** The limits of a host, as it last reported them. */
export interface HostLimits extends RateLimits {
  /** Maximum number of concurrent requests: the setting, or less if Qualys allows fewer. */
  readonly concurrency: number
  /** Seconds by which this machine's clock is ahead of the host's; absent if the host sent no date. */
  readonly clockSkew?: number
}

/** How long the remaining calls count as known if the host reports no window. */
const maxWindowSeconds = 3_600

/** One host of Qualys: its connections, its concurrency limiter and its reported limits. */
export class Host {
  readonly limiter: FairLimiter
  /** The proxy to this host, if there is one. */
  readonly proxy: ProxySetting | undefined
  readonly #settings: Settings
  #agent: ReturnType<typeof makeAgent> | undefined
  #limits: RateLimits = {}
  #reportedAt = 0
  #clockSkew: number | undefined

  constructor(url: URL, settings: Settings) {
    this.limiter = new FairLimiter(settings.concurrency)
    this.proxy = proxyFor(url, settings)
    this.#settings = settings
  }

  /** The connections. If making them fails, for a bad CA file for instance, the next call tries again. */
  agent(): ReturnType<typeof makeAgent> {
    this.#agent ??= makeAgent(this.#settings, this.proxy?.url).catch((error: unknown) => {
      this.#agent = undefined
      throw error
    })
    return this.#agent
  }

  /** Takes over the limits and the date of an answer. */
  update(response: TextResponse): void {
    const limits = limitsOf(response.headers)
    if (limits.callsLeft !== undefined) this.#reportedAt = performance.now()
    this.#limits = { ...this.#limits, ...limits }
    this.#clockSkew = clockSkew(response.headers['date'], Date.now()) ?? this.#clockSkew
    if (limits.maxConcurrent !== undefined) this.limiter.setLimit(limits.maxConcurrent)
    if (isConcurrencyLimit(response)) this.limiter.backOff()
  }

  /** The last reported limits; the remaining calls only while their window lasts. */
  get limits(): HostLimits {
    const { callsLeft, ...limits } = this.#limits
    const age = (performance.now() - this.#reportedAt) / 1000
    const isCurrent = age < (limits.windowSeconds ?? maxWindowSeconds)
    return {
      ...limits,
      ...(callsLeft !== undefined && isCurrent && { callsLeft }),
      concurrency: this.limiter.limit,
      ...(this.#clockSkew !== undefined && { clockSkew: this.#clockSkew }),
    }
  }

  async close(): Promise<void> {
    await this.#agent?.then(
      (agent) => agent.destroy(),
      () => undefined,
    )
  }
}
