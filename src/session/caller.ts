/** One tool call on its way to Qualys: how long it may still wait, and who hears that it waits. */
export class Caller {
  #leftMs: number
  readonly #tell: (news: string) => void

  /** `maxWaitSeconds`: for limits and retries, all requests of the call together. */
  constructor(maxWaitSeconds: number, tell: (news: string) => void = () => undefined) {
    this.#leftMs = maxWaitSeconds * 1000
    this.#tell = tell
  }

  /** Milliseconds that may still be waited. */
  get leftMs(): number {
    return this.#leftMs
  }

  /** So many milliseconds went by without an answer. */
  spend(ms: number): void {
    this.#leftMs -= ms
  }

  /** One sentence about what is waited for. */
  tell(news: string): void {
    this.#tell(news)
  }
}
