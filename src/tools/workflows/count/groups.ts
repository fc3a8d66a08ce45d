import type { Operation } from '../../../operations/operation.ts'
import { unknownWord } from '../../../operations/reads/row-words.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { safeText } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { cell } from '../../replies/cells.ts'
import { addAll, copyOf, DistinctCounter, type DistinctValues } from './distinct.ts'
import type { GroupKey } from './group-key.ts'
import { type JoinedValue, maxValueLength, notShown, type ValueReader, valueReader } from './group-values.ts'

/** Rows with the same values in every key. */
export interface Group {
  /** Empty if a row has no value. Safe to show in what `sorted` returns. */
  readonly values: readonly string[]
  count: number
  /** The different values of another column; absent if they are not counted. */
  readonly distinct?: DistinctValues
  /** One of its rows, reduced to the titles behind its ids. */
  readonly titles?: readonly string[]
}

type Tree = Map<string, Tree | Group>

/** Limits memory, however many rows are counted. */
const maxGroups = 10_000

/** What groups hold besides their keys. */
export interface GroupOptions {
  /** The column whose different values are counted. */
  readonly distinct?: GroupKey | undefined
  /** For each key the column of the row that is its title; absent if there is none. */
  readonly titles?: readonly (string | undefined)[]
  /** The value of a column that another list has; absent for a column of the row alone. */
  readonly joined?: (column: string) => JoinedValue | undefined
}

/** Words in the place of values of a column of another list, or of a word of a row filter. */
function placeholdersOf({ joinedColumns, rowFilters = {} }: Operation, name: string, isJoined: boolean) {
  const { unknown = [], none = [] } = (isJoined && joinedColumns?.placeholders) || {}
  const noWord = Object.hasOwn(rowFilters, name) ? [unknownWord] : []
  return { unknown: new Set([notShown, ...noWord, ...unknown]), none: new Set(['', ...none]) }
}

/** The number by which groups are compared: of their different values, or else of their rows. */
export const sizeOf = ({ count, distinct }: Group): number => distinct?.values.size ?? count

/** Counts rows by the values of some columns. */
export class Groups {
  readonly keys: readonly GroupKey[]
  readonly distinct: GroupKey | undefined
  /** The different values over all groups. */
  readonly whole: DistinctValues | undefined
  /** Rows without a value in the column of `distinct`. */
  valueless = 0
  /** Rows that are counted in several groups. */
  repeated = 0
  readonly #redact: Redact
  readonly #readers: readonly ValueReader[]
  readonly #titleReaders: readonly (ValueReader | undefined)[]
  readonly #distinctReader: ValueReader | undefined
  readonly #placeholders: ReturnType<typeof placeholdersOf>
  readonly #counter = new DistinctCounter()
  /** By the first value, then by the next. */
  readonly #tree: Tree = new Map()
  readonly #groups: Group[] = []
  #rows = 0

  constructor(operation: Operation, keys: readonly GroupKey[], redact: Redact, options: GroupOptions = {}) {
    const { distinct, titles = [], joined } = options
    const readerOf = (key: GroupKey): ValueReader => valueReader(operation, key, redact, joined?.(key.name))
    this.keys = keys
    this.distinct = distinct
    this.whole = distinct && this.#counter.empty()
    this.#redact = redact
    this.#readers = keys.map(readerOf)
    this.#distinctReader = distinct && readerOf(distinct)
    this.#placeholders = placeholdersOf(
      operation,
      distinct?.name ?? '',
      distinct !== undefined && joined?.(distinct.name) !== undefined,
    )
    this.#titleReaders = titles.map((name) =>
      name === undefined ? undefined : valueReader(operation, { label: name, name }, redact),
    )
  }

  get rows(): number {
    return this.#rows
  }

  add(row: Row): void {
    this.#rows++
    const distinct = this.#distinctReader && this.#distinctOf(this.#distinctReader, row)
    if (this.keys.length === 0) return
    const values = this.#readers.map((read) => read(row))
    if (values.every((value) => typeof value === 'string')) {
      this.#count(values, row, distinct)
      return
    }
    this.repeated++
    for (const combination of combinationsOf(values)) this.#count(combination, row, distinct)
  }

  /** True if rows were counted by a column, and none has a value in it. */
  lacks(name: string): boolean {
    const at = this.keys.findIndex((key) => key.name === name)
    const isKeyEmpty = at !== -1 && this.#groups.every(({ values }) => values[at] === '')
    const isDistinctEmpty = this.distinct?.name === name && this.valueless === this.#rows
    return this.#rows > 0 && (isKeyEmpty || isDistinctEmpty)
  }

  /** True if further different values could not be kept. */
  get isFull(): boolean {
    return this.#counter.isFull && this.whole?.isPartial === true
  }

  /** The values of a row to count once each; empty texts and words for none are none. */
  #distinctOf(read: ValueReader, row: Row): readonly string[] {
    const { unknown, none } = this.#placeholders
    const values = [read(row)].flat().filter((value) => !none.has(value))
    if (values.every((value) => unknown.has(value))) this.valueless++
    if (this.whole) this.#addTo(this.whole, values)
    return values
  }

  #addTo(distinct: DistinctValues, values: readonly string[]): void {
    for (const value of values)
      if (this.#placeholders.unknown.has(value)) distinct.isPartial = true
      else this.#counter.add(distinct, value)
  }

  #count(values: readonly string[], row: Row, distinct: readonly string[] | undefined): void {
    const group = this.#groupOf(values, row)
    group.count++
    if (distinct && group.distinct) this.#addTo(group.distinct, distinct)
  }

  #groupOf(values: readonly string[], row: Row): Group {
    let branch = this.#tree
    for (const [index, value] of values.entries()) {
      const next = branch.get(value)
      if (next instanceof Map) branch = next
      else if (next) return next
      else if (index < values.length - 1) {
        const subtree: Tree = new Map()
        branch.set(value, subtree)
        branch = subtree
      }
    }
    const group = this.#createGroup(values, row)
    branch.set(values.at(-1) ?? '', group)
    return group
  }

  #createGroup(values: readonly string[], row: Row): Group {
    if (this.#groups.length === maxGroups)
      throw new InputError(
        `${this.keys.map(({ label }) => label).join(', ')}: more than ${formatNumber(maxGroups)} different groups.`,
        'Group by a column with fewer values, cut a time down with :day, :week or :month, or narrow the search.',
      )
    const group: Group = {
      values,
      count: 0,
      ...(this.distinct && { distinct: this.#counter.empty() }),
      ...(this.#titleReaders.length > 0 && {
        titles: this.#titleReaders.map((read) => String(read?.(row) ?? '')),
      }),
    }
    this.#groups.push(group)
    return group
  }

  /** Largest groups first; with a time bucket, latest first, unless `bySize`. */
  sorted(bySize = false): Group[] {
    const byTime = this.keys.findIndex(({ bucket }) => bucket !== undefined)
    const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
    // Made once: ten thousand groups are compared a hundred thousand times.
    const sortable = this.#safeGroups().map((group) => ({
      group,
      size: sizeOf(group),
      time: group.values[byTime] ?? '',
      text: group.values.join('\n'),
    }))
    return sortable
      .sort(
        (a, b) =>
          (bySize ? 0 : compareText(b.time, a.time)) ||
          b.size - a.size ||
          b.group.count - a.group.count ||
          compareText(b.time, a.time) ||
          compareText(a.text, b.text),
      )
      .map(({ group }) => group)
  }

  /** A text that is safe to show. */
  readonly safe = (value: string): string => cell(this.#redact(safeText(this.#redact(value))), maxValueLength)

  /** The groups with values that are safe to show. Merges groups that are then the same. */
  #safeGroups(): Group[] {
    const merged = new Map<string, Group>()
    // Most values are in many groups.
    const safeTexts = new Map<string, string>()
    const safeOf = (value: string): string => {
      const safe = safeTexts.get(value) ?? this.safe(value)
      safeTexts.set(value, safe)
      return safe
    }
    for (const { values, count, distinct, titles } of this.#groups) {
      const safe = values.map(safeOf)
      const key = JSON.stringify(safe)
      const group = merged.get(key)
      if (group) {
        group.count += count
        if (group.distinct && distinct) addAll(group.distinct, distinct)
        continue
      }
      merged.set(key, {
        values: safe,
        count,
        ...(distinct && { distinct: copyOf(distinct) }),
        ...(titles && { titles: titles.map(safeOf) }),
      })
    }
    return [...merged.values()]
  }
}

/** Every combination of one value of each key. */
function combinationsOf(values: readonly (string | readonly string[])[]): readonly (readonly string[])[] {
  return values.reduce<readonly (readonly string[])[]>(
    (before, value) => before.flatMap((head) => [value].flat().map((one) => [...head, one])),
    [[]],
  )
}
