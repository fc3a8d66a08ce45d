import { XMLBuilder } from 'fast-xml-parser'
import { SaxesParser } from 'saxes'
import { decodeSlices } from '../../shared/text-decoding.ts'
import { blankGuard, XmlFilter } from './xml-filter.ts'

const builder = new XMLBuilder({
  suppressBooleanAttributes: false,
  ignoreAttributes: false,
  attributesGroupName: '$',
  attributeNamePrefix: '',
})

/** An element while it is read. */
interface OpenElement {
  readonly name: string
  readonly children: Map<string, unknown>
  text: string
}

const openElement = (name: string): OpenElement => ({ name, children: new Map(), text: '' })

/** What no answer of Qualys reaches, and what no reader of it can follow. */
const maxDepth = 100

/** A text, or an object of the children; text beside them is `#text`. */
function contentOf({ children, text }: OpenElement): unknown {
  if (children.size === 0) return text
  return Object.fromEntries([...children, ...(text === '' ? [] : [['#text', text] as const])])
}

function addChild({ children }: OpenElement, name: string, value: unknown): void {
  // A copy of the object would take it for its prototype.
  if (name === '__proto__') return
  const known = children.get(name)
  if (known === undefined) children.set(name, value)
  else if (Array.isArray(known)) known.push(value)
  else children.set(name, [known, value])
}

/** The encoding in the XML declaration. Qualys sends comments and stray bytes before it. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 1_024))
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

/** The names of elements without their namespace. */
const localName = (name: string): string => name.slice(name.lastIndexOf(':') + 1) || name

function readElements(bytes: Uint8Array): Record<string, unknown> {
  const document = openElement('')
  const path = [document]
  const parser = new SaxesParser()
  const current = (): OpenElement => path.at(-1) ?? document
  parser.on('opentag', ({ name }) => {
    if (path.length > maxDepth) throw new Error('nested too deeply')
    path.push(openElement(localName(name)))
  })
  parser.on('closetag', () => {
    const element = path.pop() ?? document
    addChild(current(), element.name, contentOf(element))
  })
  parser.on('text', (text) => {
    // Blanks around a text come from its layout.
    current().text += text.trim().replaceAll(blankGuard, '')
  })
  parser.on('cdata', (text) => {
    current().text += text
  })
  const filter = new XmlFilter()
  const slices = decodeSlices(bytes, declaredEncoding(bytes))
  for (const slice of withoutPadding(slices)) parser.write(filter.write(slice))
  parser.write(filter.end()).close()
  return Object.fromEntries(document.children)
}

/**
 * Parses elements into objects: repeated elements become arrays, every value is a string; attributes,
 * comments and processing instructions are dropped. Undefined if it is not well-formed, nested too deeply, or
 * has a DTD that could define something.
 */
export function readXml(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    return readElements(bytes)
  } catch {
    return undefined
  }
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
