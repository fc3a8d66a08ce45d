import { z } from 'zod'
import type { Operation } from '../../operations/operation.ts'
import { DriftError } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { Row } from '../answer.ts'

/**
 * Renames misspelled fields of the vendor, in a copy: `delete` would slow down every later access to the
 * record.
 */
function mended(row: Row, { mend }: Operation): Row {
  if (!mend || ![...mend.keys()].some((slip) => Object.hasOwn(row, slip))) return row
  const whole: Record<string, unknown> = {}
  for (const name of Object.keys(row)) {
    // Not a field of Qualys. Assigning it would set the copy's prototype.
    if (name === '__proto__') continue
    const better = mend.get(name)
    if (better === undefined) whole[name] = row[name]
    else if (!Object.hasOwn(row, better)) whole[better] = row[name]
  }
  return whole
}

/** Called for every field that is not as documented. */
type Odd = (path: string, what: string) => void

/** The schema without its optional, nullable and preprocessing wrappers. */
function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bare(schema.unwrap())
  return schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform ? bare(schema.out) : schema
}

/** Splits `createdDateTime` into created, date, time. */
const wordsIn = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')

/**
 * The unknown field that this one may have been renamed to: its name has the same words, more of them or
 * fewer.
 */
function renamed(name: string, raw: Row, known: (name: string) => boolean): string | undefined {
  const words = wordsIn(name)
  return Object.keys(raw).find((other) => {
    if (known(other) || raw[other] === null || raw[other] === undefined) return false
    const others = wordsIn(other)
    const [some, all] = others.length < words.length ? [others, words] : [words, others]
    return some.length > 0 && some.every((word) => all.includes(word))
  })
}

/** Reads each field separately: a wrong field does not affect its neighbours or its parent. */
function readFields(schema: z.ZodObject, raw: Row, prefix: string, odd: Odd, mend: Operation['mend']): Row {
  const row: Record<string, unknown> = { ...raw }
  const known = (name: string): boolean => Object.hasOwn(schema.shape, name) || mend?.has(name) === true
  for (const [name, field] of Object.entries(schema.shape)) {
    const there = Object.hasOwn(raw, name) && raw[name] !== undefined
    const value = readPart(field, there ? raw[name] : undefined, prefix + name, (path, what) => {
      const now = what === 'missing' && path === prefix + name ? renamed(name, raw, known) : undefined
      odd(path, now === undefined ? what : `${what}; now ${oneLine(now, 40)}?`)
    })
    if (there || value !== undefined) row[name] = value
  }
  return row
}

function readPart(schema: z.core.$ZodType, raw: unknown, path: string, odd: Odd): unknown {
  const read = z.safeParse(schema, raw)
  if (read.success) return read.data
  const inside = bare(schema)
  if (inside instanceof z.ZodObject && isObject(raw))
    return readFields(inside, raw, `${path}.`, odd, undefined)
  if (inside instanceof z.ZodArray && Array.isArray(raw))
    return raw.map((item) => readPart(inside.element, item, path, odd))
  odd(path, raw === undefined ? 'missing' : 'another type')
  return raw
}

/** True for a usable id. */
const isId = (id: unknown): boolean => typeof id === 'number' || (typeof id === 'string' && id !== '')

/**
 * Throws for a record without a usable id, since no other call can name it. Not for effects: they have
 * happened.
 */
function refuseWithoutId({ name, effect, returns }: Operation, { id }: Row, told: string): void {
  if (effect !== 'read' || isId(id)) return
  throw new DriftError(
    `Qualys' answer to ${name} has ${returns === 'rows' ? 'rows without an id' : 'no id'} (${told}).`,
    `The API has changed: report it; until then this ${returns === 'rows' ? 'list' : 'call'} cannot be used.`,
  )
}

/**
 * Reads one record. A field that is missing or of another type than documented is named in `drift`, with its
 * operation, and kept as Qualys sent it. Only a record without its id is refused.
 */
export function readRecord(operation: Operation, raw: unknown, drift: Set<string>): Row {
  const { name, record, mend } = operation
  if (!isObject(raw)) {
    drift.add(`${name}: a row that is no object`)
    return { value: raw }
  }
  const read = record.safeParse(raw)
  if (read.success) {
    if (read.data['id'] === '') refuseWithoutId(operation, read.data, 'id: empty')
    return mended(read.data, operation)
  }
  const row = readFields(
    record,
    raw,
    '',
    (path, what) => {
      if (path === 'id') refuseWithoutId(operation, raw, `id: ${what}`)
      drift.add(`${name}: ${path} (${what})`)
    },
    mend,
  )
  return mended(row, operation)
}

/** Reads one raw record. */
export type ReadRow = (raw: unknown, drift: Set<string>) => Row

/**
 * Makes a reader for some fields of each record, by the names that the assistant sees. Counting uses it: it
 * takes a fraction of the time. A record that is not as documented is read whole and named in `drift`.
 */
export function partReader(operation: Operation, fields: readonly string[]): ReadRow {
  const { record, mend } = operation
  const slips = [...(mend ?? [])].flatMap(([slip, name]) => (fields.includes(name) ? [slip] : []))
  const wanted = [...new Set([...fields.filter((name) => !mend?.has(name)), ...slips])]
  const known = wanted.filter((name) => Object.hasOwn(record.shape, name))
  const others = wanted.filter((name) => !known.includes(name))
  const part = record
    .pick(Object.fromEntries(known.map((name) => [name, true])) as Record<never, true>)
    .strip()
  return (raw, drift) => {
    const read = part.safeParse(raw)
    if (!isObject(raw) || !read.success) return readRecord(operation, raw, drift)
    const row: Record<string, unknown> = read.data
    for (const name of others) if (Object.hasOwn(raw, name)) row[name] = raw[name]
    return slips.length > 0 ? mended(row, operation) : row
  }
}
