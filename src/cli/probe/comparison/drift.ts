import type { z } from 'zod'
import type { Operation } from '../../../operations/operation.ts'
import { counted } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import type { Field, Form } from '../recording/form.ts'
import { examples, type Kind } from '../recording/kinds.ts'
import { columnsOf, joinPath, knownFields, splitPath } from '../recording/known-fields.ts'

// Checks whether records of a recorded form can be read as declared, with made-up values of that form.

/** What differs between an operation's records and its declaration. */
export interface Drift {
  /** One sentence per problem. */
  readonly problems: readonly string[]
  /** Declared fields that no row has, perhaps by chance. */
  readonly unseen: readonly string[]
}

type KindByPath = ReadonlyMap<string, Kind>

/** The most frequent kind of a field's values. */
function mainKind({ kinds }: Field): Kind {
  const [first] = Object.entries(kinds).sort(([, one], [, other]) => other - one)
  return (first?.[0] ?? 'null') as Kind
}

/** A record in which every field has the given kind. */
function exampleRecord(kindByPath: KindByPath): unknown {
  const values = new Map<string, unknown>([['', {}]])
  for (const [path, kind] of kindByPath) {
    const [parentPath, name] = splitPath(path)
    const parent = values.get(parentPath)
    const value = structuredClone(examples[kind])
    if (Array.isArray(parent) && name === '[]') parent.push(value)
    else if (isObject(parent) && name !== '[]') parent[name] = value
    values.set(path, value)
  }
  return values.get('')
}

const pathOf = ({ path }: z.core.$ZodIssue): string =>
  path.reduce<string>((parent, part) => joinPath(parent, typeof part === 'number' ? '[]' : String(part)), '')

/** The paths at which reading a record with these kinds fails. */
const failingPaths = ({ record }: Operation, kindByPath: KindByPath): string[] =>
  record.safeParse(exampleRecord(kindByPath)).error?.issues.map(pathOf) ?? []

/** With fewer rows a field may be missing by chance. */
const minRows = 10

/** Compares the recorded fields of an operation's records with its declaration. */
export function driftOf(operation: Operation, { fields, unknown }: Form, rows: number): Drift {
  const known = knownFields(operation).flatMap((path) => {
    const field = fields[path]
    return field ? [[path, field] as const] : []
  })
  const mainKinds: KindByPath = new Map(known.map(([path, field]) => [path, mainKind(field)]))
  const failed = new Set(failingPaths(operation, mainKinds))
  const missing = [...failed].filter((path) => !mainKinds.has(path))
  const kindProblems = known.flatMap(([path, { kinds, present, of }]) => {
    const unreadable = (Object.keys(kinds) as Kind[]).filter((kind) =>
      kind === mainKinds.get(path)
        ? failed.has(path)
        : failingPaths(operation, new Map(mainKinds).set(path, kind)).some((issue) => !failed.has(issue)),
    )
    const without = new Map(mainKinds)
    without.delete(path)
    const isRequired = present < of && failingPaths(operation, without).includes(path)
    return [
      ...unreadable.map((kind) => `${path} is ${kind} in ${kinds[kind]} of ${present}`),
      ...(isRequired ? [`${path} is missing in ${of - present} of ${of}`] : []),
    ]
  })
  const columns = columnsOf(operation, operation.columns)
  const unseen = [...new Set([...columns, ...Object.keys(operation.record.shape)])].filter(
    (path) => !mainKinds.has(path) && !missing.includes(path),
  )
  const isGone = (path: string): boolean => rows >= minRows && columns.includes(path)
  const renameHint = unknown > 0 ? `; ${counted(unknown, 'unknown field')} may hold it` : ''
  return {
    problems: [
      ...missing.map((path) => `${path} is missing, which every documented sample has${renameHint}`),
      ...unseen.filter(isGone).map((path) => `${path} is in none of ${rows} rows${renameHint}`),
      ...kindProblems,
    ],
    unseen: unseen.filter((path) => !isGone(path)),
  }
}
