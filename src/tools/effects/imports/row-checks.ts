import type { Input } from '../../../operations/operation.ts'
import { mask, type Redact } from '../../../shared/secrets.ts'
import { Turns } from '../../../shared/turns/turns.ts'
import type { validatorOf } from '../../arguments/validator.ts'
import { textsIn } from '../policy/argument-texts.ts'
import { findMasks } from '../policy/mask-search.ts'
import { credentialIn } from '../policy/refuse-secrets.ts'
import { placesOf, type RowFault } from './row-faults.ts'
import type { ImportRow } from './rows.ts'

/** The message of a value at a path, such as `tags.0 must be text`. */
export const atPath = (path: readonly PropertyKey[], message: string): string =>
  [...(path.length > 0 ? [path.map(String).join('.')] : []), message].join(' ')

/** What no input may hold, one problem each. */
function contentProblems(values: Input, redact: Redact): readonly string[] {
  const credential = credentialIn(values)
  if (credential !== undefined)
    return [`holds what looks like ${credential}; take it out and replace it, since others have seen it`]
  return Object.entries(values).flatMap(([name, value]) => {
    const found = textsIn(value).map(({ text }) => text)
    if (found.some((text) => redact(text) !== text))
      return [`${name} holds a secret of this server; take it out`]
    if (found.some((text) => findMasks(text).length > 0))
      return [`${name} holds ${mask}, which stands for a secret that was not shown; write the real text`]
    return found.some((text) => text.includes('\ufffd'))
      ? [`${name} holds a character that cannot be read; save the file as UTF-8`]
      : []
  })
}

/** What is wrong with the form or the content of rows, whatever the schema says. */
export async function rowFaults(
  rows: readonly ImportRow[],
  redact: Redact,
  signal: AbortSignal,
): Promise<readonly RowFault[]> {
  const faults: RowFault[] = []
  const turns = new Turns(signal)
  for (const [at, { values, line, problems }] of rows.entries()) {
    for (const problem of [...problems, ...contentProblems(values, redact)])
      faults.push({ row: at + 1, line, problem })
    await turns.give()
  }
  return faults
}

/** Rows whose value in one column is that of an earlier row, whatever its case. */
export function repeatedRows(rows: readonly ImportRow[], column: string): readonly RowFault[] {
  const first = new Map<string, number>()
  return rows.flatMap(({ values, line }, at) => {
    const value = values[column]
    const key = typeof value === 'string' ? value.toLowerCase() : ''
    if (key === '') return []
    const earlier = first.get(key)
    if (earlier !== undefined)
      return [{ row: at + 1, line, problem: `${column} is that of row ${earlier}; name each once` }]
    first.set(key, at + 1)
    return []
  })
}

/**
 * What the schema of the tool says of rows, `size` at a time. `argsOf`: the arguments with these rows; `skipped`: rows
 * that are known to be wrong.
 */
export async function schemaFaults(
  rows: readonly ImportRow[],
  check: ReturnType<typeof validatorOf>,
  argsOf: (rows: readonly Input[]) => Input,
  {
    size,
    skipped,
    signal,
  }: { readonly size: number; readonly skipped: ReadonlySet<number>; readonly signal: AbortSignal },
): Promise<readonly RowFault[]> {
  const faults: RowFault[] = []
  const turns = new Turns(signal)
  const checked = rows.map((row, at) => ({ ...row, row: at + 1 })).filter(({ row }) => !skipped.has(row))
  for (let at = 0; at < checked.length; at += size) {
    const chunk = checked.slice(at, at + size)
    const { invalid = [], explain } = check(argsOf(chunk.map(({ values }) => values)))
    for (const issue of invalid) {
      const [, index, ...path] = issue.path
      const found = chunk[Number(index)]
      if (found && explain)
        faults.push({ row: found.row, line: found.line, problem: atPath(path, explain(issue)) })
    }
    await turns.give()
  }
  return faults
}

/** What a spreadsheet computes, or could not compute: `=HYPERLINK(…)`, `#REF!`. */
const formula = /^=|^[+@-][\w.]*[(!|]|^#[\p{Lu}/0]+[!?]?$/u

/** Cells that were probably not meant as text, in one sentence. */
export function formulaWarnings(rows: readonly ImportRow[], from: number): readonly string[] {
  const places = rows.flatMap(({ values, line }, at) =>
    textsIn(Object.values(values)).some(({ text }) => formula.test(text)) ? [{ row: from + at, line }] : [],
  )
  if (places.length === 0) return []
  const where = placesOf(places)
  return [
    `${where.charAt(0).toUpperCase()}${where.slice(1)} ${places.length === 1 ? 'holds' : 'hold'} a formula or an error of a spreadsheet, which goes as text.`,
  ]
}
