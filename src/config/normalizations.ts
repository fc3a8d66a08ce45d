import { z } from 'zod'
import { isPlaceholder, isPlaceholderOfText } from './placeholders.ts'

// What is done to the text of a setting before its schema reads it.

/** Where a setting is read. */
export interface Place {
  /** True for a server that a client starts: the working folder is the client's, and nobody knows it. */
  readonly isStartedByClient: boolean
}

/** A text that is what was surely meant, and what is said about the change. */
export interface Normalized {
  readonly text: string
  readonly note: string
}

/** Normalizes a text; undefined if nothing has to change. Throws an UnusableValueError for what cannot be meant. */
export type Normalization = (text: string, place: Place) => Normalized | undefined

/** A value that cannot be used. The message continues the name of the setting. */
export class UnusableValueError extends Error {}

const edges = /^[\s\u200b-\u200f\u2060\ufeff]+|[\s\u200b-\u200f\u2060\ufeff]+$/g

/** True for a value that counts as not set. */
export const isEmptyValue = (raw: string | undefined): boolean =>
  raw === undefined || /^(?:|(["'])\s*\1)$/.test(raw.replace(edges, ''))

const trimmed: Normalization = (text) => {
  const kept = text.replace(edges, '')
  if (kept === text) return undefined
  const what = /[\r\n]$/.test(text) ? 'a line end at its end was' : 'blanks around it were'
  return { text: kept, note: `${what} left out` }
}

/** Docker's env files keep the quotes that a shell would take away. */
const unquoted: Normalization = (text) => {
  const [, , kept] = /^(["'])(.*)\1$/s.exec(text) ?? []
  return kept === undefined || kept.includes(text.charAt(0))
    ? undefined
    : { text: kept.replace(edges, ''), note: 'the quotes around it were left out' }
}

const placeholderMessage =
  'holds a placeholder that the client did not fill in: give it a value there, or leave it out'

const notPlaceholder: Normalization = (text) => {
  if (isPlaceholder(text) || isPlaceholderOfText(text)) throw new UnusableValueError(placeholderMessage)
  return undefined
}

/** The normalizations of lists of names in which quotes are refused: they could belong to one name or to all. */
export const quotedText: readonly Normalization[] = [trimmed, notPlaceholder]

/** The normalizations of every other setting but secrets. */
export const plainText: readonly Normalization[] = [trimmed, unquoted, notPlaceholder]

/**
 * A secret without the line end that `echo` or an editor put behind it. In a text of several lines only the
 * last line end is theirs.
 */
export function withoutLineEnd(text: string): string {
  const unmarked = text.replace(/^\ufeff/, '')
  const bare = unmarked.replace(/(?<![\r\n])[\r\n]+$/, '')
  return /[\r\n]/.test(bare) ? unmarked.replace(/\r?\n$|\r$/, '') : bare
}

/** The normalizations of a secret: blanks and quotes may belong to it. */
export const secretText: readonly Normalization[] = [
  (text) => {
    const kept = withoutLineEnd(text)
    if (kept === text) return undefined
    const what = /[\r\n]$/.test(text) ? 'a line end at its end' : 'a byte order mark before it'
    return { text: kept, note: `${what} was left out` }
  },
  (text) => {
    if (isPlaceholder(text)) throw new UnusableValueError(placeholderMessage)
    return undefined
  },
]

/** `QUALYS_MODE=Read-Only` is read as `read-only`. */
export const lowerCase: Normalization = (text) => {
  // Capitals of ASCII alone: the Kelvin sign is a k in lower case, too.
  const lower = text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase())
  return lower === text ? undefined : { text: lower, note: `is read as ${lower}` }
}

const registry = z.registry<{ readonly normalizations: readonly Normalization[] }>()

/** Gives a schema the normalizations of its texts. */
export function normalizedBy<S extends z.ZodType>(schema: S, ...normalizations: readonly Normalization[]): S {
  registry.add(schema, { normalizations })
  return schema
}

/** A text after all normalizations of a schema, and what was said about them. */
export function normalize(
  raw: string,
  schema: z.ZodType,
  place: Place,
): { readonly text: string; readonly notes: readonly string[] } {
  const notes: string[] = []
  let text = raw
  for (const one of registry.get(schema)?.normalizations ?? plainText) {
    const normalized = one(text, place)
    if (!normalized) continue
    text = normalized.text
    notes.push(normalized.note)
  }
  return { text, notes }
}
