import { z } from 'zod'
import type { Operation } from '../../operations/operation.ts'
import { isObject } from '../../shared/json.ts'
import { comparable, documentedFields, unwrapSchema } from './documented-fields.ts'

// A quick test for fields that no page shows: may one of them be a documented field under a new name? It is made for
// every row, while renames.ts, which decides, looks at a whole batch.

type Fields = Readonly<Record<string, unknown>>

/** Objects within each other that are looked into. */
export const maxRenameLevels = 3

/** Names that are remembered. An operation has some dozens; more are of rows that are not as documented. */
const maxPlaces = 2_000

export const hasValue = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** A field at its place in a record. */
interface Place {
  readonly path: readonly string[]
  /** `known`: documented; `corrected`: a slip of the vendor, which has its own rule; else no page shows it. */
  readonly kind: 'known' | 'corrected' | 'unknown'
  /** True for an unknown field that has the words of a documented one. */
  readonly hasKnownWords: boolean
  readonly inner: Map<string, Place>
}

/** Tells quickly that no unknown field of a record is a renamed one. */
export class UnknownFieldTest {
  readonly #words: ReadonlyMap<string, unknown>
  /** The names of members of each documented object that is told by them. */
  readonly #objects: readonly ReadonlySet<string>[]
  readonly #root: Place = { path: [], kind: 'known', hasKnownWords: false, inner: new Map() }
  #places = 0

  constructor(operation: Operation) {
    const { byWords, objects } = documentedFields(operation)
    this.#words = byWords
    this.#objects = objects.flatMap(({ members }) => members ?? [])
    this.#addKnown(this.#root, operation.record)
    for (const name of [...(operation.fieldAliases ?? [])].flat()) this.#add(this.#root, name, 'corrected')
  }

  /** True if a record has an unknown field that may be a documented one. */
  mayHoldRenamed(record: Fields): boolean {
    return this.#isRenameIn(this.#root, record)
  }

  #isRenameIn(outer: Place, object: Fields): boolean {
    for (const name in object) {
      const value = object[name]
      if (!hasValue(value)) continue
      const place = outer.inner.get(name) ?? this.#add(outer, name, 'unknown')
      if (!place || place.hasKnownWords) return true
      if (!isObject(value) || place.kind === 'corrected') continue
      if (place.kind === 'unknown' && this.#hasDocumentedMembers(value)) return true
      if (place.path.length < maxRenameLevels && this.#isRenameIn(place, value)) return true
    }
    return false
  }

  #hasDocumentedMembers(value: Fields): boolean {
    return this.#objects.some((members) => Object.keys(value).every((name) => members.has(name)))
  }

  /** Adds the documented members of an object. */
  #addKnown(outer: Place, schema: unknown): void {
    if (!(schema instanceof z.ZodObject)) return
    for (const [name, member] of Object.entries(schema.shape)) {
      const place = this.#add(outer, name, 'known')
      if (place && place.path.length < maxRenameLevels) this.#addKnown(place, unwrapSchema(member))
    }
  }

  /** The new place; undefined if there are more than any documented row has. */
  #add(outer: Place, name: string, kind: Place['kind']): Place | undefined {
    const known = outer.inner.get(name)
    if (known || this.#places === maxPlaces) return known
    const path = [...outer.path, name]
    const hasKnownWords = kind === 'unknown' && this.#words.has(comparable(path))
    const place = { path, kind, hasKnownWords, inner: new Map() }
    outer.inner.set(name, place)
    this.#places++
    return place
  }
}
