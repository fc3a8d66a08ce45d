import type { Failure } from '../../reads/lists.ts'
import { inSentence } from '../../sentences.ts'

/** How one way to the code of scripts does in a call. */
export class Way {
  readonly #maxMisses: number
  readonly #maxLaterMisses: number
  #works = false
  #misses = 0
  isGivenUp = false
  /** True if a request was refused or failed. */
  hasFailed = false
  /** Number of requests. */
  requests = 0
  /** Why it shows no code: a verb and what follows. */
  problem = 'was not asked'

  /** It is given up after so many misses in a row; `maxLaterMisses`: once it has shown code. */
  constructor(maxMisses: number, maxLaterMisses: number) {
    this.#maxMisses = maxMisses
    this.#maxLaterMisses = maxLaterMisses
  }

  hit(): void {
    this.#works = true
    this.#misses = 0
  }

  miss(problem: string): void {
    this.problem = problem
    this.isGivenUp = ++this.#misses >= (this.#works ? this.#maxLaterMisses : this.#maxMisses)
  }

  fail({ status, error }: Failure): void {
    this.hasFailed = true
    const what = status === undefined ? inSentence(error.message, 160) : status
    this.miss(status !== undefined && status < 500 ? `is refused (${what})` : `fails (${what})`)
  }
}
