import { time } from '../../../operations/fields.ts'
import type { Operation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine, safeText } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { cell, plainText } from '../../replies/cells.ts'

function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

/** Cuts an ISO 8601 time in UTC to the start of its bucket; a week starts on Monday. */
const buckets = {
  hour: (iso: string): string => `${iso.slice(0, 13)}:00Z`,
  day: (iso: string): string => iso.slice(0, 10),
  week: (iso: string): string => mondayOf(iso.slice(0, 10)),
  month: (iso: string): string => iso.slice(0, 7),
} as const

export const bucketNames = Object.keys(buckets) as (keyof typeof buckets)[]

/** A column to group by. */
export interface GroupKey {
  /** As written in the argument. */
  readonly label: string
  /** The column, without its bucket. */
  readonly name: string
  readonly bucket?: keyof typeof buckets
}

const bucketedLabel = new RegExp(`^(.+):(${bucketNames.join('|')})$`)

/** `created.dateTime:day` is the column `created.dateTime` by day. */
export function parseGroupKey(label: string): GroupKey {
  const [, name = label, bucket] = bucketedLabel.exec(label) ?? []
  return { label, name, ...(bucket !== undefined && { bucket: bucket as keyof typeof buckets }) }
}

/** Rows with the same values in every key. */
export interface Group {
  /** Empty if a row has no value. Safe to show in what `sorted` returns. */
  readonly values: readonly string[]
  count: number
}

type Tree = Map<string, Tree | Group>

/** Limits memory, however many rows are counted. */
const maxGroups = 10_000
/** Longer values count as equal if their first characters are equal. */
const maxValueLength = 200

/** A time in the form that operations return. Other times, and days that not every month has, are parsed. */
const isoTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T[\d:]{8}Z$/

function valueAt(row: Row, path: readonly string[]): unknown {
  let value: unknown = row
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/**
 * A function that reads the group value of a row: the word of a row filter, the text of a column, or the start
 * of a time bucket.
 */
function valueReader(operation: Operation, { name, bucket }: GroupKey, redact: Redact): (row: Row) => string {
  const path = name.split('.')
  if (bucket !== undefined) {
    // Cached, since consecutive rows are mostly of the same hour.
    let [hour, bucketStart] = ['', '']
    return (row) => {
      const value = valueAt(row, path)
      const iso = typeof value === 'string' && isoTime.test(value) ? value : time.safeParse(value).data
      if (iso === undefined) return ''
      if (iso.slice(0, 13) !== hour) [hour, bucketStart] = [iso.slice(0, 13), buckets[bucket](iso)]
      return bucketStart
    }
  }
  const filters = Object.entries(operation.rowFilters?.[name] ?? {})
  if (filters.length > 0) return (row) => filters.find(([, matches]) => matches(row))?.[0] ?? ''
  return (row) => {
    const value = valueAt(row, path)
    const text = typeof value === 'string' ? value : plainText(value)
    // Redacted before clipping: half a secret is still a secret.
    return text.length > maxValueLength ? oneLine(redact(safeText(redact(text))), maxValueLength) : text
  }
}

/** Counts rows by the values of some columns. */
export class Groups {
  readonly keys: readonly GroupKey[]
  readonly #redact: Redact
  readonly #readers: readonly ((row: Row) => string)[]
  /** By the first value, then by the next. */
  readonly #tree: Tree = new Map()
  readonly #groups: Group[] = []
  #rows = 0

  constructor(operation: Operation, keys: readonly GroupKey[], redact: Redact) {
    this.keys = keys
    this.#redact = redact
    this.#readers = keys.map((key) => valueReader(operation, key, redact))
  }

  get rows(): number {
    return this.#rows
  }

  add(row: Row): void {
    this.#rows++
    if (this.keys.length === 0) return
    const values = this.#readers.map((read) => read(row))
    let branch = this.#tree
    let group: Group | undefined
    for (const [index, value] of values.entries()) {
      const next = branch.get(value)
      if (next instanceof Map) branch = next
      else if (next) group = next
      else if (index < values.length - 1) {
        const subtree: Tree = new Map()
        branch.set(value, subtree)
        branch = subtree
      }
    }
    if (group) group.count++
    else branch.set(values.at(-1) ?? '', this.#createGroup(values))
  }

  #createGroup(values: readonly string[]): Group {
    if (this.#groups.length === maxGroups)
      throw new InputError(
        `${this.keys.map(({ label }) => label).join(', ')}: more than ${formatNumber(maxGroups)} different groups.`,
        'Group by a column with fewer values, cut a time down with :day, :week or :month, or narrow the search.',
      )
    const group = { values, count: 1 }
    this.#groups.push(group)
    return group
  }

  /** Largest groups first; with a time bucket, latest first. */
  sorted(): Group[] {
    const byTime = this.keys.findIndex(({ bucket }) => bucket !== undefined)
    const timeOf = ({ values }: Group): string => (byTime === -1 ? '' : (values[byTime] ?? ''))
    const joinedValues = ({ values }: Group): string => values.join('\n')
    const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
    return this.#safeGroups().sort(
      (a, b) =>
        compareText(timeOf(b), timeOf(a)) ||
        b.count - a.count ||
        compareText(joinedValues(a), joinedValues(b)),
    )
  }

  /** The groups with values that are safe to show. Merges groups that are then the same. */
  #safeGroups(): Group[] {
    const merged = new Map<string, Group>()
    for (const { values, count } of this.#groups) {
      const safe = values.map((value) => cell(this.#redact(safeText(this.#redact(value))), maxValueLength))
      const key = JSON.stringify(safe)
      const group = merged.get(key)
      if (group) group.count += count
      else merged.set(key, { values: safe, count })
    }
    return [...merged.values()]
  }
}
