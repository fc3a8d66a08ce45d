import { join } from 'node:path'
import { nounOf } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { formatNumber } from '../../shared/format.ts'
import { cell, firstCell, quoteIfNeeded, toStructured } from '../replies/cells.ts'
import { chooseColumns, flatten, truncateToMinute } from '../replies/columns.ts'
import { driftNote, fitToBudget, type Reply } from '../replies/reply.ts'
import type { ExportRequest } from './export-request.ts'
import type { ExportState, UnfinishedExport } from './export-state.ts'
import { mimeTypes, uriOf } from './names.ts'

/** The result of an export. */
export interface ExportResult {
  readonly request: ExportRequest
  readonly unfinished: UnfinishedExport
  readonly bytes: number
  /** Number of columns of a CSV file. */
  readonly columns: number
  /** The first rows. */
  readonly sample: readonly Row[]
  /** Number of rows from before the interruption, for an export that was continued. */
  readonly resumedRows: number
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function summaryOf({ request, unfinished, bytes, columns }: ExportResult): string {
  const { operation, format } = request
  const { rows, scanned, part } = unfinished.state
  const noun = nounOf(operation.name)
  const singularOrPlural = rows === 1 ? noun.replace(/s$/, '') : noun
  const what = rows === scanned ? singularOrPlural : `of ${formatNumber(scanned)} ${noun} that were looked at`
  const facts = [
    sizeOf(bytes),
    ...(format === 'csv' ? [`${columns} ${columns === 1 ? 'column' : 'columns'}`] : []),
    ...(part > 1 ? [`file ${part} of this export`] : []),
  ]
  return `${formatNumber(rows)} ${what} exported to ${format === 'csv' ? 'CSV' : 'JSON Lines'}: ${facts.join(', ')}`
}

/** The note about selected fields that no row has. They are probably misspelled. */
function absentNote(fields: readonly string[] = [], { rows, seen }: ExportState): string | undefined {
  const absent = rows > 0 ? fields.filter((field) => !seen.includes(field)) : []
  if (absent.length === 0) return undefined
  const named = absent.slice(0, 10).map((field) => quoteIfNeeded(field, 80))
  return `No row in the file has ${named.join(', ')}${absent.length > 10 ? ` and ${absent.length - 10} more` : ''}.`
}

function notesOf({ request, unfinished, resumedRows }: ExportResult): string {
  const { state } = unfinished
  const { rows, scanned, end, part, wall, drift } = state
  const notes = [
    scanned === 0 && part === 1
      ? `Qualys lists no ${nounOf(request.operation.name)} for these arguments.`
      : undefined,
    scanned > 0 && rows === 0 ? 'None of the rows matches.' : undefined,
    resumedRows > 0 ? `${formatNumber(resumedRows)} rows were there before the cut.` : undefined,
    part > 1 ? 'The rows before these are in the earlier files.' : undefined,
    end === 'file'
      ? 'The file is full (QUALYS_EXPORT_MAX_MB): the same call with resume: true writes the rows that follow to a further file.'
      : undefined,
    wall === null ? undefined : `Not complete: ${wall}`,
    absentNote(request.fields, state),
    driftNote(drift),
  ]
  return notes.filter((note) => note !== undefined).join(' ')
}

const sampleCellLength = 60
const sampleColumns = 3

/** The reply of an export: short, since the rows are in the file. */
export function exportReply(result: ExportResult, budget: number): Reply {
  const { request, unfinished, bytes, sample } = result
  const { operation, format, fields } = request
  const { rows, end, part, wall } = unfinished.state
  const name = `${unfinished.stem}.${format}`
  const uri = uriOf(name)
  const file = join(unfinished.folder.path, name)
  const fullRows = sample.map((row) => flatten(row))
  const flats = fields === undefined ? fullRows.map(truncateToMinute) : fullRows
  const names = chooseColumns(flats, operation, fields).names.slice(0, sampleColumns)
  const note = notesOf(result)
  const complete = end === 'list' && wall === null
  return fitToBudget(
    { rows: flats.length, maxTextLength: sampleCellLength, maxColumns: names.length },
    budget,
    (extent) => {
      const columns = names.slice(0, extent.maxColumns)
      const shown = flats.slice(0, extent.rows)
      const lines = shown.map((flat) =>
        firstCell(columns.map((column) => cell(flat[column], sampleCellLength)).join('\t')),
      )
      const sampleRows = shown.map((flat) =>
        Object.fromEntries(
          columns.flatMap((column) =>
            flat[column] === undefined ? [] : [[column, toStructured(flat[column], sampleCellLength).value]],
          ),
        ),
      )
      return {
        summary: summaryOf(result),
        body: [
          // The resource link already has this name.
          `File: ${file}`,
          ...(lines.length > 0 ? [`It begins:\n${columns.join('\t')}`, ...lines] : []),
          ...(note ? [`Note: ${note}`] : []),
        ].join('\n'),
        rows: [{ uri, file, format, rows, bytes, complete, ...(part > 1 && { part }), taste: sampleRows }],
        ...(note && { note }),
        link: { uri, name, mimeType: mimeTypes[format], size: bytes },
      }
    },
  )
}
