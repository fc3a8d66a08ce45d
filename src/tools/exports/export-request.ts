import { closestMatch } from 'leven'
import { lists, operations } from '../../operations/index.ts'
import type { Input, Operation } from '../../operations/operation.ts'
import { refuseReversedPeriod } from '../../session/requests/period.ts'
import { InputError } from '../../shared/errors.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { argumentReader } from '../arguments/argument-reader.ts'
import { segment } from '../replies/columns.ts'
import { listInput } from '../rows/list-input.ts'
import type { Format } from './names.ts'

/** What to export. */
export interface ExportRequest {
  readonly operation: Operation
  /** Arguments of its tool, validated. */
  readonly args: Input
  readonly format: Format
  /** Fields to keep, by column name; absent for all. */
  readonly fields: readonly string[] | undefined
}

/**
 * The list with this name, in any case. Throws an InputError if its tool is withheld: its export is then withheld, too.
 */
function findList(given: string, withheldTools: ReadonlyMap<string, string>): Operation {
  const name = given.trim().toLowerCase()
  const setting = withheldTools.get(name)
  if (setting !== undefined)
    throw new InputError(
      `The tool ${name} is withheld by ${setting}, and so is its export.`,
      'Ask the operator to change that setting, or export another list.',
    )
  const found = lists.find((operation) => operation.name === name)
  if (found) return found
  const available = lists.map((operation) => operation.name).filter((other) => !withheldTools.has(other))
  const requested = oneLine(given, 60)
  const closest = closestMatch(requested, available, {
    maxDistance: Math.max(3, Math.floor(requested.length / 3)),
  })
  const problem = operations.some((operation) => operation.name === name)
    ? `${name} brings no list`
    : `There is no list tool ${JSON.stringify(requested)}`
  throw new InputError(
    `${problem}.`,
    closest ? `Did you mean ${closest}?` : `There are ${available.join(', ')}.`,
  )
}

/** Validates the arguments as the list's own tool does. */
async function validateArguments(operation: Operation, args: unknown): Promise<Input> {
  const shape = { ...operation.input, ...listInput(operation) }
  const outcome = await argumentReader(async () => ({ input: shape }))(args)
  if (outcome.issues === undefined) return outcome.value
  const messages = outcome.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  const all = messages.join('; ')
  // The messages already say what to do.
  throw new InputError(`Invalid arguments for ${operation.name}: ${all}${/[.?!]$/.test(all) ? '' : '.'}`, '')
}

/** Parses the arguments of the export. */
export async function parseExportRequest(
  exportArgs: Input,
  withheldTools: ReadonlyMap<string, string>,
): Promise<ExportRequest> {
  const operation = findList(String(exportArgs['tool']), withheldTools)
  // An export has its own page size.
  const {
    pageSize: _,
    continuationToken,
    ...args
  } = await validateArguments(operation, exportArgs['arguments'] ?? {})
  if (continuationToken !== undefined)
    throw new InputError(
      'An export holds the whole list, from its first row on: it takes no continuationToken.',
      'Leave it out.',
    )
  refuseReversedPeriod(args)
  const fields = Array.isArray(args['fields']) ? args['fields'].map(String) : ['*']
  return {
    operation,
    args,
    format: exportArgs['format'] === 'csv' ? 'csv' : 'jsonl',
    fields: fields.includes('*') ? undefined : fields.map((field) => field.split('.').map(segment).join('.')),
  }
}
