import { isObject } from '../../../shared/json.ts'
import { type Kind, kindOf } from './kinds.ts'

/** What some values have in common: their kinds, their fields and, in memory only, their short texts. */
export interface Shape {
  count: number
  readonly kinds: Map<Kind, number>
  readonly fields: Map<string, Shape>
  item?: Shape
  /** The short texts seen, while there are few. */
  readonly words: Set<string>
  /** True if there were more of them. */
  crowded: boolean
}

/** An answer that is larger than any known one is examined in part. */
const mostNodes = 20_000
const mostItems = 50
const deepest = 12
const mostWords = 12
const longestWord = 40

export function newShape(): Shape {
  return { count: 0, kinds: new Map(), fields: new Map(), words: new Set(), crowded: false }
}

/** Is notified of every text and of every field name. */
export interface Watcher {
  readonly value: (value: string, path: readonly string[]) => void
  readonly name: (name: string) => void
}

interface Looking {
  readonly watcher: Watcher
  left: number
}

/** Starts examining one answer, with a limit on its size. */
export function looking(watcher: Watcher): Looking {
  return { watcher, left: mostNodes }
}

/** Adds a value to a shape. */
export function grow(shape: Shape, value: unknown, look: Looking, path: readonly string[] = []): void {
  if (look.left <= 0 || path.length > deepest) return
  look.left -= 1
  const kind = kindOf(value)
  shape.count += 1
  shape.kinds.set(kind, (shape.kinds.get(kind) ?? 0) + 1)
  if (typeof value === 'string') {
    look.watcher.value(value, path)
    if (value.length > longestWord || shape.words.size >= mostWords) shape.crowded ||= !shape.words.has(value)
    else shape.words.add(value)
  }
  if (Array.isArray(value)) {
    shape.item ??= newShape()
    for (const part of value.slice(0, mostItems)) grow(shape.item, part, look, [...path, '[]'])
  } else if (isObject(value)) {
    for (const [name, part] of Object.entries(value)) {
      look.watcher.name(name)
      const field = shape.fields.get(name) ?? newShape()
      shape.fields.set(name, field)
      grow(field, part, look, [...path, name])
    }
  }
}

/** Merges two shapes. */
export function joined(one: Shape, other: Shape): Shape {
  const kinds = new Map(one.kinds)
  for (const [kind, count] of other.kinds) kinds.set(kind, (kinds.get(kind) ?? 0) + count)
  const fields = new Map(one.fields)
  for (const [name, field] of other.fields) {
    const known = fields.get(name)
    fields.set(name, known ? joined(known, field) : field)
  }
  const item = one.item && other.item ? joined(one.item, other.item) : (one.item ?? other.item)
  const words = new Set([...one.words, ...other.words])
  return {
    count: one.count + other.count,
    kinds,
    fields,
    ...(item && { item }),
    words,
    crowded: one.crowded || other.crowded || words.size > mostWords,
  }
}
