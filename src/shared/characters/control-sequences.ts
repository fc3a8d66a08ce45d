// Terminal control sequences (ECMA-48). Each character is looked at once for each introducer before it, and no part of
// a sequence goes beyond the next introducer: the time is linear in the text, whatever it holds. Node's
// stripVTControlCharacters is not used: a megabyte of `ESC ;?;?` keeps it busy for minutes.

const escapeCode = 0x1b

/** The characters from one code to another. */
type Range = readonly [from: number, to: number]

const parameters: Range = [0x30, 0x3f]
const intermediates: Range = [0x20, 0x2f]
/** The last character of a sequence with parameters, and of a short one. */
const finals: Range = [0x40, 0x7e]
const shortFinals: Range = [0x30, 0x7e]

const isIn = (code: number, [from, to]: Range): boolean => code >= from && code <= to

function skip(text: string, at: number, range: Range): number {
  let end = at
  while (isIn(text.charCodeAt(end), range)) end++
  return end
}

/** The end of `[`, parameters, and a last character. */
function endWithParameters(text: string, at: number): number | undefined {
  const last = skip(text, skip(text, at, parameters), intermediates)
  return isIn(text.charCodeAt(last), finals) ? last + 1 : undefined
}

/** The end of a string up to its terminator; `isInLine`: it ends with the line as well, without one. */
function endOfString(text: string, at: number, isInLine: boolean): number | undefined {
  for (let end = at; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 0x07 || code === 0x9c) return end + 1
    if (code === escapeCode) return text[end + 1] === '\\' ? end + 2 : undefined
    if (isIn(code, [0x80, 0x9f]) || (isInLine && (code === 0x0a || code === 0x0d))) return undefined
  }
  return undefined
}

/** Strings: DCS, SOS, OSC, PM and APC, by the character behind ESC. */
const stringKinds = new Set(['P', 'X', ']', '^', '_'])

/**
 * The end of the control sequence that begins at a control character; that of the character alone if none does.
 * `isInLine`: no sequence goes beyond the line.
 */
export function sequenceEnd(text: string, at: number, isInLine: boolean): number {
  const code = text.charCodeAt(at)
  const isEscape = code === escapeCode
  if (!isEscape && !isIn(code, [0x80, 0x9f])) return at + 1
  // A C1 character is ESC and the character 64 below it.
  const kind = isEscape ? (text[at + 1] ?? '') : String.fromCharCode(code - 0x40)
  const body = isEscape ? at + 2 : at + 1
  const end =
    kind === '['
      ? endWithParameters(text, body)
      : stringKinds.has(kind)
        ? endOfString(text, body, isInLine)
        : undefined
  if (end !== undefined || !isEscape) return end ?? at + 1
  const last = skip(text, at + 1, intermediates)
  return isIn(text.charCodeAt(last), shortFinals) ? last + 1 : at + 1
}

/** What may begin a sequence: ESC and the C1 characters. */
const starts = '\\u001b\\u0080-\\u009f'
const introducers = new RegExp(`[${starts}]`, 'g')

/** A text without its control sequences. Single control characters stay. */
export function withoutSequences(text: string): string {
  const kept: string[] = []
  let start = 0
  for (const { index } of text.matchAll(introducers)) {
    // Part of the sequence before it.
    if (index < start) continue
    const end = sequenceEnd(text, index, false)
    if (end === index + 1) continue
    kept.push(text.slice(start, index))
    start = end
  }
  return kept.join('') + text.slice(start)
}
