import type { ImportColumn } from '../../../operations/effects/file-import.ts'
import type { Input } from '../../../operations/operation.ts'
import { InputError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { columnOf, readHeader, refuseMissing, refuseTwice, refuseUnknown } from './columns.ts'
import { type CsvRecord, readCsv } from './csv.ts'

/** A row of a file, by the names of the inputs. */
export interface ImportRow {
  readonly values: Input
  /** The line on which it begins; undefined in JSON. */
  readonly line: number | undefined
  /** What is wrong with its form, each the end of "Row 3 …". */
  readonly problems: readonly string[]
}

/** A call takes a hundred of them. */
const maxRows = 10_000

function requireCount(count: number): void {
  if (count === 0) throw new InputError('The file has no rows.', 'Write one row for each object.')
  if (count > maxRows)
    throw new InputError(
      `The file has more than ${formatNumber(maxRows)} rows.`,
      'Split it into smaller files.',
    )
}

/** Words for yes and no that spreadsheets and people write. */
const flags: ReadonlyMap<string, boolean> = new Map([
  ...[
    'true',
    'yes',
    'y',
    '1',
    'x',
    'wahr',
    'ja',
    'j',
    'vrai',
    'oui',
    'verdadero',
    'sí',
    'si',
    'vero',
    'sì',
    'sim',
  ].map((word) => [word, true] as const),
  ...['false', 'no', 'n', '0', '-', 'falsch', 'nein', 'faux', 'non', 'falso', 'não', 'nee'].map(
    (word) => [word, false] as const,
  ),
])

/** The values of a cell. An empty one keeps its place among options, whose scores stand in another column. */
function partsOf(cell: string, kind: 'list' | 'options'): readonly string[] {
  const parts = cell.split(kind === 'list' ? /[;,\n]/ : /[;\n]/).map((part) => part.trim())
  if (kind === 'list') return parts.filter((part) => part !== '')
  return parts.at(-1) === '' ? parts.slice(0, -1) : parts
}

function readCell(cell: string, { cell: kind }: ImportColumn): unknown {
  if (kind === undefined) return cell
  if (kind === 'flag') return cell === '' ? undefined : (flags.get(cell.toLowerCase()) ?? cell)
  return cell === '' ? undefined : partsOf(cell, kind)
}

/** The rows of a CSV file. Throws an InputError for a file without rows, and for columns that do not fit. */
export async function csvRows(
  text: string,
  columns: readonly ImportColumn[],
  redact: Redact,
): Promise<readonly ImportRow[]> {
  const isKnown = (name: string): boolean => columnOf(columns, name) !== undefined
  const [head, ...records] = await readCsv(text, isKnown, maxRows + 1)
  if (!head) throw new InputError('The file is empty.', 'Write the names of the columns into its first line.')
  const isEmpty = (at: number): boolean => records.every(({ cells }) => (cells[at] ?? '') === '')
  const header = readHeader(columns, head.cells, isEmpty, redact)
  requireCount(records.length)
  const rowOf = ({ cells, line }: CsvRecord): ImportRow => {
    const values = header.flatMap((column, at) => {
      const value = column && readCell(cells[at] ?? '', column)
      return column && value !== undefined ? [[column.input, value] as const] : []
    })
    const isShort = cells.length < header.length
    const isLong = cells.slice(header.length).some((cell) => cell !== '')
    const problems =
      isShort || isLong
        ? [
            `has ${formatNumber(cells.length)} cells, and the header has ${formatNumber(header.length)}: check its quotes and delimiters`,
          ]
        : []
    return { values: Object.fromEntries(values), line, problems }
  }
  return records.map(rowOf)
}

/** The objects of a JSON list, by the names of the inputs. Throws an InputError for what is none, or has other members. */
export function jsonRows(
  list: readonly unknown[],
  columns: readonly ImportColumn[],
  redact: Redact,
): readonly ImportRow[] {
  requireCount(list.length)
  const other = list.findIndex((item) => !isObject(item))
  if (other >= 0)
    throw new InputError(
      `Row ${other + 1} of the file is no object.`,
      `Write each row as an object of ${columns.map(({ input }) => input).join(', ')}.`,
    )
  const objects = list.filter(isObject)
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))]
  const unknown = names.filter((name) => columnOf(columns, name) === undefined)
  if (unknown.length > 0) refuseUnknown(columns, unknown, 'member', redact)
  const byName = new Map(names.map((name) => [name, columnOf(columns, name)] as const))
  const found = new Set<string>()
  const rows = objects.map((object): ImportRow => {
    // Null is what programs write for a value that is not there.
    const given = Object.entries(object).filter(([, value]) => value !== null)
    const named = given.flatMap(([name, value]) => {
      const column = byName.get(name)
      return column ? [[name, column, value] as const] : []
    })
    refuseTwice(
      named.map(([name, column]) => [name, column]),
      redact,
    )
    for (const [, { input }] of named) found.add(input)
    const values = named.map(([, { input }, value]) => [
      input,
      typeof value === 'string' ? value.trim() : value,
    ])
    return { values: Object.fromEntries(values), line: undefined, problems: [] }
  })
  refuseMissing(columns, found, 'member')
  return rows
}
