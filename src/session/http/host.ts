import type { Settings } from '../../config/settings.ts'
import { makeAgent, proxyFor, type Via } from './agent.ts'
import { clockSkew } from './clock-skew.ts'
import { Gate } from './concurrency-limiter.ts'
import { isConcurrency, type Limits, limitsOf, type Refusing } from './rate-limits.ts'

/** The limits of a host, as it last reported them. */
export interface HostTraffic extends Limits {
  /** Maximum number of concurrent requests: the setting, or less if Qualys allows fewer. */
  readonly width: number
  /** Seconds by which this machine's clock is ahead of the host's; absent if the host sent no date. */
  readonly clockSkew?: number
}

/** How long the remaining calls count as known if the host reports no window. */
const longestWindowSeconds = 3_600

/** One host of Qualys: its connections, its concurrency limiter and its reported limits. */
export class Host {
  readonly gate: Gate
  /** The proxy to this host, if there is one. */
  readonly proxy: Via | undefined
  readonly #settings: Settings
  #agent: ReturnType<typeof makeAgent> | undefined
  #limits: Limits = {}
  #toldAt = 0
  #clockSkew: number | undefined

  constructor(url: URL, settings: Settings) {
    this.gate = new Gate(settings.concurrency)
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
  learn(reply: Refusing): void {
    const limits = limitsOf(reply.headers)
    if (limits.callsLeft !== undefined) this.#toldAt = performance.now()
    this.#limits = { ...this.#limits, ...limits }
    this.#clockSkew = clockSkew(reply.headers['date'], Date.now()) ?? this.#clockSkew
    if (limits.atOnce !== undefined) this.gate.told(limits.atOnce)
    if (isConcurrency(reply)) this.gate.refused()
  }

  /** The last reported limits; the remaining calls only while their window lasts. */
  get traffic(): HostTraffic {
    const { callsLeft, ...limits } = this.#limits
    const age = (performance.now() - this.#toldAt) / 1000
    const holds = age < (limits.windowSeconds ?? longestWindowSeconds)
    return {
      ...limits,
      ...(callsLeft !== undefined && holds && { callsLeft }),
      width: this.gate.width,
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
