/** The requests that are being answered. */
export class RunningRequests {
  readonly #controllers = new Set<AbortController>()
  #calls = 0
  #onIdle: () => void = () => undefined

  /** The number of tool calls. */
  get calls(): number {
    return this.#calls
  }

  /** A request begins. Returns the function that ends it. */
  begin(controller: AbortController, isCall: boolean): () => void {
    this.#controllers.add(controller)
    if (isCall) this.#calls++
    return () => {
      this.#controllers.delete(controller)
      if (isCall) this.#calls--
      if (this.#calls === 0) this.#onIdle()
    }
  }

  /** Resolves when no tool call runs. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve
      if (this.#calls === 0) resolve()
    })
  }

  /** Cancels all that still runs. */
  abort(): void {
    for (const controller of this.#controllers) controller.abort()
  }
}
