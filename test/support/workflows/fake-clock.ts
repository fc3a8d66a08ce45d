import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../../src/shared/clock.ts'

interface Timer {
  readonly at: number
  readonly call: () => void
}

/** A clock that only sleeping advances, without real time. */
export class FakeClock implements Clock {
  /** How long each sleep was, in seconds. */
  readonly slept: number[] = []
  readonly #passElsewhere: (seconds: number) => Promise<void>
  #timers: Timer[] = []
  #now = 1_000_000

  /** `elsewhere` advances another clock by the same time, before the sleeper wakes. */
  constructor(elsewhere: (seconds: number) => Promise<void> = async () => undefined) {
    this.#passElsewhere = elsewhere
  }

  readonly now = (): number => this.#now

  readonly after = (ms: number, call: () => void): (() => void) => {
    const timer = { at: this.#now + ms, call }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  readonly sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    this.slept.push(ms / 1000)
    await this.pass(ms / 1000)
    signal.throwIfAborted()
  }

  /** Advances the clock: calls that become due run in order. */
  async pass(seconds: number): Promise<void> {
    const end = this.#now + seconds * 1000
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (!next) break
      this.#now = next.at
      this.#timers = this.#timers.filter((timer) => timer !== next)
      next.call()
      await turn()
    }
    this.#now = end
    await this.#passElsewhere(seconds)
  }

  /** The number of pending calls. */
  get waiting(): number {
    return this.#timers.length
  }
}
