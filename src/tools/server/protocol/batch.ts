/** The answers to one batch of requests, which are sent together (MCP 2025-03-26; JSON-RPC 2.0, section 6). */
export class Batch {
  readonly #write: (text: string) => void
  readonly #answers: string[] = []
  /** One for each answer that is missing, and one until the batch is read. */
  #missing = 1

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  /** One more answer will follow. */
  expect(): void {
    this.#missing++
  }

  /** Adds an expected answer, as JSON. */
  add(answer: string): void {
    this.#answers.push(answer)
    this.skip()
  }

  /** An expected answer will not come. */
  skip(): void {
    this.#missing--
    if (this.#missing === 0 && this.#answers.length > 0) this.#write(`[${this.#answers.join(',')}]`)
  }

  /** The whole batch is read. */
  end(): void {
    this.skip()
  }
}
