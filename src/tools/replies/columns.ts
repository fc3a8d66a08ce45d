import type { Row } from '../../session/answer.ts'
import { texts } from '../../shared/format.ts'
import { isObject } from '../../shared/json.ts'
import { oneLine } from '../../shared/safe-text.ts'
import { idsAsText } from './ids.ts'
import type { ListColumns } from './known-columns.ts'
import { absentNotes } from './unknown-column.ts'

/** Objects within each other of which each field has a column. */
export const maxDepth = 8

/**
 * A field name as part of a column name: letters, digits and a few signs. Qualys' own names have only letters
 * and digits.
 */
export function segment(name: string): string {
  // Fast path: nearly all names match, and this runs for every field of every row.
  if (/^[\w$@:-]{1,80}$/.test(name)) return name
  return oneLine(name, 80).replace(/[^\p{L}\p{N}_$@:-]/gu, '_') || '_'
}

/** Collects values under unique names: fields whose names become equal when cleaned get numbers. */
class FlatRowBuilder {
  readonly row: Record<string, unknown> = Object.create(null)
  readonly #counts = new Map<string, number>()

  add(name: string, value: unknown): void {
    const count = this.#counts.get(name) ?? 0
    this.#counts.set(name, count + 1)
    const uniqueName = count === 0 ? name : `${name}_${count + 1}`
    if (uniqueName in this.row) this.add(uniqueName, value)
    else this.row[uniqueName] = value
  }
}

function flattenInto(record: Row, flat: FlatRowBuilder, prefix: string, depth: number): void {
  for (const [name, value] of Object.entries(record)) {
    const path = prefix + segment(name)
    if (isObject(value) && depth < maxDepth) flattenInto(value, flat, `${path}.`, depth + 1)
    else flat.add(path, value)
  }
}

/** Flattens nested objects to dotted paths. Lists and objects below the maximum depth are kept whole. */
export function flatten(record: Row): Row {
  const flat = new FlatRowBuilder()
  flattenInto(record, flat, '', 1)
  return flat.row
}

/** A flattened row of a reply: its ids are text. */
export const replyRow = (record: Row): Row => flatten(idsAsText(record))

/** A time in whole seconds, the form that operations return. */
const timeToSecond = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\dZ$/

/**
 * The row with its times to the minute: seconds cost more tokens than they are worth if no fields were
 * selected.
 */
export function truncateToMinute(flat: Row): Row {
  const entries = Object.entries(flat).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replace(timeToSecond, '$1Z') : value,
  ])
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

/** The columns of a table. */
export interface Columns {
  readonly names: readonly string[]
  /** A note about them for the reader. */
  readonly note?: string
  /** True if the rows lack the usual fields. */
  readonly hasDrifted: boolean
}

const fallbackColumnCount = 8
const isScalar = (value: unknown): boolean =>
  typeof value !== 'object' && value !== undefined && value !== null

export function columnNames(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))]
}

/** The requested columns that rows have; without rows, all of them; the default ones if rows have none of them. */
function selectColumns(rows: readonly Row[], operation: ListColumns, fields: readonly string[]): Columns {
  const present = columnNames(rows)
  if (fields.includes('*')) return { names: present, hasDrifted: false }
  // The name of a nested object selects all its fields.
  const selected = fields
    .map((field) => field.split('.').map(segment).join('.'))
    .flatMap((field) => {
      const inside = present.filter((name) => name.startsWith(`${field}.`))
      return present.includes(field) || inside.length === 0 ? [field] : inside
    })
  const requested = [...new Set(selected)]
  if (rows.length === 0) return { names: requested, hasDrifted: false }
  const names = requested.filter((name) => present.includes(name))
  const absent = requested.filter((name) => !present.includes(name))
  const notes = absentNotes(operation, absent, present, 'No row here')
  const usual = names.length === 0 ? chooseColumns(rows, operation, undefined) : { names, hasDrifted: false }
  const note = texts(notes, usual.note).join(' ')
  return { ...usual, ...(note !== '' && { note }) }
}

/**
 * The columns to show of flattened rows. If fewer than half of the default columns occur, the first scalar
 * fields of the page replace them, so that a changed API still shows something.
 */
export function chooseColumns(
  rows: readonly Row[],
  operation: ListColumns,
  fields: readonly string[] | undefined,
): Columns {
  const { name, columns: defaults, possibleColumns = [], filterFields = [] } = operation
  if (fields !== undefined || defaults.includes('*'))
    return selectColumns(rows, operation, fields ?? defaults)
  const present = columnNames(rows)
  const presentDefaults = [
    ...defaults.filter((name) => present.includes(name)),
    ...possibleColumns
      .filter(
        ({ name, insteadOf }) =>
          present.includes(name) && !(insteadOf !== undefined && present.includes(insteadOf)),
      )
      .map(({ name }) => name),
  ]
  // Not counted: the id, which says nothing about a row, and fields that Qualys fills in later.
  const isSignificant = (name: string): boolean =>
    name !== 'id' && !filterFields.includes(name.split('.')[0] ?? name)
  const countSignificant = (names: readonly string[]): number => names.filter(isSignificant).length
  if (rows.length === 0 || countSignificant(presentDefaults) * 2 >= countSignificant(defaults))
    return { names: presentDefaults, hasDrifted: false }
  const scalars = present.filter((name) => rows.some((row) => isScalar(row[name])))
  return {
    names: [...new Set([...presentDefaults, ...scalars])].slice(0, fallbackColumnCount),
    hasDrifted: true,
    note: `Qualys' rows${name === undefined ? '' : ` in ${name}`} lack the usual fields (${defaults.filter((name) => !presentDefaults.includes(name)).join(', ')}): shown is what they have.`,
  }
}
