// The reference for tests of the compiled readers in src/session/records: slow, field by field with zod, and complete.
// It shares only drift and the marks of cut rows with them, and changes only when what readers have to return changes.

import { z } from 'zod'
import type { Operation } from '../../../src/operations/operation.ts'
import { withMoved } from '../../../src/operations/reads/moved-fields.ts'
import { nameInSentence } from '../../../src/operations/sentences.ts'
import type { Row } from '../../../src/session/answer.ts'
import { isCut, markCut } from '../../../src/session/records/cut-rows.ts'
import type { Drift } from '../../../src/session/records/drift.ts'
import { DriftError } from '../../../src/shared/errors.ts'
import { isObject } from '../../../src/shared/json.ts'
import { unwrapSchema, wordsIn } from './reference-documented-fields.ts'
import { movedFieldsIn } from './reference-moved-fields.ts'
import { takeRenamed } from './reference-renames.ts'
import { type BoundedRow, boundRow } from './reference-row-bounds.ts'

/**
 * Renames misspelled fields of the vendor, in a copy: `delete` would slow down every later access to the
 * record.
 */
function applyAliases(row: Row, { fieldAliases }: Operation): Row {
  if (!fieldAliases || ![...fieldAliases.keys()].some((alias) => Object.hasOwn(row, alias))) return row
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(row)) {
    // Not a field of Qualys. Assigning it would set the copy's prototype.
    if (name === '__proto__') continue
    const documented = fieldAliases.get(name)
    if (documented === undefined) copy[name] = row[name]
    else if (!Object.hasOwn(row, documented)) copy[documented] = row[name]
  }
  return copy
}

/** The row as the assistant sees it. */
function shownRow(row: Row, operation: Operation): Row {
  const renamed = applyAliases(row, operation)
  return operation.identify?.(renamed) ?? renamed
}

/** Called for every field that is not as documented. */
type OnDrift = (path: string, what: string) => void

/**
 * The unknown field that this one may have been renamed to: its name has the same words, more of them or
 * fewer.
 */
function newNameOf(name: string, raw: Row, isKnown: (name: string) => boolean): string | undefined {
  const words = wordsIn(name)
  return Object.keys(raw).find((other) => {
    if (isKnown(other) || raw[other] === null || raw[other] === undefined) return false
    const others = wordsIn(other)
    const [some, all] = others.length < words.length ? [others, words] : [words, others]
    return some.length > 0 && some.every((word) => all.includes(word))
  })
}

/** Longer than any name of a field. */
const maxNewName = 60

/** Reads each field separately: a wrong field does not affect its neighbours or its parent. */
function readFields(
  schema: z.ZodObject,
  raw: Row,
  prefix: string,
  onDrift: OnDrift,
  fieldAliases: Operation['fieldAliases'],
): Row {
  const row: Record<string, unknown> = { ...raw }
  const isKnown = (name: string): boolean =>
    Object.hasOwn(schema.shape, name) || fieldAliases?.has(name) === true
  for (const [name, field] of Object.entries(schema.shape)) {
    const isPresent = Object.hasOwn(raw, name) && raw[name] !== undefined
    const value = readValue(field, isPresent ? raw[name] : undefined, prefix + name, (path, what) => {
      const newName = what === 'missing' && path === prefix + name ? newNameOf(name, raw, isKnown) : undefined
      // A longer name is not cut: half a secret is still a secret.
      const isNamed = newName !== undefined && newName.length <= maxNewName
      onDrift(path, isNamed ? `${what}; now ${nameInSentence(newName)}?` : what)
    })
    if (isPresent || value !== undefined) row[name] = value
  }
  return row
}

function readValue(schema: z.core.$ZodType, raw: unknown, path: string, onDrift: OnDrift): unknown {
  const read = z.safeParse(schema, raw)
  if (read.success) return read.data
  const inner = unwrapSchema(schema)
  if (inner instanceof z.ZodObject && isObject(raw))
    return readFields(inner, raw, `${path}.`, onDrift, undefined)
  if (inner instanceof z.ZodArray && Array.isArray(raw))
    return raw.map((item) => readValue(inner.element, item, path, onDrift))
  onDrift(path, raw === undefined ? 'missing' : 'another type')
  return raw
}

/** True for a usable id. */
const isId = (id: unknown): boolean => typeof id === 'number' || (typeof id === 'string' && id !== '')

/**
 * Throws for a record without a usable id, since no other call can name it. Not for effects: they have
 * happened.
 */
function refuseWithoutId({ name, effect, returns }: Operation, { id }: Row, reason: string): void {
  if (effect !== 'read' || isId(id)) return
  throw new DriftError(
    `Qualys' answer to ${name} has ${returns === 'rows' ? 'rows without an id' : 'no id'} (${reason}).`,
    `The API has changed: report it; until then this ${returns === 'rows' ? 'list' : 'call'} cannot be used.`,
  )
}

/** The names under which Qualys sends the documented fields of a record. */
const documentedNames = ({ record, fieldAliases }: Operation): readonly string[] => [
  ...Object.keys(record.shape),
  ...(fieldAliases?.keys() ?? []),
]

/** A row within its bounds. What is left out of it is told. */
function bounded(operation: Operation, raw: unknown, drift: Drift): BoundedRow {
  const within = boundRow(raw, () => documentedNames(operation))
  if (within.leftOut) drift.leaveOut(within.leftOut)
  return within
}

/** Reads the raw rows of one answer, in their order. */
type ReadRows = (raws: readonly unknown[], drift: Drift) => Row[]

/** The rows of one answer, each read with what the others show of the names of fields. */
function readTogether(
  operation: Operation,
  raws: readonly unknown[],
  drift: Drift,
  read: (raw: unknown) => Row,
): Row[] {
  const named = takeRenamed(operation, raws, drift)
  const movedOf = movedFieldsIn(operation, named)
  return named.map((raw) => {
    const row = read(raw)
    const moved = movedOf(raw)
    if (moved.length === 0) return row
    const marked = withMoved(row, moved)
    return isCut(row) ? markCut(marked) : marked
  })
}

/**
 * Reads the records of one answer. A field that is missing or of another type than documented is named in `drift`, with
 * its operation, and kept as Qualys sent it; one that Qualys renamed is taken (renames.ts). Only a record without its id
 * is refused.
 */
export const readRecords = (operation: Operation, raws: readonly unknown[], drift: Drift): Row[] =>
  readTogether(operation, raws, drift, (raw) => readNamed(operation, raw, drift))

/** Reads one record. */
export function readRecord(operation: Operation, raw: unknown, drift: Drift): Row {
  const [row = {}] = readRecords(operation, [raw], drift)
  return row
}

function readNamed(operation: Operation, whole: unknown, drift: Drift): Row {
  const { row: raw, leftOut } = bounded(operation, whole, drift)
  const row = readBounded(operation, raw, drift)
  return leftOut ? markCut(row) : row
}

function readBounded(operation: Operation, raw: unknown, drift: Drift): Row {
  const { name, record, fieldAliases } = operation
  if (!isObject(raw)) {
    drift.add(`${name}: a row that is no object`)
    return { value: raw }
  }
  const read = record.safeParse(raw)
  if (read.success) {
    if (read.data['id'] === '') refuseWithoutId(operation, read.data, 'id: empty')
    return shownRow(read.data, operation)
  }
  const row = readFields(
    record,
    raw,
    '',
    (path, what) => {
      if (path === 'id') refuseWithoutId(operation, raw, `id: ${what}`)
      drift.add(`${name}: ${path} (${what})`)
    },
    fieldAliases,
  )
  return shownRow(row, operation)
}

/** Reads one raw record. */
type ReadRow = (raw: unknown, drift: Drift) => Row

/**
 * Makes a reader for some fields of each record, by the names that the assistant sees. Counting uses it: it
 * takes a fraction of the time. A record that is not as documented is read whole and named in `drift`.
 */
export function fieldReader(operation: Operation, fields: readonly string[]): ReadRows {
  const read = oneReader(operation, fields)
  return (raws, drift) => readTogether(operation, raws, drift, (raw) => read(raw, drift))
}

function oneReader(operation: Operation, fields: readonly string[]): ReadRow {
  const { record, fieldAliases, identify } = operation
  // The id may be in a field that is not asked for.
  if (identify) return (raw, drift) => readNamed(operation, raw, drift)
  const misspelled = [...(fieldAliases ?? [])].flatMap(([alias, name]) =>
    fields.includes(name) ? [alias] : [],
  )
  const rawNames = [...new Set([...fields.filter((name) => !fieldAliases?.has(name)), ...misspelled])]
  const inSchema = rawNames.filter((name) => Object.hasOwn(record.shape, name))
  const others = rawNames.filter((name) => !inSchema.includes(name))
  const partialSchema = record
    .pick(Object.fromEntries(inSchema.map((name) => [name, true])) as Record<never, true>)
    .strip()
  return (raw, drift) => {
    const read = partialSchema.safeParse(raw)
    if (!isObject(raw) || !read.success) return readNamed(operation, raw, drift)
    const row: Record<string, unknown> = read.data
    for (const name of others) if (Object.hasOwn(raw, name)) row[name] = raw[name]
    const { row: within } = bounded(operation, row, drift)
    if (!isObject(within)) return row
    return misspelled.length > 0 ? applyAliases(within, operation) : within
  }
}
