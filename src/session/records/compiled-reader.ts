import { z } from 'zod'
import { time } from '../../operations/fields.ts'
import { toIso } from '../../operations/time-text.ts'
import { isObject } from '../../shared/json.ts'
import { roomAfter } from './row-bounds.ts'

// Readers that are compiled once from a schema. They give what the schema gives, several times faster, for values that
// are as documented. For any other value they give `misfit`, and the schema itself decides.

/** The result for a value that is not as documented, or holds more than was allowed. */
export const misfit = Symbol('not as documented')

/** How many members and entries a value may still hold. Those that may be absent count as well. */
export interface Room {
  left: number
}

/** Reads one value and takes what it holds out of the room; `misfit` if it is not as documented or has too little room. */
export type ReadValue = (raw: unknown, room: Room) => unknown

type Schema = z.core.$ZodType

const hasChecks = ({ _zod: { def } }: Schema): boolean => (def.checks ?? []).length > 0

/** Takes so much out of the room; false if there is too little. */
const take = (room: Room, count: number): boolean => {
  room.left -= count
  return room.left >= 0
}

/** Takes all that a value holds out of the room; false if there is too little. `level`: that of the value. */
function takeAll(room: Room, value: unknown, level: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  room.left = roomAfter(value, room.left, level)
  return room.left >= 0
}

/** Reads a value by the schema itself. */
const bySchema =
  (schema: Schema, level: number): ReadValue =>
  (raw, room) => {
    if (!takeAll(room, raw, level)) return misfit
    const read = z.safeParse(schema, raw)
    return read.success ? read.data : misfit
  }

const readTime: ReadValue = (raw) =>
  typeof raw === 'string' || typeof raw === 'number' ? (toIso(raw) ?? misfit) : misfit

function unionReader(options: readonly Schema[], level: number): ReadValue {
  const readers = options.map((option) => compileReader(option, level))
  return (raw, room) => {
    for (const read of readers) {
      const value = read(raw, room)
      if (value !== misfit) return value
    }
    return misfit
  }
}

function arrayReader(element: Schema, level: number): ReadValue {
  const read = compileReader(element, level + 1)
  return (raw, room) => {
    if (!Array.isArray(raw) || !take(room, raw.length)) return misfit
    const list: unknown[] = []
    for (const entry of raw) {
      const value = read(entry, room)
      if (value === misfit) return misfit
      list.push(value)
    }
    return list
  }
}

/** A preprocessing function before a schema. One with a second parameter may report issues: the schema has to run it. */
function pipeReader(pipe: z.ZodPipe, level: number): ReadValue {
  if (!(pipe.in instanceof z.ZodTransform) || pipe.in.def.transform.length > 1) return bySchema(pipe, level)
  const { transform } = pipe.in.def
  const read = compileReader(pipe.out, level)
  const unused = { value: undefined, issues: [] }
  return (raw, room) => {
    const value = transform(raw, unused)
    return value === raw || takeAll(room, raw, level) ? read(value, room) : misfit
  }
}

/**
 * Compiles a reader. A kind of schema that is not listed here is read by the schema. `level`: that of the value, in
 * objects and lists within each other.
 */
function compileReader(schema: Schema, level: number): ReadValue {
  if (schema === time) return readTime
  if (hasChecks(schema)) return bySchema(schema, level)
  if (schema instanceof z.ZodUnknown) return (raw, room) => (takeAll(room, raw, level) ? raw : misfit)
  if (schema instanceof z.ZodString) return (raw) => (typeof raw === 'string' ? raw : misfit)
  if (schema instanceof z.ZodNumber) return (raw) => (Number.isFinite(raw) ? raw : misfit)
  if (schema instanceof z.ZodBoolean) return (raw) => (typeof raw === 'boolean' ? raw : misfit)
  if (schema instanceof z.ZodUnion) return unionReader(schema.options, level)
  if (schema instanceof z.ZodArray) return arrayReader(schema.element, level)
  if (schema instanceof z.ZodObject) return compileObjectReader(schema, {}, level)
  if (schema instanceof z.ZodPipe) return pipeReader(schema, level)
  if (schema instanceof z.ZodNullable) {
    const read = compileReader(schema.unwrap(), level)
    return (raw, room) => (raw === null ? null : read(raw, room))
  }
  if (schema instanceof z.ZodOptional) {
    const read = compileReader(schema.unwrap(), level)
    return (raw, room) => (raw === undefined ? undefined : read(raw, room))
  }
  return bySchema(schema, level)
}

/** True if a schema takes an absent value, and leaves it absent. */
function mayBeAbsent(schema: Schema): boolean {
  const { success, data } = z.safeParse(schema, undefined)
  return success && data === undefined
}

/** True for an object of which members that are not in the schema are kept. */
const isLoose = (schema: z.ZodObject): boolean => schema.def.catchall instanceof z.ZodUnknown

/** How an object is read. */
export interface ObjectPlan {
  /** The members to read, in the order of the result; default: all of the schema. */
  readonly names?: readonly string[]
  /** True to leave all other members alone; default: they are counted, and copied if the schema keeps them. */
  readonly skipsOthers?: boolean
  /** New names of members, where the object has no member of the new name. */
  readonly aliases?: ReadonlyMap<string, string> | undefined
}

/** Compiles the reader of an object: a new object with the members in the order of the schema, then the others. */
export function compileObjectReader(schema: z.ZodObject, plan: ObjectPlan = {}, level = 1): ReadValue {
  // A strict object, or one with checks over all members.
  if (hasChecks(schema) || !(schema.def.catchall === undefined || isLoose(schema)))
    return bySchema(schema, level)
  const { names = Object.keys(schema.shape), aliases, skipsOthers = false } = plan
  const keepsOthers = isLoose(schema)
  const members = names.map((name) => {
    const member: Schema = schema.shape[name]
    const given = member instanceof z.ZodOptional ? member.unwrap() : member
    const read = compileReader(given, level + 1)
    return { name, alias: aliases?.get(name), read, mayBeAbsent: mayBeAbsent(member) }
  })
  const isMember = new Set(names)
  return (raw, room) => {
    if (!isObject(raw) || !take(room, members.length)) return misfit
    const object: Record<string, unknown> = {}
    for (const { name, alias, read, mayBeAbsent } of members) {
      const part = raw[name]
      const isAbsent = part === undefined && !Object.hasOwn(raw, name)
      if (isAbsent && mayBeAbsent) continue
      if (isAbsent) return misfit
      const value = part === undefined && mayBeAbsent ? undefined : read(part, room)
      if (value === misfit) return misfit
      if (alias === undefined) object[name] = value
      else if (!Object.hasOwn(raw, alias)) object[alias] = value
    }
    if (skipsOthers) return object
    for (const name in raw) {
      if (isMember.has(name)) continue
      if (!take(room, 1) || !takeAll(room, raw[name], level + 1)) return misfit
      if (!keepsOthers) continue
      // Assigning it would set the prototype of the object.
      if (name === '__proto__') return misfit
      const alias = aliases?.get(name)
      if (alias === undefined) object[name] = raw[name]
      else if (!Object.hasOwn(raw, alias)) object[alias] = raw[name]
    }
    return object
  }
}
