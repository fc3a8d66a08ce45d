/**
 * Commands to a terminal (ECMA-48): with parameters, as a string up to its end, or short. Not by Node's
 * stripVTControlCharacters, which a host can keep busy for minutes with a megabyte of `ESC ;?;?`: here no part runs
 * beyond where the next one may begin.
 */
const commands =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[P\]X^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g

/**
 * Format characters hide or reorder text (zero-width, bidi, tags), surrogates and private-use characters have no
 * meaning of their own, and variation selectors beyond the first sixteen can carry hidden bytes.
 */
const invisible = /\p{Cf}|\p{Cs}|\p{Co}|[\u{E0100}-\u{E01EF}]/gu

const control = /(?![\n\t])[\p{Cc}\u2028\u2029]/gu

/** Text that hosts or people wrote, without anything that a terminal, a model or a person would not see as it is. Lines and tabs stay. */
export function safeText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(commands, '').replace(invisible, '').replace(control, '')
}

/** What a person would not see, spelled out: for texts that are approved, where nothing may go missing. */
export function spelledOut(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(
      /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]|[\u{FE00}-\u{FE0F}]|[\u{E0100}-\u{E01EF}]/gu,
      (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
    )
}

/** Words of Qualys inside ours: on one line, and never closing their own quotes. */
export function quotation(text: string): string {
  return `"${oneLine(text).replaceAll('"', "'")}"`
}

/** The same on one line, clipped to `max` characters with an ellipsis. */
export function oneLine(text: string, max = 200): string {
  const cut = text.length > max * 20
  const line = safeText(cut ? text.slice(0, max * 20) : text)
    .replace(/\s+/g, ' ')
    .trim()
  const characters = [...line]
  return cut || characters.length > max ? `${characters.slice(0, max - 1).join('')}…` : line
}
