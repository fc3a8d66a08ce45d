import { expect } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
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

/** All that a reader returns: rows with the order of their fields, prototypes, marks, drift, errors. */
function outcome(read: Reading) {
  const drift = new Drift()
  const result = attempt(() => read(drift))
  // An error ends the call: what is known of other rows until then does not matter.
  return 'error' in result ? result : { ...result, ...drift.deviations() }
}

function attempt(read: () => readonly object[]) {
  try {
    const rows = read()
    const kinds = rows.map((row) => ({
      names: Object.keys(row),
      isPlain: Object.getPrototypeOf(row) === Object.prototype,
      isCut: isCut(row),
    }))
    return { rows, kinds }
  } catch (error) {
    return { error, kind: Object.getPrototypeOf(error).constructor }
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
