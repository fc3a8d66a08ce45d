import { nameInSentence } from '../../operations/sentences.ts'
import { unseen } from '../../shared/characters/unseen.ts'

/** What looks like a colon; NFKD makes one of those of full width. */
const colon = '[:\u0589\u05c3\u02d0\u02d1\u1361\u1804\u2236\ua789]'
const ownWords = 'more|notes?|next|between|sandbox|continue|continuationToken|file|resource|warning'
/** How the lines of the server begin, but for a word and a colon: the last is the headline of a page. */
const ownStart =
  /^(?:(?:More|Note|sandbox)$|Between\s*[<\u2039]|[Cc]ontinue with\b|continuationToken\b|[a-z][a-z ]{0,40} [\d,]+-[\d,]+ of )/
/** A word that begins one of them. In plain sight it may be that of a title, `Note taking app`. */
const ownWord = /^(?:More|Note|Between|sandbox)\b(?!['\u2019])/
/** What stands behind such a word may look like a colon, but not what titles have: `Note-taking`, `File (old)`. */
const ownLabel = new RegExp(`^(?:${ownWords})\\s*(?![-'\u2019,()./&+#_])[\\p{P}\\p{S}\u02d0\u02d1]`, 'iu')
const ownName = new RegExp(`^(?:${ownWords})$`, 'i')
const wordAndColon = new RegExp(
  `^[\\p{L}\\p{N}_'\u2019-]*\\p{L}[\\p{L}\\p{N}_'\u2019-]*\\s*${colon}(?:\\s|$)`,
  'u',
)
/** Letters of these scripts stand together in one word in Japanese, Chinese and Korean. */
const latinAndOther =
  /(?=.*\p{Script=Latin})(?=.*(?!\p{Script=Latin}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Common})\p{L})/u

/** Begins with a quotation mark, a fence, a bullet or a count in brackets, `(5 more characters)`, as no value does. */
const ownMark =
  /^(?:["`\u00ab\u00bb\u2018-\u201f\u2022-\u2027\u2039\u203a\u2043\u25a0-\u25ff\u26a0\u2700-\u27bf]|<<|>>|<\/|\(below\)|\([\d,]+\s+\p{L})/u
/** Begins as a warning, a heading, a quotation or an entry of a list: `! x`, `# x`, `> x`, `- x`, but not `=1+1`. */
const listMark = /^[!#*<=>|\u2010-\u2015-]+(?:\s|$)/u

const drawsNothing = new RegExp(`[\\p{M}\\p{C}${unseen}]`, 'gu')

/** Letters in circles, in squares and of flags, in the order of the alphabet; NFKD leaves them as they are. */
const drawnLetters = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu
const firstDrawn = [0x1f1e6, 0x1f170, 0x1f150]

function plainLetter(drawn: string): string {
  const code = drawn.codePointAt(0) ?? 0
  return String.fromCharCode(0x41 + code - (firstDrawn.find((first) => code >= first) ?? code))
}

/** A text as it looks at a glance: wide and styled letters as plain ones, without accents and what draws nothing. */
const plainLook = (text: string): string =>
  text.normalize('NFKD').replace(drawsNothing, '').replace(drawnLetters, plainLetter).trim()

/**
 * True for a text that could be taken for the beginning of a line of the server, in other letters or behind other
 * marks as well.
 */
function readsLikeOurs(text: string): boolean {
  const look = plainLook(text)
  if (ownMark.test(look) || listMark.test(look)) return true
  // Behind marks, and behind a number in a list.
  const words = look.replace(/^(?:[^\p{L}\p{N}]|\p{N}+[.)\]]\s)+/u, '')
  // A drive or an address is no line of ours.
  if (/^(?:[a-z]:\\|[a-z][a-z\d+.-]*:\/\/)/i.test(words)) return false
  const [first = ''] = words.split(/[\s\-_./]/)
  const isDisguised = words !== text
  return (
    [ownStart, ownLabel, wordAndColon].some((form) => form.test(words)) ||
    (isDisguised && ownWord.test(words)) ||
    latinAndOther.test(first)
  )
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
  `${ownName.test(name) ? JSON.stringify(name) : nameInSentence(name)}: ${text}`
