import { isAscii, isUtf8 } from 'node:buffer'

/**
 * The bytes 80-9f (https://encoding.spec.whatwg.org/index-windows-1252.txt). Five of them have no sign: WHATWG
 * reads them as control characters, which would vanish without a mark.
 */
const signs = '€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ'

/** Node's own decoder reads 80-9f as control characters (https://github.com/nodejs/node/issues/56542). */
const decodeWindows1252 = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => signs.charAt(character.charCodeAt(0) - 0x80))

/** The text in windows-1252; undefined if it has a character that windows-1252 has not. */
export function encodeWindows1252(text: string): Buffer | undefined {
  const bytes = Buffer.alloc(text.length)
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] === '\ufffd' ? -1 : signs.indexOf(text.charAt(at))
    const byte = sign === -1 ? text.charCodeAt(at) : 0x80 + sign
    if (byte > 0xff || (sign === -1 && byte >= 0x80 && byte <= 0x9f)) return undefined
    bytes[at] = byte
  }
  return bytes
}

/** `windows-1252`, `utf-8`, `utf-16le`, `utf-16be`, or the WHATWG name of a declared encoding. */
type Encoding = string

interface Encoded {
  readonly bytes: Buffer
  readonly encoding: Encoding
}

/** A mark at the head says the encoding, whatever else says another one. */
const marks: readonly (readonly [mark: Buffer, encoding: Encoding])[] = [
  [Buffer.of(0xef, 0xbb, 0xbf), 'utf-8'],
  [Buffer.of(0xff, 0xfe), 'utf-16le'],
  [Buffer.of(0xfe, 0xff), 'utf-16be'],
]

function marked(bytes: Buffer): Encoded | undefined {
  const found = marks.find(([mark]) => bytes.subarray(0, mark.length).equals(mark))
  return found && { bytes: bytes.subarray(found[0].length), encoding: found[1] }
}

/**
 * Text that holds well-formed letters of several bytes is UTF-8, perhaps with a bad byte in it. Text that has
 * none, and is no ASCII, is of a Windows host.
 */
function eightBitEncoding(bytes: Buffer): Encoding {
  if (isUtf8(bytes)) return 'utf-8'
  const hasLetters = /[^\0-\x7f\ufffd]/.test(bytes.toString('utf8')) || bytes.includes('\ufffd')
  return hasLetters ? 'utf-8' : 'windows-1252'
}

/** Two printable ASCII characters where UTF-16 has one unit. */
function hasAsciiPair(bytes: Buffer): boolean {
  const isPrintable = (byte = 0): boolean => byte >= 0x20 && byte <= 0x7e
  for (let at = 0; at + 1 < bytes.length; at += 2)
    if (isPrintable(bytes[at]) && isPrintable(bytes[at + 1])) return true
  return false
}

/** The parity of the zero bytes: undefined if there are none, or some at each. */
function parityOfZeros(bytes: Buffer): 0 | 1 | undefined {
  const first = bytes.indexOf(0)
  if (first < 0) return undefined
  for (let at = bytes.indexOf(0, first + 1); at >= 0; at = bytes.indexOf(0, at + 1))
    if ((at - first) % 2 !== 0) return undefined
  return first % 2 === 0 ? 0 : 1
}

/** A pair of a character and a zero, as UTF-16 has it for ASCII and the letters of Western Europe. */
const pair = String.raw`(?:[\t\n\r\x20-\x7e\xa0-\xff]\0)`

/**
 * The UTF-16 of one program within the text of another: at least four pairs, perhaps after a mark. The last byte
 * of a UTF-8 letter and the zero that ends a name are no pair. `{4,}` overflows the stack on a large text.
 */
const utf16Stretch = new RegExp(
  String.raw`(?:\xff\xfe|(?=[\0-\x7f])|(?<![\x80-\xff]))${pair}{4}${pair}*`,
  'g',
)

const markedStretch = new RegExp(String.raw`\xff\xfe${pair}{4}`)

/**
 * UTF-16 without a mark. The high byte of an ASCII character is zero, so the zeros show the order. The names of
 * `find -print0` have zeros too, but then two of their characters make one unit, which UTF-16 has only
 * together with bytes that are no UTF-8.
 */
function unmarkedUtf16(bytes: Buffer): Encoding | undefined {
  const parity = bytes.length < 2 ? undefined : parityOfZeros(bytes)
  if (parity === undefined || (isUtf8(bytes) && hasAsciiPair(bytes))) return undefined
  // A mark within the text begins the output of another program.
  if (markedStretch.test(bytes.toString('latin1'))) return undefined
  const encoding = parity === 0 ? 'utf-16be' : 'utf-16le'
  // An odd last byte is where the text was cut.
  const text = Buffer.from(bytes.subarray(0, bytes.length & ~1))
  if (parity === 0) text.swap16()
  return /[\p{Cn}\p{Co}\p{Cs}]/u.test(text.toString('utf16le')) ? undefined : encoding
}

/** The text in one encoding of eight bits: stretches of UTF-16 lose their zeros. */
function eightBit(bytes: Buffer): Encoded {
  const raw = bytes.includes(0) ? bytes.toString('latin1') : ''
  if (raw.search(utf16Stretch) < 0) return { bytes, encoding: eightBitEncoding(bytes) }
  const encoding = eightBitEncoding(Buffer.from(raw.replace(utf16Stretch, '\n'), 'latin1'))
  const whole = raw.replace(utf16Stretch, (stretch) => {
    const text = Buffer.from(stretch, 'latin1').toString('utf16le').replace('\ufeff', '')
    return encoding === 'utf-8' ? Buffer.from(text, 'utf8').toString('latin1') : text
  })
  return { bytes: Buffer.from(whole, 'latin1'), encoding }
}

/**
 * A declared encoding, by its WHATWG name. A declaration that could be read is not in UTF-16. UTF-8 is
 * declared so often by mistake that the bytes decide.
 */
function declaredEncoding(label: string | undefined): Encoding | undefined {
  if (label === undefined) return undefined
  try {
    const { encoding } = new TextDecoder(label)
    return encoding.startsWith('utf-') ? undefined : encoding
  } catch {
    return undefined
  }
}

function encodedIn(bytes: Buffer, label?: string): Encoded {
  const declared = declaredEncoding(label)
  const byMark = marked(bytes)
  if (byMark) return byMark
  if (declared !== undefined) return { bytes, encoding: declared }
  const utf16 = unmarkedUtf16(bytes)
  return utf16 === undefined ? eightBit(bytes) : { bytes, encoding: utf16 }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The encoding that the bytes show, by its WHATWG name. */
export const encodingOf = (bytes: Uint8Array): string => encodedIn(bufferOf(bytes)).encoding

const sliceBytes = 64 * 1024

/**
 * Decodes a text slice by slice. A byte that is bad in its encoding becomes U+FFFD and changes nothing else.
 * `label` is the encoding that the text declares, if any.
 */
export function* decodeSlices(text: Uint8Array, label?: string): Generator<string, void, void> {
  const { bytes, encoding } = encodedIn(bufferOf(text), label)
  const decoder = encoding === 'windows-1252' ? undefined : new TextDecoder(encoding, { ignoreBOM: true })
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    const slice = bytes.subarray(at, at + sliceBytes)
    yield decoder?.decode(slice, { stream: at + sliceBytes < bytes.length }) ?? decodeWindows1252(slice)
  }
}

/** The text in bytes of a host, of Qualys or of a person, in the encoding that they show. */
export function decodeText(text: Uint8Array): string {
  const whole = bufferOf(text)
  // Most texts are ASCII, which takes half the time as Latin-1. A zero may belong to UTF-16.
  if (isAscii(whole) && !whole.includes(0)) return whole.toString('latin1')
  const { bytes, encoding } = encodedIn(whole)
  // Twice as fast as a TextDecoder, and most texts are in UTF-8.
  return encoding === 'utf-8' ? bytes.toString('utf8') : [...decodeSlices(text)].join('')
}

/**
 * What a program printed. A zero ends each name of `find -print0` and each argument in `/proc/…/cmdline`: without
 * a line break in its place they would run together.
 */
export const decodeOutput = (bytes: Uint8Array): string => decodeText(bytes).replace(/\0+/g, '\n')

/** True for bytes whose encoding is certain: UTF-8 without a slip, or UTF-16. */
export const isCertainText = (bytes: Uint8Array): boolean =>
  isUtf8(bytes) || encodedIn(bufferOf(bytes)).encoding.startsWith('utf-16')
