import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { WalkBatch } from '../../session/paging/walk.ts'
import { InputError } from '../../shared/errors.ts'
import { rowFilter } from '../replies/list-filter.ts'
import type { ToolContext } from '../tool.ts'
import type { ExportRequest } from './export-request.ts'
import type { UnfinishedExport } from './export-state.ts'
import { FieldSelection } from './field-selection.ts'
import { type Cleaner, createCleaner } from './row-cleaner.ts'
import { Table } from './table.ts'

/** Characters to prepare before yielding to other work. */
const charactersPerTurn = 1_000_000

/**
 * How much larger than the CSV file the stored rows may be. They are stored as JSON until all columns are known,
 * and JSON repeats the names in every row. With usual rows the table reaches its limit first.
 */
const rowsToTableRatio = 3

/** The rows of one batch. */
interface PreparedRows {
  readonly lines: string
  readonly rows: number
  /** Number of rows scanned. */
  readonly scanned: number
  /** True if the next row does not fit in the file. */
  readonly isFull: boolean
}

function rowTooLarge(maxBytes: number): InputError {
  return new InputError(
    `A single row is larger than ${maxBytes / 1e6} MB, the most of an export (QUALYS_EXPORT_MAX_MB).`,
    'Name the fields that are needed in arguments, or ask the operator to raise the limit.',
  )
}

/** Writes the rows of a list in batches, from the stored position on. */
export class ExportWriter {
  readonly #request: ExportRequest
  readonly #context: ToolContext
  readonly #unfinished: UnfinishedExport
  readonly #cleaner: Cleaner
  readonly #selection: FieldSelection
  /** Maximum bytes of the file. */
  readonly #maxBytes: number
  /** Maximum bytes of the stored rows. */
  readonly #maxRowBytes: number
  readonly table: Table

  constructor(request: ExportRequest, context: ToolContext, unfinished: UnfinishedExport) {
    this.#request = request
    this.#context = context
    this.#unfinished = unfinished
    this.#cleaner = createCleaner(context.session.redact)
    this.#selection = new FieldSelection(request.fields, this.#cleaner.cleanName, unfinished.state.seen)
    this.#maxBytes = context.configuration.settings.exportMaxMb * 1_000_000
    this.#maxRowBytes = request.format === 'csv' ? this.#maxBytes * rowsToTableRatio : this.#maxBytes
    this.table = new Table(request.operation, request.fields, unfinished.state.table ?? undefined)
  }

  /**
   * Reads to the end of the list or until the file is full. A list that is paged by sort values continues
   * exactly after the last row written. A list that is paged by row numbers (reports, pages, SAQ by offset)
   * may repeat or miss rows if rows are added or removed before the position, as it may between two pages.
   */
  async write(): Promise<void> {
    const { operation, args } = this.#request
    const { session, signal, progress } = this.#context
    if (this.#unfinished.state.end !== null) return
    const from = await session.decodeCursor(operation, args, this.#unfinished.state.place)
    const options = { signal, prefetch: true as const, ...(from[0] > 0 && { start: from }) }
    for await (const batch of session.walk(operation, args, options)) {
      const { part } = this.#unfinished.state
      if (this.#unfinished.state.scanned === 0 && part === 1)
        this.#selection.rejectUnknown(operation, batch.rows)
      const prepared = await this.#prepare(batch)
      const cursor = prepared.scanned > 0 ? batch.cursorAfter(prepared.scanned - 1) : undefined
      const { rows, scanned, drift } = this.#unfinished.state
      this.#unfinished.append(prepared.lines, {
        rows: rows + prepared.rows,
        scanned: scanned + prepared.scanned,
        ...(cursor && { place: await session.encodeCursor(operation, args, cursor) }),
        // Stored together with the last rows, so that a continued export does not ask for rows after them: beyond a
        // result limit that would be an error.
        end: prepared.isFull ? 'file' : batch.last ? 'list' : null,
        seen: this.#selection.found,
        table: this.#request.format === 'csv' ? this.table.size : null,
        total: batch.total ?? null,
        wall: (prepared.isFull ? undefined : batch.resultLimit) ?? null,
        drift: [...new Set([...drift, ...batch.drift])],
      })
      if (cursor) progress.report(cursor[0], batch.total)
      if (prepared.isFull) return
      signal.throwIfAborted()
    }
  }

  async #prepare({ rows }: WalkBatch): Promise<PreparedRows> {
    const { operation, args, format } = this.#request
    const { session, signal } = this.#context
    const { state } = this.#unfinished
    const matches = rowFilter(operation, args, session.redact)
    const lines: string[] = []
    let bytes = state.bytes
    let characters = 0
    for (const [index, raw] of rows.entries()) {
      if (matches && !matches(raw)) continue
      // Select before cleaning: the other fields may be too large to clean.
      const row = this.#cleaner.cleanRow(this.#selection.select(raw))
      const line = `${JSON.stringify(row)}\n`
      bytes += Buffer.byteLength(line)
      const rowsBefore = state.rows + lines.length
      const fits =
        bytes <= this.#maxRowBytes && (format !== 'csv' || this.table.tryAdd(row, rowsBefore, this.#maxBytes))
      if (!fits && rowsBefore === 0) throw rowTooLarge(this.#maxBytes)
      if (!fits) return { lines: lines.join(''), rows: lines.length, scanned: index, isFull: true }
      lines.push(line)
      characters += line.length
      if (characters < charactersPerTurn) continue
      characters = 0
      await yieldToEventLoop()
      signal.throwIfAborted()
    }
    return { lines: lines.join(''), rows: lines.length, scanned: rows.length, isFull: false }
  }
}
