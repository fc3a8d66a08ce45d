import { saidName } from '../../operations/fields.ts'

/** What looks like a colon; NFKD makes one of those of full width. */
const colon = '[:\u0589\u05c3\u02d0\u02d1\u1361\u1804\u2236\ua789]'
const ownWords = 'more|notes?|next|between|sandbox|continue|continuationToken|file|resource|warning'
/** How the lines of the server begin. */
const ownStart = /^(?:(?:More|Note|Between|sandbox)\b(?!['\u2019])|[Cc]ontinue with\b|continuationToken\b)/
const ownLabel = new RegExp(`^(?:${ownWords})\\s*${colon}`, 'i')
const ownName = new RegExp(`^(?:${ownWords})$`, 'i')
const wordAndColon = new RegExp(
  `^[\\p{L}\\p{N}_'\u2019-]*\\p{L}[\\p{L}\\p{N}_'\u2019-]*\\s*${colon}(?:\\s|$)`,
  'u',
)
/** Letters of these scripts stand together in one word in Japanese, Chinese and Korean. */
const latinAndOther =
  /(?=.*\p{Script=Latin})(?=.*(?!\p{Script=Latin}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Common})\p{L})/u

/** Begins as no value does, but a mark of ours or of a list: `!`, `-`, `"`, `(`, `<`, a bullet. */
const mark =
  /^[!"#(*<>=|`\u00ab\u00bb\u2010-\u2015\u2018-\u201f\u2022-\u2027\u2039\u203a\u2043\u25a0-\u25ff\u2700-\u27bf]|^-(?!\d)/u

/** A text as it looks at a glance: wide and styled letters as plain ones, without accents and what draws nothing. */
const plainLook = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}\p{C}]|\u2800/gu, '')
    .trim()

/**
 * True for a text that could be taken for the beginning of a line of the server, in other letters or behind other
 * marks as well.
 */
function readsLikeOurs(text: string): boolean {
  const look = plainLook(text)
  if (mark.test(look)) return true
  const words = look.replace(/^[^\p{L}\p{N}]+/u, '')
  // A drive or an address is no line of ours.
  if (/^(?:[a-z]:\\|[a-z][a-z\d+.-]*:\/\/)/i.test(words)) return false
  const [first = ''] = words.split(/\s/)
  return ownStart.test(words) || ownLabel.test(words) || wordAndColon.test(words) || latinAndOther.test(first)
}

/** A line of cells: quoted if it could be taken for a line of the server. */
export function rowLine(cells: string): string {
  const [first = ''] = cells.trimStart().split('\t')
  return first !== '' && readsLikeOurs(first) ? JSON.stringify(cells) : cells
}

/** The label above a fenced text, which begins with the name of a field. */
export const labelLine = (label: string): string =>
  /^[ -~]*$/.test(label.split(' ', 1)[0] ?? '') ? rowLine(label) : JSON.stringify(label)

/** The line of a field: its name quoted if it is no plain word, or a word that lines of the server begin with. */
export const fieldLine = (name: string, text: string): string =>
  `${ownName.test(name) ? JSON.stringify(name) : saidName(name)}: ${text}`
