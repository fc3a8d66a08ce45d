// Characters that nobody sees, by their Unicode properties: the one rule for replies, previews, logs and files. Each
// constant is the inside of a character class of a regular expression with the flag u.

/** Control characters but line break and tab. */
export const controls = '\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f'

/**
 * What draws nothing, reorders text or has no meaning of its own: joiners, bidi marks, fillers, variation selectors,
 * tags, private use, halves of characters, line and paragraph separators. The last three are blanks by their shape
 * alone: Braille, music, Khitan.
 */
export const unseen =
  '\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Cs}\\p{Co}\\p{Noncharacter_Code_Point}\\p{Zl}\\p{Zp}\\u2800\\u{1d159}\\u{16fe4}'

/** Blanks that look like a space and are none. */
export const otherBlanks = '\\xa0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000'
