import type { z } from 'zod'
import type { Operation } from '../../operations/operation.ts'
import { withMoved } from '../../operations/reads/moved-fields.ts'
import { isObject } from '../../shared/json.ts'
import { mapSteps, runAtOnce, type Steps } from '../../shared/turns/steps.ts'
import type { Row } from '../answer.ts'
import { compileObjectReader, misfit, type ReadValue } from './compiled-reader.ts'
import { isCut, markCut } from './cut-rows.ts'
import type { Drift } from './drift.ts'
import { applyAliases, readDrifted } from './drifted-record.ts'
import { EarlyRow, type ReadEarly } from './early-row.ts'
import { movedFieldsIn } from './moved-fields.ts'
import { takeRenamed } from './renames.ts'
import { boundRow, documentedNames, isBounded, maxFields } from './row-bounds.ts'
import { UnknownFieldTest } from './unknown-fields.ts'

// One pass over a record: a reader that is compiled once takes every record that is as documented. The others, and
// batches with a field that may have a new name, are read more slowly.

/** Reads the raw rows of one answer, in their order: an answer may have many more rows than were asked for. */
export type ReadRows = (raws: readonly unknown[], drift: Drift) => Steps<Row[]>

/** The compiled parts for the records of an operation. */
interface CompiledRecord {
  readonly read: ReadValue
  readonly unknown: UnknownFieldTest
  /** The names under which Qualys sends the documented fields. */
  readonly documented: readonly string[]
  /** False from the first row on that could not be read early: such an answer is parsed twice, and more may follow. */
  isTakenEarly: boolean
}

/** More members and entries than an answer can hold. */
const noLimit = 1_000_000_000

/** By the record: operations that share one correct the same names. */
const compiledRecords = new WeakMap<z.ZodObject, CompiledRecord>()

function compiledRecord(operation: Operation): CompiledRecord {
  const { record, fieldAliases } = operation
  const before = compiledRecords.get(record)
  if (before) return before
  const compiled = {
    read: compileObjectReader(record, { aliases: fieldAliases }),
    unknown: new UnknownFieldTest(operation),
    documented: documentedNames(operation),
    isTakenEarly: true,
  }
  compiledRecords.set(record, compiled)
  return compiled
}

/** How the records of one answer are read. */
interface Batch {
  readonly operation: Operation
  readonly drift: Drift
  /** A raw record within its bounds; the same unless it is very large. Absent if only some fields are read. */
  readonly bound?: (raw: unknown, at: number) => unknown
  /** Reads one record; `misfit` if it is not as documented, or has more members and entries than are given. */
  readonly read: (raw: unknown, most: number) => Row | typeof misfit
  /** Reads a misfit. */
  readonly readMisfit: (raw: unknown) => Row
}

/** The rows of one answer, each read with what the others show of the names of fields. */
function* readBatch(
  raws: readonly unknown[],
  { operation, drift, bound, read, readMisfit }: Batch,
): Steps<Row[]> {
  const { unknown } = compiledRecord(operation)
  const within: unknown[] = []
  let mayHoldRenamed = false
  // All that is done with most rows is done while they are in the cache of the processor.
  const rows = yield* mapSteps(raws, (whole, at) => {
    if (whole instanceof EarlyRow) {
      within.push(whole)
      return whole.row
    }
    // A row with so few members and entries reaches no bound.
    const first = read(whole, maxFields)
    const raw = bound && (first === misfit || isBounded(whole)) ? bound(whole, at) : whole
    within.push(raw)
    const row = bound && first === misfit ? read(raw, noLimit) : first
    // A misfit may lack a field that has a new name.
    mayHoldRenamed ||= row === misfit || (isObject(raw) && unknown.mayHoldRenamed(raw))
    return row
  })
  const named = mayHoldRenamed ? takeRenamed(operation, within, drift) : within
  const movedOf = movedFieldsIn(operation, named)
  return yield* mapSteps(named, (raw, at) => {
    const again = raw === within[at] ? rows[at] : read(raw, noLimit)
    const row = again === undefined || again === misfit ? readMisfit(raw) : again
    const moved = movedOf(raw)
    if (moved.length === 0) return row
    const marked = withMoved(row, moved)
    return isCut(row) ? markCut(marked) : marked
  })
}

/** Reads all fields of a record that is as documented. */
function readWhole(operation: Operation, raw: unknown, most: number): Row | typeof misfit {
  const row = compiledRecord(operation).read(raw, { left: most })
  if (!isObject(row) || row['id'] === '') return misfit
  return operation.identify?.(row) ?? row
}

/**
 * Makes the reader of rows that are as documented, one by one; undefined for a list whose rows are read together. If it
 * does not take a row, none of its answer may be read early.
 */
export function earlyReader(operation: Operation): ReadEarly | undefined {
  const compiled = compiledRecord(operation)
  if (operation.returns !== 'rows' || operation.rowFilters || !compiled.isTakenEarly) return undefined
  return (raw) => {
    const first = readWhole(operation, raw, maxFields)
    // One with long lists may be within its bounds all the same.
    const isWithin = first !== misfit || boundRow(raw, () => compiled.documented).leftOut === undefined
    const row = first === misfit && isWithin ? readWhole(operation, raw, noLimit) : first
    if (row !== misfit && isObject(raw) && !compiled.unknown.mayHoldRenamed(raw)) return new EarlyRow(row)
    compiled.isTakenEarly = false
    return undefined
  }
}

/** A record within its bounds. What is left out of it is told. */
function bounded(operation: Operation, raw: unknown, drift: Drift) {
  const within = boundRow(raw, () => compiledRecord(operation).documented)
  if (within.leftOut) drift.leaveOut(within.leftOut)
  return within
}

/**
 * Reads the records of one answer. A field that is missing or of another type than documented is named in `drift`, with
 * its operation, and kept as Qualys sent it; one that Qualys renamed is taken (renames.ts). Only a record without its id
 * is refused.
 */
export function* readRecordsInSteps(
  operation: Operation,
  raws: readonly unknown[],
  drift: Drift,
): Steps<Row[]> {
  const cut: number[] = []
  const rows = yield* readBatch(raws, {
    operation,
    drift,
    bound: (raw, at) => {
      const { row, leftOut } = bounded(operation, raw, drift)
      if (leftOut) cut.push(at)
      return row
    },
    read: (raw, most) => readWhole(operation, raw, most),
    readMisfit: (raw) => readDrifted(operation, raw, drift),
  })
  for (const at of cut) markCut(rows[at] ?? {})
  return rows
}

/** See `readRecordsInSteps`. */
export const readRecords = (operation: Operation, raws: readonly unknown[], drift: Drift): Row[] =>
  runAtOnce(readRecordsInSteps(operation, raws, drift))

/** Reads a record of a batch whose names are decided. */
function readNamed(operation: Operation, raw: unknown, drift: Drift): Row {
  const { row: within, leftOut } = bounded(operation, raw, drift)
  const read = readWhole(operation, within, noLimit)
  const row = read === misfit ? readDrifted(operation, within, drift) : read
  return leftOut ? markCut(row) : row
}

/** Reads one record. */
export function readRecord(operation: Operation, raw: unknown, drift: Drift): Row {
  const [row = {}] = readRecords(operation, [raw], drift)
  return row
}

/**
 * Makes a reader for some fields of each record, by the names that the assistant sees. Counting uses it: it
 * takes a fraction of the time. A record that is not as documented is read whole and named in `drift`.
 */
export function fieldReader(operation: Operation, fields: readonly string[]): ReadRows {
  const { record, fieldAliases } = operation
  // The id may be in a field that is not asked for.
  if (operation.identify) return (raws, drift) => readRecordsInSteps(operation, raws, drift)
  const misspelled = [...(fieldAliases ?? [])].flatMap(([alias, name]) =>
    fields.includes(name) ? [alias] : [],
  )
  const rawNames = [...new Set([...fields.filter((name) => !fieldAliases?.has(name)), ...misspelled])]
  const inSchema = rawNames.filter((name) => Object.hasOwn(record.shape, name))
  const others = rawNames.filter((name) => !inSchema.includes(name))
  const readSome = compileObjectReader(record, { names: inSchema, skipsOthers: true })
  const read = (raw: unknown, drift: Drift): Row | typeof misfit => {
    const row = readSome(raw, { left: noLimit })
    if (!isObject(row) || !isObject(raw)) return misfit
    for (const name of others) if (Object.hasOwn(raw, name)) row[name] = raw[name]
    const { row: within } = bounded(operation, row, drift)
    if (!isObject(within)) return row
    return misspelled.length > 0 ? applyAliases(within, operation) : within
  }
  return (raws, drift) =>
    readBatch(raws, {
      operation,
      drift,
      read: (raw) => read(raw, drift),
      readMisfit: (raw) => readNamed(operation, raw, drift),
    })
}
