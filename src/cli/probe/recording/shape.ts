import { isObject } from '../../../shared/json.ts'
import { type Kind, kindOf } from './kinds.ts'

/** What some values have in common: their kinds, their fields and, in memory only, their short texts. */
export interface Shape {
  count: number
  readonly kinds: Map<Kind, number>
  readonly fields: Map<string, Shape>
  item?: Shape
  /** The first short texts. */
  readonly words: Set<string>
  /** True if there were others. */
  hasMoreWords: boolean
}

/** Limits on what is examined of an answer. Known answers stay below them. */
const maxNodes = 20_000
const maxItems = 50
const maxDepth = 12
const maxWords = 12
const maxWordLength = 40

export function emptyShape(): Shape {
  return { count: 0, kinds: new Map(), fields: new Map(), words: new Set(), hasMoreWords: false }
}

/** Is notified of every text and of every field name. */
export interface ShapeObserver {
  readonly onValue: (value: string, path: readonly string[]) => void
  readonly onName: (name: string) => void
}

/** The state of examining one answer. */
interface Traversal {
  readonly observer: ShapeObserver
  remainingNodes: number
}

/** Starts examining one answer, with a limit on its size. */
export function startTraversal(observer: ShapeObserver): Traversal {
  return { observer, remainingNodes: maxNodes }
}

/** Adds a value to a shape. */
export function addValue(
  shape: Shape,
  value: unknown,
  traversal: Traversal,
  path: readonly string[] = [],
): void {
  if (traversal.remainingNodes <= 0 || path.length > maxDepth) return
  traversal.remainingNodes -= 1
  const kind = kindOf(value)
  shape.count += 1
  shape.kinds.set(kind, (shape.kinds.get(kind) ?? 0) + 1)
  if (typeof value === 'string') {
    traversal.observer.onValue(value, path)
    if (value.length > maxWordLength || shape.words.size >= maxWords)
      shape.hasMoreWords ||= !shape.words.has(value)
    else shape.words.add(value)
  }
  if (Array.isArray(value)) {
    shape.item ??= emptyShape()
    for (const part of value.slice(0, maxItems)) addValue(shape.item, part, traversal, [...path, '[]'])
  } else if (isObject(value)) {
    for (const [name, part] of Object.entries(value)) {
      traversal.observer.onName(name)
      const field = shape.fields.get(name) ?? emptyShape()
      shape.fields.set(name, field)
      addValue(field, part, traversal, [...path, name])
    }
  }
}

/** Merges two shapes. */
export function mergeShapes(one: Shape, other: Shape): Shape {
  const kinds = new Map(one.kinds)
  for (const [kind, count] of other.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + count)
  const fields = new Map(one.fields)
  for (const [name, field] of other.fields) {
    const existing = fields.get(name)
    fields.set(name, existing ? mergeShapes(existing, field) : field)
  }
  const item = one.item && other.item ? mergeShapes(one.item, other.item) : (one.item ?? other.item)
  const words = new Set([...one.words, ...other.words])
  return {
    count: one.count + other.count,
    kinds,
    fields,
    ...(item && { item }),
    words,
    hasMoreWords: one.hasMoreWords || other.hasMoreWords || words.size > maxWords,
  }
}
