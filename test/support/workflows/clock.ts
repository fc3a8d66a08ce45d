import { setImmediate as turn } from 'node:timers/promises'
import type { Pace } from '../../../src/shared/clock.ts'

interface Timer {
  readonly at: number
  readonly call: () => void
}

/** A clock on which only sleeping takes time, and none of ours. */
export class Clock implements Pace {
  /** How long each sleep was, in seconds. */
  readonly slept: number[] = []
  readonly #elsewhere: (seconds: number) => Promise<void>
  #timers: Timer[] = []
  #now = 1_000_000

  /** `elsewhere` lets the same time pass in another place, before the sleeper wakes. */
  constructor(elsewhere: (seconds: number) => Promise<void> = async () => undefined) {
    this.#elsewhere = elsewhere
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

  /** Lets time pass: whatever is due meanwhile is called, in its order. */
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
    await this.#elsewhere(seconds)
  }

  /** How many calls are still to come. */
  get waiting(): number {
    return this.#timers.length
  }
}
