/**
 * A line of an output as tokens: words, numbers, names, paths. Where a token begins and ends must not depend on its
 * digits, or lines that differ in a number alone would not be alike.
 */

/** Stands for the name of the host that printed the text. No cleaned text holds it. */
export const ownName = '\u0001'

/** What a reader sees in its place. */
export const readableOwnName = '(its name)'

/** Between the tokens of a line, and no part of one. */
const separators = new Set(' "\'`()[]{}<>|│┃║,;=«»“”„‘’（）「」『』、。，；：＝')

/** Punctuation of a sentence around a token. Any other sign belongs to it: `-rw-r-----`, `/var/log`, `50%`. */
const punctuation = new Set('.:!?…')

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** Punctuation that stands between two values when it stands alone; any other stands for a value, such as `-`. */
const loneSeparator = /^(?::|->|=>|•|·|::|…)$/

/** Scripts that are written without blanks: a number begins and ends within a run of their letters. */
const unspaced = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}]'
const unspacedBoundary = new RegExp(`(?<=\\d)(?=${unspaced})|(?<=${unspaced})(?=\\d)`, 'u')
const holdsUnspaced = new RegExp(unspaced, 'u')

/** An address with a port: two values. */
const addressWithPort = /^(?:\d{1,3}\.){3}\d{1,3}:\d+$/
/** Hexadecimal groups, times and dates: one value. */
const colonValue = /^[\dA-Fa-f.+TZ-]*(?::[\dA-Fa-f.+TZ-]*)+(?:%\w+)?$/
const drive = /^[A-Za-z]:[\\/]/
const url = /^[A-Za-z][\w+.-]*:\/\//

/** Where each token begins and ends: [start, end, start, end, …]. */
export type Spans = readonly number[]

/** True for comma-separated values: their commas separate, those of `16,272` and `50,5` do not. */
function isCommaSeparated(line: string): boolean {
  const parts = line.split(',')
  return (
    parts.length > 3 &&
    parts.every((part, at) => at === 0 || !part.startsWith(' ')) &&
    parts.slice(1, -1).some((part) => !/^\d{3}$/.test(part))
  )
}

/** Longer runs without a blank are one value: an image, a key. */
const maxSplitLength = 400

/** Where a run is cut in two, and where the second part begins; undefined for one value. */
function cutOf(text: string): readonly [end: number, next: number] | undefined {
  if (text.length > maxSplitLength) return undefined
  if (drive.test(text)) {
    const lineNumber = text.search(/:\d+$/)
    return lineNumber < 0 ? undefined : [lineNumber, lineNumber + 1]
  }
  const colon = text.indexOf(':')
  if (colon > 0 && !url.test(text)) {
    const isOneValue = colonValue.test(text) && /\d/.test(text) && !addressWithPort.test(text)
    if (!isOneValue) return [colon, colon + 1]
  }
  const boundary = holdsUnspaced.test(text) ? text.search(unspacedBoundary) : -1
  return boundary > 0 ? [boundary, boundary] : undefined
}

/** A run without separators: without the punctuation of a sentence around it, and cut where it is several values. */
function addChunk(line: string, from: number, to: number, spans: number[]): void {
  let rest = from
  while (rest < to) {
    let start = rest
    let end = to
    // A point before a name is part of it: `.bashrc`.
    while (start < end && line[start] !== '.' && punctuation.has(line.charAt(start))) start++
    while (end > start && punctuation.has(line.charAt(end - 1))) end--
    if (start === end) {
      if (!loneSeparator.test(line.slice(rest, to))) spans.push(rest, to)
      return
    }
    const cut = cutOf(line.slice(start, end))
    spans.push(start, cut ? start + cut[0] : end)
    if (!cut) return
    rest = start + cut[1]
  }
}

/** The tokens of a line. */
export function tokenSpans(line: string): Spans {
  const spans: number[] = []
  const joinsComma = line.includes(',') && !isCommaSeparated(line)
  let from = 0
  for (let at = 0; at <= line.length; at++) {
    if (at < line.length) {
      const character = line.charAt(at)
      if (!separators.has(character)) continue
      const isInNumber =
        ((joinsComma && character === ',') || character === "'") &&
        isDigit(line, at - 1) &&
        isDigit(line, at + 1)
      if (isInNumber) continue
    }
    addChunk(line, from, at, spans)
    from = at + 1
  }
  return spans
}

/** True for a token whose value may differ between hosts with the same result. */
export const holdsDigit = (token: string): boolean => /\p{N}/u.test(token)
