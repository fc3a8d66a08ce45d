interface Waiting {
  readonly enter: () => void
  readonly leave: () => void
}

/** How long a refusal without a number is remembered. */
const rememberedMs = 60_000

/**
 * Lets a fixed number through at a time. Callers take turns, however much one of them asks for at once; within one, first
 * come first served. Waiting can be cancelled. The platform may narrow it.
 */
export class Gate {
  readonly #widest: number
  readonly #clock: () => number
  /** Who waits, the caller whose turn is next first. */
  readonly #queues = new Map<object, Waiting[]>()
  #running = 0
  /** What the platform says in numbers. */
  #told = Number.POSITIVE_INFINITY
  #refused: { readonly width: number; readonly until: number } | undefined

  constructor(width: number, clock: () => number = () => performance.now()) {
    this.#widest = width
    this.#clock = clock
  }

  /** How many may run at once, as far as is known now. */
  get width(): number {
    if (this.#refused && this.#refused.until <= this.#clock()) this.#refused = undefined
    return Math.max(1, Math.min(this.#widest, this.#told, this.#refused?.width ?? this.#widest))
  }

  /** The platform says how many calls it takes at once. */
  told(limit: number): void {
    this.#told = limit
    this.#admit()
  }

  /** The platform refused a call because too many were running: half as many, for a while, and once for all that were. */
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
      // It may have widened by itself meanwhile.
      this.#admit()
    })
  }

  /** Lets in whose turn it is; their caller's next one waits behind those of all others. */
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
