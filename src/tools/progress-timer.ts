import type { Pace } from '../shared/clock.ts'

const everyMs = 5_000
/** So small that repeated counts never add up to the next one. */
const nudge = 0.001

/**
 * Reports the number of hosts or rows done: at each change, and every 5 s so that the client keeps waiting.
 */
export class Progress {
  readonly #pace: Pace
  readonly #tell: (done: number, total: number | undefined) => void
  #done = 0
  #total: number | undefined
  #told = -1
  #cancel: () => void = () => undefined

  constructor(pace: Pace, tell: (done: number, total: number | undefined) => void) {
    this.#pace = pace
    this.#tell = tell
    this.#wait()
  }

  /** Sets the number done. */
  set(done: number, total: number | undefined): void {
    const news = done !== this.#done || total !== this.#total
    this.#done = done
    this.#total = total
    if (news) this.#say()
  }

  stop(): void {
    this.#cancel()
  }

  #wait(): void {
    this.#cancel = this.#pace.after(everyMs, () => {
      this.#say()
      this.#wait()
    })
  }

  /** "The progress value MUST increase with each notification" (MCP, progress). */
  #say(): void {
    this.#told = this.#done > this.#told ? this.#done : Number((this.#told + nudge).toFixed(3))
    this.#tell(this.#told, this.#total)
  }
}
