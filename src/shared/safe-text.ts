import { sequenceEnd, withoutSequences } from './characters/control-sequences.ts'
import { controls, otherBlanks, unseen } from './characters/unseen.ts'

/**
 * One character each: in a run of them the search would keep every step, and a megabyte of them overflows its stack.
 * A carriage return is a line end, and no hidden character.
 */
const hidden = new RegExp(`(?!\\r)[${controls}${unseen}]`, 'gu')
const lookalikes = new RegExp(`[${otherBlanks}]`, 'g')
/** What has no character yet may be invisible in a font of tomorrow. */
const spelledOut = new RegExp(`[${controls}${unseen}${otherBlanks}\\p{Cn}]`, 'gu')

const carriageReturns = /\r\n?/g

/** Nothing to remove but carriage returns: most texts, and the other checks take longer. */
const plain = /^[\t\n\r -~]*$/

/** A part of a text that `safeText` removes. */
export interface Hidden {
  readonly from: number
  readonly to: number
  /** False for a single character. */
  readonly isSequence: boolean
}

/**
 * Removes everything from a text of hosts or people that a terminal or a model would read and a person would
 * not see, in a time linear in its length. Keeps line breaks and tabs; other blanks become spaces.
 */
export function safeText(text: string): string {
  const unified = text.replace(carriageReturns, '\n')
  if (plain.test(unified)) return unified
  return withoutSequences(unified).replace(hidden, '').replace(lookalikes, ' ')
}

/** What `safeText` removes from each line of a text, besides carriage returns. */
export function hiddenIn(text: string): Hidden[] {
  const parts: Hidden[] = []
  if (plain.test(text)) return parts
  let end = 0
  for (const { index: from, 0: character } of text.matchAll(hidden)) {
    // Part of the sequence before it.
    if (from < end) continue
    end = Math.max(sequenceEnd(text, from, true), from + character.length)
    parts.push({ from, to: end, isSequence: end > from + character.length })
  }
  return parts
}

/** Where the blanks of a text are that `safeText` shows as spaces. */
export const lookalikeBlanksIn = (text: string): number[] =>
  plain.test(text) ? [] : Array.from(text.matchAll(lookalikes), ({ index }) => index)

/** Escapes invisible characters instead of removing them: a person who approves a text must see all of it. */
export function escapeInvisible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(spelledOut, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
}

/**
 * Quotes the words of Qualys: on one line, with double quotes replaced so that the quotation cannot end
 * early.
 */
export function quotation(text: string): string {
  return `"${oneLine(text).replaceAll('"', "'")}"`
}

/** The text on one line, safe, and clipped to `max` characters with an ellipsis. */
export function oneLine(text: string, max = 200): string {
  const cut = text.length > max * 20
  const line = safeText(cut ? text.slice(0, max * 20) : text)
    .replace(/\s+/g, ' ')
    .trim()
  const characters = [...line]
  return cut || characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line
}

/**
 * A name as it is compared: as a list shows it, whatever its width, case, blanks and invisible characters. Capitals
 * come first, since some letters have only a capital in common.
 */
export function comparableName(name: string): string {
  const shown = safeText(name)
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
  return shown.toUpperCase().toLowerCase().normalize('NFKC')
}
