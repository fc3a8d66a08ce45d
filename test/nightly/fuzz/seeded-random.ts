/** Pseudo-random numbers from a seed (mulberry32), and values chosen with them. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end)
  }

  /** True with this probability, in percent. */
  chance(percent: number): boolean {
    return this.next() * 100 < percent
  }

  /** One of some values. */
  of<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)]
    if (value === undefined && values.length === 0) throw new Error('there is nothing to draw from')
    return value as T
  }

  /** One of some values, by weight. */
  weighted<T>(values: readonly (readonly [weight: number, value: T])[]): T {
    let rest = this.next() * values.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of values) {
      rest -= weight
      if (rest < 0) return value
    }
    return this.of(values)[1]
  }

  /** As many values as `count` says. */
  times<T>(count: number, one: () => T): T[] {
    return Array.from({ length: count }, () => one())
  }
}
