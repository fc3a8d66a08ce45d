/** What a running request is for. A subscription ends with the service alone. */
export type RequestKind = 'call' | 'subscription' | 'other'

/** Why the service cancels what runs: its client is still told. */
export const serviceEnds = Symbol('the service ends')

/** The requests that are being answered. */
export class RunningRequests {
  readonly #running = new Map<AbortController, RequestKind>()
  #onIdle: () => void = () => undefined

  /** The number of tool calls. */
  get calls(): number {
    return [...this.#running.values()].filter((kind) => kind === 'call').length
  }

  /** A request begins. Returns the function that ends it. */
  begin(controller: AbortController, kind: RequestKind): () => void {
    this.#running.set(controller, kind)
    return () => {
      this.#running.delete(controller)
      if (this.#isIdle) this.#onIdle()
    }
  }

  /** Resolves when nothing runs but subscriptions. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve
      if (this.#isIdle) resolve()
    })
  }

  /** Cancels all that still runs. */
  abort(): void {
    for (const controller of this.#running.keys()) controller.abort(serviceEnds)
  }

  get #isIdle(): boolean {
    return [...this.#running.values()].every((kind) => kind === 'subscription')
  }
}
