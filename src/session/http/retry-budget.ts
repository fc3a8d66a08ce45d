/** The retry budget of one tool call: how long it may still wait, and whom to notify of a wait. */
export class Caller {
  #leftMs: number
  readonly #tell: (news: string) => void

  /** `maxWaitSeconds`: the budget for rate limits and retries, shared by all requests of the call. */
  constructor(maxWaitSeconds: number, tell: (news: string) => void = () => undefined) {
    this.#leftMs = maxWaitSeconds * 1000
    this.#tell = tell
  }

  /** Milliseconds left in the budget. */
  get leftMs(): number {
    return this.#leftMs
  }

  /** Takes the time of a wait or a failed try off the budget. */
  spend(ms: number): void {
    this.#leftMs -= ms
  }

  /** Reports in one sentence what the call waits for. */
  tell(news: string): void {
    this.#tell(news)
  }
}
