import type { Failure } from '../../reads/lists.ts'
import { inSentence } from '../../sentences.ts'

/** Stops asking a source for the code of scripts, once it has shown none several times in a row. */
export class CircuitBreaker {
  readonly #maxMisses: number
  readonly #maxMissesLater: number
  #works = false
  #misses = 0
  isOpen = false
  /** True if a request was refused or failed. */
  hasFailed = false
  /** Number of requests. */
  requests = 0
  /** Why it shows no code: a verb and what follows. */
  problem = 'was not asked'

  /** Opens after so many misses in a row; `maxMissesLater`: once the source has shown code. */
  constructor(maxMisses: number, maxMissesLater: number) {
    this.#maxMisses = maxMisses
    this.#maxMissesLater = maxMissesLater
  }

  hit(): void {
    this.#works = true
    this.#misses = 0
  }

  miss(problem: string): void {
    this.problem = problem
    this.isOpen = ++this.#misses >= (this.#works ? this.#maxMissesLater : this.#maxMisses)
  }

  fail({ status, error }: Failure): void {
    this.hasFailed = true
    const what = status === undefined ? inSentence(error.message, 160) : status
    this.miss(status !== undefined && status < 500 ? `is refused (${what})` : `fails (${what})`)
  }
}
