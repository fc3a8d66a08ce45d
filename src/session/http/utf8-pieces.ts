import { isAscii, isUtf8 } from 'node:buffer'

/** The number of bytes at the end that begin a character and do not end it. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/**
 * Decodes UTF-8 that comes in pieces, as long as every byte is good and none is zero: anything else may be in another
 * encoding, which only the whole text shows (src/shared/text-decoding.ts).
 */
export class Utf8Pieces {
  /** The beginning of a character. */
  #rest: Buffer = Buffer.alloc(0)

  /** The text of the next bytes; undefined at a byte that is bad or zero. */
  write(piece: Buffer): string | undefined {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece
    if (bytes.includes(0)) return undefined
    const end = bytes.length - unfinishedBytes(bytes)
    this.#rest = bytes.subarray(end)
    const whole = bytes.subarray(0, end)
    if (isAscii(whole)) return whole.toString('latin1')
    return isUtf8(whole) ? whole.toString('utf8') : undefined
  }

  /** True if the text ends with a whole character. */
  get isWhole(): boolean {
    return this.#rest.length === 0
  }
}
