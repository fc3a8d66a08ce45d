import type { Operation } from '../../operations/operation.ts'
import { nameInSentence } from '../../operations/sentences.ts'
import type { Page, Row } from '../../session/answer.ts'
import { tokenAfter } from '../../session/paging/continuation.ts'
import { formatNumber, texts } from '../../shared/format.ts'
import { countMasks } from '../../shared/secrets.ts'
import { fenceNote, maxCellLength, quoteIfNeeded } from './cells.ts'
import { type Columns, chooseColumns, replyRow, truncateToMinute } from './columns.ts'
import { deviationsNote, leftOutNote } from './deviations.ts'
import { countNote, headlineOf } from './headline.ts'
import type { Layout } from './layout.ts'
import { rowLine } from './line-start.ts'
import { belowMarker, type RenderedRow, renderRow } from './rendering.ts'

/**
 * One answer in both forms: text for people and assistants, rows for programs. Rows, columns and cuts are the
 * same.
 */
export interface Reply {
  readonly summary: string
  /** The part of the text form below the summary, without what other members add: masks, the way to the next page. */
  readonly body: string
  readonly rows: readonly Row[]
  readonly total?: number
  readonly continuationToken?: string
  readonly note?: string
  /** A file in the answer, as an MCP embedded resource. */
  readonly file?: { readonly uri: string; readonly mimeType: string; readonly blob: string }
  /** A file outside the answer, as an MCP resource link. */
  readonly link?: {
    readonly uri: string
    readonly name: string
    readonly mimeType: string
    /** In bytes. */
    readonly size: number
  }
  /** Where the linked file is on this machine. */
  readonly path?: string
  /** How many masks the body tells of by itself. */
  readonly toldMasks?: number
}

/** How much is masked in what a reply shows: whoever goes on with a value must know that it is none. */
function maskNote({ summary, body, rows, toldMasks = 0 }: Reply): string | undefined {
  const shown = countMasks(summary) + countMasks(body) || countMasks(JSON.stringify(rows))
  const count = shown - toldMasks
  if (count <= 0) return undefined
  return count === 1 ? '1 value is masked.' : `${formatNumber(count)} values are masked.`
}

/** The note for both forms. */
export function noteOf(reply: Reply): string | undefined {
  return texts(reply.note, maskNote(reply)).join(' ') || undefined
}

/** The text form. */
export function textOf(reply: Reply): string {
  const { summary, body, continuationToken } = reply
  const masked = maskNote(reply)
  return texts(
    summary !== '' && summary,
    body !== '' && body,
    masked && `Note: ${masked}`,
    continuationToken !== undefined &&
      `More: the same arguments with continuationToken "${continuationToken}"`,
  ).join('\n')
}

/** The lines that say where a file is: on this machine, and as a resource, since some clients drop the link. */
export const placeLines = (path: string, uri: string): string => `File: ${path}\nResource: ${uri}`

/** The structured form; empty members are left out. */
export function structureOf(reply: Reply) {
  const { summary, rows, total, continuationToken } = reply
  const note = noteOf(reply)
  return {
    summary,
    rows,
    returned: rows.length,
    ...(total !== undefined && { total }),
    ...(continuationToken !== undefined && { continuationToken }),
    ...(note !== undefined && { note }),
  }
}

/** Number of characters reserved for the prefix "sandbox: ". */
const prefixLength = 10
/** Maximum characters of a long text on a page of several rows; in a single row it may fill the budget. */
export const maxTextLengthOnPage = 2_000
/** The form for programs is never cut below what a table shows in full. */
const minTextLength = maxCellLength
const charsPerColumn = 200

/** Number of characters of a reply, in the larger form. */
export function sizeOf(reply: Reply): number {
  return prefixLength + Math.max(textOf(reply).length, JSON.stringify(structureOf(reply)).length)
}

/** How much of an answer to show. */
export interface Extent {
  readonly rows: number
  /** Maximum characters of one long text. */
  readonly maxTextLength: number
  /** Maximum number of columns. */
  readonly maxColumns: number
}

/** The next smaller extent: fewer rows first, then shorter texts, then fewer columns. */
function nextSmaller(
  { rows, maxTextLength, maxColumns }: Extent,
  size: number,
  budget: number,
): Extent | undefined {
  if (rows > 1) return { rows: rows - 1, maxTextLength, maxColumns }
  if (maxTextLength > minTextLength)
    return {
      rows,
      maxTextLength: Math.max(minTextLength, Math.floor((maxTextLength * 0.95 * budget) / size)),
      maxColumns,
    }
  return maxColumns > 1 ? { rows, maxTextLength, maxColumns: maxColumns >> 1 } : undefined
}

/**
 * Composes the answer with smaller and smaller extents until it fits the budget. The size is measured, not
 * computed: escaping can make a text longer by any factor.
 */
export function fitToBudget<R extends Reply>(
  start: Extent,
  budget: number,
  compose: (extent: Extent) => R,
): R {
  for (let extent = { ...start, rows: Math.max(1, start.rows) }; ; ) {
    const reply = compose(extent)
    const size = sizeOf(reply)
    const next = size > budget ? nextSmaller(extent, size, budget) : undefined
    if (!next) return reply
    extent = next
  }
}

/** Number of rows whose sizes fit the budget, as a first try. */
export function estimateRows(rows: readonly { readonly size: number }[], budget: number): number {
  let used = 0
  const over = rows.findIndex(({ size }) => {
    used += size
    return used > budget
  })
  return over === -1 ? rows.length : over
}

/**
 * Moves values that are equal in every row to the headline. Drops columns that are empty or hold only long
 * texts.
 */
function foldColumns(rendered: readonly RenderedRow[], columns: readonly string[], isSelected: boolean) {
  const sharedValues: string[] = []
  const shownColumns = columns.filter((column, index) => {
    const [first = '', ...others] = rendered.map(({ cells }) => cells[index] ?? '')
    const same = others.every((text) => text === first)
    if (first === belowMarker && same) return false
    if (rendered.length < 2 || !same || index === 0) return true
    if (first !== '') sharedValues.push(`${nameInSentence(column)} ${quoteIfNeeded(first)}`)
    return first === '' && isSelected
  })
  return { shownColumns, sharedValues }
}

/** The fenced texts below the sentence that says what they are. */
export const blocksOf = (blocks: readonly string[]): readonly string[] =>
  blocks.length > 0 ? [fenceNote, ...blocks] : []

/** The note about fields that are left out. */
export function omittedColumnsNote(columns: number): string | undefined {
  return columns > 0 ? `${formatNumber(columns)} more fields did not fit.` : undefined
}

/** The note about values that are cut. */
export function cutNote(rendered: readonly RenderedRow[], budget: number): string | undefined {
  const cut = rendered.reduce((sum, row) => sum + row.cutCount, 0)
  if (cut === 0) return undefined
  const what = `${cut} long ${cut === 1 ? 'value is' : 'values are'} cut`
  return rendered.length > 1
    ? `${what}: ask for a row alone, with pageSize 1, to see more of it; qualys_export writes all of it.`
    : `${what}: a reply holds ${formatNumber(budget)} characters (QUALYS_REPLY_CHARS).`
}

/** The note about texts that are not as Qualys sent them. */
export const cleanedNote = (rendered: readonly Pick<RenderedRow, 'isCleaned'>[]): string | undefined =>
  rendered.some(({ isCleaned }) => isCleaned)
    ? 'Text is shown with LF line ends and without invisible characters.'
    : undefined

/** The way to the whole of a text, where rows show it. */
const wholeTextNote = ({ wholeText }: Operation, rendered: readonly RenderedRow[]): string | undefined =>
  rendered.some(({ row }) => wholeText !== undefined && row[wholeText.field] !== undefined)
    ? wholeText?.advice
    : undefined

/** What a reply must say of its columns that this program computes. */
export const computedNotes = (
  { computedColumns = {} }: Operation,
  columns: readonly string[],
): readonly string[] => texts(...columns.map((column) => computedColumns[column]))

/** Maximum number of columns, so that one row fits half the budget. */
export function maxColumnsFor(budget: number): number {
  return Math.max(8, Math.floor(budget / 2 / charsPerColumn))
}

const columnNotes = ({ note, hasDrifted }: Columns, page: Page): readonly string[] =>
  texts(note, hasDrifted ? leftOutNote(page) : deviationsNote(page))

const withExcerpts = (flat: Row, excerpts: Row | undefined): Row =>
  excerpts === undefined ? flat : Object.assign(Object.create(null), flat, excerpts)

/** A page of a list, cut between rows at the budget. The token continues after the last row shown. */
export function pageReply(operation: Operation, page: Page, layout: Layout): Reply {
  const { budget } = layout
  const flatRows = page.rows.map(replyRow)
  const fullRows = layout.fields === undefined ? flatRows.map(truncateToMinute) : flatRows
  const rows = fullRows.map((row, at) => withExcerpts(row, layout.excerpts?.[at]))
  const chosen = chooseColumns(rows, operation, layout.fields)
  const maxTextLength = rows.length > 1 ? maxTextLengthOnPage : budget
  const maxColumns = Math.min(chosen.names.length, maxColumnsFor(budget))
  const renderedRows = rows.map((flat) => renderRow(flat, chosen.names.slice(0, maxColumns), maxTextLength))

  const hasCountColumnNote =
    chosen.hasDrifted || ['*', operation.countBy ?? ''].some((name) => layout.fields?.includes(name))
  const countText = hasCountColumnNote ? undefined : countNote(operation, page.rows)

  const compose = (extent: Extent): Reply => {
    const columns = chosen.names.slice(0, extent.maxColumns)
    const isFullExtent = extent.maxTextLength === maxTextLength && extent.maxColumns === maxColumns
    const rendered = isFullExtent
      ? renderedRows.slice(0, extent.rows)
      : rows.slice(0, extent.rows).map((flat) => renderRow(flat, columns, extent.maxTextLength))
    const { shownColumns, sharedValues } = foldColumns(rendered, columns, layout.fields !== undefined)
    const token = tokenAfter(page, rendered.length)
    const note = texts(
      columnNotes(chosen, page),
      countText,
      rendered.length > 0 && computedNotes(operation, columns),
      operation.rowNotes?.(page.rows.slice(0, rendered.length)),
      layout.notes,
      omittedColumnsNote(chosen.names.length - columns.length),
      cutNote(rendered, budget),
      cleanedNote(rendered),
      wholeTextNote(operation, rendered),
      // While there is a token, further rows can be reached.
      token === undefined && page.resultLimit,
    ).join(' ')
    const lines = rendered.map(({ cells }) =>
      rowLine(shownColumns.map((column) => cells[columns.indexOf(column)]).join('\t')),
    )
    const table =
      shownColumns.length > 0 && rendered.length > 0 ? [rowLine(shownColumns.join('\t')), ...lines] : []
    return {
      summary: headlineOf(operation, page, page.rows.slice(0, rendered.length), sharedValues, layout),
      body: texts(
        table,
        blocksOf(rendered.flatMap(({ blocks }) => blocks)),
        note !== '' && `Note: ${note}`,
      ).join('\n'),
      rows: rendered.map(({ row }) => row),
      ...(page.total !== undefined && { total: page.total }),
      ...(token !== undefined && { continuationToken: token }),
      ...(note !== '' && { note }),
    }
  }
  return fitToBudget({ rows: estimateRows(renderedRows, budget), maxTextLength, maxColumns }, budget, compose)
}
