import type { Pace } from './pace.ts'

const everyMs = 5_000
/** Small enough that a repeated count never reaches the next one. */
const nudge = 0.001

/** Tells the client how many hosts or rows are done: when that changes, and every 5 s, so that it goes on waiting. */
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

  /** So many are done. */
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
