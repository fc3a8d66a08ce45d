// A part of the reference reader (reference-reader.ts).

import { z } from 'zod'
import type { Operation } from '../../../src/operations/operation.ts'

/** The schema without its optional, nullable and preprocessing wrappers. */
export function unwrapSchema(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrapSchema(schema.unwrap())
  return schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform
    ? unwrapSchema(schema.out)
    : schema
}

/** Splits `createdDateTime` into created, date, time. */
export const wordsIn = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')

/** A path as it is compared: `scriptResult`, `script_result` and `script.result` are the same words. */
export const comparable = (path: readonly string[]): string =>
  path
    .join('.')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** A field of a record as its page documents it, under the name that Qualys sends. */
export interface DocumentedField {
  /** From the record to the field, through objects only. */
  readonly path: readonly string[]
  readonly schema: z.core.$ZodType
  /** The names in an object that can be told by them; absent for any other field. */
  readonly members?: ReadonlySet<string>
}

/** The documented fields of one operation. */
interface DocumentedFields {
  /** Parents before what is in them. */
  readonly all: readonly DocumentedField[]
  /** By the words of their paths. */
  readonly byWords: ReadonlyMap<string, readonly DocumentedField[]>
  /** Objects that can be told by their members. */
  readonly objects: readonly DocumentedField[]
}

/** True for an id: it names an object of Qualys, so no other field is ever taken for it. */
const isId = (name: string): boolean => /^ids?$/.test(wordsIn(name).at(-1) ?? '')

/** An object with an id stands for another object, and all of these are alike. */
function membersOf(schema: unknown): ReadonlySet<string> | undefined {
  if (!(schema instanceof z.ZodObject)) return undefined
  const names = Object.keys(schema.shape)
  return names.length < 2 || names.some(isId) ? undefined : new Set(names)
}

function fieldsIn(record: z.ZodObject, prefix: readonly string[]): DocumentedField[] {
  return Object.entries(record.shape).flatMap(([name, schema]) => {
    if (isId(name)) return []
    const inner = unwrapSchema(schema)
    const path = [...prefix, name]
    const members = membersOf(inner)
    const field = { path, schema, ...(members && { members }) }
    return inner instanceof z.ZodObject ? [field, ...fieldsIn(inner, path)] : [field]
  })
}

const known = new WeakMap<z.ZodObject, DocumentedFields>()

/** The fields that the page of an operation documents, except for ids. */
export function documentedFields({ record }: Operation): DocumentedFields {
  const before = known.get(record)
  if (before) return before
  const all = fieldsIn(record, [])
  const byWords = new Map<string, DocumentedField[]>()
  for (const field of all) {
    const words = comparable(field.path)
    byWords.set(words, [...(byWords.get(words) ?? []), field])
  }
  const fields = { all, byWords, objects: all.filter(({ members }) => members !== undefined) }
  known.set(record, fields)
  return fields
}
