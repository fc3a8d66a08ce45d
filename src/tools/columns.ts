import type { Operation } from '../operations/operation.ts'
import { isObject } from '../session/json.ts'
import type { Row } from '../session/record.ts'
import { oneLine } from '../session/untrusted.ts'

const deepest = 8

/** The name of a field as part of a column's: Qualys' own hold nothing but letters and digits. */
export function segment(name: string): string {
  // Nearly all names, of every row.
  if (/^[\w$@:-]{1,80}$/.test(name)) return name
  return oneLine(name, 80).replace(/[^\p{L}\p{N}_$@:-]/gu, '_') || '_'
}

/** Where values stand under names of which each is used once: fields that are written alike once cleaned are numbered. */
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

/** A record with its nested objects as dotted paths; lists, and what lies deeper than anything of Qualys, stay whole. */
export function flatten(record: Row): Row {
  const flat = new Flat()
  spread(record, flat, '', 1)
  return flat.row
}

/** A time as operations read it, in whole seconds. */
const timeOfDay = /^(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\dZ$/

/** The same without the seconds of its times, which cost more than they tell where nobody asked for them. */
export function toTheMinute(flat: Row): Row {
  const entries = Object.entries(flat).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.replace(timeOfDay, '$1Z') : value,
  ])
  return Object.assign(Object.create(null), Object.fromEntries(entries))
}

/** The columns of a page. */
export interface Columns {
  readonly names: readonly string[]
  /** What to say about them. */
  readonly note?: string
  /** True when the rows lack the usual fields. */
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

/** Some of the names, in no more than some hundred characters. */
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
  // A nested object may be asked for by its name: all of it is shown.
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
 * The columns to show of flattened rows. Defaults are a preference: when fewer than half of them occur, the page's
 * own first scalar fields take their place, so that a changed API still shows something.
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
  // The id says nothing about a row, so it does not count; nor does what comes in with time.
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
