/**
 * Terminal control sequences (ECMA-48): with parameters, as a string up to its terminator, or short. Node's
 * stripVTControlCharacters is not used: a megabyte of `ESC ;?;?` keeps it busy for minutes. In this pattern
 * no part can match beyond the start of the next one. `inString`: what a string may hold.
 */
const sequencePattern = (inString: string): string =>
  `(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]|\\u001b[P\\]X^_]${inString}*(?:\\u0007|\\u001b\\\\|\\u009c)|\\u001b[ -/]*[0-~]`

const controlSequences = new RegExp(sequencePattern('[^\\u0007\\u001b\\u009c]'), 'g')

/**
 * Format characters hide or reorder text (zero-width, bidi, tags), surrogates and private-use characters have
 * no meaning of their own, and variation selectors beyond the first sixteen can carry hidden bytes.
 */
const invisibleCharacters = /\p{Cf}|\p{Cs}|\p{Co}|[\u{E0100}-\u{E01EF}]/gu

const controlCharacters = /(?![\n\t])[\p{Cc}\u2028\u2029]/gu

const carriageReturns = /\r\n?/g

/** Nothing to remove but carriage returns: most texts, and the other checks take longer. */
const plain = /^[\t\n\r -~]*$/

/**
 * Removes everything from a text of hosts or people that a terminal or a model would read and a person would
 * not see. Keeps line breaks and tabs.
 */
export function safeText(text: string): string {
  const unified = text.replace(carriageReturns, '\n')
  if (plain.test(unified)) return unified
  return unified.replace(controlSequences, '').replace(invisibleCharacters, '').replace(controlCharacters, '')
}

/** A part of a text that `safeText` removes. */
export interface Hidden {
  readonly from: number
  readonly to: number
  /** False for a single character. */
  readonly isSequence: boolean
}

/** The sequences of one line, and single characters. */
const hiddenParts = new RegExp(
  `(${sequencePattern('[^\\u0007\\u001b\\u009c\\r\\n]')})|${invisibleCharacters.source}|(?!\\r)${controlCharacters.source}`,
  'gu',
)

/** What `safeText` removes from each line of a text, besides carriage returns. */
export function hiddenIn(text: string): Hidden[] {
  if (plain.test(text)) return []
  return Array.from(text.matchAll(hiddenParts), ({ index, 0: part, 1: sequence }) => ({
    from: index,
    to: index + part.length,
    isSequence: sequence !== undefined,
  }))
}

/** Escapes invisible characters instead of removing them: a person who approves a text must see all of it. */
export function escapeInvisible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(
      /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    )
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
