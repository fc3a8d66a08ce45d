interface Waiting {
  readonly enter: () => void
  readonly leave: () => void
}

/** How long a refusal without a number limits the concurrency. */
const rememberedMs = 60_000

/**
 * The concurrency limiter. Callers take turns, however many requests one of them has; requests of one caller
 * are served in order. A wait can be cancelled. The platform may lower the limit.
 */
export class Gate {
  readonly #widest: number
  readonly #clock: () => number
  /** Waiting requests by caller; the caller whose turn is next comes first. */
  readonly #queues = new Map<object, Waiting[]>()
  #running = 0
  /** The limit that the platform reports. */
  #told = Number.POSITIVE_INFINITY
  #refused: { readonly width: number; readonly until: number } | undefined

  constructor(width: number, clock: () => number = () => performance.now()) {
    this.#widest = width
    this.#clock = clock
  }

  /** The current limit. */
  get width(): number {
    if (this.#refused && this.#refused.until <= this.#clock()) this.#refused = undefined
    return Math.max(1, Math.min(this.#widest, this.#told, this.#refused?.width ?? this.#widest))
  }

  /** Sets the limit that the platform reports. */
  told(limit: number): void {
    this.#told = limit
    this.#admit()
  }

  /**
   * The platform refused a call because too many were running: halves the limit for a while, once for all
   * running calls.
   */
  refused(): void {
    if (this.#running > this.width) return
    this.#refused = { width: Math.floor(this.width / 2), until: this.#clock() + rememberedMs }
  }

  /** Runs `work` when there is room. */
  async through<T>(work: () => Promise<T>, caller: object, signal?: AbortSignal): Promise<T> {
    await this.#enter(caller, signal)
    try {
      return await work()
    } finally {
      this.#running--
      this.#admit()
    }
  }

  #enter(caller: object, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#queues.size === 0 && this.#running < this.width) {
      this.#running++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(caller) ?? []
      this.#queues.set(caller, queue)
      const waiting: Waiting = {
        enter: () => {
          signal?.removeEventListener('abort', waiting.leave)
          resolve()
        },
        leave: () => {
          queue.splice(queue.indexOf(waiting), 1)
          if (queue.length === 0) this.#queues.delete(caller)
          reject(signal?.reason)
        },
      }
      queue.push(waiting)
      signal?.addEventListener('abort', waiting.leave, { once: true })
      // The limit may have risen by itself in the meantime.
      this.#admit()
    })
  }

  /** Round-robin between callers, FIFO within one. */
  #admit(): void {
    while (this.#running < this.width) {
      const [next] = this.#queues
      if (!next) return
      const [caller, queue] = next
      const waiting = queue.shift()
      this.#queues.delete(caller)
      if (queue.length > 0) this.#queues.set(caller, queue)
      this.#running++
      waiting?.enter()
    }
  }
}
