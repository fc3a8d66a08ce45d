import type { z } from 'zod'
import type { Operation } from '../../../operations/operation.ts'
import { counted } from '../../../shared/format.ts'
import type { Form } from '../recording/form.ts'
import { examples, type Kind } from '../recording/kinds.ts'
import { columnsOf, knownFields } from '../recording/known-fields.ts'

/** What differs between an operation's records and its declaration. */
export interface Drift {
  /** One sentence per problem. */
  readonly problems: readonly string[]
  /** Declared fields that no row has, perhaps by chance. */
  readonly unseen: readonly string[]
}

/** True if the issue is about a field inside the value, at least for one choice of a union. */
const isInside = (issue: z.core.$ZodIssue): boolean =>
  issue.path.length > 0 ||
  (issue.code === 'invalid_union' && issue.errors.some((choice) => choice.every(isInside)))

/** True if a schema can read the value, whatever is inside it. */
const accepts = (schema: z.ZodType | undefined, value: unknown): boolean =>
  schema?.safeParse(value).error?.issues.every(isInside) ?? true

/** With fewer rows a field may be missing by chance. */
const minRows = 10

/** Compares the recorded fields of an operation's records with its declaration, with made-up values. */
export function driftOf(operation: Operation, { fields, unknown }: Form, rows: number): Drift {
  const known = knownFields(operation)
  const occurs = (parent: string): boolean => parent === '' || (fields[parent]?.kinds.object ?? 0) > 0
  const isRequired = ({ name, schema }: (typeof known)[number]): boolean =>
    name !== '[]' && !accepts(schema, undefined)
  const missing = known.filter((field) => !fields[field.path] && isRequired(field) && occurs(field.parent))
  const missingPaths = missing.map(({ path }) => path)
  const kindProblems = known.flatMap((field) => {
    const { path, schema } = field
    const { present = 0, of = 0, kinds = {} } = fields[path] ?? {}
    const unreadable = (Object.keys(kinds) as Kind[]).filter((kind) => !accepts(schema, examples[kind]))
    return [
      ...unreadable.map((kind) => `${path} is ${kind} in ${kinds[kind]} of ${present}`),
      ...(present < of && isRequired(field) ? [`${path} is missing in ${of - present} of ${of}`] : []),
    ]
  })
  const columns = columnsOf(operation, operation.columns)
  const unseen = [...new Set([...columns, ...Object.keys(operation.record.shape)])].filter(
    (path) => !fields[path] && !missingPaths.includes(path),
  )
  const isGone = (path: string): boolean => rows >= minRows && columns.includes(path)
  const renameHint = unknown > 0 ? `; ${counted(unknown, 'unknown field')} may hold it` : ''
  return {
    problems: [
      ...missingPaths.map((path) => `${path} is missing, which every documented sample has${renameHint}`),
      ...unseen.filter(isGone).map((path) => `${path} is in none of ${rows} rows${renameHint}`),
      ...kindProblems,
    ],
    unseen: unseen.filter((path) => !isGone(path)),
  }
}
