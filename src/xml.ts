import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser'

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What a reference stands for; one that XML does not have without a DTD stays as it is. */
function referred(
  reference: string,
  hex: string | undefined,
  digits: string | undefined,
  name: string,
): string {
  if (name) return predefined[name] ?? reference
  const code = hex ? Number.parseInt(hex, 16) : Number(digits)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : reference
}

/** The references of XML itself, and no others: whatever a DTD declares ends the reading. */
const entityDecoder = {
  decode: (text: string) =>
    text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, referred),
  addInputEntities: () => {
    throw new Error('a DTD')
  },
  setExternalEntities: () => undefined,
  setXmlVersion: () => undefined,
  reset: () => undefined,
}

/** Elements as objects, several of one name as a list, every value a string; attributes, comments and instructions are left out. */
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // An id of twenty digits, a version 2.10 and a name 007 are no numbers.
  parseTagValue: false,
  entityDecoder,
})

const builder = new XMLBuilder({
  suppressBooleanAttributes: false,
  ignoreAttributes: false,
  attributesGroupName: '$',
  attributeNamePrefix: '',
})

/** UTF-8, or what old parts of Qualys send instead (qualys-platform.md 7: "stray ISO-8859 bytes"). */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** `<!DOCTYPE SIMPLE_RETURN SYSTEM "…">`, as old parts of Qualys begin: it defines nothing by itself, and is not fetched. */
function namesDtd(text: string, at: number): boolean {
  const start = text.slice(at, at + 1_000)
  return /^<!DOCTYPE\s[^[>]*>/.test(start)
}

/** From the first element on: Qualys was met with comments and odd bytes before the declaration. Undefined without one. */
function withoutProlog(text: string): string | undefined {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const end = text.startsWith('<!--', at)
      ? '-->'
      : text.startsWith('<?', at)
        ? '?>'
        : namesDtd(text, at)
          ? '>'
          : undefined
    if (end === undefined) return text.slice(at).trimEnd()
    const close = text.indexOf(end, at + 2)
    if (close < 0) return undefined
    at = close + end.length
  }
  return undefined
}

const declaration = /<!(?:DOCTYPE|ENTITY)/i

/** A DTD could define entities to expand or to fetch; in CDATA the same letters are text. */
function hasDtd(text: string): boolean {
  for (let at = 0; ; ) {
    const start = text.indexOf('<![CDATA[', at)
    if (declaration.test(text.slice(at, start < 0 ? undefined : start))) return true
    if (start < 0) return false
    const end = text.indexOf(']]>', start)
    if (end < 0) return false
    at = end + 3
  }
}

/** What an XML text holds; undefined where it is not well-formed, nested beyond all measure, or brings a DTD. */
export function readXml(bytes: Uint8Array): Record<string, unknown> | undefined {
  const text = withoutProlog(decoded(bytes))
  if (text === undefined || hasDtd(text)) return undefined
  try {
    return XMLValidator.validate(text) === true ? parser.parse(text) : undefined
  } catch {
    return undefined
  }
}

/** XML of nested objects: lists repeat their element, what is undefined is left out; `{$: attributes, '#text': text}` has attributes. */
export function writeXml(tree: object): string {
  // A reader makes a line feed of a bare one (https://www.w3.org/TR/xml/#sec-line-ends).
  const text = builder.build(tree).replaceAll('\r', '&#13;')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text}`
}
