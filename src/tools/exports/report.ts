import { nounOf } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { formatNumber, texts } from '../../shared/format.ts'
import { cell, toStructured } from '../replies/cells.ts'
import { chooseColumns, replyRow, truncateToMinute } from '../replies/columns.ts'
import { deviationsNote } from '../replies/deviations.ts'
import { ownedNoun } from '../replies/headline.ts'
import { rowLine } from '../replies/line-start.ts'
import { computedNotes, fitToBudget, placeLines, type Reply } from '../replies/reply.ts'
import { absentNotes } from '../replies/unknown-column.ts'
import type { ExportRequest } from './export-request.ts'
import { maxReadBytes, mimeTypes, uriOf } from './names.ts'
import type { WrittenRows } from './writer.ts'

/** The result of an export. */
export interface ExportResult {
  readonly request: ExportRequest
  readonly written: WrittenRows
  /** The name of the file, and its path on this machine. */
  readonly name: string
  readonly path: string
  /** True if the caller may be on another machine. */
  readonly isRemote: boolean
  readonly bytes: number
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function summaryOf({ request, written, bytes }: ExportResult): string {
  const { operation, format } = request
  const { rows, scanned, unknown, table, origin } = written
  const noun = nounOf(operation.name)
  const singularOrPlural = rows === 1 ? noun.replace(/s$/, '') : noun
  const what =
    rows === scanned
      ? singularOrPlural
      : `of ${formatNumber(scanned)} ${noun} that were looked at${unknown > 0 ? ` (${formatNumber(unknown)} unknown)` : ''}`
  const columns = table?.names.length
  const owned = origin ? `${ownedNoun(what, origin)}, ${origin.from},` : what
  const facts = texts(
    sizeOf(bytes),
    columns !== undefined && `${columns} ${columns === 1 ? 'column' : 'columns'}`,
  )
  return `${formatNumber(rows)} ${owned} exported to ${format === 'csv' ? 'CSV' : 'JSON Lines'}: ${facts.join(', ')}`
}

/** The notes about selected fields that no row has. They are probably misspelled. */
function fieldNotes({ operation, fields = [] }: ExportRequest, { rows, foundFields }: WrittenRows): string[] {
  const absent = rows > 0 ? fields.filter((field) => !foundFields.includes(field)) : []
  return absentNotes(operation, absent, [], 'No row in the file')
}

function notesOf({ request, written }: ExportResult): string {
  const { rows, scanned, unknown, isFull, resultLimit, stopReason, notes, sample } = written
  return texts(
    scanned === 0 && `Qualys lists no ${nounOf(request.operation.name)} for these arguments.`,
    scanned > 0 && rows === 0 && (unknown > 0 ? 'No row is known to match.' : 'None of the rows matches.'),
    isFull &&
      'Not complete: the file is full (QUALYS_EXPORT_MAX_MB). Narrow the arguments with a filter or dates, name the fields that are needed, or ask the operator to raise that setting.',
    resultLimit !== undefined && `Not complete: ${resultLimit}`,
    fieldNotes(request, written),
    stopReason !== undefined && `Not complete: ${stopReason}`,
    deviationsNote(written),
    computedNotes(request.operation, [...new Set(sample.flatMap(Object.keys))]),
    notes,
  ).join(' ')
}

const sampleCellLength = 60
const sampleColumns = 3
const addedSampleColumns = 3

/** The columns of the first rows in a reply: some usual ones, and those that a filter adds. */
function sampleNames(flats: readonly Row[], { request, written }: ExportResult): string[] {
  const { operation, fields } = request
  const usual = chooseColumns(flats, operation, fields).names.slice(0, sampleColumns)
  if (fields !== undefined) return usual
  const added = written.addedColumns.filter((name) => flats.some((flat) => flat[name] !== undefined))
  return [...usual, ...added.slice(0, addedSampleColumns)]
}

/** Where a caller on another machine finds the file. */
const remotePlaceLines = ({ bytes, path }: ExportResult, uri: string): string =>
  bytes <= maxReadBytes
    ? `Resource: ${uri}`
    : `Resource: ${uri}\nIt is too large to be read as one: its operator finds ${path} on the machine of the server.`

/** The reply of an export: short, since the rows are in the file. */
export function exportReply(result: ExportResult, budget: number): Reply {
  const { request, written, name, path: file, isRemote, bytes } = result
  const { format, fields } = request
  const { rows, unknown, isFull, resultLimit, stopReason, sample } = written
  const uri = uriOf(name)
  const fullRows = sample.map(replyRow)
  const flats = fields === undefined ? fullRows.map(truncateToMinute) : fullRows
  const names = sampleNames(flats, result)
  const note = notesOf(result)
  const complete = !isFull && resultLimit === undefined && stopReason === undefined
  return fitToBudget(
    { rows: flats.length, maxTextLength: sampleCellLength, maxColumns: names.length },
    budget,
    (extent) => {
      const columns = names.slice(0, extent.maxColumns)
      const shown = flats.slice(0, extent.rows)
      const lines = shown.map((flat) =>
        rowLine(columns.map((column) => cell(flat[column], sampleCellLength)).join('\t')),
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
        body: texts(
          isRemote ? remotePlaceLines(result, uri) : placeLines(file, uri),
          lines.length > 0 && [`It begins:\n${columns.join('\t')}`, ...lines],
          note !== '' && `Note: ${note}`,
        ).join('\n'),
        rows: [
          {
            uri,
            ...(!isRemote && { file }),
            format,
            rows,
            ...(unknown > 0 && { unknown }),
            bytes,
            complete,
            taste: sampleRows,
          },
        ],
        ...(note && { note }),
        link: { uri, name, mimeType: mimeTypes[format], size: bytes },
        ...(!isRemote && { path: file }),
      }
    },
  )
}
