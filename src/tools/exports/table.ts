import type { Operation } from '../../operations/operation.ts'
import type { Row } from '../../session/answer.ts'
import { flatten } from '../replies/columns.ts'

/** Maximum number of columns; further fields go into one more column, as JSON. */
const maxColumns = 500
const overflowColumn = 'otherFields'

const textOf = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value ?? '')

/** Maximum bytes of a cell: every quote doubled, quotes around it, and the quote mark before a formula. */
function bytesOf(value: unknown): number {
  const text = textOf(value ?? '')
  return Buffer.byteLength(text) + text.split('"').length + 2
}

const headerBytes = (names: readonly string[]): number =>
  names.reduce((sum, name) => sum + bytesOf(name) + 1, 0)

/** The columns of the rows, and the maximum size of their CSV file, which is known before it is written. */
export class Table {
  readonly #defaults: readonly string[]
  readonly #documented: readonly string[]
  readonly #selected: readonly string[] | undefined
  readonly #columns = new Set<string>()
  /** Maximum bytes of the header and of all cells. */
  #header = headerBytes([overflowColumn])
  #cells = 0
  /** True if some row has a field beyond the columns. */
  #hasOverflow = false

  constructor(operation: Operation, selected: readonly string[] | undefined) {
    this.#defaults = operation.columns
    this.#documented = Object.keys(operation.record.shape)
    this.#selected = selected
  }

  /** Adds a row; false if the file could then exceed `maxBytes`. */
  tryAdd(row: Row, rowsBefore: number, maxBytes: number): boolean {
    const flat = flatten(row)
    const newNames = Object.keys(flat).filter((name) => !this.#columns.has(name))
    const added = this.#sorted(newNames).slice(0, maxColumns - this.#columns.size)
    const hasOverflow = this.#hasOverflow || added.length < newNames.length
    const cells = this.#cells + this.#bytesOf(flat, new Set(added))
    const width = this.#columns.size + added.length + (hasOverflow ? 1 : 0)
    const header = this.#header + headerBytes(added)
    // One comma less than cells, and two bytes for the line break.
    if (header + cells + (rowsBefore + 1) * (width + 1) > maxBytes) return false
    for (const name of added) this.#columns.add(name)
    this.#header = header
    this.#cells = cells
    this.#hasOverflow = hasOverflow
    return true
  }

  /** The columns in the order of the file: the selected or the default ones first. */
  get names(): readonly string[] {
    const defaults = this.#columns.size > 0 ? [] : this.#defaults
    const selected = this.#selected?.filter(
      (name) => ![...this.#columns].some((column) => column.startsWith(`${name}.`)),
    )
    const names = this.#sorted([...new Set([...this.#columns, ...(selected ?? defaults)])])
    return this.#hasOverflow ? [...names, overflowColumn] : names
  }

  /** The cells of a row for these columns. */
  cellsOf(row: Row, names: readonly string[]): unknown[] {
    const flat = flatten(row)
    const columns = this.#hasOverflow ? names.slice(0, -1) : names
    const cells = columns.map((name) => flat[name])
    return this.#hasOverflow ? [...cells, this.#overflowOf(flat, new Set(columns))] : cells
  }

  #overflowOf(flat: Row, columns: ReadonlySet<string>): Row | undefined {
    const others = Object.entries(flat).filter(([name]) => !columns.has(name))
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

  #sorted(names: readonly string[]): string[] {
    const ranks = new Map(names.map((name) => [name, this.#rank(name)]))
    return [...names].sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
  }

  #rank(name: string): number {
    const selected = this.#selected?.findIndex((field) => name === field || name.startsWith(`${field}.`))
    if (selected !== undefined) return selected
    const byDefault = this.#defaults.indexOf(name)
    if (byDefault >= 0) return byDefault
    const documented = this.#documented.indexOf(name.split('.')[0] ?? '')
    return documented >= 0 ? 1_000 + documented : 1_000_000
  }
}
