import type { Operation } from '../../operations/operation.ts'
import { isObject } from '../../shared/json.ts'
import type { LeftOut } from '../answer.ts'

/**
 * A field is a name at its place: the same field of all entries of a list counts once. A list of five thousand people
 * has as many fields as one of them, and no row that Qualys documents has two hundred.
 */
export const maxFields = 2_000

/** Objects and lists within each other, the row included. */
export const maxLevels = 32

/** All members and entries together: ten times what the longest documented list of people holds. */
export const maxValues = 200_000

/** A row within its bounds; without `leftOut` it is the row as it came. */
export interface BoundedRow {
  readonly row: unknown
  readonly leftOut?: LeftOut
}

const holdsValues = (value: unknown): value is Readonly<Record<string, unknown>> | readonly unknown[] =>
  typeof value === 'object' && value !== null

/** How much of the room a value leaves for members and entries; below 0 if it holds more, or is too deep. */
export function roomAfter(value: unknown, left: number, level: number): number {
  if (!holdsValues(value)) return left
  if (level > maxLevels) return -1
  let rest = left
  // Many rows come here: lists of their keys and values would cost as much as reading them, and so would a call for each.
  if (Array.isArray(value)) {
    rest -= value.length
    for (let at = 0; rest >= 0 && at < value.length; at++)
      if (holdsValues(value[at])) rest = roomAfter(value[at], rest, level + 1)
    return rest
  }
  const members = value as Readonly<Record<string, unknown>>
  for (const name in members) {
    rest--
    if (holdsValues(members[name])) rest = roomAfter(members[name], rest, level + 1)
    if (rest < 0) return rest
  }
  return rest
}

/** True if a value has so few members and entries that no bound can be reached. Stops where it is not. */
const isSmall = (value: unknown): boolean => roomAfter(value, maxFields, 1) >= 0

/** The fields at one place, by name, and the fields below each. */
type Place = Map<string, Place>

/** Copies a row up to its bounds. */
class BoundedCopy {
  #fieldsLeft = maxFields
  #valuesLeft = maxValues
  readonly leftOut = { fields: 0, values: 0, isTooDeep: false }

  /** `first`: the names of members that are copied before all others. */
  copyMembers(
    object: Record<string, unknown>,
    place: Place,
    level: number,
    first: readonly string[] = [],
  ): object {
    const names = Object.keys(object)
    const early = new Set(first.filter((name) => Object.hasOwn(object, name)))
    const copy: [string, unknown][] = []
    const add = (name: string): void => {
      const value = object[name]
      if (!this.#fits(value, level)) return
      const inner = this.#fieldAt(place, name)
      if (inner) copy.push([name, this.#copy(value, inner, level + 1)])
    }
    for (const name of early) add(name)
    // Only an entry of a list may have fields that are known.
    const isNew = place.size === early.size
    let earlyLeft = early.size
    for (const [at, name] of names.entries()) {
      if (isNew && this.#fieldsLeft === 0) {
        this.leftOut.fields += names.length - at - earlyLeft
        break
      }
      if (early.has(name)) earlyLeft--
      else add(name)
    }
    return Object.fromEntries(copy)
  }

  #copyEntries(list: readonly unknown[], place: Place, level: number): unknown[] {
    const copy: unknown[] = []
    for (const [at, value] of list.entries()) {
      if (this.#valuesLeft === 0) {
        this.leftOut.values += list.length - at
        break
      }
      if (!this.#fits(value, level)) continue
      this.#valuesLeft--
      copy.push(this.#copy(value, place, level + 1))
    }
    return copy
  }

  #copy(value: unknown, place: Place, level: number): unknown {
    if (Array.isArray(value)) return this.#copyEntries(value, place, level)
    return isObject(value) ? this.copyMembers(value, place, level) : value
  }

  #fits(value: unknown, level: number): boolean {
    const isTooDeep = level >= maxLevels && typeof value === 'object' && value !== null
    this.leftOut.isTooDeep ||= isTooDeep
    return !isTooDeep
  }

  /** The place below a field; undefined if the field, or its value, is beyond the bounds. */
  #fieldAt(place: Place, name: string): Place | undefined {
    const known = place.get(name)
    if (this.#valuesLeft === 0) this.leftOut.values++
    else if (!known && this.#fieldsLeft === 0) this.leftOut.fields++
    else {
      this.#valuesLeft--
      if (known) return known
      this.#fieldsLeft--
      const inner: Place = new Map()
      place.set(name, inner)
      return inner
    }
    return undefined
  }
}

/** What was left out of rows that were bounded while they were parsed. */
const leftOutOf = new WeakMap<object, LeftOut>()

/** Notes that a raw row was bounded before: boundRow then gives it as it is, with what was left out. */
export function noteLeftOut(row: object, leftOut: LeftOut): void {
  leftOutOf.set(row, leftOut)
}

/** True for a raw row that was bounded before. */
export const isBounded = (row: unknown): boolean => isObject(row) && leftOutOf.has(row)

/** The same note for a copy of a raw row. */
export function copyLeftOut(from: object, to: object): void {
  const leftOut = leftOutOf.get(from)
  if (leftOut) leftOutOf.set(to, leftOut)
}

/** The names under which Qualys sends the documented fields of a record. */
export const documentedNames = ({ record, fieldAliases }: Operation): readonly string[] => [
  ...Object.keys(record.shape),
  ...(fieldAliases?.keys() ?? []),
]

/**
 * A row of Qualys up to its bounds. `first`: the fields that are kept whatever else there is, such as the id. A value
 * that is no object has no bounds.
 */
export function boundRow(raw: unknown, first: () => readonly string[]): BoundedRow {
  if (!isObject(raw)) return { row: raw }
  const noted = leftOutOf.get(raw)
  if (noted) return { row: raw, leftOut: noted }
  if (isSmall(raw)) return { row: raw }
  const copy = new BoundedCopy()
  const row = copy.copyMembers(raw, new Map(), 1, first())
  const { fields, values, isTooDeep } = copy.leftOut
  return fields > 0 || values > 0 || isTooDeep ? { row, leftOut: copy.leftOut } : { row: raw }
}
