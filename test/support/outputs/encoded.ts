import { encodeWindows1252 } from '../../../src/shared/text-decoding.ts'

/** How a host writes its output: the bytes of a text. */
export interface Encoding {
  readonly name: string
  readonly encode: (text: string) => Buffer
  /** What stands before the text. */
  readonly mark?: Buffer
  /** A bad byte within the text, which is read as U+FFFD. */
  readonly bad?: Buffer
  /** Signs that take several bytes where the encoding has such. */
  readonly signs: string
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()
const utf8 = (text: string): Buffer => Buffer.from(text)
const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le')
const many = 'é€🔒'
const western = 'éßü'

export const encodings: readonly Encoding[] = [
  { name: 'UTF-8', encode: utf8, signs: many },
  { name: 'UTF-8 with a mark', encode: utf8, mark: Buffer.of(0xef, 0xbb, 0xbf), signs: many },
  { name: 'UTF-8 with bad bytes', encode: utf8, bad: Buffer.of(0xff), signs: many },
  { name: 'UTF-16 LE', encode: utf16le, signs: western },
  { name: 'UTF-16 LE with a mark', encode: utf16le, mark: Buffer.of(0xff, 0xfe), signs: many },
  { name: 'UTF-16 BE', encode: utf16be, signs: western },
  { name: 'UTF-16 BE with a mark', encode: utf16be, mark: Buffer.of(0xfe, 0xff), signs: many },
  { name: 'windows-1252', encode: (text) => encodeWindows1252(text) ?? Buffer.alloc(0), signs: 'é€ß' },
]

/** What is decoded at a time (src/shared/text-decoding.ts). */
const sliceBytes = 64 * 1024

/** An output, and its lines as they are read. */
export interface EncodedOutput {
  readonly bytes: Buffer
  readonly lines: readonly string[]
}

/**
 * An output of so many slices. Over the end of each lies a line that begins with signs and holds "needle", each time
 * further to the left, so that every part of a sign and of a line break is cut once.
 */
export function cutEverywhere(encoding: Encoding, slices: number, lineEnd: string): EncodedOutput {
  const { encode, mark = Buffer.alloc(0), bad, signs } = encoding
  const parts: Buffer[] = [mark]
  const lines: string[] = []
  let size = 0
  const add = (line: string, badAt?: number): void => {
    const bytes =
      badAt === undefined || bad === undefined
        ? encode(`${line}${lineEnd}`)
        : Buffer.concat([encode(line.slice(0, badAt)), bad, encode(`${line.slice(badAt)}${lineEnd}`)])
    lines.push(
      badAt === undefined || bad === undefined ? line : `${line.slice(0, badAt)}\ufffd${line.slice(badAt)}`,
    )
    parts.push(bytes)
    size += bytes.length
  }
  const unit = encode('x').length
  for (let slice = 1; slice <= slices; slice++) {
    const target = slice * sliceBytes - (slice % 40)
    for (let number = 0; ; number++) {
      const room = Math.floor((target - size) / unit) - lineEnd.length
      if (room < 0) break
      add('x'.repeat(Math.min(room, 70 + (number % 9))))
    }
    add(`${signs.repeat(4)} Needle ${slice}`, slice % 3 === 0 ? 0 : undefined)
  }
  return { bytes: Buffer.concat(parts), lines }
}
