import { isPlainToken } from './plain-token.ts'
import { unseen } from './unseen.ts'

// Parts of sentences that quote Qualys, an assistant or a person.

/** A count with its noun, `1 asset`, `2 assets`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`

const blankOrUnseen = new RegExp(`[\\s\\p{C}${unseen}]+`, 'gu')

/** The beginning of a text of others in a sentence, without what would end the quotation or cannot be seen. */
export const quoted = (text: string, max = 60): string => {
  const line = text.replace(blankOrUnseen, ' ').trim().replaceAll('"', "'")
  const characters = [...line]
  return `"${characters.length > max ? `${characters.slice(0, max).join('')}…` : line}"`
}

/**
 * A value of Qualys in a sentence of ours: as it is with the shape of an id, a state or a time, else in quotes that it
 * cannot close. Without the quotes it could go on with the sentence.
 */
export function inSentence(value: unknown, max?: number): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return isPlainToken(text) ? text : quoted(text, max)
}

/** The name of a field in a sentence of ours, or before its value: in quotes unless it is one plain word. */
export const nameInSentence = (name: string, max = 1_000): string =>
  name.length <= max && /^[\w$@-]+(?:\.[\w$@-]+)*$/.test(name) ? name : quoted(name, max)

/**
 * The id in Qualys' answer, for a sentence. A success may have none; `see` then names the tool that shows it.
 */
export function idOrHint(id: unknown, see: string): string {
  return (typeof id === 'string' && id !== '') || typeof id === 'number'
    ? inSentence(id)
    : `(id not told: see ${see})`
}
