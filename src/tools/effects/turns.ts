import type { Turns } from '../tool.ts'

/** See `Turns`. In one process: what other programs change meanwhile shows only when it is read back. */
export class ObjectTurns implements Turns {
  readonly #last = new Map<string, Promise<void>>()

  async take<T>(object: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(object)
    const inTurn = async (): Promise<T> => {
      await before
      signal.throwIfAborted()
      return work()
    }
    const result = inTurn()
    const turn = result.then(
      () => undefined,
      () => undefined,
    )
    this.#last.set(object, turn)
    try {
      return await result
    } finally {
      if (this.#last.get(object) === turn) this.#last.delete(object)
    }
  }
}
