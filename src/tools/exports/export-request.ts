import { createHash } from 'node:crypto'
import { closestMatch } from 'leven'
import { operations } from '../../operations/index.ts'
import type { Operation } from '../../operations/operation.ts'
import { InputError } from '../../shared/errors.ts'
import { canonical, isObject } from '../../shared/json.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { segment } from '../replies/columns.ts'
import { listInput } from '../replies/list-filter.ts'
import { argumentSchema } from '../schema.ts'
import type { Format } from './names.ts'

type Args = Readonly<Record<string, unknown>>

/** What to export. */
export interface Wanted {
  readonly operation: Operation
  /** Arguments of its tool, validated. */
  readonly args: Args
  readonly format: Format
  /** Fields to keep, by column name; absent for all. */
  readonly fields: readonly string[] | undefined
}

const lists = operations.filter(({ returns }) => returns === 'rows')

/**
 * The list with this name. Throws if this server does not show it: withholding a tool withholds its export.
 */
function listOf(name: string, withheld: ReadonlyMap<string, string>): Operation {
  const by = withheld.get(name)
  if (by !== undefined)
    throw new InputError(
      `The tool ${name} is withheld by ${by}, and so is its export.`,
      'Ask the operator to change that setting, or export another list.',
    )
  const found = lists.find((operation) => operation.name === name)
  if (found) return found
  const listed = lists.map((operation) => operation.name).filter((other) => !withheld.has(other))
  const said = oneLine(name, 60)
  const near = closestMatch(said, listed, { maxDistance: Math.max(3, Math.floor(said.length / 3)) })
  const what = operations.some((operation) => operation.name === name)
    ? `${name} brings no list`
    : `There is no list tool ${JSON.stringify(said)}`
  throw new InputError(`${what}.`, near ? `Did you mean ${near}?` : `There are ${listed.join(', ')}.`)
}

/** Validates the arguments as the list's own tool does. */
async function validated(operation: Operation, args: unknown): Promise<Args> {
  const shape = { ...operation.input, ...listInput(operation) }
  const { '~standard': schema } = argumentSchema({ ...operation, schema: {} }, async () => shape)
  const outcome = await schema.validate(args)
  if (outcome.issues === undefined) return outcome.value
  const said = outcome.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  const all = said.join('; ')
  // The messages already say what to do.
  throw new InputError(`Invalid arguments for ${operation.name}: ${all}${/[.?!]$/.test(all) ? '' : '.'}`, '')
}

/** Parses the arguments of the export. */
export async function wantedBy(asked: Args, withheld: ReadonlyMap<string, string>): Promise<Wanted> {
  const operation = listOf(String(asked['tool']), withheld)
  const given = asked['arguments'] ?? {}
  if (isObject(given) && given['continuationToken'] !== undefined)
    throw new InputError(
      'An export holds the whole list, from its first row on: it takes no continuationToken.',
      'Leave it out; resume: true goes on with an export that was cut.',
    )
  // An export has its own page size.
  const { pageSize: _, ...args } = await validated(operation, given)
  const fields = Array.isArray(args['fields']) ? args['fields'].map(String) : ['*']
  return {
    operation,
    args,
    format: asked['format'] === 'csv' ? 'csv' : 'jsonl',
    fields: fields.includes('*') ? undefined : fields.map((field) => field.split('.').map(segment).join('.')),
  }
}

/** A digest that is equal for equal exports: an interrupted export continues only with an equal digest. */
export function digestOf({ operation, args, format }: Wanted): string {
  return createHash('sha256')
    .update(canonical([operation.name, args, format]))
    .digest('hex')
}
