import { setImmediate as turn } from 'node:timers/promises'
import type { Stretch } from '../../session/paging/walk.ts'
import { InputError } from '../../shared/errors.ts'
import type { Progress } from '../progress-timer.ts'
import { keeper } from '../replies/list-filter.ts'
import type { Running } from '../tool.ts'
import { type Cleaner, cleaner } from './cleaning.ts'
import type { Wanted } from './export-request.ts'
import type { Spool } from './export-state.ts'
import { Asked } from './field-selection.ts'
import { Table } from './table.ts'

/** Characters to prepare before other work gets a turn. */
const inOneGo = 1_000_000

/**
 * The rows of a CSV file are stored as JSON until all columns are known. The names in every row make that
 * larger than the table, so its limit is larger; with usual rows the table reaches its own limit first.
 */
const rowsPerTable = 3

/** The rows of one batch. */
interface Taken {
  readonly lines: string
  readonly rows: number
  /** Number of rows scanned. */
  readonly scanned: number
  /** True if the next row does not fit in the file. */
  readonly full: boolean
}

function tooLarge(most: number): InputError {
  return new InputError(
    `A single row is larger than ${most / 1e6} MB, the most of an export (QUALYS_EXPORT_MAX_MB).`,
    'Name the fields that are needed in arguments, or ask the operator to raise the limit.',
  )
}

/** Writes the rows of a list in batches, from the stored position on. */
export class Collector {
  readonly #wanted: Wanted
  readonly #running: Running
  readonly #spool: Spool
  readonly #clean: Cleaner
  readonly #asked: Asked
  /** Maximum bytes of the file, and of the stored rows. */
  readonly #most: number
  readonly #mostRows: number
  readonly table: Table

  constructor(wanted: Wanted, running: Running, spool: Spool) {
    this.#wanted = wanted
    this.#running = running
    this.#spool = spool
    this.#clean = cleaner(running.session.redact)
    this.#asked = new Asked(wanted.fields, this.#clean.name, spool.state.seen)
    this.#most = running.configuration.settings.exportMaxMb * 1_000_000
    this.#mostRows = wanted.format === 'csv' ? this.#most * rowsPerTable : this.#most
    this.table = new Table(wanted.operation, wanted.fields, spool.state.table ?? undefined)
  }

  /**
   * Reads to the end of the list or until the file is full. A list that is paged by sort values continues
   * exactly after the last row written. A list that is paged by row numbers (reports, pages, SAQ by offset)
   * may repeat or miss rows if rows are added or removed before the position, as it may between two pages.
   */
  async collect(progress: Progress): Promise<void> {
    const { operation, args } = this.#wanted
    const { session, signal } = this.#running
    if (this.#spool.state.end !== null) return
    const from = await session.open(operation, args, this.#spool.state.place)
    const options = { signal, eager: true as const, ...(from[0] > 0 && { from }) }
    for await (const stretch of session.walk(operation, args, options)) {
      const { part } = this.#spool.state
      if (this.#spool.state.scanned === 0 && part === 1) this.#asked.refuseUnknown(operation, stretch.rows)
      const taken = await this.#take(stretch)
      const behind = taken.scanned > 0 ? stretch.behind(taken.scanned - 1) : undefined
      const { rows, scanned, drift } = this.#spool.state
      this.#spool.add(taken.lines, {
        rows: rows + taken.rows,
        scanned: scanned + taken.scanned,
        ...(behind && { place: await session.seal(operation, args, behind) }),
        // Stored together with the last rows: nothing can be asked for after them, least of all beyond a
        // result limit.
        end: taken.full ? 'file' : stretch.last ? 'list' : null,
        seen: this.#asked.seen,
        table: this.#wanted.format === 'csv' ? this.table.extent : null,
        total: stretch.total ?? null,
        wall: (taken.full ? undefined : stretch.wall) ?? null,
        drift: [...new Set([...drift, ...stretch.drift])],
      })
      if (behind) progress.set(behind[0], stretch.total)
      if (taken.full) return
      signal.throwIfAborted()
    }
  }

  async #take({ rows }: Stretch): Promise<Taken> {
    const { operation, args, format } = this.#wanted
    const { session, signal } = this.#running
    const { state } = this.#spool
    const keep = keeper(operation, args, session.redact)
    const lines: string[] = []
    let bytes = state.bytes
    let ready = 0
    for (const [index, raw] of rows.entries()) {
      if (keep && !keep(raw)) continue
      // Select before cleaning: the other fields may be too large to look at.
      const row = this.#clean.row(this.#asked.pick(raw))
      const line = `${JSON.stringify(row)}\n`
      bytes += Buffer.byteLength(line)
      const before = state.rows + lines.length
      const fits = bytes <= this.#mostRows && (format !== 'csv' || this.table.takes(row, before, this.#most))
      if (!fits && before === 0) throw tooLarge(this.#most)
      if (!fits) return { lines: lines.join(''), rows: lines.length, scanned: index, full: true }
      lines.push(line)
      ready += line.length
      if (ready < inOneGo) continue
      ready = 0
      await turn()
      signal.throwIfAborted()
    }
    return { lines: lines.join(''), rows: lines.length, scanned: rows.length, full: false }
  }
}
