import type { Row } from '../../session/answer.ts'
import { cell, clipped, fenced, isLong, plain, structured } from './cells.ts'

/** One row in both forms. */
export interface Rendered {
  /** For programs. */
  readonly row: Row
  /** For the table, one per column. */
  readonly cells: readonly string[]
  /** Long texts, for below the table. */
  readonly blocks: readonly string[]
  /** Number of values that were cut. */
  readonly cut: number
  /** Number of characters of the larger form. */
  readonly size: number
}

/** Stands in the table in place of a long text. */
export const below = '(below)'

/** Renders some columns of one flattened row. Long texts are clipped to `longest` characters. */
export function render(flat: Row, columns: readonly string[], longest: number): Rendered {
  const name = cell(flat['id'] ?? flat[columns[0] ?? ''])
  const long = new Set(columns.filter((column) => isLong(flat[column])))
  const blocks = [...long].map((column) => fenced(`${column} of ${name}`, plain(flat[column]), longest))
  const cells = columns.map((column) => (long.has(column) ? below : cell(flat[column])))
  const present = columns.filter((column) => flat[column] !== undefined)
  const values = new Map(present.map((column) => [column, structured(flat[column], longest)]))
  const row = Object.fromEntries([...values].map(([column, { value }]) => [column, value]))
  // A list may be cut in one form and not in the other.
  const isCut = (column: string): boolean =>
    values.get(column)?.cut === true || (long.has(column) && clipped(plain(flat[column]), longest).rest > 0)
  const cut = columns.filter(isCut).length
  const text = cells.join('\t').length + blocks.join('\n').length + 2
  return { row, cells, blocks, cut, size: Math.max(text, JSON.stringify(row).length + 1) }
}
