interface Waiter {
  readonly enter: () => void
  readonly leave: () => void
}

/** How long a refusal without a number limits the concurrency. */
const backOffMs = 60_000

/**
 * The concurrency limiter. Callers take turns, however many requests one of them has; requests of one caller
 * are served in order. A wait can be cancelled. The platform may lower the limit.
 */
export class FairLimiter {
  readonly #maxLimit: number
  readonly #now: () => number
  /** Waiting requests by caller; the caller whose turn is next comes first. */
  readonly #queues = new Map<unknown, Waiter[]>()
  #running = 0
  /** The limit that the platform reports. */
  #reportedLimit = Number.POSITIVE_INFINITY
  #backedOff: { readonly limit: number; readonly until: number } | undefined

  constructor(maxLimit: number, now: () => number = () => performance.now()) {
    this.#maxLimit = maxLimit
    this.#now = now
  }

  /** The current limit. */
  get limit(): number {
    if (this.#backedOff && this.#backedOff.until <= this.#now()) this.#backedOff = undefined
    return Math.max(
      1,
      Math.min(this.#maxLimit, this.#reportedLimit, this.#backedOff?.limit ?? this.#maxLimit),
    )
  }

  /** Sets the limit that the platform reports. */
  setLimit(limit: number): void {
    this.#reportedLimit = limit
    this.#admit()
  }

  /**
   * The platform refused a call because too many were running: halves the limit for a while, once for all
   * running calls.
   */
  backOff(): void {
    if (this.#running > this.limit) return
    this.#backedOff = { limit: Math.floor(this.limit / 2), until: this.#now() + backOffMs }
  }

  /** Runs `work` when there is room. */
  async run<T>(work: () => Promise<T>, caller: unknown, signal?: AbortSignal): Promise<T> {
    await this.#enter(caller, signal)
    try {
      return await work()
    } finally {
      this.#running--
      this.#admit()
    }
  }

  #enter(caller: unknown, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#queues.size === 0 && this.#running < this.limit) {
      this.#running++
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const queue = this.#queues.get(caller) ?? []
      this.#queues.set(caller, queue)
      const waiter: Waiter = {
        enter: () => {
          signal?.removeEventListener('abort', waiter.leave)
          resolve()
        },
        leave: () => {
          queue.splice(queue.indexOf(waiter), 1)
          if (queue.length === 0) this.#queues.delete(caller)
          reject(signal?.reason)
        },
      }
      queue.push(waiter)
      signal?.addEventListener('abort', waiter.leave, { once: true })
      // The limit may have risen by itself in the meantime.
      this.#admit()
    })
  }

  /** Round-robin between callers, FIFO within one. */
  #admit(): void {
    while (this.#running < this.limit) {
      const [next] = this.#queues
      if (!next) return
      const [caller, queue] = next
      const waiter = queue.shift()
      this.#queues.delete(caller)
      if (queue.length > 0) this.#queues.set(caller, queue)
      this.#running++
      waiter?.enter()
    }
  }
}
