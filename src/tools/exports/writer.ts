import type { Deviations, Origin, Row } from '../../session/answer.ts'
import { originOf } from '../../session/paging/derived.ts'
import type { WalkBatch } from '../../session/paging/walk.ts'
import { InputError } from '../../shared/errors.ts'
import { redactJson } from '../../shared/secrets.ts'
import { derivationOf } from '../rows/derivation.ts'
import { rowSelector } from '../rows/row-selector.ts'
import type { ToolContext } from '../tool.ts'
import type { ExportRequest } from './export-request.ts'
import { FieldSelection } from './field-selection.ts'
import { createCleaner } from './row-cleaner.ts'
import { Table } from './table.ts'
import type { TemporaryFile } from './temporary-file.ts'

const sampleRowCount = 3

/** The rows of a list in a file. */
export interface WrittenRows extends Deviations {
  readonly rows: number
  /** Number of rows scanned; larger than `rows` with a filter. */
  readonly scanned: number
  /** Number of rows scanned that do not show whether they match. */
  readonly unknown: number
  /** Why the following rows were not looked at, though they can be reached; absent if all were. */
  readonly stopReason?: string
  /** True if the next row does not fit in the file. */
  readonly isFull: boolean
  /** Why further rows cannot be reached; undefined if they can. */
  readonly resultLimit: string | undefined
  /** The first rows. */
  readonly sample: readonly Row[]
  /** The selected fields that rows have. */
  readonly foundFields: readonly string[]
  /** The table of a CSV file. */
  readonly table: Table | undefined
  /** The columns that a filter adds. */
  readonly addedColumns: readonly string[]
  /** Whose rows they are, for a list that no single request brings. */
  readonly origin: Origin | undefined
  /** What the reply must say about the rows: what they do not show, and what a filter leaves out. */
  readonly notes: readonly string[]
}

/** Writes the rows of a list, from the first to the last or until the file is full. */
export async function writeRows(
  request: ExportRequest,
  context: ToolContext,
  file: TemporaryFile,
): Promise<WrittenRows> {
  const { operation, args, fields, format } = request
  const { session, signal, progress, configuration } = context
  const { cleanRow, cleanLine, cleanName, withCleanNames } = createCleaner(session.redact)
  const selection = new FieldSelection(fields, cleanName)
  const selector = await rowSelector(operation, args, context)
  const maxBytes = configuration.settings.exportMaxMb * 1_000_000
  const sample: Row[] = []
  const noted: Row[] = []
  let rows = 0
  let scanned = 0
  let isFull = false
  let stopReason: string | undefined
  let lastBatch: WalkBatch | undefined
  let rowBeyond: Row | undefined

  let table: Table | undefined
  const lineOf = (row: Row): string => table?.lineOf(cleanRow(row)) ?? `${cleanLine(row)}\n`

  /** Begins a table with the columns that its first rows show. */
  const beginTable = (first: readonly Row[]): void => {
    table = new Table(
      operation,
      fields,
      first.map((row) => withCleanNames(selection.select(row))),
    )
    file.append(table.header)
  }

  /** Writes a row; false if it does not fit in the file. */
  const tryWrite = (row: Row): boolean => {
    const line = lineOf(row)
    const bytes = Buffer.byteLength(line)
    const fits = file.size + bytes <= maxBytes
    if (!fits && rows === 0)
      throw new InputError(
        `A single row is larger than ${maxBytes / 1e6} MB, the most of an export (QUALYS_EXPORT_MAX_MB).`,
        'Name the fields that are needed in arguments, or ask the operator to raise the limit.',
      )
    if (!fits) return false
    file.append(line, bytes)
    if (rows < sampleRowCount) sample.push(cleanRow(row))
    rows++
    return true
  }

  const derived = await derivationOf(operation, args, context)?.()
  for await (const batch of session.walk(operation, selector.narrowed(args), {
    signal,
    prefetch: true,
    derived,
  })) {
    if (scanned === 0) selection.rejectUnknown(operation, batch.rows)
    lastBatch = batch
    const before = scanned
    const chosen = await selector.choose(batch.rows, Infinity, (looked) =>
      progress.report(before + looked, batch.total),
    )
    const first = chosen.filter((row) => row !== undefined)
    if (format === 'csv' && !table && first.length > 0) beginTable(first)
    for (const row of chosen) {
      // Select before cleaning: the other fields may be too large to clean.
      if (row) isFull = !tryWrite(selection.select(row))
      if (row && !isFull && operation.rowNotes) noted.push(row)
      if (isFull) rowBeyond = row
      if (isFull) break
      scanned++
      if (!file.needsFlush) continue
      await file.flush()
      signal.throwIfAborted()
    }
    if (batch.rows.length > 0) progress.report(scanned, batch.total)
    if (isFull) break
    signal.throwIfAborted()
    if (chosen.length === batch.rows.length) continue
    stopReason = selector.stopReason
    break
  }
  if (format === 'csv' && !table) beginTable([])
  return {
    rows,
    scanned,
    unknown: rowBeyond ? selector.unknownBefore(rowBeyond) : selector.unknown,
    ...(stopReason !== undefined && { stopReason }),
    isFull,
    resultLimit: isFull ? undefined : lastBatch?.resultLimit,
    drift: lastBatch?.drift ?? [],
    leftOut: lastBatch?.leftOut,
    sample,
    foundFields: selection.found,
    table,
    addedColumns: selector.addedColumns,
    origin: derived && redactJson(originOf(derived), session.redact),
    notes: [...(operation.rowNotes?.(noted) ?? []), ...(derived?.notes ?? []), ...selector.notes],
  }
}
