import type { ImportColumn } from '../../../operations/effects/file-import.ts'
import { nameInSentence } from '../../../operations/sentences.ts'
import { InputError } from '../../../shared/errors.ts'
import type { Redact } from '../../../shared/secrets.ts'

type Columns = readonly ImportColumn[]

/**
 * A name as it is compared: in any case, without accents, without all that is no letter and no digit, and with an umlaut
 * written in either way.
 */
const comparable = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/([aou])e/g, '$1')

/** The column with this name. */
export function columnOf(columns: Columns, name: string): ImportColumn | undefined {
  const wanted = comparable(name)
  return wanted === ''
    ? undefined
    : columns.find(({ input, names }) => [input, ...names].some((known) => comparable(known) === wanted))
}

const cellRules: Readonly<Record<NonNullable<ImportColumn['cell']>, string>> = {
  list: 'several values of a cell between semicolons or commas',
  options: 'several values of a cell between semicolons',
  flag: 'yes or no',
}

/** The table of all names, as a refusal prints it. */
function tableOf(columns: Columns): string {
  return columns
    .map(({ input, names, cell, isRequired }) => {
      const facts = [isRequired ? 'required' : '', cell === undefined ? '' : cellRules[cell]].filter(Boolean)
      return `${input}${facts.length > 0 ? ` (${facts.join('; ')})` : ''} = ${names.join(', ')}`
    })
    .join('; ')
}

const maxNamed = 10

/**
 * Throws an InputError that names unknown columns and prints the table of known ones. `what`: "column", "member";
 * `total`: how many columns a CSV file has.
 */
export function refuseUnknown(
  columns: Columns,
  unknown: readonly string[],
  what: string,
  redact: Redact,
  total?: number,
): never {
  const named = unknown.slice(0, maxNamed).map((name) => nameInSentence(redact(name), 60))
  const rest = unknown.length - named.length
  const list = `${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  // A delimiter that is not known makes one column of all.
  const separate =
    total === 1 && /[|^~]/.test(unknown.join(''))
      ? 'Separate the columns by commas, semicolons or tabs. '
      : ''
  throw new InputError(
    `The file has ${unknown.length === 1 ? `a ${what}` : `${what}s`} that no input takes: ${list}.`,
    `${separate}Rename or remove ${unknown.length === 1 ? 'it' : 'them'}. These names are taken, in any case and with or without blanks, hyphens and accents: ${tableOf(columns)}.`,
  )
}

/** Where the columns of a file go; undefined for a column without a name. */
export type Header = readonly (ImportColumn | undefined)[]

/** Throws an InputError if two names stand for one input. */
export function refuseTwice(
  named: readonly (readonly [name: string, column: ImportColumn])[],
  redact: Redact,
): void {
  const seen = new Map<string, string>()
  for (const [name, { input }] of named) {
    const other = seen.get(input)
    if (other !== undefined) {
      const both = [other, name].map((twin) => nameInSentence(redact(twin), 60)).join(' and ')
      throw new InputError(`The file has two columns for ${input}: ${both}.`, 'Keep one of them.')
    }
    seen.set(input, name)
  }
}

/** Throws an InputError that names the required columns or members that a file does not have. */
export function refuseMissing(columns: Columns, found: ReadonlySet<string>, what: 'column' | 'member'): void {
  const missing = columns.filter(({ input, isRequired }) => isRequired && !found.has(input))
  if (missing.length === 0) return
  const inputs = missing.map(({ input }) => input).join(', ')
  throw new InputError(
    what === 'column'
      ? `The file has no column for ${inputs}; the names of the columns stand in its first line.`
      : `No row of the file has ${inputs}.`,
    `Add ${missing.length === 1 ? 'it' : 'them'}. These names are taken: ${tableOf(missing)}.`,
  )
}

/**
 * Where the columns of a CSV file go. Throws an InputError for unknown names, two columns for one input, and missing
 * ones. A column without a name is taken for none if its cells are empty, which `isEmpty` says.
 */
export function readHeader(
  columns: Columns,
  names: readonly string[],
  isEmpty: (at: number) => boolean,
  redact: Redact,
): Header {
  const header = names.map((name) => columnOf(columns, name))
  const unknown = names.flatMap((name, at) =>
    header[at] !== undefined || (name === '' && isEmpty(at))
      ? []
      : [name === '' ? `(column ${at + 1}, unnamed)` : name],
  )
  if (unknown.length > 0) refuseUnknown(columns, unknown, 'column', redact, names.length)
  const named = header.flatMap((column, at) => (column ? [[names[at] ?? '', column] as const] : []))
  refuseTwice(named, redact)
  refuseMissing(columns, new Set(named.map(([, { input }]) => input)), 'column')
  return header
}
