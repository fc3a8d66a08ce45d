import { asList, isElement, isEmptyCount, isWholeList, maxDepth } from './service-lists.ts'

/**
 * Where an element stands: above the objects of a ServiceResponse, as their holder (`data` or `list`), as an object, or
 * within one.
 */
type Place = 'above' | 'holder' | 'object' | 'within'

/** What all elements with one name at one place of a document share. Rows have the same elements in the same order. */
interface Outline {
  /** As the document writes it. */
  readonly qualified: string
  /** Without its namespace. */
  readonly name: string
  readonly place: Place
  readonly children: Map<string, Outline>
  /** The one that came first in such an element, and the one that came after it: they are expected again. */
  first: Outline | undefined
  next: Outline | undefined
}

const outlineOf = (qualified: string, name: string, place: Place): Outline => ({
  qualified,
  name,
  place,
  children: new Map(),
  first: undefined,
  next: undefined,
})

/** The children of an element. */
interface Children {
  readonly values: Record<string, unknown>
  /** The name of the first that is no `count`, and the number of such names. */
  first: string | undefined
  names: number
  /** Names of several children: their values are a list. */
  repeated: Set<string> | undefined
}

/** An element while it is read. */
interface OpenElement {
  outline: Outline
  /** Of its last child. */
  last: Outline | undefined
  children: Children | undefined
  text: string
}

const openElement = (outline: Outline): OpenElement => ({
  outline,
  last: undefined,
  children: undefined,
  text: '',
})

function reopen(element: OpenElement, outline: Outline): void {
  element.outline = outline
  element.last = undefined
  element.children = undefined
  element.text = ''
}

/** Outlines that are kept: more than any document of Qualys has. */
const maxOutlines = 1_000

/** The outlines of a document's elements. To compare a name with the expected one is faster than to look it up. */
class Outlines {
  #count = 0

  /** The outline of a child of an open element. */
  of({ outline: parent, last }: OpenElement, qualified: string, level: number): Outline {
    const expected = last ? last.next : parent.first
    if (expected?.qualified === qualified) return expected
    const known = parent.children.get(qualified)
    const outline = known ?? newOutline(parent, qualified, level)
    if (!known) {
      if (this.#count === maxOutlines) return outline
      this.#count++
      parent.children.set(qualified, outline)
    }
    if (last) last.next = outline
    else parent.first = outline
    return outline
  }
}

function newOutline(parent: Outline, qualified: string, level: number): Outline {
  const name = qualified.slice(qualified.lastIndexOf(':') + 1) || qualified
  return outlineOf(qualified, name, placeIn(parent, name, level))
}

function placeIn({ name: parent, place }: Outline, name: string, level: number): Place {
  if (place === 'holder') return name === 'list' ? 'holder' : 'object'
  if (place !== 'above') return 'within'
  return level === 2 && name === 'data' && parent === 'ServiceResponse' ? 'holder' : 'above'
}

function addChild(element: OpenElement, name: string, value: unknown): void {
  // An assignment would set the prototype.
  if (name === '__proto__') return
  element.children ??= { values: {}, first: undefined, names: 0, repeated: undefined }
  const { children } = element
  const { values } = children
  const known = values[name]
  // A row of a million names is made while they come: a copy at its end would hold the process.
  if (known === undefined || !Object.hasOwn(values, name)) {
    values[name] = value
    if (name === 'count') return
    children.first ??= name
    children.names++
    return
  }
  if (children.repeated?.has(name) && Array.isArray(known)) known.push(value)
  else {
    children.repeated ??= new Set()
    children.repeated.add(name)
    values[name] = [known, value]
  }
}

/** The children as a list; undefined if they are none. */
function listOf({ first, names, repeated, values }: Children): readonly unknown[] | undefined {
  const { count } = values
  if (first === undefined) return isEmptyCount(count) ? [] : undefined
  if (names > 1) return undefined
  const value = values[first]
  const list: readonly unknown[] = repeated?.has(first) && Array.isArray(value) ? value : [value]
  const isOneText = list.length === 1 && value === ''
  if (first === 'list') {
    const parts = isOneText ? [] : list.length === 1 ? asList(value) : list.flatMap(asList)
    return isWholeList(parts, count) ? parts : undefined
  }
  if (!isElement(first)) return undefined
  const parts = isOneText ? [] : list
  return isWholeList(parts, count) ? parts : undefined
}

/** A text, or an object of the children; text beside them is `#text`. Within an object, also a list. */
function contentOf(element: OpenElement): unknown {
  const { children, text, outline } = element
  if (children === undefined) return text
  if (text !== '') addChild(element, '#text', text)
  return (outline.place === 'within' ? listOf(children) : undefined) ?? children.values
}

/** Builds the value of a document from its elements; each is complete as soon as it closes. */
export class XmlTree {
  readonly #document = openElement(outlineOf('', '', 'above'))
  /** The open elements by level. One that is closed is used again. */
  readonly #path = [this.#document]
  readonly #outlines = new Outlines()
  #level = 0
  #current = this.#document
  #isComplete = false
  readonly #valueOfObject: (object: unknown) => unknown

  /** `valueOfObject`: what takes the place of an object of a ServiceResponse. */
  constructor(valueOfObject: (object: unknown) => unknown = (object) => object) {
    this.#valueOfObject = valueOfObject
  }

  /** Throws if it is nested too deeply. */
  open(qualifiedName: string): void {
    const level = ++this.#level
    if (level > maxDepth) throw new Error('nested too deeply')
    const parent = this.#current
    const outline = this.#outlines.of(parent, qualifiedName, level)
    parent.last = outline
    const element = this.#path[level]
    if (element) reopen(element, outline)
    this.#current = element ?? openElement(outline)
    this.#path[level] = this.#current
  }

  close(): void {
    const element = this.#current
    this.#level--
    this.#current = this.#path[this.#level] ?? this.#document
    const { name, place } = element.outline
    const content = contentOf(element)
    addChild(this.#current, name, place === 'object' ? this.#valueOfObject(content) : content)
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
    return this.#document.children?.values ?? {}
  }
}
