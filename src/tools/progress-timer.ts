import type { Clock } from '../shared/clock.ts'

const intervalMs = 5_000
/** So small that repeated counts never add up to the next one. */
const minStep = 0.001

/**
 * Reports the number of hosts or rows done: at each change, and every 5 s so that the client keeps waiting.
 */
export class ProgressTimer {
  readonly #clock: Clock
  readonly #report: (done: number, total: number | undefined) => void
  #done = 0
  #total: number | undefined
  #lastValue = -1
  #cancel: () => void = () => undefined

  constructor(clock: Clock, report: (done: number, total: number | undefined) => void) {
    this.#clock = clock
    this.#report = report
    this.#schedule()
  }

  /** Sets the number done. */
  update(done: number, total: number | undefined): void {
    const hasChanged = done !== this.#done || total !== this.#total
    this.#done = done
    this.#total = total
    if (hasChanged) this.#notify()
  }

  stop(): void {
    this.#cancel()
  }

  #schedule(): void {
    this.#cancel = this.#clock.after(intervalMs, () => {
      this.#notify()
      this.#schedule()
    })
  }

  /** "The progress value MUST increase with each notification" (MCP, progress). */
  #notify(): void {
    this.#lastValue =
      this.#done > this.#lastValue ? this.#done : Number((this.#lastValue + minStep).toFixed(3))
    this.#report(this.#lastValue, this.#total)
  }
}
