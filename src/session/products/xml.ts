import { XMLBuilder } from 'fast-xml-parser'
import { SaxesParser } from 'saxes'
import { decodeSlices } from '../../shared/text-decoding.ts'
import { Turns } from '../../shared/turns/turns.ts'
import { blankGuard, XmlFilter } from './xml-filter.ts'
import { XmlTree } from './xml-tree.ts'

const builder = new XMLBuilder({
  suppressBooleanAttributes: false,
  ignoreAttributes: false,
  attributesGroupName: '$',
  attributeNamePrefix: '',
})

/** The bytes that hold an XML declaration. */
export const headBytes = 1_024

/** The encoding in the XML declaration. Qualys sends comments and stray bytes before it. */
export function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, headBytes))
    .toString('latin1')
    .replace(/<!--[\s\S]*?-->/g, '')
  return /^[^<]*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1]
}

/** The text without the zeros at its end, which a buffer that was not full leaves. */
function* withoutPadding(slices: Iterable<string>): Generator<string, void, void> {
  let zeros = ''
  for (const slice of slices) {
    const whole = zeros + slice
    let end = whole.length
    while (whole.charCodeAt(end - 1) === 0) end--
    zeros = whole.slice(end)
    yield whole.slice(0, end)
  }
}

/** A document: its value if it is well-formed, and whether it stops before the end of its first element. */
export interface XmlDocument {
  readonly value?: Record<string, unknown>
  readonly isCut: boolean
}

/** How a document is read. */
interface XmlReading {
  readonly checksCharacters: boolean
  readonly valueOfObject?: (object: unknown) => unknown
}

/**
 * Parses elements into objects, slice by slice: repeated elements become arrays, every value is a string; attributes,
 * comments and processing instructions are dropped. There is no value if the document is not well-formed, nested too
 * deeply, or has a DTD that could define something. Lists in the objects of a ServiceResponse: service-lists.ts.
 */
export class XmlReader {
  readonly #filter: XmlFilter
  readonly #tree: XmlTree
  readonly #parser = new SaxesParser({ position: false })
  #isWellFormed = true

  /**
   * Without `checksCharacters` it is faster, and a document with characters that XML forbids counts as not well-formed.
   * `valueOfObject`: what takes the place of an object of a ServiceResponse.
   */
  constructor({ checksCharacters, valueOfObject }: XmlReading) {
    const filter = new XmlFilter({ checksCharacters })
    const tree = new XmlTree(valueOfObject)
    this.#filter = filter
    this.#tree = tree
    this.#parser.on('opentag', ({ name }) => tree.open(name))
    this.#parser.on('closetag', () => tree.close())
    this.#parser.on('text', (text) => {
      // Blanks around a text come from its layout.
      const trimmed = text.trim()
      if (trimmed !== '') tree.addText(filter.hasGuards ? trimmed.replaceAll(blankGuard, '') : trimmed)
    })
    this.#parser.on('cdata', (text) => tree.addText(text))
  }

  /** Parses the next slice; nothing after an error. */
  write(slice: string): void {
    this.#try(() => this.#parser.write(this.#filter.write(slice)))
  }

  end(): XmlDocument {
    this.#try(() => this.#parser.write(this.#filter.end()))
    const isCut = this.#isWellFormed && !this.#tree.isComplete
    this.#try(() => this.#parser.close())
    return this.#isWellFormed ? { value: this.#tree.value, isCut } : { isCut }
  }

  #try(parse: () => void): void {
    if (!this.#isWellFormed) return
    try {
      parse()
    } catch {
      this.#isWellFormed = false
    }
  }
}

/** Reads a whole document in its encoding (text-decoding.ts), with turns of the event loop in between. */
export async function readXml(bytes: Uint8Array): Promise<XmlDocument> {
  const reader = new XmlReader({ checksCharacters: true })
  const turns = new Turns()
  for (const slice of withoutPadding(decodeSlices(bytes, declaredEncoding(bytes)))) {
    reader.write(slice)
    await turns.give()
  }
  return reader.end()
}

/**
 * Writes nested objects as XML. Arrays repeat their element, undefined members are dropped; `{$: attributes,
 * '#text': text}` is an element with attributes.
 */
export function writeXml(tree: object): string {
  // XML readers turn a bare carriage return into a line feed (https://www.w3.org/TR/xml/#sec-line-ends).
  const text = builder.build(tree).replaceAll('\r', '&#13;')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}`
}
