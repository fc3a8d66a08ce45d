/** The retry budget of one tool call: how long it may still wait, and whom to notify of a wait. */
export class RetryBudget {
  /** Reports in one sentence what the call waits for. */
  readonly notify: (message: string) => void
  #remainingMs: number

  /** Whose turn its requests take: callers take turns, and so do the calls of the one caller of stdio. */
  readonly turn: unknown

  /** `maxWaitSeconds`: the budget for rate limits and retries, shared by all requests of the call. */
  constructor(
    maxWaitSeconds: number,
    notify: (message: string) => void = () => undefined,
    caller?: string | undefined,
  ) {
    this.#remainingMs = maxWaitSeconds * 1000
    this.notify = notify
    this.turn = caller ?? this
  }

  /** Milliseconds left in the budget. */
  get remainingMs(): number {
    return this.#remainingMs
  }

  /** Takes the time of a wait or a failed try off the budget. */
  consume(ms: number): void {
    this.#remainingMs -= ms
  }
}
