import type { Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { InputError } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import { flatten, segment } from '../replies/columns.ts'
import { absentNotes } from '../replies/unknown-column.ts'

type Fields = readonly string[]

const topLevelField = (field: string): string => field.split('.')[0] ?? field

/** True if later rows may have the field: Qualys documents it, and these rows do not contradict that. */
function mayAppear(
  field: string,
  { record, columns, fieldAliases }: Operation,
  rows: readonly Row[],
): boolean {
  const documented = Object.keys(record.shape).filter((name) => !fieldAliases?.has(name))
  if ([...documented, ...columns].includes(field)) return true
  if (columns.some((column) => column.startsWith(`${field}.`))) return true
  const top = topLevelField(field)
  return documented.includes(top) && !rows.some((row) => Object.hasOwn(row, top))
}

/** The selected fields, and those of them that rows have had. */
export class FieldSelection {
  readonly #fields: Fields | undefined
  readonly #cleanName: (name: string) => string
  readonly #found = new Set<string>()

  /** `fields`: dotted names as `cleanName` returns them. */
  constructor(fields: Fields | undefined, cleanName: (name: string) => string) {
    this.#fields = fields
    this.#cleanName = cleanName
  }

  /** The selected fields that rows have had so far. */
  get found(): Fields {
    return [...this.#found]
  }

  /** The selected fields of a row. */
  select(row: Row): Row {
    return this.#fields ? this.#selectFrom(row, '', this.#fields, this.#found) : row
  }

  /** The selected fields of an object, at any depth. Adds those that it has to `found`. */
  #selectFrom(object: Row, prefix: string, fields: Fields, found: Set<string>): Row {
    const selected = Object.entries(object).flatMap(([name, value]) => {
      const path = prefix + segment(this.#cleanName(name))
      const hasSelected = isObject(value) && fields.some((field) => field.startsWith(`${path}.`))
      const inner = hasSelected ? this.#selectFrom(value, `${path}.`, fields, found) : {}
      if (fields.includes(path)) {
        found.add(path)
        return [[name, value] as const]
      }
      return Object.keys(inner).length > 0 ? [[name, inner] as const] : []
    })
    return Object.fromEntries(selected)
  }

  /**
   * Throws an InputError if no row of the first batch has any of the fields. They are probably misspelled, and
   * the file would be empty.
   */
  rejectUnknown(operation: Operation, rows: readonly Row[]): void {
    const fields = this.#fields
    if (!fields || rows.length === 0 || fields.some((field) => mayAppear(field, operation, rows))) return
    const found = new Set<string>()
    for (const row of rows) {
      this.#selectFrom(row, '', fields, found)
      if (found.size > 0) return
    }
    const present = new Set(rows.flatMap((row) => Object.keys(flatten(row))))
    throw new InputError(absentNotes(operation, fields, [...present], 'No row').join(' '), '')
  }
}
