import type { Row } from '../../session/answer.ts'
import { isObject } from '../../shared/json.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Redact } from '../../shared/secrets.ts'
import { plainText } from '../replies/cells.ts'
import { replyRow } from '../replies/columns.ts'

const timeToSecond = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\dZ$/

/** Adds every scalar in a value, at any depth; a time also to the minute, as pages show it. */
function addScalars(value: unknown, texts: string[]): void {
  if (value === undefined || value === null) return
  if (typeof value === 'object') {
    for (const part of Object.values(value)) addScalars(part, texts)
    return
  }
  const text = String(value)
  texts.push(text)
  if (timeToSecond.test(text)) texts.push(text.replace(timeToSecond, '$1Z'))
}

/** Adds `Servers (7512802)` for every object with an id and a name. */
function addPairs(value: unknown, texts: string[]): void {
  if (typeof value !== 'object' || value === null) return
  if (isObject(value)) {
    const { id, name, title } = value
    const label = name ?? title
    if (typeof label === 'string' && id !== undefined && typeof id !== 'object')
      texts.push(`${label} (${id})`)
  }
  for (const part of Object.values(value)) addPairs(part, texts)
}

/** What pages write around and between the scalars of a list or an object. */
const cellMarks = /[()[\]{}",]/

const isPlain = (text: string): boolean => /^[\t\n -~]*$/.test(text)

/** A safe line as it is compared: in one case, and in one form and width of its letters. */
function foldedLine(line: string): string {
  if (isPlain(line)) return line.toLowerCase()
  // Capitals come first, since some letters have only a capital in common.
  const letters = line.normalize('NFKC').toUpperCase().toLowerCase()
  // The last letter of a Greek word, the dot of a Turkish capital, and the form in which pages show << and >>.
  return letters.replaceAll('ς', 'σ').replaceAll('i\u0307', 'i').replaceAll('‹‹', '<<').replaceAll('››', '>>')
}

/** A safe text as it is compared, line by line. */
export const folded = (text: string): string =>
  isPlain(text) ? text.toLowerCase() : text.split('\n').map(foldedLine).join('\n')

/** The text between quotes, if quotes are around all of it: headlines and models write a phrase so. */
function withoutQuotes(text: string): string {
  const trimmed = text.trim()
  if (!/^".*"$/s.test(trimmed)) return trimmed
  try {
    return String(JSON.parse(trimmed))
  } catch {
    return trimmed.slice(1, -1)
  }
}

/** The words of `match` as they are compared, each once. The ellipsis of a cut cell is none of its last word. */
export function wordsOf(text: string): string[] {
  const words = safeText(withoutQuotes(text)).replace(/…\s*$/, '').split(/\s+/).map(folded)
  return [...new Set(words)].filter((word) => word !== '')
}

/** Reads the text of rows in which words are looked for. */
export class RowText {
  /** True if a word may come from a cell that shows more than one scalar. */
  readonly #hasCellMarks: boolean

  constructor(words: readonly string[]) {
    this.#hasCellMarks = words.some((word) => cellMarks.test(word))
  }

  /** Everything that a row shows under any columns, as it is compared, one value a line. */
  read(row: Row, redact: Redact): string {
    const texts: string[] = []
    addScalars(row, texts)
    if (this.#hasCellMarks) {
      addPairs(row, texts)
      for (const value of Object.values(replyRow(row)))
        if (typeof value === 'object') texts.push(plainText(value))
    }
    // Redacted like the shown text: otherwise a secret could be guessed letter by letter.
    const safe = texts.map((text) => (isPlain(text) ? text : safeText(redact(text))))
    return folded(redact(safe.join('\n')))
  }
}
