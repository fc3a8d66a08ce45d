import type { XmlElement } from './writer.ts'

/** Text that is not well-formed XML, or XML with features that are not needed here. */
export class XmlSyntaxError extends Error {}

const nameStart =
  ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD'
const name = `[${nameStart}][-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040${nameStart}]*`
const blank = '[ \\t\\n]'
const sticky = (source: string) => new RegExp(source, 'y')
const quotedValue = (content: string) => `(?:"${content}"|'${content}')`

const declaration = sticky(
  `<\\?xml${blank}+version=${quotedValue('1\\.0')}(?:${blank}+encoding=["']([^"']*)["'])?(?:${blank}+standalone=${quotedValue('(?:yes|no)')})?${blank}*\\?>`,
)
const startTag = sticky(`<(${name})`)
const attribute = sticky(`${blank}+(${name})${blank}*=${blank}*(?:"([^<"]*)"|'([^<']*)')`)
const tagEnd = sticky(`${blank}*(/?)>`)
const endTag = sticky(`</(${name})${blank}*>`)
const comment = sticky('<!--([^]*?)--(>?)')
const cdata = sticky('<!\\[CDATA\\[([^]*?)\\]\\]>')
const instruction = sticky(`<\\?(${name})(?:${blank}[^]*?)?\\?>`)
const textRun = sticky('[^<]+')

/** XML 1.0 allows all characters except these. */
const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Deeper than any request needs. */
const maxDepth = 50

/**
 * Parses one document, strictly. It is independent of the client's XML library, so that a fault of that
 * library shows. No DTD, so only the five entities of XML itself.
 */
export function readXml(text: string): XmlElement {
  return new Reader(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')).read()
}

class Reader {
  readonly #text: string
  readonly #openElements: XmlElement[] = []
  #root: XmlElement | undefined
  #position = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): XmlElement {
    const illegalCharacter = illegal.exec(this.#text)
    if (illegalCharacter) {
      this.#position = illegalCharacter.index
      this.#fail('a character that XML does not allow')
    }
    const encoding = this.#take(declaration)?.[1]
    if (encoding !== undefined && !/^utf-8$/i.test(encoding)) this.#fail(`encoding ${encoding} is not UTF-8`)
    while (this.#position < this.#text.length) {
      if (!this.#readText() && !this.#skipMarkup()) this.#readTag()
    }
    const unclosed = this.#openElements.at(-1)
    if (unclosed) this.#fail(`<${unclosed.name}> is not closed`)
    return this.#root ?? this.#fail('no root element')
  }

  #readText(): boolean {
    const parent = this.#openElements.at(-1)
    const raw = this.#take(textRun)?.[0]
    const data = raw === undefined && parent ? this.#take(cdata)?.[1] : undefined
    if (raw === undefined && data === undefined) return false
    if (!parent && raw?.trim() !== '') this.#fail('text outside of the root element')
    if (raw?.includes(']]>')) this.#fail(']]> in text')
    if (parent) parent.text += data ?? this.#decode(raw ?? '')
    return true
  }

  /** Skips comments and processing instructions. */
  #skipMarkup(): boolean {
    const note = this.#take(comment)
    if (note) {
      if (note[2] === '') this.#fail('-- in a comment')
      return true
    }
    const target = this.#take(instruction)?.[1]
    if (target !== undefined && /^xml$/i.test(target))
      this.#fail('an XML declaration that is not at the start')
    return target !== undefined
  }

  #readTag(): void {
    const closed = this.#take(endTag)?.[1]
    if (closed !== undefined) {
      if (this.#openElements.pop()?.name !== closed) this.#fail(`</${closed}> closes what was not opened`)
      return
    }
    if (this.#text.startsWith('<!DOCTYPE', this.#position)) this.#fail('a DTD is not allowed')
    const opened = this.#take(startTag)?.[1] ?? this.#fail('markup that is not well-formed')
    const parent = this.#openElements.at(-1)
    if (this.#root && !parent) this.#fail('a second root element')
    const attributes = this.#readAttributes()
    const end = this.#take(tagEnd) ?? this.#fail(`tag <${opened}> that is not well-formed`)
    const element: XmlElement = { name: opened, attributes, children: [], text: '' }
    parent?.children.push(element)
    this.#root ??= element
    if (end[1] === '') this.#openElements.push(element)
    if (this.#openElements.length > maxDepth) this.#fail('too many levels')
  }

  #readAttributes(): Record<string, string> {
    const attributes = new Map<string, string>()
    for (let match = this.#take(attribute); match; match = this.#take(attribute)) {
      const [, key = '', double, single] = match
      if (attributes.has(key)) this.#fail(`attribute ${key} twice`)
      attributes.set(key, this.#decode((double ?? single ?? '').replace(/[\t\n]/g, ' ')))
    }
    return Object.fromEntries(attributes)
  }

  #decode(raw: string): string {
    return raw.replace(
      /&([^;&]*;?)/g,
      (_, reference: string) => resolveReference(reference) ?? this.#fail(`bad reference &${reference}`),
    )
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position
    const match = pattern.exec(this.#text)
    if (match) this.#position += match[0].length
    return match ?? undefined
  }

  #fail(message: string): never {
    const lines = this.#text.slice(0, this.#position).split('\n')
    const column = (lines.at(-1) ?? '').length + 1
    throw new XmlSyntaxError(`${message}, line ${lines.length}, column ${column}`)
  }
}

/** The character of a reference without its `&`; undefined if there is none. */
function resolveReference(reference: string): string | undefined {
  const [, decimal, hexadecimal] = /^#(?:(\d{1,7})|x([\dA-Fa-f]{1,6}));$/.exec(reference) ?? []
  if (decimal === undefined && hexadecimal === undefined) {
    const isEntity = reference.endsWith(';') && Object.hasOwn(entities, reference.slice(0, -1))
    return isEntity ? entities[reference.slice(0, -1)] : undefined
  }
  const codePoint = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
  if (codePoint > 0x10ffff) return undefined
  const character = String.fromCodePoint(codePoint)
  return illegal.test(character) ? undefined : character
}
