import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Operation } from '../../../../src/operations/operation.ts'
import { Drift } from '../../../../src/session/records/drift.ts'
import { readRecord } from '../../../../src/session/records/record.ts'
import {
  counts,
  documentedFields,
  documentedRecord,
  type Fields,
  recordReads,
  shownAs,
  valueAt,
  withValue,
} from '../../../support/operations/records.ts'

// One field at a time, of every operation that reads: missing, renamed, or of another type. The record stays, and a
// note names the difference; a record without its id is useless.

function readRow(operation: Operation, raw: Fields): { row: Fields; drift: string[] } {
  const drift = new Drift()
  return { row: readRecord(operation, raw, drift), drift: [...drift] }
}

const required = documentedFields.filter(([, , { optional }]) => !optional)
const optional = documentedFields.filter(([, , { optional }]) => optional)

test('there are fields of each kind', () => {
  expect(required.length).toBeGreaterThan(10)
  expect(optional.length).toBeGreaterThan(80)
})

test.for(recordReads.map((operation) => [operation.name, operation] as const))(
  '%s: a record as documented has no drift',
  ([, operation]) => {
    expect(readRow(operation, documentedRecord(operation)).drift).toEqual([])
  },
)

/** Top-level fields except the one that a path begins with. */
const beside = (row: Fields, path: string): Fields => withValue(row, path.split('.')[0] ?? '', undefined)

describe('a field of every sample is missing', () => {
  test.for(required)('%s: %s', ([name, path, , operation]) => {
    const whole = documentedRecord(operation, path)
    const { row, drift } = readRow(operation, withValue(whole, path, undefined))
    expect(drift).toEqual([`${name}: ${path} (missing)`])
    expect(beside(row, path)).toEqual(beside(readRow(operation, whole).row, path))
    expect(valueAt(row, shownAs(operation, path))).toBeUndefined()
  })
})

describe('and has a name that contains the old one', () => {
  test.for(required.filter(([, path]) => !path.includes('.')))('%s: %s', ([name, path, , operation]) => {
    const whole = documentedRecord(operation, path)
    const better = `new${path.charAt(0).toUpperCase()}${path.slice(1)}`
    const renamed = { ...withValue(whole, path, undefined), [better]: valueAt(whole, path) }
    const { row, drift } = readRow(operation, renamed)
    expect(drift).toEqual([`${name}: ${path} (missing; now ${better}?)`])
    expect(row[better]).toEqual(valueAt(whole, path))
  })
})

describe('a field that may be absent is missing: no drift', () => {
  test.for(optional)('%s: %s', ([, path, , operation]) => {
    const { row, drift } = readRow(operation, withValue(documentedRecord(operation, path), path, undefined))
    expect(drift).toEqual([])
    expect(valueAt(row, shownAs(operation, path))).toBeUndefined()
  })
})

/** A value of a type that no field of Qualys has. */
const odd = [['x']]

describe('a field is of another type: it is named, and kept as it was sent', () => {
  test.for(documentedFields)('%s: %s', ([name, path, { schema }, operation]) => {
    const whole = documentedRecord(operation, path)
    const { row, drift } = readRow(operation, withValue(whole, path, odd))
    const shown = shownAs(operation, path)
    expect(beside(row, shown)).toEqual(beside(readRow(operation, whole).row, shown))
    if (z.safeParse(schema, odd).success) return expect(drift).toEqual([])
    expect(drift).toEqual([`${name}: ${path} (another type)`])
    expect(valueAt(row, shown)).toEqual(odd)
  })

  test('nearly every field has a type', () => {
    const any = documentedFields.filter(([, , { schema }]) => z.safeParse(schema, odd).success)
    expect(any.length).toBeLessThan(documentedFields.length / 20)
  })
})

describe('every field is null: nothing fails, and each is named once', () => {
  test.for(recordReads.map((operation) => [operation.name, operation] as const))(
    '%s',
    ([name, operation]) => {
      const whole = documentedRecord(operation)
      const nulls = Object.fromEntries(
        Object.keys(whole).map((field) => [field, field === 'id' ? whole['id'] : null]),
      )
      const { drift } = readRow(operation, nulls)
      const required = Object.entries(operation.record.shape).filter(
        ([field, schema]) => field !== 'id' && field in whole && !z.safeParse(schema, null).success,
      )
      expect(drift).toEqual(required.map(([field]) => `${name}: ${field} (another type)`))
    },
  )
})

describe('an invalid id', () => {
  const named = recordReads.filter(
    ({ record }) => !z.safeParse(record.shape['id'] ?? z.any(), undefined).success,
  )

  test('most reads have an id', () => expect(named.length).toBeGreaterThan(8))

  test.for(named.map((operation) => [operation.name, operation] as const))('%s', ([name, operation]) => {
    const { id, ...rest } = documentedRecord(operation)
    const what = operation.returns === 'rows' ? 'rows without an id' : 'no id'
    expect(() => readRow(operation, { ...rest, xId: id })).toThrow(
      `Qualys' answer to ${name} has ${what} (id: missing; now xId?).`,
    )
    expect(() => readRow(operation, rest)).toThrow(`Qualys' answer to ${name} has ${what} (id: missing).`)
    expect(() => readRow(operation, { ...rest, id: { value: id } })).toThrow(`(id: another type).`)
    expect(() => readRow(operation, { ...rest, id: '' })).toThrow(
      `Qualys' answer to ${name} has ${what} (id: `,
    )
  })
})

describe('a count', () => {
  test.for(counts.map((operation) => [operation.name, operation] as const))(
    '%s that is no number, or is missing',
    ([name, operation]) => {
      expect(readRow(operation, { total: 7 })).toEqual({
        row: { total: 7 },
        drift: [`${name}: count (missing)`],
      })
      expect(readRow(operation, { count: 'many' })).toEqual({
        row: { count: 'many' },
        drift: [`${name}: count (another type)`],
      })
      expect(readRow(operation, { count: '12' })).toEqual({ row: { count: 12 }, drift: [] })
    },
  )
})

test('in a list within a row, the other elements do not change', () => {
  const users = recordReads.find(({ name }) => name === 'saq_get_user') as Operation
  const tags = [
    { id: '1', name: 'a' },
    { id: '2', name: { en: 'b' } },
  ]
  const { row, drift } = readRow(users, { id: '339590', tags })
  expect(drift).toEqual(['saq_get_user: tags.name (another type)'])
  expect(row['tags']).toEqual(tags)
})
