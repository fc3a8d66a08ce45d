import type { StoredText } from '../../stored-text.ts'

/** Where the characters of a stored text are in its bytes, and how new ones are written there. */
export interface Layout {
  /** The byte at which each UTF-16 code unit begins; the last one is the end. */
  readonly offsets: Uint32Array
  /** Undefined if this encoding cannot write the text. */
  encode(text: string): Buffer | undefined
  /** False if the encoding is a guess: then only ASCII is written. */
  readonly isCertain: boolean
}

/** The bytes that the decoder reads as one U+FFFD. */
function replacedLength(bytes: Buffer, at: number): number {
  const lengths = [3, 2].filter((length) => at + length <= bytes.length)
  return lengths.find((length) => bytes.toString('utf8', at, at + length) === '\ufffd') ?? 1
}

function utf8Offsets({ bytes, text }: StoredText): Uint32Array {
  const offsets = new Uint32Array(text.length + 1)
  let byte = 0
  for (let at = 0; at < text.length; at++) {
    offsets[at] = byte
    const unit = text.charCodeAt(at)
    // A pair of surrogates is one letter of four bytes: nothing begins between the two.
    if (unit >= 0xd800 && unit < 0xdc00) byte += 4
    else if (unit === 0xfffd) byte += replacedLength(bytes, byte)
    else if (unit < 0xdc00 || unit > 0xdfff) byte += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3
  }
  offsets[text.length] = byte
  return offsets
}

/** Offsets where each code unit has as many bytes. */
function evenOffsets({ bytes, text }: StoredText, head: number, width: number): Uint32Array {
  const offsets = Uint32Array.from({ length: text.length + 1 }, (_, at) => head + at * width)
  // An odd last byte of UTF-16 is where the text was cut.
  if (offsets[text.length] === bytes.length + 1 && width === 2) offsets[text.length] = bytes.length
  return offsets
}

const hasUtf16Mark = (bytes: Buffer): boolean => ['fffe', 'feff'].includes(bytes.toString('hex', 0, 2))

function offsetsOf(stored: StoredText): Uint32Array {
  if (stored.encoding === 'utf-8') return utf8Offsets(stored)
  return stored.encoding.startsWith('utf-16')
    ? evenOffsets(stored, hasUtf16Mark(stored.bytes) ? 2 : 0, 2)
    : evenOffsets(stored, 0, 1)
}

const longRuns = /[^\0-\x7f]{3,}/g

/**
 * False for what windows-1252 hardly has: bytes without a sign, the signs that hiragana and katakana begin with in
 * Shift-JIS, and signs in a row with letters beyond ASCII. Such a text has letters of two bytes.
 */
const isWestern = (text: string): boolean =>
  !/[\ufffd‚ƒ]/.test(text) && (text.match(longRuns) ?? []).every((run) => /^[\xc0-\xff]+$/.test(run))

export const isAscii = (text: string): boolean => Buffer.byteLength(text) === text.length

/** The layout of a stored text; undefined if it is in several encodings at once. */
export function layoutOf(stored: StoredText): Layout | undefined {
  const offsets = offsetsOf(stored)
  if (offsets.at(-1) !== stored.bytes.length) return undefined
  const isCertain =
    stored.isExact ||
    (stored.encoding === 'windows-1252' ? isWestern(stored.text) : stored.encoding !== 'utf-8')
  const encode = (text: string): Buffer | undefined =>
    isCertain || isAscii(text) ? stored.encode(text) : undefined
  return { offsets, encode, isCertain }
}

/**
 * True if a letter of two bytes may reach over this place: the second byte of Shift-JIS, GBK or Big5 may be an ASCII
 * letter or digit.
 */
export const mayBeWithinLetter = (bytes: Buffer, at: number): boolean =>
  (bytes[at - 1] ?? 0) >= 0x80 && (bytes[at] ?? 0) >= 0x30
