import type { Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { isObject } from '../../shared/json.ts'
import { oneLine } from '../../shared/safe-text.ts'

const deepest = 8

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
class Flat {
  readonly row: Record<string, unknown> = Object.create(null)
  readonly #used = new Map<string, number>()

  put(name: string, value: unknown): void {
    const used = this.#used.get(name) ?? 0
    this.#used.set(name, used + 1)
    const own = used === 0 ? name : `${name}_${used + 1}`
    if (own in this.row) this.put(own, value)
    else this.row[own] = value
  }
}

function spread(record: Row, flat: Flat, prefix: string, depth: number): void {
  for (const [name, value] of Object.entries(record)) {
    const path = prefix + segment(name)
    if (isObject(value) && depth < deepest) spread(value, flat, `${path}.`, depth + 1)
    else flat.put(path, value)
  }
}

/** Flattens nested objects to dotted paths. Lists and objects below the maximum depth are kept whole. */
export function flatten(record: Row): Row {
  const flat = new Flat()
  spread(record, flat, '', 1)
  return flat.row
}

/** A time in whole seconds, the form that operations return. */
const timeOfDay = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\dZ$/

/**
 * The row with its times to the minute: seconds cost more tokens than they are worth if no fields were
 * selected.
 */
export function toTheMinute(flat: Row): Row {
  const entries = Object.entries(flat).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replace(timeOfDay, '$1Z') : value,
  ])
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

export interface Columns {
  readonly names: readonly string[]
  /** A note about them for the reader. */
  readonly note?: string
  /** True if the rows lack the usual fields. */
  readonly drifted: boolean
}

const fallbackColumns = 8
const mostNamed = 30
const longestNamed = 500
const isScalar = (value: unknown): boolean =>
  typeof value !== 'object' && value !== undefined && value !== null

function occurring(rows: readonly Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))]
}

/** Joins as many of the names as fit a few hundred characters. */
function named(names: readonly string[]): string {
  let used = 0
  const over = names.findIndex((name, at) => {
    used += name.length + 2
    return at >= mostNamed || (at > 0 && used > longestNamed)
  })
  const some = over === -1 ? names : names.slice(0, over)
  const rest = names.length - some.length
  return [...some, ...(rest > 0 ? [`${rest.toLocaleString('en')} more`] : [])].join(', ')
}

function chosen(rows: readonly Row[], fields: readonly string[]): Columns {
  const present = occurring(rows)
  if (fields.includes('*')) return { names: present, drifted: false }
  // The name of a nested object selects all its fields.
  const wanted = fields
    .map((field) => field.split('.').map(segment).join('.'))
    .flatMap((field) => {
      const inside = present.filter((name) => name.startsWith(`${field}.`))
      return present.includes(field) || inside.length === 0 ? [field] : inside
    })
  const names = [...new Set(wanted)]
  const absent = names.filter((name) => rows.length > 0 && !present.includes(name))
  return {
    names,
    drifted: false,
    ...(absent.length > 0 && { note: `No row here has ${named(absent)}; there is: ${named(present)}.` }),
  }
}

/**
 * The columns to show of flattened rows. If fewer than half of the default columns occur, the first scalar
 * fields of the page replace them, so that a changed API still shows something.
 */
export function chooseColumns(
  rows: readonly Row[],
  {
    name,
    columns: defaults,
    testedFields = [],
  }: Pick<Operation, 'columns' | 'testedFields'> & Partial<Pick<Operation, 'name'>>,
  fields: readonly string[] | undefined,
): Columns {
  if (fields !== undefined || defaults.includes('*')) return chosen(rows, fields ?? defaults)
  const present = occurring(rows)
  const usual = defaults.filter((name) => present.includes(name))
  // Not counted: the id, which says nothing about a row, and fields that Qualys fills in later.
  const isTelling = (name: string): boolean =>
    name !== 'id' && !testedFields.includes(name.split('.')[0] ?? name)
  const telling = (names: readonly string[]): number => names.filter(isTelling).length
  if (rows.length === 0 || telling(usual) * 2 >= telling(defaults)) return { names: usual, drifted: false }
  const scalars = present.filter((name) => rows.some((row) => isScalar(row[name])))
  return {
    names: [...new Set([...usual, ...scalars])].slice(0, fallbackColumns),
    drifted: true,
    note: `Qualys' rows${name === undefined ? '' : ` in ${name}`} lack the usual fields (${defaults.filter((name) => !usual.includes(name)).join(', ')}): shown is what they have.`,
  }
}
