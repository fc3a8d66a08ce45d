import { setImmediate as nextTurn } from 'node:timers/promises'

/** Work longer than this gives others a turn of the event loop, in milliseconds. */
const longestWork = 8

/** Gives others a turn of the event loop between the slices of one long work. */
export class Turns {
  #since = performance.now()

  /** Waits for the next turn if the slices since the last one took long together. */
  async give(): Promise<void> {
    if (performance.now() - this.#since < longestWork) return
    await nextTurn()
    this.#since = performance.now()
  }
}
