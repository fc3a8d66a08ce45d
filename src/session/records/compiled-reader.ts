import { z } from 'zod'
import { time } from '../../operations/fields.ts'
import { toIso } from '../../operations/time-text.ts'
import { isObject } from '../../shared/json.ts'

// Readers that are compiled once from a schema. They give what the schema gives, several times faster, for values that
// are as documented. For any other value they give `misfit`, and the schema itself decides.

/** The result for a value that is not as documented. */
export const misfit = Symbol('not as documented')

/** Reads one value; `misfit` if it is not as documented. */
export type ReadValue = (raw: unknown) => unknown

type Schema = z.core.$ZodType

const hasChecks = ({ _zod: { def } }: Schema): boolean => (def.checks ?? []).length > 0

/** Reads a value by the schema itself. */
function bySchema(schema: Schema): ReadValue {
  return (raw) => {
    const read = z.safeParse(schema, raw)
    return read.success ? read.data : misfit
  }
}

const readTime: ReadValue = (raw) =>
  typeof raw === 'string' || typeof raw === 'number' ? (toIso(raw) ?? misfit) : misfit

function unionReader(options: readonly Schema[]): ReadValue {
  const readers = options.map(compileReader)
  return (raw) => {
    for (const read of readers) {
      const value = read(raw)
      if (value !== misfit) return value
    }
    return misfit
  }
}

function arrayReader(element: Schema): ReadValue {
  const read = compileReader(element)
  return (raw) => {
    if (!Array.isArray(raw)) return misfit
    const list: unknown[] = []
    for (const entry of raw) {
      const value = read(entry)
      if (value === misfit) return misfit
      list.push(value)
    }
    return list
  }
}

/** A preprocessing function before a schema. One with a second parameter may report issues: the schema has to run it. */
function pipeReader(pipe: z.ZodPipe): ReadValue {
  if (!(pipe.in instanceof z.ZodTransform) || pipe.in.def.transform.length > 1) return bySchema(pipe)
  const { transform } = pipe.in.def
  const read = compileReader(pipe.out)
  return (raw) => read(transform(raw, { value: raw, issues: [] }))
}

/** Compiles a reader. A kind of schema that is not listed here is read by the schema. */
function compileReader(schema: Schema): ReadValue {
  if (schema === time) return readTime
  if (hasChecks(schema)) return bySchema(schema)
  if (schema instanceof z.ZodUnknown) return (raw) => raw
  if (schema instanceof z.ZodString) return (raw) => (typeof raw === 'string' ? raw : misfit)
  if (schema instanceof z.ZodNumber) return (raw) => (Number.isFinite(raw) ? raw : misfit)
  if (schema instanceof z.ZodBoolean) return (raw) => (typeof raw === 'boolean' ? raw : misfit)
  if (schema instanceof z.ZodUnion) return unionReader(schema.options)
  if (schema instanceof z.ZodArray) return arrayReader(schema.element)
  if (schema instanceof z.ZodObject) return compileObjectReader(schema)
  if (schema instanceof z.ZodPipe) return pipeReader(schema)
  if (schema instanceof z.ZodNullable) {
    const read = compileReader(schema.unwrap())
    return (raw) => (raw === null ? null : read(raw))
  }
  if (schema instanceof z.ZodOptional) {
    const read = compileReader(schema.unwrap())
    return (raw) => (raw === undefined ? undefined : read(raw))
  }
  return bySchema(schema)
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
  /** True to copy the members that are not in the schema; default: as the schema says. */
  readonly keepsOthers?: boolean
  /** New names of members, where the object has no member of the new name. */
  readonly aliases?: ReadonlyMap<string, string> | undefined
}

/** Compiles the reader of an object: a new object with the members in the order of the schema, then the others. */
export function compileObjectReader(schema: z.ZodObject, plan: ObjectPlan = {}): ReadValue {
  // A strict object, or one with checks over all members.
  if (hasChecks(schema) || !(schema.def.catchall === undefined || isLoose(schema))) return bySchema(schema)
  const { names = Object.keys(schema.shape), keepsOthers = isLoose(schema), aliases } = plan
  const members = names.map((name) => {
    const member: Schema = schema.shape[name]
    const read = compileReader(member)
    return { name, alias: aliases?.get(name), read, mayBeAbsent: mayBeAbsent(member) }
  })
  const isMember = new Set(names)
  return (raw) => {
    if (!isObject(raw)) return misfit
    const object: Record<string, unknown> = {}
    for (const { name, alias, read, mayBeAbsent } of members) {
      const part = raw[name]
      if (part === undefined && !Object.hasOwn(raw, name)) {
        if (!mayBeAbsent) return misfit
        continue
      }
      const value = read(part)
      if (value === misfit) return misfit
      if (alias === undefined) object[name] = value
      else if (!Object.hasOwn(raw, alias)) object[alias] = value
    }
    if (!keepsOthers) return object
    for (const name in raw) {
      if (isMember.has(name)) continue
      // Assigning it would set the prototype of the object.
      if (name === '__proto__') return misfit
      const alias = aliases?.get(name)
      if (alias === undefined) object[name] = raw[name]
      else if (!Object.hasOwn(raw, alias)) object[alias] = raw[name]
    }
    return object
  }
}
