import { type Range, RewrittenText } from './rewritten-text.ts'

/** The names of HTML for ASCII characters. */
const asciiNames = new Map(
  Object.entries({
    '\t': 'Tab',
    '\n': 'NewLine',
    '!': 'excl',
    '"': 'quot QUOT',
    '#': 'num',
    $: 'dollar',
    '%': 'percnt',
    '&': 'amp AMP',
    "'": 'apos',
    '(': 'lpar',
    ')': 'rpar',
    '*': 'ast midast',
    '+': 'plus',
    ',': 'comma',
    '.': 'period',
    '/': 'sol',
    ':': 'colon',
    ';': 'semi',
    '<': 'lt LT',
    '=': 'equals',
    '>': 'gt GT',
    '?': 'quest',
    '@': 'commat',
    '[': 'lsqb lbrack',
    '\\': 'bsol',
    ']': 'rsqb rbrack',
    '^': 'Hat',
    _: 'lowbar UnderBar',
    '`': 'grave DiacriticalGrave',
    '{': 'lcub lbrace',
    '|': 'verbar vert VerticalLine',
    '}': 'rcub rbrace',
  }).flatMap(([character, names]) => names.split(' ').map((name) => [name, character])),
)

/** The names of HTML for the characters from U+00A0 to U+00FF, in this order. */
const latinNames = new Map(
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
    .split(' ')
    .map((name, index) => [name, String.fromCharCode(0xa0 + index)]),
)

const hex = '[\\da-fA-F]'
const continued = `%[89abAB]${hex}`

/**
 * An escape of one character: of URLs (a character of UTF-8, else a byte), of HTML, and of JSON and programming
 * languages. No part can match beyond the start of the next escape.
 */
const escapes = [
  `%[cdCD]${hex}${continued}`,
  `%[eE]${hex}(?:${continued}){2}`,
  `%[fF][0-4](?:${continued}){3}`,
  `%${hex}{2}`,
  `%u${hex}{4}`,
  `&#[xX]${hex}+;?`,
  '&#\\d+;?',
  '&[A-Za-z]{2,18}\\d{0,2};',
  `\\\\u${hex}{4}`,
  `\\\\u\\{${hex}+\\}`,
  `\\\\U${hex}{8}`,
  `\\\\x${hex}{2}`,
  '\\\\[0-3][0-7]{2}',
].join('|')

const escapePattern = new RegExp(escapes, 'g')
const formEscapePattern = new RegExp(`\\+|${escapes}`, 'g')

/** How often the escapes of escapes are read: texts are escaped twice or three times, rarely more often. */
const maxPasses = 6

function percentDecoded(text: string): string {
  if (text.charAt(1) === 'u') return String.fromCharCode(Number.parseInt(text.slice(2), 16))
  try {
    return decodeURIComponent(text)
  } catch {
    // Not UTF-8: a byte of Latin-1, or the first byte of several.
    return String.fromCharCode(Number.parseInt(text.slice(1, 3), 16)) + text.slice(3)
  }
}

/** The character of a number that a text holds; the text itself if there is none. */
function numbered(text: string, digits: string, base: number): string {
  // As a number, a million digits are one; the largest character has seven.
  const code = Number.parseInt(digits, base)
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : text
}

function namedOrNumbered(text: string): string {
  if (/^&#x/i.test(text)) return numbered(text, text.slice(3), 16)
  if (text.charAt(1) === '#') return numbered(text, text.slice(2), 10)
  const name = text.slice(1, -1)
  return asciiNames.get(name) ?? latinNames.get(name) ?? text
}

/** The character that an escape stands for; the escape itself if it stands for none. */
function read(text: string): string {
  switch (text.charAt(0)) {
    case '+':
      return ' '
    case '%':
      return percentDecoded(text)
    case '&':
      return namedOrNumbered(text)
    default:
      return /^\\\d/.test(text)
        ? numbered(text, text.slice(1), 8)
        : numbered(text, text.replace(/^\\[uUx]\{?/, ''), 16)
  }
}

/** A text as it was written, or after some of its escapes were read. */
export interface Reading {
  readonly text: string
  /** The part of the text as it was written that became this part. */
  readonly originOf: (range: Range) => Range
}

/**
 * The readings of a text: as it is written, then with its escapes read, then with the escapes read that this made,
 * and so on. `isForm`: a plus sign is an escape of a blank, too.
 */
export function readingsOf(text: string, isForm: boolean): Reading[] {
  const readings: Reading[] = [{ text, originOf: (range) => range }]
  const pattern = isForm ? formEscapePattern : escapePattern
  let [last] = readings
  while (last && readings.length <= maxPasses && last.text.search(pattern) !== -1) {
    const { text, originOf } = last
    const next = new RewrittenText(text, pattern, read)
    if (!next.isChanged) break
    last = { text: next.text, originOf: (range) => originOf(next.originOf(range)) }
    readings.push(last)
  }
  return readings
}
