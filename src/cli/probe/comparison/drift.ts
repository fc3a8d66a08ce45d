import { closestMatch } from 'leven'
import type { z } from 'zod'
import type { Operation } from '../../../operations/operation.ts'
import { isObject } from '../../../shared/json.ts'
import type { Field } from '../recording/fields.ts'
import { type Kind, specimens } from '../recording/kinds.ts'
import { columnsOf, pathsOf } from '../recording/vocabulary.ts'

// Checks whether records of a recorded form can be read as declared. It tries made-up values of that form.

/** What differs between an operation's records and its declaration. */
export interface Drift {
  /** One sentence each. */
  readonly wrong: readonly string[]
  /** Declared fields that no row has, perhaps by chance. */
  readonly unseen: readonly string[]
  /** Fields that no declaration names. */
  readonly others: readonly string[]
}

type Forms = ReadonlyMap<string, Kind>

/** The names in a path; `[]` stands for the elements of a list. */
const partsOf = (path: string): string[] => path.replaceAll('[]', '.[]').split('.')

/** The most frequent kind of a field's values. */
function mainKind({ kinds }: Field): Kind {
  const [first] = Object.entries(kinds).sort(([, one], [, other]) => other - one)
  return (first?.[0] ?? 'null') as Kind
}

/** A record in which every field has the given kind; fields without one are left out. */
function specimen(fields: readonly Field[], forms: Forms): unknown {
  const whole: Record<string, unknown> = {}
  for (const { path } of fields) {
    const kind = forms.get(path)
    const parts = partsOf(path)
    const name = parts.pop() ?? ''
    const around = parts.reduce<unknown>(
      (at, part) =>
        Array.isArray(at) ? at[0] : isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined,
      whole,
    )
    if (kind === undefined || around === undefined) continue
    const value = kind === 'object' ? {} : kind === 'list' ? [] : specimens[kind]
    if (Array.isArray(around)) around.push(value)
    // A placeholder for hidden names cannot be read by its name either.
    else if (isObject(around) && name !== '__proto__') around[name] = value
  }
  return whole
}

const pathOf = ({ path }: z.core.$ZodIssue): string =>
  path
    .map((part) => (typeof part === 'number' ? '[]' : `.${String(part)}`))
    .join('')
    .slice(1)

/** The paths at which reading a record with these kinds fails. */
function failing({ record }: Operation, fields: readonly Field[], forms: Forms): string[] {
  return record.safeParse(specimen(fields, forms)).error?.issues.map(pathOf) ?? []
}

/** The name that the field may have now, as part of a sentence. */
function perhaps(path: string, others: readonly string[]): string {
  const near = closestMatch(path, [...others], { maxDistance: 3 })
  return near === undefined ? '' : `; it may be ${near} now`
}

/**
 * With fewer rows a field may be missing by chance: the limits with and without another field of a similar
 * name.
 */
const fewRows = 3
const someRows = 10

/** Compares the recorded fields of an operation's records with its declaration. */
export function driftOf(operation: Operation, fields: readonly Field[], rows: number): Drift {
  const known = pathsOf(operation)
  const there = new Set(fields.map(({ path }) => path))
  const isNew = (path: string): boolean =>
    !known.includes(path.replace(/(?:\[\])+$/, '')) && !known.some((one) => one.startsWith(`${path}.`))
  const strange = fields.map(({ path }) => path).filter(isNew)
  // Undeclared fields are read whatever their kind.
  const declared = fields.filter(({ path }) => !isNew(path))
  const others = strange.filter(
    (path) => !strange.some((one) => path.startsWith(`${one}.`) || path.startsWith(`${one}[]`)),
  )

  const usual: Forms = new Map(declared.map((field) => [field.path, mainKind(field)]))
  const failed = new Set(failing(operation, declared, usual))
  const missing = [...failed].filter((path) => !there.has(path))
  const retyped = declared.flatMap(({ path, kinds, present, of }) => {
    const odd = (Object.keys(kinds) as Kind[]).filter((kind) =>
      kind === usual.get(path)
        ? failed.has(path)
        : failing(operation, declared, new Map(usual).set(path, kind)).some((issue) => !failed.has(issue)),
    )
    const without = new Map(usual)
    without.delete(path)
    const needed = present < of && failing(operation, declared, without).includes(path)
    return [
      ...odd.map((kind) => `${path} is ${kind} in ${kinds[kind]} of ${present}`),
      ...(needed ? [`${path} is missing in ${of - present} of ${of}`] : []),
    ]
  })
  const columns = columnsOf(operation, operation.columns)
  const unseen = [...new Set([...columns, ...Object.keys(operation.record.shape)])].filter(
    (path) => !there.has(path) && !missing.includes(path),
  )
  const isLost = (path: string): boolean =>
    rows >= fewRows && (perhaps(path, others) !== '' || (rows >= someRows && columns.includes(path)))
  const lost = unseen.filter(isLost)
  return {
    wrong: [
      ...missing.map(
        (path) => `${path} is missing, which every documented sample has${perhaps(path, others)}`,
      ),
      ...lost.map((path) => `${path} is in none of ${rows} rows${perhaps(path, others)}`),
      ...retyped,
    ],
    unseen: unseen.filter((path) => !lost.includes(path)),
    others,
  }
}
