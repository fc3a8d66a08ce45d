import type { Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { flatten } from '../replies/columns.ts'

/** Maximum number of columns; further fields go into one more column, as JSON. */
const mostColumns = 500
const rest = 'otherFields'

/** The size of a table so far; stored with an interrupted export. */
export interface Extent {
  readonly columns: readonly string[]
  /** Maximum bytes of all cells. */
  readonly cells: number
  /** True if some row has a field beyond the columns. */
  readonly wide: boolean
}

const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value ?? '')

/** Maximum bytes of a cell: every quote doubled, quotes around it, and the mark before a formula. */
function bytesOf(value: unknown): number {
  const text = textOf(value ?? '')
  return Buffer.byteLength(text) + text.split('"').length + 2
}

const headerBytes = (names: readonly string[]): number =>
  names.reduce((sum, name) => sum + bytesOf(name) + 1, 0)

/** The columns of the rows, and the maximum size of their CSV file, which is known before it is written. */
export class Table {
  readonly #defaults: readonly string[]
  readonly #known: readonly string[]
  readonly #asked: readonly string[] | undefined
  readonly #columns: Set<string>
  #header: number
  #cells: number
  #wide: boolean

  constructor(operation: Operation, asked: readonly string[] | undefined, extent?: Extent) {
    this.#defaults = operation.columns
    this.#known = Object.keys(operation.record.shape)
    this.#asked = asked
    this.#columns = new Set(extent?.columns)
    this.#header = headerBytes([rest, ...this.#columns])
    this.#cells = extent?.cells ?? 0
    this.#wide = extent?.wide ?? false
  }

  get extent(): Extent {
    return { columns: [...this.#columns], cells: this.#cells, wide: this.#wide }
  }

  /** Adds a row, unless the file could then exceed `most` bytes. */
  takes(row: Row, rowsBefore: number, most: number): boolean {
    const flat = flatten(row)
    const fresh = Object.keys(flat).filter((name) => !this.#columns.has(name))
    const added = this.#ordered(fresh).slice(0, mostColumns - this.#columns.size)
    const wide = this.#wide || added.length < fresh.length
    const cells = this.#cells + this.#bytesOf(flat, new Set(added))
    const width = this.#columns.size + added.length + (wide ? 1 : 0)
    const header = this.#header + headerBytes(added)
    // One comma less than cells, and two bytes for the line break.
    if (header + cells + (rowsBefore + 1) * (width + 1) > most) return false
    for (const name of added) this.#columns.add(name)
    this.#header = header
    this.#cells = cells
    this.#wide = wide
    return true
  }

  /** The columns in the order of the file: the selected or the usual ones first. */
  get names(): readonly string[] {
    const usual = this.#columns.size > 0 ? [] : this.#defaults
    const asked = this.#asked?.filter((name) => ![...this.#columns].some((one) => one.startsWith(`${name}.`)))
    const names = this.#ordered([...new Set([...this.#columns, ...(asked ?? usual)])])
    return this.#wide ? [...names, rest] : names
  }

  /** The cells of a row for these columns. */
  cellsOf(row: Row, names: readonly string[]): unknown[] {
    const flat = flatten(row)
    const own = this.#wide ? names.slice(0, -1) : names
    const cells = own.map((name) => flat[name])
    return this.#wide ? [...cells, this.#beyond(flat, new Set(own))] : cells
  }

  #beyond(flat: Row, own: ReadonlySet<string>): Row | undefined {
    const others = Object.entries(flat).filter(([name]) => !own.has(name))
    return others.length > 0 ? Object.fromEntries(others) : undefined
  }

  #bytesOf(flat: Row, added: ReadonlySet<string>): number {
    const others: Record<string, unknown> = Object.create(null)
    let bytes = 0
    for (const [name, value] of Object.entries(flat)) {
      if (this.#columns.has(name) || added.has(name)) bytes += bytesOf(value)
      else others[name] = value
    }
    return Object.keys(others).length > 0 ? bytes + bytesOf(others) : bytes
  }

  #ordered(names: readonly string[]): string[] {
    const ranks = new Map(names.map((name) => [name, this.#rank(name)]))
    return [...names].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
  }

  #rank(name: string): number {
    const asked = this.#asked?.findIndex((field) => name === field || name.startsWith(`${field}.`))
    if (asked !== undefined) return asked
    const usual = this.#defaults.indexOf(name)
    if (usual >= 0) return usual
    const known = this.#known.indexOf(name.split('.')[0] ?? '')
    return known >= 0 ? 1_000 + known : 1_000_000
  }
}
