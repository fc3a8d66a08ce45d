/**
 * Terminal control sequences (ECMA-48): with parameters, as a string up to its terminator, or short. Node's
 * stripVTControlCharacters is not used: a megabyte of `ESC ;?;?` keeps it busy for minutes. In this pattern
 * no part can match beyond the start of the next one.
 */
const controlSequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[P\]X^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g

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

const countOf = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0

/** What is removed from a text. */
interface Hidden {
  readonly sequences: number
  readonly characters: number
}

const nothing: Hidden = { sequences: 0, characters: 0 }

/** How much `safeText` removes from a text, besides carriage returns. */
export function countHidden(text: string): Hidden {
  if (plain.test(text)) return nothing
  const unified = text.replace(carriageReturns, '\n')
  const rest = unified.replace(controlSequences, '')
  return {
    sequences: countOf(controlSequences, unified),
    characters: countOf(invisibleCharacters, rest) + countOf(controlCharacters, rest),
  }
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
