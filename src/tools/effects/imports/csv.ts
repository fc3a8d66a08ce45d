import { InputError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'

/** A record of a CSV file. */
export interface CsvRecord {
  readonly cells: readonly string[]
  /** The line on which it begins, from 1. */
  readonly line: number
}

const delimiters = [',', ';', '\t'] as const
type Delimiter = (typeof delimiters)[number]

/** Spreadsheets end a file with rows of empty cells, up to a million. */
function withoutBlankEnd(text: string): string {
  let last = text.length - 1
  while (last >= 0 && '\n;,\t '.includes(text.charAt(last))) last--
  const end = text.indexOf('\n', last + 1)
  return end < 0 ? text : text.slice(0, end)
}

/** A first line that says the delimiter, as Excel reads it; some programs put it into quotation marks. */
const delimiterLine = /^(?:sep=(.)|"sep=(.)")[;,\t]*\n/i

const isBlank = ({ cells }: CsvRecord): boolean => cells.every((cell) => cell === '')

const problems: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a cell begins with a quotation mark that nothing closes',
  INVALID_OPENING_QUOTE: 'a quotation mark stands within a cell that does not begin with one',
  CSV_MAX_RECORD_SIZE: 'the row is longer than a million characters',
  CSV_INVALID_CLOSING_QUOTE: 'text follows the quotation mark that closes a cell',
}

/** The time to read a file is bounded: blank rows count here, too. */
const maxRecords = 50_000
const maxRecordLength = 1_000_000

const tooMany = (most: number): InputError =>
  new InputError(
    `The file has more than ${formatNumber(most - 1)} rows, or very many blank ones.`,
    'Split it into smaller files.',
  )

/**
 * The records that are not blank. Throws an InputError if there are more than `most`, and for quotes that do not fit,
 * with their line.
 */
async function recordsOf(
  text: string,
  delimiter: Delimiter,
  {
    most,
    linesBefore = 0,
    to,
  }: { readonly most: number; readonly linesBefore?: number; readonly to?: number },
): Promise<readonly CsvRecord[]> {
  const { parse, CsvError } = await import('csv-parse/sync')
  const records: CsvRecord[] = []
  let count = 0
  let emptyLines = 0
  let end = linesBefore
  try {
    parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      // A tab at the edge of a cell is a blank for the library, and may be a delimiter here.
      trim: delimiter !== '\t',
      ...(to !== undefined && { to }),
      max_record_size: maxRecordLength,
      skip_empty_lines: true,
      on_record: (record: readonly string[], { lines, empty_lines: skipped }) => {
        count++
        const found = { cells: record.map((cell) => cell.trim()), line: end + skipped - emptyLines + 1 }
        emptyLines = skipped
        end = lines + linesBefore
        if (!isBlank(found)) records.push(found)
        if (records.length > most || count > maxRecords) throw tooMany(most)
        return null
      },
    })
    return records
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const problem = problems[error.code] ?? 'it is no CSV'
    // A quotation mark that nothing closes is noticed at the end of the file.
    const line = error.code === 'CSV_QUOTE_NOT_CLOSED' ? end + 1 : Number(error['lines']) + linesBefore
    throw new InputError(
      `Line ${line} of the file cannot be read: ${problem}.`,
      'Put a cell that holds quotation marks into quotation marks, and double those within.',
    )
  }
}

/**
 * The records of a CSV file, without blank ones; the first is the header. The delimiter is decided once, by the header:
 * the one that gives the most names that are known, then the most cells. Throws an InputError if there are more than
 * `most` records.
 */
export async function readCsv(
  text: string,
  isKnown: (name: string) => boolean,
  most: number,
): Promise<readonly CsvRecord[]> {
  const unified = withoutBlankEnd(text.replace(/\r\n?/g, '\n'))
  const [mark = '', plain, inQuotes] = delimiterLine.exec(unified) ?? []
  const said = plain ?? inQuotes
  const body = unified.slice(mark.length)
  const chosen = delimiters.find((delimiter) => delimiter === said) ?? (await delimiterOf(body, isKnown))
  return recordsOf(body, chosen, { most, linesBefore: mark === '' ? 0 : 1 })
}

const maxHeaderLength = 64 * 1024
const maxDelimiters = 2_000

async function delimiterOf(text: string, isKnown: (name: string) => boolean): Promise<Delimiter> {
  let best: { readonly delimiter: Delimiter; readonly known: number; readonly cells: number } | undefined
  const start = text.replace(/^[\s;,]*\n/, '').slice(0, maxHeaderLength)
  const [firstLine = ''] = start.split('\n', 1)
  if ((firstLine.match(/[,;\t]/g) ?? []).length > maxDelimiters)
    throw new InputError('The first line of the file names too many columns.', 'Save the list as CSV again.')
  for (const delimiter of delimiters) {
    // Quotes that do not fit with one delimiter may fit with another.
    const [header] = await recordsOf(start, delimiter, { most: 1, to: 1 }).catch((error: unknown) => {
      if (error instanceof InputError) return []
      throw error
    })
    const cells = header?.cells ?? []
    const known = cells.filter(isKnown).length
    if (!best || known > best.known || (known === best.known && cells.length > best.cells))
      best = { delimiter, known, cells: cells.length }
  }
  return best?.delimiter ?? ','
}
