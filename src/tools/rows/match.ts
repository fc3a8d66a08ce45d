import { nameInSentence } from '../../operations/sentences.ts'
import type { Row } from '../../session/answer.ts'
import { counted } from '../../shared/format.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { mask, type Redact } from '../../shared/secrets.ts'
import { RowText, wordsOf } from './searched-text.ts'

/** An answer without rows names at most this many fields, and this many words. */
const maxFields = 20
const maxWords = 5

/** True for a word that may lie in or at the edge of a mask. */
const mayBeOfMask = (word: string): boolean => /[[\]]/.test(word) || mask.includes(word)

const asIs: Redact = (text) => text

/** Plain words that a row must hold in any of its values. */
export class Match {
  readonly #words: readonly string[]
  readonly #redact: Redact
  readonly #text: RowText
  readonly #mayBeMasked: boolean
  /** For each word the number of rows that hold it. */
  readonly #counts: number[]
  readonly #fields = new Set<string>()
  #rows = 0

  constructor(text: string, redact: Redact) {
    this.#words = wordsOf(text)
    this.#redact = redact
    this.#text = new RowText(this.#words)
    this.#mayBeMasked = this.#words.some(mayBeOfMask)
    this.#counts = this.#words.map(() => 0)
  }

  get isEmpty(): boolean {
    return this.#words.length === 0
  }

  holds(row: Row): boolean {
    this.#rows++
    this.#noteFields(row)
    const held = this.#heldIn(row)
    for (const [at, isHeld] of held.entries()) if (isHeld) this.#counts[at] = (this.#counts[at] ?? 0) + 1
    return held.every((isHeld) => isHeld)
  }

  /** For each word, whether the row holds it. */
  #heldIn(row: Row): readonly boolean[] {
    const find = (redact: Redact): boolean[] => {
      const text = this.#text.read(row, redact)
      return this.#words.map((word) => text.includes(word))
    }
    // To redact takes longest, and takes words away: most rows hold none.
    const all = this.#mayBeMasked ? undefined : find(asIs)
    return all?.includes(true) === false ? all : find(this.#redact)
  }

  #noteFields(row: Row): void {
    if (this.#fields.size > maxFields) return
    for (const name of Object.keys(row)) {
      this.#fields.add(name)
      if (this.#fields.size > maxFields) return
    }
  }

  /** Number of rows that were looked in. */
  get rows(): number {
    return this.#rows
  }

  /** What was looked in, for an answer without rows. */
  get note(): string {
    const names = [...this.#fields].map((name) => nameInSentence(this.#redact(name), 80))
    const fields = `${names.slice(0, maxFields).join(', ')}${names.length > maxFields ? ' and others' : ''}`
    const words = this.#words
      .slice(0, maxWords)
      .map(
        (word, at) => `${JSON.stringify(oneLine(word, 40))} is in ${counted(this.#counts[at] ?? 0, 'row')}`,
      )
    const rest = this.#words.length > maxWords ? [`${this.#words.length - maxWords} more words`] : []
    return `Looked in every field of the rows (${fields}): ${[...words, ...rest].join(', ')}.`
  }
}
