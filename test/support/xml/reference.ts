import { SaxesParser } from 'saxes'
import { isNothing, isObject, plainText } from '../../../src/shared/json.ts'
import { decodeSlices } from '../../../src/shared/text-decoding.ts'
import { XmlFilter } from './reference-filter.ts'

// The reader of XML before it became a stream: the new one must give the same values.

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
    current().text += text.trim().replaceAll('\ufdd0', '')
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
export function referenceXml(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    return readElements(bytes)
  } catch {
    return undefined
  }
}

const asList = (value: unknown): readonly unknown[] =>
  isNothing(value) ? [] : Array.isArray(value) ? value : [value]

const isElement = (name: string | undefined): boolean => /^[A-Z]/.test(name ?? '')

/**
 * Turns `<tags><Tag>…`, with or without `<list>` around it and with one child or many, into a list; also
 * the JSON form, in which each entry is an object of one key
 * (docs.qualys.com/en/conn/api/get_started/json_support.htm).
 */
function normalize(value: unknown, level = 0): unknown {
  // Deeper than any row is read.
  if (level > maxDepth) return value
  if (Array.isArray(value)) return value.map((part) => normalize(part, level + 1))
  if (!isObject(value)) return value
  const [first, ...others] = Object.keys(value).filter((name) => name !== 'count')
  // A count of 0 and no list: an empty list.
  if (first === undefined && plainText(value['count']) === '0') return []
  if (first === undefined || others.length > 0) return normalizeMembers(value, level)
  const parts =
    first === 'list'
      ? asList(value['list']).flatMap((entry) => asList(normalize(entry, level + 1)))
      : isElement(first)
        ? asList(value[first]).map((part) => normalize(part, level + 1))
        : undefined
  // If the list is shorter than its count, it is left as it is: a part must not pass for the whole.
  const isWhole = value['count'] === undefined || Number(plainText(value['count'])) === parts?.length
  return parts && isWhole ? parts : normalizeMembers(value, level)
}

function normalizeMembers(value: unknown, level = 0): unknown {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, normalize(part, level + 1)]))
}

/** The objects in `<data>`: one or many; by name in XML, each wrapped separately in JSON. */
export function referenceObjects(data: unknown): readonly unknown[] {
  return asList(data)
    .flatMap((holder) => (isObject(holder) ? membersOf(holder) : []))
    .map((value) => normalizeMembers(value))
}

/** The objects below `<data>`, perhaps with `<list>` around them. */
const membersOf = (holder: Record<string, unknown>): readonly unknown[] =>
  Object.entries(holder).flatMap(([name, member]) =>
    name === 'list' ? referenceObjects(member) : asList(member),
  )
