import type { FileImport } from '../../../operations/effects/file-import.ts'
import type { EffectOperation, Input } from '../../../operations/operation.ts'
import { InputError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import { validatorOf } from '../../arguments/validator.ts'
import type { ToolContext } from '../../tool.ts'
import { type ImportFile, jsonOf } from './import-file.ts'
import type { CompleteCall, RowRange } from './import-source.ts'
import { formulaWarnings, repeatedRows, rowFaults, schemaFaults } from './row-checks.ts'
import { laterFaults, refuseFaults } from './row-faults.ts'
import { csvRows, jsonRows } from './rows.ts'

/** The list in a JSON file: the whole, or what an object has under the name of the input, and nothing else. */
function listIn(value: unknown, into: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  const list = isObject(value) && Object.keys(value).length === 1 ? value[into] : undefined
  if (Array.isArray(list)) return list
  throw new InputError(
    'The file holds no list.',
    `Write a list of objects, or one object that has it as ${into} and nothing else.`,
  )
}

/** The rows of a call. Throws an InputError if the file ends before them. */
function rangeOf(from: number, most: number, total: number): RowRange {
  if (from > total)
    throw new InputError(
      `The file has ${formatNumber(total)} ${total === 1 ? 'row' : 'rows'}, so none is left from ${formatNumber(from)} on.`,
      'The file is done if the calls before took all of them.',
    )
  return { from, to: Math.min(from + most - 1, total), total }
}

/**
 * The call with some rows of a file: from the row `from` on, as many as one call may send. Throws an InputError if one of
 * them is wrong.
 */
export async function importRows(
  { input }: EffectOperation,
  imports: Extract<FileImport, { readonly by: 'rows' }>,
  passed: Input,
  file: ImportFile,
  { session, configuration, signal }: ToolContext,
): Promise<CompleteCall> {
  const { redact } = session
  const { maxBulk, replyChars } = configuration.settings
  const { file: _, from, ...beside } = passed
  const rows =
    file.format === 'csv'
      ? await csvRows(file.text, imports.columns, redact)
      : jsonRows(listIn(await jsonOf(file, redact), imports.into), imports.columns, redact)
  const most = Math.min(maxBulk, imports.most)
  const range = rangeOf(typeof from === 'number' ? from : 1, most, rows.length)
  const check = validatorOf({ input })
  const argsOf = (list: readonly Input[]): Input => ({ ...beside, [imports.into]: list })
  const ofContent = await rowFaults(rows, redact, signal)
  const skipped = new Set(ofContent.map(({ row }) => row))
  const faults = [
    ...ofContent,
    ...(await schemaFaults(rows, check, argsOf, { size: imports.most, skipped, signal })),
    ...repeatedRows(rows, imports.unique),
  ]
    .filter(({ row }) => row >= range.from)
    .sort((a, b) => a.row - b.row)
  refuseFaults(faults, range, { redact, budget: replyChars - 1_000 })
  const taken = rows.slice(range.from - 1, range.to)
  const { value } = check(argsOf(taken.map(({ values }) => values)))
  if (!value) throw new InputError('The rows of the file do not fit together.', 'Pass other arguments.')
  const warnings = [...formulaWarnings(taken, range.from), ...laterFaults(faults, redact)]
  return { args: value, source: { name: file.name, sha256: file.sha256, rows: range, warnings } }
}
