import { z } from 'zod'
import type { Operation } from '../../operations/operation.ts'
import { nameInSentence } from '../../operations/sentences.ts'
import { isObject } from '../../shared/json.ts'
import { comparable, type DocumentedField, documentedFields, unwrapSchema } from './documented-fields.ts'
import type { Drift } from './drift.ts'
import { hasValue, maxRenameLevels } from './unknown-fields.ts'

// The one place that decides when an unknown field is a documented one under a new name.

type Fields = Readonly<Record<string, unknown>>

/** No row that Qualys documents has as many fields that its page does not name. */
const maxUnknown = 100
/** A member of a taken object may have a new name, too. */
const maxRounds = 3

function valueAt(row: Fields, path: readonly string[]): unknown {
  let value: unknown = row
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/** The row with a value at a path. */
function withValueAt(row: Fields, [name = '', ...rest]: readonly string[], value: unknown): Fields {
  if (rest.length === 0) return { ...row, [name]: value }
  const inner = row[name]
  return { ...row, [name]: withValueAt(isObject(inner) ? inner : {}, rest, value) }
}

/** The row without what is at a path; an object that is empty then goes, too. */
function withoutValueAt(row: Fields, [name = '', ...rest]: readonly string[]): Fields {
  const { [name]: inner, ...others } = row
  if (rest.length === 0 || !isObject(inner)) return others
  const left = withoutValueAt(inner, rest)
  return Object.keys(left).length === 0 ? others : { ...row, [name]: left }
}

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.every((name, at) => path[at] === name)

/** A field that no page shows, over the rows of a batch. */
interface UnknownField {
  readonly path: readonly string[]
  /** The documented fields that it may be by its name: each accepts all its values. */
  readonly byWords: Set<DocumentedField>
  /** The same by the members of its values. */
  readonly byMembers: Set<DocumentedField>
  /** Fields that a row has beside it: it is none of them. */
  readonly beside: Set<DocumentedField>
  /** True if a row shows enough of these members. */
  isDistinctive: boolean
}

/** A documented field, and where the rows have it. */
interface Rename {
  readonly to: DocumentedField
  readonly from: readonly string[]
}

const accepts = ({ schema }: DocumentedField, value: unknown): boolean => z.safeParse(schema, value).success

/** True for an object of documented members alone. */
const hasMembersOf = ({ members }: DocumentedField, value: Fields): boolean =>
  Object.keys(value).every((name) => members?.has(name))

/** Two members, of which one has a value. */
const isDistinctive = (value: Fields): boolean =>
  Object.keys(value).length > 1 && Object.values(value).some(hasValue)

/** Collects the unknown fields of a batch, and which documented ones they may be. */
class UnknownFields {
  readonly #operation: Operation
  /** Names that are known though the record does not have them. */
  readonly #corrected: ReadonlySet<string>
  readonly #fields = new Map<string, UnknownField>()

  constructor(operation: Operation) {
    this.#operation = operation
    this.#corrected = new Set([...(operation.fieldAliases ?? [])].flat())
  }

  addRow(row: Fields): void {
    this.#addMembers(row, row, this.#operation.record, [])
  }

  /** Adds the members of an object that its page does not name. */
  #addMembers(row: Fields, object: Fields, schema: unknown, path: readonly string[]): void {
    const shape = schema instanceof z.ZodObject ? schema.shape : {}
    const isCorrected = (name: string): boolean => path.length === 0 && this.#corrected.has(name)
    for (const name of Object.keys(object)) {
      const value = object[name]
      if (!hasValue(value)) continue
      const isKnown = Object.hasOwn(shape, name)
      if (isKnown ? !isObject(value) : isCorrected(name)) continue
      const inner = isKnown ? unwrapSchema(shape[name]) : undefined
      const innerPath = [...path, name]
      if (!isKnown) this.#add(row, innerPath, value)
      if (isObject(value) && innerPath.length < maxRenameLevels)
        this.#addMembers(row, value, inner, innerPath)
    }
  }

  #add(row: Fields, path: readonly string[], value: unknown): void {
    const field = this.#fieldAt(path)
    if (!field) return
    const { byWords, byMembers, beside } = field
    for (const to of byWords) if (!accepts(to, value)) byWords.delete(to)
    if (!isObject(value)) byMembers.clear()
    else for (const to of byMembers) if (!hasMembersOf(to, value) || !accepts(to, value)) byMembers.delete(to)
    if (byMembers.size > 0 && isObject(value)) field.isDistinctive ||= isDistinctive(value)
    for (const to of [...byWords, ...byMembers]) if (hasValue(valueAt(row, to.path))) beside.add(to)
  }

  #fieldAt(path: readonly string[]): UnknownField | undefined {
    const key = path.join('\0')
    const before = this.#fields.get(key)
    if (before || this.#fields.size === maxUnknown) return before
    const { byWords, objects } = documentedFields(this.#operation)
    const field = {
      path,
      byWords: new Set(byWords.get(comparable(path))),
      byMembers: new Set(objects),
      beside: new Set<DocumentedField>(),
      isDistinctive: false,
    }
    this.#fields.set(key, field)
    return field
  }

  /** The renames that the shape leaves no doubt about. */
  renames(): readonly Rename[] {
    const found: Rename[] = []
    const fields = [...this.#fields.values()]
    const isTaken = (path: readonly string[]): boolean =>
      found.some(({ to, from }) => startsWith(path, to.path) || startsWith(path, from))
    for (const to of documentedFields(this.#operation).all) {
      if (isTaken(to.path)) continue
      const free = fields.filter(({ beside }) => !beside.has(to))
      const alike = free.filter(({ byWords }) => byWords.has(to))
      const shaped = free.filter(({ byMembers, isDistinctive }) => isDistinctive && byMembers.has(to))
      const [candidate, second] = alike.length > 0 ? alike : shaped
      if (!candidate || second || isTaken(candidate.path)) continue
      // Another documented field could claim it.
      if ((alike.length > 0 ? candidate.byWords : candidate.byMembers).size > 1) continue
      found.push({ to, from: candidate.path })
    }
    return found
  }
}

/** A longer name is not cut: half a secret is still a secret. */
function newNameInSentence(path: readonly string[]): string {
  const name = path.join('.')
  return name.length > 60 ? 'a longer name' : nameInSentence(name)
}

/** Moves what a row has under a new name to its documented one. */
function renamed(row: Fields, renames: readonly Rename[], onRename: (rename: Rename) => void): Fields {
  return renames.reduce((moved, rename) => {
    const value = valueAt(moved, rename.from)
    if (!hasValue(value)) return moved
    onRename(rename)
    return withValueAt(withoutValueAt(moved, rename.from), rename.to.path, value)
  }, row)
}

/**
 * The raw rows of a batch with the documented names of fields that Qualys renamed, where their shape leaves no doubt: in
 * every row that has it, the unknown field has the words of the documented name and a value that its schema accepts, or
 * it is an object of at least two documented members; no other unknown field could be it, it could be no other documented
 * one, and no row has both. Ids are never taken, and effects take nothing. Each one that is taken is named in `drift`.
 */
export function takeRenamed(
  operation: Operation,
  raws: readonly unknown[],
  drift: Drift,
): readonly unknown[] {
  if (operation.effect !== 'read') return raws
  let rows = raws
  for (let round = 0; round < maxRounds; round++) {
    const unknown = new UnknownFields(operation)
    for (const row of rows) if (isObject(row)) unknown.addRow(row)
    const renames = unknown.renames()
    if (renames.length === 0) break
    rows = rows.map((row) =>
      isObject(row)
        ? renamed(row, renames, ({ to, from }) => {
            drift.add(
              `${operation.name}: ${to.path.join('.')} (missing, taken from ${newNameInSentence(from)})`,
            )
          })
        : row,
    )
  }
  return rows
}
