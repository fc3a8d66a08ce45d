import type { Settings } from '../settings.ts'
import { makeAgent, proxyFor, type Via } from './agent.ts'
import { clockSkew } from './clock.ts'
import { Gate } from './gate.ts'
import { isConcurrency, type Limits, limitsOf, type Refusing } from './limits.ts'

/** What a host takes, as it last said. */
export interface HostTraffic extends Limits {
  /** Requests that go to it at once: as set, or fewer where Qualys takes no more. */
  readonly width: number
  /** Seconds that this machine's clock is ahead of the host's; absent where the host told no time. */
  readonly clockSkew?: number
}

/** Where no window is told: how long what is left of it is still news. */
const longestWindowSeconds = 3_600

/** One host of Qualys: the way to it, and what it says of itself. */
export class Host {
  readonly gate: Gate
  /** In between, where one is. */
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

  /** What makes the connections; what could not be made, such as for a CA file, is tried again. */
  agent(): ReturnType<typeof makeAgent> {
    this.#agent ??= makeAgent(this.#settings, this.proxy?.url).catch((error: unknown) => {
      this.#agent = undefined
      throw error
    })
    return this.#agent
  }

  /** Takes the platform at its word. */
  learn(reply: Refusing): void {
    const limits = limitsOf(reply.headers)
    if (limits.callsLeft !== undefined) this.#toldAt = performance.now()
    this.#limits = { ...this.#limits, ...limits }
    this.#clockSkew = clockSkew(reply.headers['date'], Date.now()) ?? this.#clockSkew
    if (limits.atOnce !== undefined) this.gate.told(limits.atOnce)
    if (isConcurrency(reply)) this.gate.refused()
  }

  /** What it last said, as far as that still holds. */
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

  /** Closes every connection. */
  async close(): Promise<void> {
    await this.#agent?.then(
      (agent) => agent.destroy(),
      () => undefined,
    )
  }
}
