import { expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Deviations } from '../../../src/session/answer.ts'
import { isCut } from '../../../src/session/records/cut-rows.ts'
import { Drift } from '../../../src/session/records/drift.ts'
import * as compiled from '../../../src/session/records/record.ts'
import { runAtOnce } from '../../../src/shared/turns/steps.ts'
import * as reference from './reference-reader.ts'

/** The reads of the catalogue that answer with records. */
export const recordReads: readonly Operation[] = operations.filter(
  ({ effect, returns }) => effect === 'read' && returns !== 'file',
)

type Reading = (drift: Drift) => readonly object[]

/** What a row shows besides its values: the order of its fields, its prototype, its mark. */
const kindOf = (row: object) => ({
  names: Object.keys(row),
  isPlain: Object.getPrototypeOf(row) === Object.prototype,
  isCut: isCut(row),
})

/** An error, as it is compared. */
export const failure = (error: unknown) => ({ error, kind: Object.getPrototypeOf(error).constructor })

/** Rows with all that they show, and what of them is not as documented. */
export const reading = (rows: readonly object[], { drift, leftOut }: Deviations) => ({
  rows,
  kinds: rows.map(kindOf),
  drift,
  leftOut,
})

/** All that a reader returns. After an error, what is known of other rows does not matter: it ends the call. */
export function outcome(read: Reading, drift = new Drift()) {
  try {
    const rows = read(drift)
    return reading(rows, drift.deviations())
  } catch (error) {
    return failure(error)
  }
}

function frozen(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const inner of Object.values(value)) frozen(inner)
}

/** Some fields of an operation: one, every second, those shown, all with a stranger. */
function fieldChoices({ record, columns, fieldAliases }: Operation): readonly (readonly string[])[] {
  const names = Object.keys(record.shape)
  const shown = columns.map((column) => column.split('.', 1)[0] ?? column)
  return [
    names.slice(0, 1),
    names.filter((_, at) => at % 2 === 1),
    shown,
    [...names, ...(fieldAliases?.values() ?? []), 'unknown'],
  ]
}

/** Both readers give the same for these rows, whole and by field, twice; neither changes what it reads. */
export function expectEqualReaders(operation: Operation, raws: readonly unknown[]): void {
  frozen(raws)
  const expected = outcome((drift) => reference.readRecords(operation, raws, drift))
  expect(outcome((drift) => compiled.readRecords(operation, raws, drift))).toStrictEqual(expected)
  expect(outcome((drift) => compiled.readRecords(operation, raws, drift))).toStrictEqual(expected)
  const [first] = raws
  expect(outcome((drift) => [compiled.readRecord(operation, first, drift)])).toStrictEqual(
    outcome((drift) => [reference.readRecord(operation, first, drift)]),
  )
  for (const fields of fieldChoices(operation)) {
    const read = compiled.fieldReader(operation, fields)
    const same = reference.fieldReader(operation, fields)
    expect(outcome((drift) => runAtOnce(read(raws, drift)))).toStrictEqual(
      outcome((drift) => same(raws, drift)),
    )
  }
}
