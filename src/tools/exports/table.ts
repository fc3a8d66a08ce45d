import { z } from 'zod'
import type { Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { unwrapSchema } from '../../session/records/documented-fields.ts'
import { isNothing, isObject } from '../../shared/json.ts'
import { columnNames, flatten, maxDepth, segment } from '../replies/columns.ts'
import { cellOf, recordOf } from './csv.ts'

/** Maximum number of columns; further fields go into the last column. */
const maxColumns = 500

/** The last column: as JSON what has no column of its own. */
const lastColumn = 'other'

/** A field at its place: its column, and the fields in it. */
interface Place {
  readonly path: string
  column?: number
  readonly inner: Map<string, Place>
}

/** The documented columns of a record: those of objects in it have dotted names. */
function documentedColumns({ shape }: z.ZodObject, prefix = ''): string[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const inner = objectIn(schema)
    return inner ? documentedColumns(inner, `${prefix}${name}.`) : [prefix + name]
  })
}

function objectIn(schema: unknown): z.ZodObject | undefined {
  const inner = unwrapSchema(schema)
  return inner instanceof z.ZodObject && Object.keys(inner.shape).length > 0 ? inner : undefined
}

/** The columns that are known before the first row, in their order: the usual ones first. */
function knownColumns({ record, columns, fieldAliases }: Operation): string[] {
  const documented = documentedColumns(record).map((name) => fieldAliases?.get(name) ?? name)
  return [...new Set([...columns.filter((name) => name !== '*'), ...documented])]
}

/**
 * The table of a CSV file. Its columns are the documented ones and those of the first rows, or the selected ones. What
 * appears in later rows stands in the last column, so that each row is written once.
 */
export class Table {
  /** The names in the header. */
  readonly names: readonly string[]
  readonly #root: Place = { path: '', inner: new Map() }
  readonly #columns = new Map<string, number>()
  /** False if each cell of a row has its column. */
  readonly #hasLast: boolean

  constructor(operation: Operation, selected: readonly string[] | undefined, firstRows: readonly Row[]) {
    const there = columnNames(firstRows.map(flatten))
    const isObjectThere = (name: string): boolean => there.some((column) => column.startsWith(`${name}.`))
    const known = selected ?? knownColumns(operation)
    // A documented field that is an object here has its own columns, unless it is none in other rows.
    const leaves = known.filter((name) => !isObjectThere(name) || there.includes(name))
    const all = [...new Set([...leaves, ...there])]
    const ranks = new Map(all.map((name) => [name, rankIn(known, name)]))
    const sorted = all.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
    const columns = sorted.slice(0, maxColumns)
    this.#hasLast =
      !selected || sorted.length > maxColumns || columns.some((name) => !selected.includes(name))
    this.names = this.#hasLast ? [...columns, uniqueName(lastColumn, columns)] : columns
    for (const [at, name] of columns.entries()) this.#add(name, at)
  }

  /** The first line of the file. */
  get header(): string {
    return recordOf(this.names.map(cellOf))
  }

  /** The line of a row. */
  lineOf(row: Row): string {
    const cells: (string | undefined)[] = new Array(this.names.length).fill(undefined)
    const others: Record<string, unknown> = Object.create(null)
    if (!this.#fill(cells, others, this.#root, row, 1)) return this.#lineOfFlat(flatten(row))
    return this.#lineWith(cells, others)
  }

  #lineWith(cells: (string | undefined)[], others: Row): string {
    for (const _ in others) {
      cells[cells.length - 1] = cellOf(others)
      break
    }
    return recordOf(cells.map((cell) => cell ?? ''))
  }

  /** Fills the cells of an object. False if two of its fields have the same column. */
  #fill(
    cells: (string | undefined)[],
    others: Record<string, unknown>,
    place: Place,
    object: Row,
    depth: number,
  ): boolean {
    for (const name of Object.keys(object)) {
      const value = object[name]
      if (isNothing(value)) continue
      const inner = place.inner.get(name) ?? place.inner.get(segment(name))
      if (isObject(value) && depth < maxDepth && (inner?.column === undefined || inner.inner.size > 0)) {
        const next = inner ?? { path: pathOf(place, name), inner: new Map() }
        if (!this.#fill(cells, others, next, value, depth + 1)) return false
      } else if (inner?.column !== undefined) {
        if (cells[inner.column] !== undefined) return false
        cells[inner.column] = cellOf(value)
      } else {
        const path = inner?.path ?? pathOf(place, name)
        if (path in others) return false
        others[path] = value
      }
    }
    return true
  }

  /** The line of a row with fields whose names are equal when cleaned: they have numbers. */
  #lineOfFlat(flat: Row): string {
    const cells: (string | undefined)[] = new Array(this.names.length).fill(undefined)
    const others: Record<string, unknown> = Object.create(null)
    for (const [name, value] of Object.entries(flat)) {
      const column = this.#columns.get(name)
      if (column !== undefined) cells[column] = cellOf(value)
      else if (!isNothing(value)) others[name] = value
    }
    return this.#lineWith(cells, others)
  }

  #add(name: string, column: number): void {
    this.#columns.set(name, column)
    let place = this.#root
    for (const part of name.split('.')) {
      const inner: Place = place.inner.get(part) ?? { path: pathOf(place, part), inner: new Map() }
      place.inner.set(part, inner)
      place = inner
    }
    place.column = column
  }
}

/** The place of a column among the known ones: its own, or that of the object it is in. */
function rankIn(known: readonly string[], name: string): number {
  const rank = known.findIndex((field) => name === field || name.startsWith(`${field}.`))
  if (rank >= 0) return rank
  const object = name.split('.', 1)[0] ?? name
  const beside = known.findLastIndex((field) => field.startsWith(`${object}.`))
  return beside < 0 ? known.length : beside
}

const pathOf = ({ path }: Place, name: string): string =>
  path === '' ? segment(name) : `${path}.${segment(name)}`

function uniqueName(name: string, others: readonly string[]): string {
  for (let count = 1; ; count++) {
    const unique = count === 1 ? name : `${name}_${count}`
    if (!others.includes(unique)) return unique
  }
}
