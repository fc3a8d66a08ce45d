import { nameInSentence } from '../../operations/sentences.ts'
import type { Row } from '../../session/answer.ts'
import { counted } from '../../shared/format.ts'
import { isObject } from '../../shared/json.ts'
import { oneLine, safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import { flatten } from '../replies/columns.ts'
import { idsAsText } from '../replies/ids.ts'

const timeToSecond = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\dZ$/

/** A value as pages show it: a time also to the minute, so that any word can be copied from a page. */
function spellings(value: string | number | bigint | boolean): string[] {
  const text = String(value)
  return timeToSecond.test(text) ? [text, text.replace(timeToSecond, '$1Z')] : [text]
}

/** Every scalar in a value, at any depth, and the pairs of a name and an id as pages show them. */
function addTexts(value: unknown, found: string[]): void {
  if (value === undefined || value === null) return
  if (typeof value !== 'object') {
    if (['string', 'number', 'bigint', 'boolean'].includes(typeof value))
      found.push(...spellings(value as string | number | bigint | boolean))
    return
  }
  if (isObject(value)) {
    const { id, name, title } = value
    const label = name ?? title
    if (id !== undefined && typeof label === 'string') found.push(`${label} (${id})`)
  }
  for (const part of Object.values(value)) addTexts(part, found)
}

const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)

/** All of a row that `match` looks in, in lower case, one value a line, without secrets and hidden characters. */
function searchedText(row: Row, redact: Redact): string {
  const found: string[] = []
  addTexts(idsAsText(row), found)
  // Redacted like the shown text: otherwise a secret could be guessed letter by letter.
  const clean = found.map((text) => (isPlain(text) ? text : safeText(redact(text))))
  return redact(clean.join('\n')).toLowerCase()
}

const maxNamed = 25

/** Plain words that a row must hold in any of its values. */
export class Match {
  readonly #words: readonly string[]
  readonly #redact: Redact
  /** For each word the number of rows that hold it. */
  readonly #counts: number[]
  readonly #fields = new Set<string>()

  constructor(text: string, redact: Redact) {
    this.#words = [
      ...new Set(
        text
          .toLowerCase()
          .split(/\s+/)
          .filter((word) => word !== ''),
      ),
    ]
    this.#redact = redact
    this.#counts = this.#words.map(() => 0)
  }

  get isEmpty(): boolean {
    return this.#words.length === 0
  }

  holds(row: Row): boolean {
    const text = searchedText(row, this.#redact)
    const held = this.#words.map((word) => text.includes(word))
    for (const [at, isHeld] of held.entries()) if (isHeld) this.#counts[at] = (this.#counts[at] ?? 0) + 1
    if (this.#fields.size < 2 * maxNamed) for (const name of Object.keys(flatten(row))) this.#fields.add(name)
    return held.every((isHeld) => isHeld)
  }

  /** What was looked in, for an answer without rows. */
  get note(): string | undefined {
    if (this.isEmpty || this.#fields.size === 0) return undefined
    const names = [...this.#fields]
    const shown = names.slice(0, maxNamed).map((name) => nameInSentence(name, 80))
    const fields = `${shown.join(', ')}${names.length > maxNamed ? ' and others' : ''}`
    const words = this.#words
      .slice(0, 5)
      .map(
        (word, at) => `${JSON.stringify(oneLine(word, 40))} is in ${counted(this.#counts[at] ?? 0, 'row')}`,
      )
    return `Looked in every field of the rows (${fields}): ${words.join(', ')}.`
  }
}
