import { VendorError } from '../../shared/errors.ts'
import { Turns } from '../../shared/turns/turns.ts'
import { isWebPage } from '../failures/intermediaries.ts'
import type { Body, BodyParser } from '../http/response.ts'
import { Utf8Pieces } from '../http/utf8-pieces.ts'
import type { ReadEarly } from '../records/early-row.ts'
import { declaredEncoding, headBytes, readXml, XmlReader } from './xml.ts'

const sliceBytes = 64 * 1024

/** True for JSON, perhaps after a byte order mark. */
export const startsObject = (bytes: Buffer): boolean => /^\s*\{/.test(bytes.toString('utf8', 0, 64))

/** True if a document may be in UTF-8, as far as its head shows. */
const mayBeUtf8 = (head: Buffer): boolean => /^utf-?8$/i.test(declaredEncoding(head) ?? 'utf-8')

/** Not a page in HTML, which needs no end, and not a text without elements. */
const isXml = (bytes: Buffer): boolean =>
  bytes.includes('<') && !isWebPage(bytes.toString('latin1', 0, 2_000))

/**
 * Parses an answer in XML while it comes, as long as it is good UTF-8 without characters that XML forbids. Otherwise it
 * is parsed at its end, when its encoding is known. JSON is left to others.
 */
export class XmlBody implements BodyParser {
  /** The first bytes, until they hold the declaration. */
  #head: Buffer[] = []
  #headLength = 0
  #isObject = false
  #reader: XmlReader | undefined
  readonly #pieces = new Utf8Pieces()
  readonly #turns = new Turns()
  readonly #readEarly: ReadEarly | undefined

  /** `readEarly`: the rows are read as well, all of them or none. */
  constructor(readEarly?: ReadEarly) {
    this.#readEarly = readEarly
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#headLength >= headBytes) return this.#parse(bytes)
    this.#head.push(bytes)
    this.#headLength += bytes.length
    if (this.#headLength >= headBytes) await this.#begin()
  }

  /** The value of the document; undefined if it is not well-formed. Throws a VendorError if it stops early. */
  async end(whole: Body): Promise<unknown> {
    if (this.#headLength < headBytes) await this.#begin()
    if (this.#isObject) return undefined
    const quick = this.#reader && this.#pieces.isWhole ? this.#reader.end() : undefined
    // The last object may be the one that is not read early.
    const isGood = this.#reader !== undefined && (quick?.value !== undefined || quick?.isCut === true)
    const read = quick && isGood ? quick : await readXml(whole.bytes)
    if (!read.isCut || !isXml(whole.bytes)) return read.value
    throw new VendorError(
      'The answer stops in the middle: the end of its XML is missing.',
      'Try again; if it stays so, ask the operator to check the network and the Qualys status page.',
    )
  }

  async #begin(): Promise<void> {
    const head = Buffer.concat(this.#head)
    this.#head = []
    this.#isObject = startsObject(head)
    if (this.#isObject || !mayBeUtf8(head)) return
    const valueOfObject = this.#readEarly && ((object: unknown) => this.#read(object))
    this.#reader = new XmlReader({ checksCharacters: false, ...(valueOfObject && { valueOfObject }) })
    await this.#parse(head)
  }

  /** Reads an object. If that cannot be done early, the document is read again at its end. */
  #read(object: unknown): unknown {
    const row = this.#readEarly?.(object)
    if (!row) this.#reader = undefined
    return row
  }

  async #parse(bytes: Buffer): Promise<void> {
    for (let at = 0; this.#reader && at < bytes.length; at += sliceBytes) {
      const text = this.#pieces.write(bytes.subarray(at, at + sliceBytes))
      if (text === undefined) this.#reader = undefined
      else this.#reader.write(text)
      await this.#turns.give()
    }
  }
}
