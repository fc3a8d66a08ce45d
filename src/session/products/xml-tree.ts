import { asList, isElement, isEmptyCount, isWholeList, maxDepth } from './service-lists.ts'

/**
 * Where an element stands: above the objects of a ServiceResponse, as their holder (`data` or `list`), as an object, or
 * within one.
 */
type Place = 'above' | 'holder' | 'object' | 'within'

/** An element while it is read. */
interface OpenElement {
  name: string
  place: Place
  children: Record<string, unknown> | undefined
  /** The name of the first child that is no `count`, and the number of such names. */
  first: string | undefined
  names: number
  /** Names of several children: their values are a list. */
  repeated: Set<string> | undefined
  text: string
}

const openElement = (name: string, place: Place): OpenElement => ({
  name,
  place,
  children: undefined,
  first: undefined,
  names: 0,
  repeated: undefined,
  text: '',
})

function reopen(element: OpenElement, name: string, place: Place): void {
  element.name = name
  element.place = place
  element.children = undefined
  element.first = undefined
  element.names = 0
  element.repeated = undefined
  element.text = ''
}

/** Names that are remembered: more than any document of Qualys has. */
const maxNames = 1_000

/** The names of elements without their namespace. The same name is always the same string, which is found faster. */
class LocalNames {
  readonly #known = new Map<string, string>()

  of(name: string): string {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const local = name.slice(name.lastIndexOf(':') + 1) || name
    if (this.#known.size < maxNames) this.#known.set(name, local)
    return local
  }
}

function placeIn({ name: parent, place }: OpenElement, name: string, level: number): Place {
  if (place === 'holder') return name === 'list' ? 'holder' : 'object'
  if (place !== 'above') return 'within'
  return level === 2 && name === 'data' && parent === 'ServiceResponse' ? 'holder' : 'above'
}

function addChild(element: OpenElement, name: string, value: unknown): void {
  // An assignment would set the prototype.
  if (name === '__proto__') return
  element.children ??= {}
  const { children } = element
  // A row of a million names is made while they come: a copy at its end would hold the process.
  if (!Object.hasOwn(children, name)) {
    children[name] = value
    if (name === 'count') return
    element.first ??= name
    element.names++
    return
  }
  const known = children[name]
  if (element.repeated?.has(name) && Array.isArray(known)) known.push(value)
  else {
    element.repeated ??= new Set()
    element.repeated.add(name)
    children[name] = [known, value]
  }
}

/** The children of an element that is a list; undefined if it is none. */
function listIn({ first, names, repeated, children }: OpenElement): readonly unknown[] | undefined {
  const count = children?.['count']
  if (first === undefined) return isEmptyCount(count) ? [] : undefined
  if (names > 1) return undefined
  const value = children?.[first]
  const values: readonly unknown[] = repeated?.has(first) && Array.isArray(value) ? value : [value]
  const isOneText = values.length === 1 && value === ''
  if (first === 'list') {
    const parts = isOneText ? [] : values.length === 1 ? asList(value) : values.flatMap(asList)
    return isWholeList(parts, count) ? parts : undefined
  }
  if (!isElement(first)) return undefined
  const parts = isOneText ? [] : values
  return isWholeList(parts, count) ? parts : undefined
}

/** A text, or an object of the children; text beside them is `#text`. Within an object, also a list. */
function contentOf(element: OpenElement): unknown {
  const { children, text, place } = element
  if (children === undefined) return text
  if (text !== '') addChild(element, '#text', text)
  return (place === 'within' ? listIn(element) : undefined) ?? children
}

/** Builds the value of a document from its elements; each is complete as soon as it closes. */
export class XmlTree {
  readonly #document = openElement('', 'above')
  /** The open elements by level. One that is closed is used again. */
  readonly #path = [this.#document]
  readonly #names = new LocalNames()
  #level = 0
  #current = this.#document
  #isComplete = false

  /** Throws if it is nested too deeply. */
  open(qualifiedName: string): void {
    const level = ++this.#level
    if (level > maxDepth) throw new Error('nested too deeply')
    const name = this.#names.of(qualifiedName)
    const place = placeIn(this.#current, name, level)
    const element = this.#path[level]
    if (element) reopen(element, name, place)
    this.#current = element ?? openElement(name, place)
    this.#path[level] = this.#current
  }

  close(): void {
    const element = this.#current
    this.#level--
    this.#current = this.#path[this.#level] ?? this.#document
    addChild(this.#current, element.name, contentOf(element))
    this.#isComplete = this.#current === this.#document
  }

  addText(text: string): void {
    this.#current.text += text
  }

  /** True if the first element is closed. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  get value(): Record<string, unknown> {
    return this.#document.children ?? {}
  }
}
