import { type Reading, readingsOf } from './escapes.ts'
import { type Range, RewrittenText } from './rewritten-text.ts'

// The search for secrets whose values are known. A text is read with its escapes as they are, then with one layer of
// them read, and so on: in each reading a secret is plain text, so one pattern of literal words finds it. The time is
// linear in the length of the text.

/** Longer texts are searched in windows, so that the memory for the places does not grow with them. */
const windowSize = 1 << 20
const minOverlap = 1 << 16
/** An escape of an escape of a character is hardly longer. */
const maxEscapeLength = 32

/** A text as a search reads it. Backslashes are left out: each escaping adds some, before almost any character. */
interface View {
  readonly replaced: RegExp
  readonly replace: (part: string) => string
  /** The text with all of them replaced. */
  readonly textOf: (text: string) => string
}

const withoutBackslashes: View = {
  replaced: /\\+/g,
  replace: () => '',
  textOf: (text) => text.replaceAll('\\', ''),
}

const blanksOrBackslashes = /(?! (?![\s\b\\]))[\s\b\\](?:[\s\b\\]|(?<=\\)[tnrfvb])*/g
const blankOf = (part: string): string => (/^\\+$/.test(part) ? '' : ' ')

/**
 * White space of any length in any spelling is one blank: a secret may be wrapped. So is white space with backslashes:
 * one of the secret's before a line break and one that escapes the line break are written as one run.
 */
const withSingleBlanks: View = {
  replaced: blanksOrBackslashes,
  replace: blankOf,
  textOf: (text) => text.replace(blanksOrBackslashes, blankOf),
}

const hasBlanks = (value: string): boolean => /[\s\b]/.test(value)

/** A secret as a view shows it. */
interface ViewedSecret {
  readonly text: string
  /** The characters that a backslash of the secret stands before, its end included. */
  readonly escaped: readonly number[]
}

function viewSecret(view: View, value: string): ViewedSecret {
  const rewritten = new RewrittenText(value, view.replaced, view.replace)
  const { text } = rewritten
  const places = Array.from({ length: text.length + 1 }, (_, at) => at)
  return { text, escaped: places.filter((at) => rewritten.leftOutBefore(at) !== undefined) }
}

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

const anyCase = (hex: string): string => hex.replace(/[a-f]/g, (x) => `[${x}${x.toUpperCase()}]`)

/** The characters of a value inside a base64 text that do not depend on what surrounds it. */
function base64Letters(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  return bytes
    .toString('base64')
    .slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6))
    .replace(/[+/]/g, (x) => (x === '+' ? '[+-]' : '[/_]'))
}

/** A search for some words in the text that a view shows. */
interface Search {
  /** A quick check: most texts hold no secret. */
  isIn(text: string): boolean
  /** The parts of the original. */
  find(shown: RewrittenText, original: string): Range[]
}

/** Finds words that stand in a view as they are. Of base64, up to two letters around depend on the value, too. */
function plainSearch(
  words: readonly string[],
  inHex: readonly string[],
  inBase64: readonly string[],
): Search {
  const never = '(?!)'
  const whole = [...words.map(escapeRegExp), ...inHex].join('|') || never
  const pattern = new RegExp(`${whole}|(${inBase64.join('|') || never})`, 'g')
  return {
    isIn: (text) => text.search(pattern) !== -1,
    find: (shown) =>
      Array.from(shown.text.matchAll(pattern), ({ 0: word, 1: letters, index }) => {
        const to = index + word.length
        if (letters === undefined) return shown.originOf({ from: index, to })
        const [before = ''] = /[\w+/-]{0,2}$/.exec(shown.text.slice(Math.max(0, index - 2), index)) ?? []
        const [after = ''] = /^[\w+/-]{0,2}={0,2}/.exec(shown.text.slice(to, to + 4)) ?? []
        return shown.originOf({ from: index - before.length, to: to + after.length })
      }),
  }
}

/** Where the backslashes begin that end at a place of a text. */
function startOfBackslashes(text: string, end: number): number {
  let start = end
  while (text.charAt(start - 1) === '\\') start--
  return start
}

/** Where the backslashes end that begin at a place of a text. */
function endOfBackslashes(text: string, start: number): number {
  let end = start
  while (text.charAt(end) === '\\') end++
  return end
}

/** Finds a secret that holds backslashes: they have to stand at the same places. */
function escapedSearch({ text: word, escaped }: ViewedSecret): Search {
  const [beginsEscaped, endsEscaped] = [escaped.includes(0), escaped.includes(word.length)]
  const inner = escaped.filter((place) => place > 0 && place < word.length)
  return {
    isIn: (text) => text.includes(word),
    find: (shown, original) => {
      const found: Range[] = []
      const isLeftOut = (at: number): boolean => shown.leftOutBefore(at) !== undefined
      for (let at = shown.text.indexOf(word); at !== -1; at = shown.text.indexOf(word, at + 1)) {
        if (!inner.every((place) => isLeftOut(at + place))) continue
        const { from, to } = shown.originOf({ from: at, to: at + word.length })
        // Around the secret, a view may have made one blank of them and of what follows.
        const first = beginsEscaped ? startOfBackslashes(original, from) : from
        const last = endsEscaped ? endOfBackslashes(original, to) : to
        if ((beginsEscaped && first === from) || (endsEscaped && last === to)) continue
        found.push({ from: first, to: last })
      }
      return found
    },
  }
}

/** The search in one view. */
function searchIn(
  view: View,
  values: readonly string[],
  inHex: readonly string[],
  inBase64: readonly string[],
): (reading: Reading) => Range[] {
  const secrets = values
    .map((value) => viewSecret(view, value))
    .filter(({ text }) => text !== '')
    .sort((a, b) => b.text.length - a.text.length)
  const plain = secrets.filter(({ escaped }) => escaped.length === 0).map(({ text }) => text)
  const searches = [
    plainSearch(plain, inHex, inBase64),
    ...secrets.filter(({ escaped }) => escaped.length > 0).map(escapedSearch),
  ]
  return ({ text, originOf }) => {
    const viewed = view.textOf(text)
    const successful = searches.filter((search) => search.isIn(viewed))
    if (successful.length === 0) return []
    const shown = new RewrittenText(text, view.replaced, view.replace)
    return successful.flatMap((search) => search.find(shown, text)).map(originOf)
  }
}

/** The part of a text with the backslashes before it, if it begins with an escape or with a character that may need one. */
function withBackslashes(text: string, { from, to }: Range): Range {
  return { from: /[^A-Za-z0-9]/.test(text.charAt(from)) ? startOfBackslashes(text, from) : from, to }
}

const escapeStart = /\\|%[\dA-Fa-fu]|&[#A-Za-z]/

/**
 * True if a text may hold an escape, or a backslash: that is left out of what is compared. A single character is found
 * many times as fast as a pattern, and few texts hold one of these.
 */
const mayHoldEscape = (text: string): boolean =>
  (text.includes('\\') || text.includes('%') || text.includes('&')) && escapeStart.test(text)

/** Finds secrets whose values are known. */
export interface SecretSearch {
  /** True for every text in which there may be one. False for most others, and fast. */
  readonly mayHoldOne: (text: string) => boolean
  /** The parts of a text that are secrets. They may overlap. */
  readonly find: (text: string) => Range[]
}

/** A value without escapes, as a pattern: with white space of any length, or with the plus signs of a form. */
const plainPattern = (value: string): string =>
  value
    .split(/[\s\b]+/)
    .map(escapeRegExp)
    .join('[\\s\\x08+]+')

/**
 * Makes a search for these values, as they are, in base64, in hexadecimal digits, and with any of their characters
 * escaped, up to several times.
 */
export function secretSearch(values: readonly string[]): SecretSearch {
  const inBase64 = values.flatMap((value) => [0, 1, 2].map((offset) => base64Letters(value, offset)))
  const inHex = values.map((value) => anyCase(Buffer.from(value).toString('hex')))
  // A secret may itself look escaped: a text with all escapes read holds it in this form.
  const forms = [...new Set(values.flatMap((value) => readingsOf(value, false).map(({ text }) => text)))]
  const trimmed = forms.map((value) => value.trim())
  const blank = trimmed.filter(hasBlanks)
  const searches = [
    searchIn(withoutBackslashes, trimmed, inHex, inBase64),
    ...(blank.length > 0 ? [searchIn(withSingleBlanks, blank, [], [])] : []),
  ]
  const longest = Math.max(0, ...values.map(({ length }) => length))
  const overlap = Math.max(minOverlap, longest * maxEscapeLength)

  function searchWindow(text: string): Range[] {
    const readings = readingsOf(text, false)
    // Only a form writes a blank as a plus sign.
    const mayBeForm = blank.length > 0 && readings.some(({ text }) => text.includes('+'))
    const ofForm = mayBeForm ? readingsOf(text, true).slice(1) : []
    return [...readings, ...ofForm]
      .flatMap((reading) => searches.flatMap((search) => search(reading)))
      .map((range) => withBackslashes(text, range))
  }

  function find(text: string): Range[] {
    const found: Range[] = []
    for (let start = 0; start === 0 || start + overlap < text.length; start += windowSize)
      for (const { from, to } of searchWindow(text.slice(start, start + windowSize + overlap)))
        found.push({ from: start + from, to: start + to })
    return found
  }

  const patterns = [...new Set([...trimmed.map(plainPattern), ...inHex, ...inBase64])]
  // What holds another one is found by that. Each pattern costs time in every text.
  const shortest = patterns.filter((one) => !patterns.some((other) => other !== one && one.includes(other)))
  const anyForm = new RegExp(shortest.join('|') || '(?!)')
  return {
    mayHoldOne: (text) => patterns.length > 0 && (mayHoldEscape(text) || anyForm.test(text)),
    find,
  }
}

/** The text with each of these parts replaced; parts that overlap are one. */
export function replaceRanges(
  text: string,
  ranges: readonly Range[],
  replace: (part: string) => string,
): string {
  if (ranges.length === 0) return text
  const pieces: string[] = []
  let [from, to] = [0, 0]
  let end = 0
  const close = (): void => {
    if (to > from) pieces.push(text.slice(end, from), replace(text.slice(from, to)))
    end = to
  }
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    if (range.from >= to) {
      close()
      from = range.from
    }
    to = Math.max(to, range.to)
  }
  close()
  return pieces.join('') + text.slice(end)
}
