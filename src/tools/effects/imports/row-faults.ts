import { InputError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { groupBy } from '../../../shared/group.ts'
import type { Redact } from '../../../shared/secrets.ts'
import type { RowRange } from './import-source.ts'

/** A row of a file. */
interface Place {
  /** From 1, without the header. */
  readonly row: number
  /** The line on which it begins; undefined in JSON. */
  readonly line: number | undefined
}

/** What is wrong with a row. */
export interface RowFault extends Place {
  /** Continues "Row 3: …". */
  readonly problem: string
}

/** Rows that follow each other. */
interface Run {
  readonly first: Place
  last: Place
}

const maxRuns = 30

function runsOf(faults: readonly Place[]): readonly Run[] {
  const runs: Run[] = []
  for (const fault of faults) {
    const open = runs.at(-1)
    if (open && fault.row - open.last.row <= 1) open.last = fault
    else runs.push({ first: fault, last: fault })
  }
  return runs
}

const span = (first: number, last: number): string => (first === last ? `${first}` : `${first}-${last}`)

/** `rows 3, 5-9 (lines 4, 6-10)`. */
export function placesOf(faults: readonly Place[]): string {
  const runs = runsOf(faults)
  const shown = runs.slice(0, maxRuns)
  const rows = shown.map(({ first, last }) => span(first.row, last.row)).join(', ')
  const lines = shown.flatMap(({ first, last }) =>
    first.line === undefined || last.line === undefined ? [] : [span(first.line, last.line)],
  )
  const plural = faults.length > 1 ? 's' : ''
  const rest = runs.length > shown.length ? ' and more' : ''
  return `row${plural} ${rows}${rest}${lines.length > 0 ? ` (line${plural} ${lines.join(', ')}${rest})` : ''}`
}

const maxProblems = 100
const maxCharacters = 12_000

/** Each problem once, with the rows that have it. */
function faultsText(faults: readonly RowFault[], redact: Redact, budget = maxCharacters): string {
  const groups = [...groupBy(faults, ({ problem }) => problem)]
  const shown: string[] = []
  let size = 0
  for (const [problem, rows] of groups.slice(0, maxProblems)) {
    if (size >= budget) break
    const text = redact(`${placesOf(rows)}: ${problem}`)
    size += text.length
    shown.push(text)
  }
  const rest = groups.length - shown.length
  return `${shown.join('; ')}${rest > 0 ? `; and ${formatNumber(rest)} more` : ''}`
}

const rowsOf = (faults: readonly RowFault[]): number => new Set(faults.map(({ row }) => row)).size

/** Throws an InputError that names all wrong rows of a file at once, those of later calls too. */
export function refuseFaults(
  faults: readonly RowFault[],
  range: RowRange | undefined,
  { redact, budget }: { readonly redact: Redact; readonly budget: number },
): void {
  if (!faults.some(({ row }) => !range || row <= range.to)) return
  const count = rowsOf(faults)
  const text = faultsText(faults, redact, Math.min(maxCharacters, budget))
  const them = count === 1 ? 'it' : 'them'
  throw new InputError(
    `${formatNumber(count)} ${count === 1 ? 'row of the file is' : 'rows of the file are'} wrong, so nothing is sent: ${text}.`,
    `Correct ${them} in the file, and call again${range ? ` with from ${range.from}` : ''}.`,
  )
}

const maxLaterCharacters = 1_000

/** What a call says of wrong rows that it does not take. */
export function laterFaults(faults: readonly RowFault[], redact: Redact): readonly string[] {
  if (faults.length === 0) return []
  const count = rowsOf(faults)
  const text = faultsText(faults, redact, maxLaterCharacters)
  return [
    `${formatNumber(count)} ${count === 1 ? 'row' : 'rows'} behind these ${count === 1 ? 'is' : 'are'} wrong, to be corrected before they are sent: ${text}.`,
  ]
}
