import { setImmediate as yieldToEventLoop } from 'node:timers/promises'

/** Milliseconds of work before other work may run. */
const maxTurnMs = 30

/** The turns of long work on the event loop: progress, cancellation and other calls run between two of them. */
export class Turns {
  readonly #signal: AbortSignal | undefined
  #end = performance.now() + maxTurnMs

  constructor(signal?: AbortSignal) {
    this.#signal = signal
  }

  /** True once this turn has taken its time. */
  get isOver(): boolean {
    return performance.now() >= this.#end
  }

  /** Lets other work run if this turn has taken its time. Throws if the signal is aborted. */
  async give(): Promise<void> {
    if (this.isOver) await this.next()
  }

  /** Lets other work run, then begins the next turn. Throws if the signal is aborted. */
  async next(): Promise<void> {
    await yieldToEventLoop(undefined, this.#signal && { signal: this.#signal })
    this.#signal?.throwIfAborted()
    this.#end = performance.now() + maxTurnMs
  }
}
