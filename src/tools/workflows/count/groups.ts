import { time } from '../../../operations/fields.ts'
import type { Operation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine, safeText } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { cell, plain } from '../../replies/cells.ts'

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
export interface Key {
  /** As written in the argument. */
  readonly label: string
  /** The column, without its bucket. */
  readonly name: string
  readonly bucket?: keyof typeof buckets
}

const labelled = new RegExp(`^(.+):(${bucketNames.join('|')})$`)

/** `created.dateTime:day` is the column `created.dateTime` by day. */
export function keyOf(label: string): Key {
  const [, name = label, bucket] = labelled.exec(label) ?? []
  return { label, name, ...(bucket !== undefined && { bucket: bucket as keyof typeof buckets }) }
}

/** Rows with the same values in every key. */
export interface Group {
  /** Safe to show; empty if a row has no value. */
  readonly values: readonly string[]
  count: number
}

type Tree = Map<string, Tree | Group>

/** Limits memory, however many rows are counted. */
const mostGroups = 10_000
/** Longer values count as equal if their first characters are equal. */
const longestValue = 200

/** A time in the form that operations return, on a day that every month has. */
const read = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T[\d:]{8}Z$/

function valueAt(row: Row, path: readonly string[]): unknown {
  let value: unknown = row
  for (const name of path) value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  return value
}

/**
 * Reads the group value of a row: the word of a row filter, the text of a column, or the start of a time
 * bucket.
 */
function reader(operation: Operation, { name, bucket }: Key, redact: Redact): (row: Row) => string {
  const path = name.split('.')
  if (bucket !== undefined) {
    // Cached, since consecutive rows are mostly of the same hour.
    let [hour, begin] = ['', '']
    return (row) => {
      const value = valueAt(row, path)
      const iso = typeof value === 'string' && read.test(value) ? value : time.safeParse(value).data
      if (iso === undefined) return ''
      if (iso.slice(0, 13) !== hour) [hour, begin] = [iso.slice(0, 13), buckets[bucket](iso)]
      return begin
    }
  }
  const tests = Object.entries(operation.rowTests?.[name] ?? {})
  if (tests.length > 0) return (row) => tests.find(([, test]) => test(row))?.[0] ?? ''
  return (row) => {
    const value = valueAt(row, path)
    const text = typeof value === 'string' ? value : plain(value)
    // Redacted before clipping: half a secret is still a secret.
    return text.length > longestValue ? oneLine(redact(safeText(redact(text))), longestValue) : text
  }
}

/** Counts rows by the values of some columns. */
export class Groups {
  readonly keys: readonly Key[]
  readonly #redact: Redact
  readonly #read: readonly ((row: Row) => string)[]
  /** By the first value, then by the next. */
  readonly #tree: Tree = new Map()
  readonly #groups: Group[] = []
  #rows = 0

  constructor(operation: Operation, keys: readonly Key[], redact: Redact) {
    this.keys = keys
    this.#redact = redact
    this.#read = keys.map((key) => reader(operation, key, redact))
  }

  get rows(): number {
    return this.#rows
  }

  add(row: Row): void {
    this.#rows++
    if (this.keys.length === 0) return
    const values = this.#read.map((read) => read(row))
    let branch = this.#tree
    let group: Group | undefined
    for (const [at, value] of values.entries()) {
      const next = branch.get(value)
      if (next instanceof Map) branch = next
      else if (next) group = next
      else if (at < values.length - 1) {
        const fresh: Tree = new Map()
        branch.set(value, fresh)
        branch = fresh
      }
    }
    if (group) group.count++
    else branch.set(values.at(-1) ?? '', this.#begin(values))
  }

  #begin(values: readonly string[]): Group {
    if (this.#groups.length === mostGroups)
      throw new InputError(
        `${this.keys.map(({ label }) => label).join(', ')}: more than ${mostGroups.toLocaleString('en')} different groups.`,
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
    const name = ({ values }: Group): string => values.join('\n')
    const after = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
    return this.#shown().sort(
      (a, b) => after(timeOf(b), timeOf(a)) || b.count - a.count || after(name(a), name(b)),
    )
  }

  /** Merges groups that look the same once they are safe to show. */
  #shown(): Group[] {
    const shown = new Map<string, Group>()
    for (const { values, count } of this.#groups) {
      const safe = values.map((value) => cell(this.#redact(safeText(this.#redact(value))), longestValue))
      const id = JSON.stringify(safe)
      const group = shown.get(id)
      if (group) group.count += count
      else shown.set(id, { values: safe, count })
    }
    return [...shown.values()]
  }
}
