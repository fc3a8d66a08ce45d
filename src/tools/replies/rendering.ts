import type { Row } from '../../session/answer.ts'
import { cell, clip, fence, isLong, maxCellLength, plainText, quoteIfNeeded, toStructured } from './cells.ts'

/** One row in both forms. */
export interface RenderedRow {
  /** For programs. */
  readonly row: Row
  /** For the table, one per column. */
  readonly cells: readonly string[]
  /** Long texts, for below the table. */
  readonly blocks: readonly string[]
  /** Number of values that were cut. */
  readonly cutCount: number
  /** True if a text for programs is not as Qualys sent it. */
  readonly isCleaned: boolean
  /** Number of characters of the larger form. */
  readonly size: number
}

/** Replaces a long text in the table. */
export const belowMarker = '(below)'

/** Renders some columns of one flattened row. Long texts are clipped to `maxTextLength` characters. */
export function renderRow(flat: Row, columns: readonly string[], maxTextLength: number): RenderedRow {
  const name = quoteIfNeeded(cell(flat['id'] ?? flat[columns[0] ?? '']), maxCellLength)
  const longColumns = new Set(columns.filter((column) => isLong(flat[column])))
  const blocks = [...longColumns].map((column) =>
    fence(`${column} of ${name}`, plainText(flat[column]), maxTextLength),
  )
  const cells = columns.map((column) => (longColumns.has(column) ? belowMarker : cell(flat[column])))
  const present = columns.filter((column) => flat[column] !== undefined)
  const values = new Map(present.map((column) => [column, toStructured(flat[column], maxTextLength)]))
  const row = Object.fromEntries([...values].map(([column, { value }]) => [column, value]))
  // A list may be cut in one form and not in the other.
  const isCut = (column: string): boolean =>
    values.get(column)?.isCut === true ||
    (longColumns.has(column) && clip(plainText(flat[column]), maxTextLength).rest > 0)
  const cutCount = columns.filter(isCut).length
  const isCleaned = [...values.values()].some(({ isCleaned }) => isCleaned)
  const text = cells.join('\t').length + blocks.join('\n').length + 2
  return { row, cells, blocks, cutCount, isCleaned, size: Math.max(text, JSON.stringify(row).length + 1) }
}
