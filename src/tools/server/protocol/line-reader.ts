const lineFeed = 0x0a
const [quote, backslash, comma, closingBrace] = [0x22, 0x5c, 0x2c, 0x7d]
const opening = new Set([0x7b, 0x5b])
const closing = new Set([0x7d, 0x5d])

/** A text of the top level that is longer becomes null: a part of an id would be another id. */
const maxTextBytes = 1_024
const nothing = Buffer.from('null')
/** An outline ends here, behind a whole member: its line is no message, but its id may stand before. */
const maxOutlineBytes = 64 * 1_024

/**
 * The top level of a JSON text that is too long to be kept: what its members hold is left out. `{"id":1,
 * "params":{…}}` becomes `{"id":1,"params":{}}`.
 */
class Outline {
  readonly #bytes: number[] = []
  #depth = 0
  #inText = false
  #isEscaped = false
  /** Where the current text begins. */
  #textStart = 0
  #isTextLeftOut = false
  /** Where the last whole member ends. */
  #memberEnd = 0

  add(piece: Buffer): void {
    for (const byte of piece) this.#addByte(byte)
  }

  text(): string {
    const isCut = this.#bytes.length >= maxOutlineBytes && this.#memberEnd > 0
    const bytes = isCut ? [...this.#bytes.slice(0, this.#memberEnd), closingBrace] : this.#bytes
    return Buffer.from(bytes).toString('utf8')
  }

  #addByte(byte: number): void {
    const isBracket = !this.#inText && (opening.has(byte) || closing.has(byte))
    const isQuote = byte === quote && !this.#isEscaped
    // The brackets of a member are kept, so that the outline is JSON.
    if (isBracket && closing.has(byte)) this.#depth--
    const isInOutline = this.#bytes.length < maxOutlineBytes
    if (byte === comma && !this.#inText && this.#depth === 1 && isInOutline)
      this.#memberEnd = this.#bytes.length
    if (this.#depth <= 1 && !this.#isTextLeftOut && isInOutline) this.#bytes.push(byte)
    if (isBracket && opening.has(byte)) this.#depth++
    if (isQuote) {
      this.#inText = !this.#inText
      this.#textStart = this.#bytes.length
      this.#isTextLeftOut = false
    }
    if (this.#inText && this.#bytes.length - this.#textStart > maxTextBytes) {
      // The quote before the text goes as well.
      this.#bytes.length = this.#textStart - 1
      this.#bytes.push(...nothing)
      this.#isTextLeftOut = true
    }
    this.#isEscaped = this.#inText && byte === backslash && !this.#isEscaped
  }
}

/** The top level of a JSON text. */
export function topLevelOf(text: string): string {
  const outline = new Outline()
  outline.add(Buffer.from(text))
  return outline.text()
}

/** A line without its end; one that is too long has its top level alone. */
export interface Line {
  readonly text: string
  /** Number of bytes that the client sent. */
  readonly bytes: number
  readonly isTooLong: boolean
}

/** Splits what a client sends into lines. Keeps at most `maxBytes` of one. */
export class LineReader {
  readonly #maxBytes: number
  #pieces: Buffer[] = []
  #bytes = 0
  #outline: Outline | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The lines that end in this chunk. */
  *read(chunk: Buffer): Generator<Line> {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      this.#add(chunk.subarray(start, end))
      yield this.#take()
      start = end + 1
    }
    this.#add(chunk.subarray(start))
  }

  /** The last line, which may have no end. */
  *end(): Generator<Line> {
    if (this.#bytes > 0) yield this.#take()
  }

  #add(piece: Buffer): void {
    this.#bytes += piece.length
    if (this.#outline) this.#outline.add(piece)
    else this.#pieces.push(piece)
    if (this.#outline || this.#bytes <= this.#maxBytes) return
    this.#outline = new Outline()
    for (const kept of this.#pieces) this.#outline.add(kept)
    this.#pieces = []
  }

  #take(): Line {
    const [outline, bytes] = [this.#outline, this.#bytes]
    const text = outline?.text() ?? Buffer.concat(this.#pieces).toString('utf8')
    this.#pieces = []
    this.#bytes = 0
    this.#outline = undefined
    return { text, bytes, isTooLong: outline !== undefined }
  }
}
