import { closestMatch } from 'leven'
import type { z } from 'zod'
import type { Operation } from '../../../operations/operation.ts'
import { isObject } from '../../../shared/json.ts'
import type { Field } from '../recording/fields.ts'
import { examples, type Kind } from '../recording/kinds.ts'
import { columnsOf, pathsOf } from '../recording/vocabulary.ts'

// Checks whether records of a recorded form can be read as declared, with made-up values of that form.

/** What differs between an operation's records and its declaration. */
export interface Drift {
  /** One sentence per problem. */
  readonly problems: readonly string[]
  /** Declared fields that no row has, perhaps by chance. */
  readonly unseen: readonly string[]
  /** Fields that no declaration names. */
  readonly undeclared: readonly string[]
}

type KindByPath = ReadonlyMap<string, Kind>

/** The names in a path; `[]` stands for the elements of a list. */
const partsOf = (path: string): string[] => path.replaceAll('[]', '.[]').split('.')

/** The most frequent kind of a field's values. */
function mainKind({ kinds }: Field): Kind {
  const [first] = Object.entries(kinds).sort(([, one], [, other]) => other - one)
  return (first?.[0] ?? 'null') as Kind
}

/** A record in which every field has the given kind; fields without one are left out. */
function exampleRecord(fields: readonly Field[], kindByPath: KindByPath): unknown {
  const record: Record<string, unknown> = {}
  for (const { path } of fields) {
    const kind = kindByPath.get(path)
    const parts = partsOf(path)
    const name = parts.pop() ?? ''
    const parent = parts.reduce<unknown>(
      (node, part) =>
        Array.isArray(node) ? node[0] : isObject(node) && Object.hasOwn(node, part) ? node[part] : undefined,
      record,
    )
    if (kind === undefined || parent === undefined) continue
    const value = kind === 'object' ? {} : kind === 'list' ? [] : examples[kind]
    if (Array.isArray(parent)) parent.push(value)
    // `__proto__` would set the prototype. No declaration reads it, nor the placeholder for hidden names.
    else if (isObject(parent) && name !== '__proto__') parent[name] = value
  }
  return record
}

const pathOf = ({ path }: z.core.$ZodIssue): string =>
  path
    .map((part) => (typeof part === 'number' ? '[]' : `.${String(part)}`))
    .join('')
    .slice(1)

/** The paths at which reading a record with these kinds fails. */
function failingPaths({ record }: Operation, fields: readonly Field[], kindByPath: KindByPath): string[] {
  return record.safeParse(exampleRecord(fields, kindByPath)).error?.issues.map(pathOf) ?? []
}

/** The end of a sentence that names the field which may have replaced this one; empty if there is none. */
function renameHint(path: string, others: readonly string[]): string {
  const closest = closestMatch(path, [...others], { maxDistance: 3 })
  return closest === undefined ? '' : `; it may be ${closest} now`
}

/**
 * With fewer rows a field may be missing by chance: the limits with and without another field of a similar name.
 */
const minRowsWithHint = 3
const minRows = 10

/** Compares the recorded fields of an operation's records with its declaration. */
export function driftOf(operation: Operation, fields: readonly Field[], rows: number): Drift {
  const declaredPaths = pathsOf(operation)
  const present = new Set(fields.map(({ path }) => path))
  const isUndeclared = (path: string): boolean =>
    !declaredPaths.includes(path.replace(/(?:\[\])+$/, '')) &&
    !declaredPaths.some((other) => other.startsWith(`${path}.`))
  const undeclared = fields.map(({ path }) => path).filter(isUndeclared)
  // Undeclared fields are read whatever their kind.
  const declared = fields.filter(({ path }) => !isUndeclared(path))
  const topmost = undeclared.filter(
    (path) => !undeclared.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[]`)),
  )

  const mainKinds: KindByPath = new Map(declared.map((field) => [field.path, mainKind(field)]))
  const failed = new Set(failingPaths(operation, declared, mainKinds))
  const missing = [...failed].filter((path) => !present.has(path))
  const kindProblems = declared.flatMap(({ path, kinds, present: count, of }) => {
    const unreadable = (Object.keys(kinds) as Kind[]).filter((kind) =>
      kind === mainKinds.get(path)
        ? failed.has(path)
        : failingPaths(operation, declared, new Map(mainKinds).set(path, kind)).some(
            (issue) => !failed.has(issue),
          ),
    )
    const without = new Map(mainKinds)
    without.delete(path)
    const isRequired = count < of && failingPaths(operation, declared, without).includes(path)
    return [
      ...unreadable.map((kind) => `${path} is ${kind} in ${kinds[kind]} of ${count}`),
      ...(isRequired ? [`${path} is missing in ${of - count} of ${of}`] : []),
    ]
  })
  const columns = columnsOf(operation, operation.columns)
  const unseen = [...new Set([...columns, ...Object.keys(operation.record.shape)])].filter(
    (path) => !present.has(path) && !missing.includes(path),
  )
  const isLikelyGone = (path: string): boolean =>
    rows >= minRowsWithHint &&
    (renameHint(path, topmost) !== '' || (rows >= minRows && columns.includes(path)))
  const gone = unseen.filter(isLikelyGone)
  return {
    problems: [
      ...missing.map(
        (path) => `${path} is missing, which every documented sample has${renameHint(path, topmost)}`,
      ),
      ...gone.map((path) => `${path} is in none of ${rows} rows${renameHint(path, topmost)}`),
      ...kindProblems,
    ],
    unseen: unseen.filter((path) => !gone.includes(path)),
    undeclared: topmost,
  }
}
