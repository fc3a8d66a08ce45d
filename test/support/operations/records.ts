import { z } from 'zod'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'

// The records of reads as their pages document them, and records with one odd field.

export type Fields = Readonly<Record<string, unknown>>

/** Reads that return rows or records; a count is in the envelope. */
export const recordReads: readonly Operation[] = operations.filter(
  ({ effect, returns, columns }) => effect === 'read' && returns !== 'file' && columns[0] !== 'count',
)
export const counts: readonly Operation[] = operations.filter(({ columns }) => columns[0] === 'count')

/** The schema without optional, nullable and preprocessing. */
function unwrapped(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrapped(schema.unwrap())
  return schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform ? unwrapped(schema.out) : schema
}

/** A documented field. */
export interface Field {
  /** Dotted. */
  readonly path: string
  /** True where it may be absent. */
  readonly optional: boolean
  readonly schema: z.core.$ZodType
}

/** The documented fields of a record, nested ones included. */
function fieldsIn(schema: z.ZodObject, prefix = ''): Field[] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const inside = unwrapped(field)
    const own = { path: prefix + name, optional: z.safeParse(field, undefined).success, schema: field }
    return inside instanceof z.ZodObject ? [own, ...fieldsIn(inside, `${own.path}.`)] : [own]
  })
}

/** The documented fields of every read, except for the id that identifies a row. */
export const documentedFields: readonly (readonly [name: string, path: string, Field, Operation])[] =
  recordReads.flatMap((operation) =>
    fieldsIn(operation.record)
      .filter(({ path }) => path !== 'id')
      .map((field) => [operation.name, field.path, field, operation] as const),
  )

/** Each field accepts at least one of these values. */
const values: readonly unknown[] = ['2026-01-31T08:00:00Z', 7, true, 'dGV4dA==', {}, []]

/** A value that a schema accepts. */
function sample(schema: z.core.$ZodType): unknown {
  const inside = unwrapped(schema)
  if (inside instanceof z.ZodObject) return recordOf(inside)
  if (inside instanceof z.ZodArray) return [sample(inside.element), sample(inside.element)]
  return values.find((value) => z.safeParse(schema, value).success)
}

/** A record with every field of a schema. */
function recordOf(schema: z.ZodObject): Fields {
  return Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, sample(field)]))
}

/** The name under which an assistant sees a field: Qualys misspells some names. */
export function shownAs({ fieldAliases }: Operation, path: string): string {
  const [name = '', ...rest] = path.split('.')
  return [fieldAliases?.get(name) ?? name, ...rest].join('.')
}

/**
 * A record of an operation with every documented field; if a field has two names, with the one at the start of the
 * path.
 */
export function documentedRecord({ record, fieldAliases }: Operation, path = ''): Fields {
  const [asked = ''] = path.split('.')
  const pairs = [...(fieldAliases ?? [])]
  const other = (name: string): boolean =>
    pairs.some(([slip, better]) =>
      asked === slip ? name === better : name === slip && better in record.shape,
    )
  return Object.fromEntries(Object.entries(recordOf(record)).filter(([name]) => !other(name)))
}

/** The record with another value at a path; undefined removes the field. */
export function withValue(record: Fields, path: string, value: unknown): Fields {
  const [name = '', ...rest] = path.split('.')
  const { [name]: old, ...others } = record
  const inner = rest.length > 0 ? withValue((old ?? {}) as Fields, rest.join('.'), value) : value
  return inner === undefined ? others : { ...record, [name]: inner }
}

/** The value at a path. */
export function valueAt(record: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Fields | undefined)?.[name], record)
}
