import { inSentence } from '../../sentences.ts'

const maxNames = 12
const maxNameLength = 60

/** Some of the names that occur, for a note. Long ones are left out: a secret in one of them must not be cut. */
export class ExampleNames {
  readonly #names = new Set<string>()

  add(name: string): void {
    if (name !== '' && name.length <= maxNameLength && this.#names.size < maxNames) this.#names.add(name)
  }

  get isEmpty(): boolean {
    return this.#names.size === 0
  }

  get text(): string {
    return [...this.#names].map((name) => inSentence(name)).join(', ')
  }
}
