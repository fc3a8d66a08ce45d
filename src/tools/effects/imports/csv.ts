import { InputError } from '../../../shared/errors.ts'

/** A record of a CSV file. */
export interface CsvRecord {
  readonly cells: readonly string[]
  /** The line on which it begins, from 1. */
  readonly line: number
}

const delimiters = [',', ';', '\t'] as const
type Delimiter = (typeof delimiters)[number]

/** A first line that says the delimiter, as Excel writes and reads it. */
const delimiterLine = /^sep=(.)\n/i

const isBlank = ({ cells }: CsvRecord): boolean => cells.every((cell) => cell === '')

const problems: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a cell begins with a quotation mark that nothing closes',
  INVALID_OPENING_QUOTE: 'a quotation mark stands within a cell that does not begin with one',
  CSV_INVALID_CLOSING_QUOTE: 'text follows the quotation mark that closes a cell',
}

/**
 * The records that are not blank, at most `most`. Throws an InputError that names the line for quotes that do not fit.
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
  let end = linesBefore
  try {
    parse(text, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      // A tab at the edge of a cell is a blank for the library, and may be a delimiter here.
      trim: delimiter !== '\t',
      ...(to !== undefined && { to }),
      on_record: (record: readonly string[], { lines }) => {
        const found = { cells: record.map((cell) => cell.trim()), line: end + 1 }
        end = lines + linesBefore
        if (records.length < most && !isBlank(found)) records.push(found)
        return null
      },
    })
    return records
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const problem = problems[error.code] ?? 'it is no CSV'
    throw new InputError(
      `Line ${Number(error['lines']) + linesBefore} of the file cannot be read: ${problem}.`,
      'Put a cell that holds quotation marks into quotation marks, and double those within.',
    )
  }
}

/**
 * The records of a CSV file, without blank ones; the first is the header. The delimiter is decided once, by the header:
 * the one that gives the most names that are known, then the most cells. `most`: how many records are read at most.
 */
export async function readCsv(
  text: string,
  isKnown: (name: string) => boolean,
  most: number,
): Promise<readonly CsvRecord[]> {
  const unified = text.replace(/\r\n?/g, '\n')
  const [mark = '', said] = delimiterLine.exec(unified) ?? []
  const body = unified.slice(mark.length)
  const chosen = delimiters.find((delimiter) => delimiter === said) ?? (await delimiterOf(body, isKnown))
  return recordsOf(body, chosen, { most, linesBefore: mark === '' ? 0 : 1 })
}

/** Blank lines may stand above the header. */
const maxHeaderLine = 100

async function delimiterOf(text: string, isKnown: (name: string) => boolean): Promise<Delimiter> {
  let best: { readonly delimiter: Delimiter; readonly known: number; readonly cells: number } | undefined
  const start = text.replace(/^\s*\n/, '')
  for (const delimiter of delimiters) {
    // Quotes that do not fit with one delimiter may fit with another.
    const [header] = await recordsOf(start, delimiter, { most: 1, to: maxHeaderLine }).catch(
      (error: unknown) => {
        if (error instanceof InputError) return []
        throw error
      },
    )
    const cells = header?.cells ?? []
    const known = cells.filter(isKnown).length
    if (!best || known > best.known || (known === best.known && cells.length > best.cells))
      best = { delimiter, known, cells: cells.length }
  }
  return best?.delimiter ?? ','
}
