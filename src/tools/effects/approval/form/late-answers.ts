import type { FormAnswer, LateAnswers } from '../../../tool.ts'

/** What a person said. All else says nothing about the next call. */
const fromPerson: readonly FormAnswer['kind'][] = ['approved', 'declined', 'closed']

interface Kept {
  readonly answer: FormAnswer
  readonly until: number
}

/** See `LateAnswers`. Times by a monotonic clock. */
export class KeptAnswers implements LateAnswers {
  readonly #ttlMs: number
  readonly #now: () => number
  readonly #answers = new Map<string, Kept>()
  readonly #open = new Map<string, Promise<void>>()

  constructor(ttlMs: number, now: () => number = () => performance.now()) {
    this.#ttlMs = ttlMs
    this.#now = now
  }

  keep(digest: string, answer: FormAnswer): void {
    const now = this.#now()
    for (const [name, { until }] of this.#answers) if (until <= now) this.#answers.delete(name)
    this.#answers.set(digest, { answer, until: now + this.#ttlMs })
  }

  take(digest: string): FormAnswer | undefined {
    const kept = this.#answers.get(digest)
    this.#answers.delete(digest)
    return kept && kept.until > this.#now() ? kept.answer : undefined
  }

  expect(digest: string, question: Promise<FormAnswer>): void {
    const kept = question
      .then((answer) => {
        if (fromPerson.includes(answer.kind)) this.keep(digest, answer)
      })
      .catch(() => undefined)
      .finally(() => this.#open.delete(digest))
    this.#open.set(digest, kept)
  }

  awaited(digest: string): Promise<void> | undefined {
    return this.#open.get(digest)
  }
}
