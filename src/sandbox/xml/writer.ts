/** One element of an XML document. It has children or text; an element with both keeps both. */
export interface XmlElement {
  name: string
  attributes: Readonly<Record<string, string>>
  children: XmlElement[]
  text: string
}

/**
 * The content of an element: a list becomes its children, a record one child per member; undefined is absent.
 */
export type Content = string | number | boolean | readonly XmlElement[] | Members
export interface Members {
  readonly [name: string]: Content | undefined
}

export function element(
  name: string,
  content: Content,
  attributes: Readonly<Record<string, string>> = {},
): XmlElement {
  if (typeof content !== 'object') return { name, attributes, children: [], text: String(content) }
  return { name, attributes, children: isList(content) ? [...content] : memberElements(content), text: '' }
}

const isList = (content: readonly XmlElement[] | Members): content is readonly XmlElement[] =>
  Array.isArray(content)

function memberElements(record: Members): XmlElement[] {
  return Object.entries(record).flatMap(([name, content]) =>
    content === undefined ? [] : [element(name, content)],
  )
}

/** The document with this root, indented like the samples of the SAQ pages. */
export function xmlText(root: XmlElement): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>']
  write(root, '', lines)
  return `${lines.join('\n')}\n`
}

function write({ name, attributes, children, text }: XmlElement, indent: string, lines: string[]): void {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(value)}"`)
  const start = `${indent}<${name}${pairs.join('')}`
  if (children.length === 0) {
    lines.push(text === '' ? `${start}/>` : `${start}>${escapeText(text)}</${name}>`)
    return
  }
  lines.push(`${start}>${escapeText(text)}`)
  for (const child of children) write(child, `${indent}  `, lines)
  lines.push(`${indent}</${name}>`)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A carriage return becomes a reference: a reader would turn it into a line feed. */
function escapeText(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => entities[character] ?? '&#13;')
}
