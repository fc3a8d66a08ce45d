import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser'

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text of a reference; references that need a DTD are left as they are. */
function decodeReference(
  reference: string,
  hex: string | undefined,
  digits: string | undefined,
  name: string,
): string {
  if (name) return predefined[name] ?? reference
  const code = hex ? Number.parseInt(hex, 16) : Number(digits)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : reference
}

/** Decodes XML's own references only. A DTD stops the parsing. */
const entityDecoder = {
  decode: (text: string) =>
    text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, decodeReference),
  addInputEntities: () => {
    throw new Error('a DTD')
  },
  setExternalEntities: () => undefined,
  setXmlVersion: () => undefined,
  reset: () => undefined,
}

/**
 * Parses elements into objects: repeated elements become arrays, every value is a string; attributes,
 * comments and processing instructions are dropped.
 */
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Ids of twenty digits, the version 2.10 and the name 007 must not become numbers.
  parseTagValue: false,
  entityDecoder,
})

const builder = new XMLBuilder({
  suppressBooleanAttributes: false,
  ignoreAttributes: false,
  attributesGroupName: '$',
  attributeNamePrefix: '',
})

/** Decodes UTF-8, or what old parts of Qualys send instead (qualys-platform.md 7: "stray ISO-8859 bytes"). */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/**
 * Old parts of Qualys begin with `<!DOCTYPE SIMPLE_RETURN SYSTEM "…">`. It defines nothing and is not
 * fetched.
 */
function namesDtd(text: string, at: number): boolean {
  const start = text.slice(at, at + 1_000)
  return /^<!DOCTYPE\s[^[>]*>/.test(start)
}

/**
 * The text from the first element on; undefined without one. Qualys sends comments and stray bytes before the
 * XML declaration.
 */
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

/**
 * True if the text has a DTD, which could define entities to expand or to fetch. In CDATA the same letters
 * are text.
 */
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

/** Parses XML. Undefined if it is not well-formed, nested too deeply, or has a DTD. */
export function readXml(bytes: Uint8Array): Record<string, unknown> | undefined {
  const text = withoutProlog(decoded(bytes))
  if (text === undefined || hasDtd(text)) return undefined
  try {
    return XMLValidator.validate(text) === true ? parser.parse(text) : undefined
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
