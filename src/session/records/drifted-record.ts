import { z } from 'zod'
import type { Operation } from '../../operations/operation.ts'
import { nameInSentence } from '../../operations/sentences.ts'
import { DriftError } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import type { Row } from '../answer.ts'
import { unwrapSchema, wordsIn } from './documented-fields.ts'
import type { Drift } from './drift.ts'

// Reads records of which a field is not as documented, field by field.

/**
 * Renames misspelled fields of the vendor, in a copy: `delete` would slow down every later access to the
 * record.
 */
export function applyAliases(row: Row, { fieldAliases }: Operation): Row {
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

/** Reads a record that no compiled reader takes. A field that is not as documented is named, and kept as Qualys sent it. */
export function readDrifted(operation: Operation, raw: unknown, drift: Drift): Row {
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
