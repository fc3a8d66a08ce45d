import type { StoredReferences } from '../../operations/effects/effect-targets.ts'
import type { Input, Operation, Reference, Resolved } from '../../operations/operation.ts'
import { InputError, QualysError } from '../../shared/errors.ts'
import { oneLine } from '../../shared/safe-text.ts'
import type { Secret } from '../../shared/secrets.ts'
import type { Row } from '../answer.ts'

type Find = (list: Operation, ids: readonly string[], fresh: boolean) => Promise<ReadonlyMap<string, Row>>

/** Secrets by the name after QUALYS_SECRET_. */
export type NamedSecrets = ReadonlyMap<string, Secret>

/** The variable of a secret: `corp-github` becomes QUALYS_SECRET_CORP_GITHUB. */
export function variableOf(name: string): string {
  return `QUALYS_SECRET_${name.toUpperCase().replaceAll('-', '_')}`
}

/** The name of a secret, as an argument spells it. */
export const secretNameOf = (variable: string): string =>
  variable
    .replace(/^QUALYS_SECRET_/, '')
    .toLowerCase()
    .replaceAll('_', '-')

function revealSecret(secrets: NamedSecrets, name: string): string {
  const secret = secrets.get(variableOf(name))
  if (secret) return secret.reveal()
  if (secrets.has(name.toUpperCase()))
    throw new InputError(
      `"${oneLine(name, 64)}" is the variable of a secret, not its name.`,
      `Pass "${secretNameOf(name.toUpperCase())}".`,
    )
  throw new InputError(
    `There is no secret named "${oneLine(name, 64)}".`,
    `Ask the operator to set ${oneLine(variableOf(name), 80)} (or …_FILE) for this server; never pass the value itself.`,
  )
}

/** The looked-up value for each id of one reference. `stored`: for ids that the list does not show. */
async function lookUpReference(
  { name }: Operation,
  { ids, list, fields, optional, fresh }: Reference,
  input: Input,
  find: Find,
  stored: ReadonlyMap<string, string> = new Map(),
): Promise<ReadonlyMap<string, string>> {
  const requestedIds = [...new Set(ids(input).filter((id) => id !== undefined))]
  if (requestedIds.length === 0) return new Map()
  let rows: ReadonlyMap<string, Row>
  try {
    rows = await find(list, requestedIds, fresh === true)
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    if (optional || requestedIds.every((id) => stored.has(id))) return stored
    throw error
  }
  const unknownId = requestedIds.find((id) => !rows.has(id) && !stored.has(id))
  if (unknownId !== undefined) {
    throw new InputError(
      `${list.name} shows no id ${unknownId}, which ${name} names.`,
      list.paging?.kind === 'whole'
        ? 'Pass an id as that list shows it.'
        : 'Pass an id as that list shows it; one that only a filter brings up must have been listed with it in the last five minutes.',
    )
  }
  const values = requestedIds.flatMap((id) => {
    const row = rows.get(id) ?? {}
    const shown = fields.map((field) => row[field]).find((value) => typeof value === 'string' && value !== '')
    const value = shown ?? stored.get(id)
    return value === undefined ? [] : [[id, String(value)] as const]
  })
  if (values.length < requestedIds.length && !optional) {
    throw new InputError(
      `The rows of ${list.name} hold no ${fields[0]}, which ${name} has to send along.`,
      'This is a gap in what Qualys publishes: do it in the Qualys UI, and report it.',
    )
  }
  return new Map(values)
}

/**
 * Resolves the references of an operation and the secrets that it names. Throws an InputError for an unknown
 * one. `stored`: what the object that is changed shows of them.
 */
export async function resolveReferences(
  operation: Operation,
  input: Input,
  secrets: NamedSecrets,
  find: Find,
  stored: StoredReferences = {},
): Promise<Resolved> {
  const tables = new Map<string, ReadonlyMap<string, string>>()
  for (const [name, reference] of Object.entries(operation.references ?? {})) {
    tables.set(name, await lookUpReference(operation, reference, input, find, stored[name]))
  }
  return {
    secret: (name) => revealSecret(secrets, name),
    lookup: (reference, id) => tables.get(reference)?.get(id),
  }
}
