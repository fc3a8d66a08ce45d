import { closestMatch } from 'leven'
import type { Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { InputError } from '../../shared/errors.ts'
import { isObject } from '../../shared/json.ts'
import { quoted } from '../replies/cells.ts'
import { chooseColumns, flatten, segment } from '../replies/columns.ts'

type Fields = readonly string[]

const topOf = (field: string): string => field.split('.')[0] ?? field

/**
 * Keeps the selected fields of a row, at any depth, by the dotted names that they have once cleaned. Adds the
 * fields found to `seen`.
 */
function pickedOf(row: Row, fields: Fields, nameOf: (name: string) => string, seen: Set<string>): Row {
  const inside = (one: Row, prefix: string): Row => {
    const kept = Object.entries(one).flatMap(([name, value]) => {
      const path = prefix + segment(nameOf(name))
      const deeper = isObject(value) && fields.some((field) => field.startsWith(`${path}.`))
      const inner = deeper ? inside(value, `${path}.`) : {}
      if (fields.includes(path)) {
        seen.add(path)
        return [[name, value] as const]
      }
      return Object.keys(inner).length > 0 ? [[name, inner] as const] : []
    })
    return Object.fromEntries(kept)
  }
  return inside(row, '')
}

/** True if later rows may have the field: Qualys documents it, and these rows do not contradict that. */
function mayCome(field: string, { record, columns, mend }: Operation, rows: readonly Row[]): boolean {
  const tops = Object.keys(record.shape).filter((name) => !mend?.has(name))
  if ([...tops, ...columns].includes(field)) return true
  if (columns.some((column) => column.startsWith(`${field}.`))) return true
  const top = topOf(field)
  return tops.includes(top) && !rows.some((row) => Object.hasOwn(row, top))
}

/** The selected fields, and those of them that rows have had. */
export class Asked {
  readonly #fields: Fields | undefined
  readonly #nameOf: (name: string) => string
  readonly #seen: Set<string>

  /** `nameOf` cleans a field name; `seen` are the fields found before the export was interrupted. */
  constructor(fields: Fields | undefined, nameOf: (name: string) => string, seen: Fields) {
    this.#fields = fields
    this.#nameOf = nameOf
    this.#seen = new Set(seen)
  }

  /** The selected fields that rows have had so far. */
  get seen(): Fields {
    return [...this.#seen]
  }

  /** The selected fields of a row. */
  pick(row: Row): Row {
    return this.#fields ? pickedOf(row, this.#fields, this.#nameOf, this.#seen) : row
  }

  /**
   * Throws if no row of the first batch has any of the fields: they are probably misspelled, and the file
   * would be empty.
   */
  refuseUnknown(operation: Operation, rows: readonly Row[]): void {
    const fields = this.#fields
    if (!fields || rows.length === 0 || fields.some((field) => mayCome(field, operation, rows))) return
    const found = new Set<string>()
    for (const row of rows) {
      pickedOf(row, fields, this.#nameOf, found)
      if (found.size > 0) return
    }
    const flats = rows.map((row) => flatten(row))
    const { note = '' } = chooseColumns(flats, { columns: [] }, fields)
    const names = [...new Set(flats.flatMap((flat) => Object.keys(flat)))]
    const near = fields.flatMap(
      (field) =>
        closestMatch(field, [...names, ...names.map(topOf)], {
          maxDistance: Math.max(2, Math.floor(field.length / 3)),
        }) ?? [],
    )
    const said = [...new Set(near)].slice(0, 5).map((name) => quoted(name, 80))
    throw new InputError(note, said.length > 0 ? `Did you mean ${said.join(', ')}?` : 'Name fields of these.')
  }
}
