import { join } from 'node:path'
import { nounOf } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { cell, firstCell, quoted, structured } from '../replies/cells.ts'
import { chooseColumns, flatten, toTheMinute } from '../replies/columns.ts'
import { driftNote, fitted, type Reply } from '../replies/reply.ts'
import type { Wanted } from './export-request.ts'
import type { Spool, State } from './export-state.ts'
import { mimeTypes, uriOf } from './names.ts'

/** The result of an export. */
export interface Findings {
  readonly wanted: Wanted
  readonly spool: Spool
  readonly bytes: number
  /** Number of columns of a CSV file. */
  readonly columns: number
  /** The first rows. */
  readonly taste: readonly Row[]
  /** Number of rows from before the interruption, for an export that was continued. */
  readonly before: number
}

const number = (value: number): string => value.toLocaleString('en')

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function summaryOf({ wanted, spool, bytes, columns }: Findings): string {
  const { operation, format } = wanted
  const { rows, scanned, part } = spool.state
  const noun = nounOf(operation.name)
  const one = rows === 1 ? noun.replace(/s$/, '') : noun
  const what = rows === scanned ? one : `of ${number(scanned)} ${noun} that were looked at`
  const facts = [
    sizeOf(bytes),
    ...(format === 'csv' ? [`${columns} ${columns === 1 ? 'column' : 'columns'}`] : []),
    ...(part > 1 ? [`file ${part} of this export`] : []),
  ]
  return `${number(rows)} ${what} exported to ${format === 'csv' ? 'CSV' : 'JSON Lines'}: ${facts.join(', ')}`
}

/** The note about selected fields that no row has: they are probably misspelled. */
function absentNote(fields: readonly string[] = [], { rows, seen }: State): string | undefined {
  const absent = rows > 0 ? fields.filter((field) => !seen.includes(field)) : []
  if (absent.length === 0) return undefined
  const some = absent.slice(0, 10).map((field) => quoted(field, 80))
  return `No row in the file has ${some.join(', ')}${absent.length > 10 ? ` and ${absent.length - 10} more` : ''}.`
}

function notesOf({ wanted, spool, before }: Findings): string {
  const { state } = spool
  const { rows, scanned, end, part, wall, drift } = state
  const notes = [
    scanned === 0 && part === 1
      ? `Qualys lists no ${nounOf(wanted.operation.name)} for these arguments.`
      : undefined,
    scanned > 0 && rows === 0 ? 'None of the rows matches.' : undefined,
    before > 0 ? `${number(before)} rows were there before the cut.` : undefined,
    part > 1 ? 'The rows before these are in the earlier files.' : undefined,
    end === 'file'
      ? 'The file is full (QUALYS_EXPORT_MAX_MB): the same call with resume: true writes the rows that follow to a further file.'
      : undefined,
    wall === null ? undefined : `Not complete: ${wall}`,
    absentNote(wanted.fields, state),
    driftNote(drift),
  ]
  return notes.filter((note) => note !== undefined).join(' ')
}

const tasteCell = 60
const tasteColumns = 3

/** The reply of an export: short, since the rows are in the file. */
export function exportReply(findings: Findings, budget: number): Reply {
  const { wanted, spool, bytes, taste } = findings
  const { operation, format, fields } = wanted
  const { rows, end, part, wall } = spool.state
  const name = `${spool.stem}.${format}`
  const uri = uriOf(name)
  const file = join(spool.folder.path, name)
  const whole = taste.map((row) => flatten(row))
  const flats = fields === undefined ? whole.map(toTheMinute) : whole
  const names = chooseColumns(flats, operation, fields).names.slice(0, tasteColumns)
  const note = notesOf(findings)
  const complete = end === 'list' && wall === null
  return fitted({ rows: flats.length, longest: tasteCell, width: names.length }, budget, (extent) => {
    const columns = names.slice(0, extent.width)
    const shown = flats.slice(0, extent.rows)
    const lines = shown.map((flat) =>
      firstCell(columns.map((column) => cell(flat[column], tasteCell)).join('\t')),
    )
    const tasted = shown.map((flat) =>
      Object.fromEntries(
        columns.flatMap((column) =>
          flat[column] === undefined ? [] : [[column, structured(flat[column], tasteCell).value]],
        ),
      ),
    )
    return {
      summary: summaryOf(findings),
      body: [
        // The resource link already has this name.
        `File: ${file}`,
        ...(lines.length > 0 ? [`It begins:\n${columns.join('\t')}`, ...lines] : []),
        ...(note ? [`Note: ${note}`] : []),
      ].join('\n'),
      rows: [{ uri, file, format, rows, bytes, complete, ...(part > 1 && { part }), taste: tasted }],
      ...(note && { note }),
      link: { uri, name, mimeType: mimeTypes[format], size: bytes },
    }
  })
}
