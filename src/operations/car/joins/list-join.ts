import type { Input, Operation } from '../../operation.ts'
import { unjoined } from '../../reads/joined-columns.ts'
import type { Lists } from '../../reads/lists.ts'
import { counted } from '../../sentences.ts'
import { type OtherList, type Reading, readList, sampleRows } from './other-list.ts'
import { valueAt } from './values.ts'

/** How rows of one list lead to rows of another. */
export interface Join {
  /** The first part of the columns: `job` of `job.platform`. */
  readonly prefix: string
  readonly other: OtherList
  /** Columns of the other list that are read besides. */
  readonly alsoRead?: readonly string[]
  /** The ids that a row names, the likeliest first; empty if it names none. */
  readonly idsOf: (row: Input) => readonly string[]
  /** The only row that is needed. */
  readonly only?: string | undefined
  /** True if every row leads to one of the rows that are read: their common value is then that of all. */
  readonly isOneOf?: boolean
  /** What rows without an id do not name (`run`), and what to do. */
  readonly missing: { readonly what: string; readonly advice?: string }
}

/** Columns of one other list. It is read when the first row needs it. */
export class ListJoin {
  readonly #join: Join
  readonly #rowNoun: string
  readonly #columns: readonly string[]
  readonly #lists: Lists<Operation>
  #reading: Reading | undefined
  #samples: readonly Input[] = []
  /** The row whose value was asked for last: a row counts once, however many columns it is asked for. */
  #last: Input | undefined
  readonly #counts = { asked: 0, nameless: 0, absent: 0 }

  /** `columns`: without the prefix. */
  constructor(join: Join, rowNoun: string, columns: readonly string[], lists: Lists<Operation>) {
    this.#join = join
    this.#rowNoun = rowNoun
    this.#columns = columns
    this.#lists = lists
  }

  get samples(): readonly Input[] {
    return this.#samples.map((row) => ({ [this.#join.prefix]: row }))
  }

  /** Reads the other list, if one of these rows leads to it and does not have the columns itself. */
  async prepare(rows: readonly Input[]): Promise<void> {
    const { prefix, isOneOf, idsOf } = this.#join
    const isNeeded = (row: Input): boolean =>
      (isOneOf === true || idsOf(row).length > 0) &&
      this.#columns.some((column) => valueAt(row, `${prefix}.${column}`) === undefined)
    if (rows.some(isNeeded)) await this.read()
  }

  /** Reads the other list, unless it is read already. */
  async read(): Promise<void> {
    if (this.#reading) return
    const { other, alsoRead = [], only } = this.#join
    this.#samples = await sampleRows(other, this.#columns, this.#lists)
    const columns = [...new Set([...this.#columns, ...alsoRead])]
    this.#reading = await readList(other, columns, this.#lists, { until: only })
  }

  /** The value of a column, without counting the row. */
  find(row: Input, column: string): unknown {
    const { idsOf, isOneOf } = this.#join
    const index = this.#reading?.index
    const ids = idsOf(row)
    const id = ids.find((one) => index?.has(one))
    if (id !== undefined) return index?.value(id, column)
    if (ids.length > 0 || isOneOf !== true || this.#reading?.extent !== 'whole') return unjoined
    const common = index?.common(column)
    return common ? common.value : unjoined
  }

  /** The value of a column; a row without one is counted for the notes. */
  value(row: Input, column: string): unknown {
    const value = this.find(row, column)
    if (row === this.#last) return value
    this.#last = row
    this.#counts.asked++
    if (value === unjoined) this.#counts[this.#join.idsOf(row).length === 0 ? 'nameless' : 'absent']++
    return value
  }

  /** Why rows have no value, and how far the other list was read. */
  get notes(): readonly string[] {
    const { asked, nameless, absent } = this.#counts
    const { other, missing } = this.#join
    const { noun, list } = other
    const extent = this.#reading?.extent
    const rows = (count: number): string => counted(count, this.#rowNoun)
    const notes: string[] = []
    if (nameless > 0) {
      const who =
        nameless === asked
          ? `None of the ${rows(asked)} names its ${missing.what}`
          : `${nameless.toLocaleString('en')} of ${rows(asked)} name no ${missing.what}`
      notes.push(`${who}${missing.advice === undefined ? '' : `: ${missing.advice}`}.`)
    }
    if (extent === 'none')
      notes.push(`The list of ${noun} cannot be read; ${list.name} says why${this.#countOf(absent)}.`)
    else if (extent === 'part')
      notes.push(
        `The list of ${noun} could not be read to its end; ${list.name} says why${this.#countOf(absent)}.`,
      )
    else if (extent === 'full')
      notes.push(
        `Only the first ${counted(this.#reading?.index.size ?? 0, 'row')} of ${list.name} were used${this.#countOf(absent)}${other.input ? ': narrow the search by startAt and endAt' : ''}.`,
      )
    else if (absent > 0)
      notes.push(`${rows(absent)}: ${list.name}${this.#period} does not show the ${noun} they name.`)
    return notes
  }

  /** From when on the other list was read. */
  get #period(): string {
    const from = this.#join.other.input?.['startAt']
    return typeof from === 'string' ? `, read from ${from.slice(0, 10)} on,` : ''
  }

  #countOf(absent: number): string {
    return absent > 0 ? ` (${counted(absent, this.#rowNoun)} not shown)` : ''
  }
}
