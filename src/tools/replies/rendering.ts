import type { Row } from '../../session/answer.ts'
import {
  cell,
  clip,
  fence,
  fenced,
  isLong,
  maxCellLength,
  plainText,
  quoteIfNeeded,
  type StructuredValue,
  toStructured,
} from './cells.ts'

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

/** What of a text is shown. */
export interface Shown {
  /** Safe. */
  readonly text: string
  readonly isCut: boolean
  /** How much more there is. */
  readonly rest?: string
}

/** A part of a long text that is chosen for what it holds, in place of its beginning. */
export abstract class Excerpt {
  /** Which part it is. */
  abstract readonly label: string
  /** The same for programs, by name. */
  abstract readonly facts: Row
  /** True if the text is not as Qualys sent it. */
  abstract readonly isCleaned: boolean
  /** At most so many characters of it. */
  abstract show(max: number): Shown
}

/** A text below the table. */
function blockOf(label: string, value: unknown, max: number): string {
  if (!(value instanceof Excerpt)) return fence(label, plainText(value), max)
  const { text, rest } = value.show(max)
  return `${fenced(`${label}, ${value.label}`, text)}${rest === undefined ? '' : `\n(${rest})`}`
}

/** A value for programs. */
function structuredOf(value: unknown, max: number): StructuredValue {
  if (!(value instanceof Excerpt)) return toStructured(value, max)
  const { text, isCut } = value.show(max)
  return { value: text, isCut, ...(value.isCleaned && { isCleaned: true }) }
}

/** What programs are told of an excerpt. */
const factsOf = (column: string, value: unknown): (readonly [string, unknown])[] =>
  value instanceof Excerpt
    ? Object.entries(value.facts).map(([name, fact]) => [`${column}.${name}`, fact])
    : []

const isBelow = (value: unknown): boolean => value instanceof Excerpt || isLong(value)

/** Renders some columns of one flattened row. Long texts are clipped to `maxTextLength` characters. */
export function renderRow(flat: Row, columns: readonly string[], maxTextLength: number): RenderedRow {
  const name = quoteIfNeeded(cell(flat['id'] ?? flat[columns[0] ?? '']), maxCellLength)
  const longColumns = new Set(columns.filter((column) => isBelow(flat[column])))
  const blocks = [...longColumns].map((column) =>
    blockOf(`${column} of ${name}`, flat[column], maxTextLength),
  )
  const cells = columns.map((column) => (longColumns.has(column) ? belowMarker : cell(flat[column])))
  const present = columns.filter((column) => flat[column] !== undefined)
  const values = new Map(present.map((column) => [column, structuredOf(flat[column], maxTextLength)]))
  const row = Object.fromEntries(
    [...values].flatMap(([column, { value }]) => [[column, value], ...factsOf(column, flat[column])]),
  )
  // A list may be cut in one form and not in the other.
  const isCut = (column: string): boolean =>
    values.get(column)?.isCut === true ||
    (longColumns.has(column) &&
      !(flat[column] instanceof Excerpt) &&
      clip(plainText(flat[column]), maxTextLength).rest > 0)
  const cutCount = columns.filter(isCut).length
  const isCleaned = [...values.values()].some(({ isCleaned }) => isCleaned)
  const text = cells.join('\t').length + blocks.join('\n').length + 2
  return { row, cells, blocks, cutCount, isCleaned, size: Math.max(text, JSON.stringify(row).length + 1) }
}
