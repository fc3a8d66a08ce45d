import { inSentence } from '../../sentences.ts'
import { normalizedName } from '../people/names.ts'

const maxNames = 10_000
/** Longer names are left out: a secret in one of them must not be cut. */
const maxNameLength = 60
const maxNearest = 5

/** The words of a name as they are compared: `Société` is `societe`. */
const wordsOf = (name: string): ReadonlySet<string> =>
  new Set(
    name
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu),
  )

/** Names that occur, and which of them are nearest to one that does not. */
export class NearestNames {
  readonly #wanted: string
  readonly #words: ReadonlySet<string>
  /** By the name as it is compared. */
  readonly #names = new Map<string, string>()

  constructor(wanted: string) {
    this.#wanted = normalizedName(wanted)
    this.#words = wordsOf(wanted)
  }

  add(name: string): void {
    const key = normalizedName(name)
    if (key === '' || name.length > maxNameLength || this.#names.size === maxNames) return
    if (!this.#names.has(key)) this.#names.set(key, name)
  }

  /** The nearest for a sentence: names with the wanted one in them, then those that share words. Empty if none does. */
  get text(): string {
    const shared = [...this.#names].map(([key, name]) => ({
      name,
      isLonger: key.includes(this.#wanted),
      words: [...wordsOf(name)].filter((word) => this.#words.has(word)),
    }))
    const uses = new Map<string, number>()
    for (const { words } of shared) for (const word of words) uses.set(word, (uses.get(word) ?? 0) + 1)
    return shared
      .map(({ name, isLonger, words }) => ({
        name,
        // A word of many names says little.
        score: words.reduce((sum, word) => sum + 1 / (uses.get(word) ?? 1), isLonger ? words.length + 1 : 0),
      }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, maxNearest)
      .map(({ name }) => inSentence(name))
      .join(', ')
  }
}
