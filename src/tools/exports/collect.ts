import { setImmediate as turn } from 'node:timers/promises'
import { InputError } from '../../session/errors.ts'
import type { Stretch } from '../../session/walk.ts'
import { keeper } from '../lists.ts'
import type { Running } from '../tool.ts'
import type { Progress } from '../workflows/progress.ts'
import { cleaner, picked } from './cleaning.ts'
import type { Spool } from './spool.ts'
import { Table } from './table.ts'
import type { Wanted } from './wanted.ts'

/** Characters that are made ready without letting anybody else have a turn. */
const inOneGo = 1_000_000

/** What one batch comes to. */
interface Taken {
  readonly lines: string
  readonly rows: number
  /** Rows that were looked at. */
  readonly scanned: number
  /** True when the file has no room for the row behind these. */
  readonly full: boolean
}

function tooLarge(most: number): InputError {
  return new InputError(
    `A single row is larger than ${most / 1e6} MB, the most of an export (QUALYS_EXPORT_MAX_MB).`,
    'Name the fields that are needed in arguments, or ask the operator to raise the limit.',
  )
}

/** Writes the rows of a list, batch by batch, from where the export has come to. */
export class Collector {
  readonly #wanted: Wanted
  readonly #running: Running
  readonly #spool: Spool
  readonly #most: number
  readonly table: Table

  constructor(wanted: Wanted, running: Running, spool: Spool) {
    this.#wanted = wanted
    this.#running = running
    this.#spool = spool
    this.#most = running.configuration.settings.exportMaxMb * 1_000_000
    this.table = new Table(wanted.operation, wanted.fields, spool.state.table ?? undefined)
  }

  /**
   * Goes to the end of the list, or of the file. A list that is walked by sort values goes on exactly behind the last
   * row written, whatever was added or removed meanwhile; one that is walked by numbers of rows (reports, pages, SAQ
   * by offset) may double or miss as many rows as were added or removed before that place, as it may between two pages.
   */
  async collect(progress: Progress): Promise<void> {
    const { operation, args } = this.#wanted
    const { session, signal } = this.#running
    if (this.#spool.state.end !== null) return
    const from = await session.open(operation, args, this.#spool.state.place)
    const options = { signal, eager: true as const, ...(from[0] > 0 && { from }) }
    for await (const stretch of session.walk(operation, args, options)) {
      const taken = await this.#take(stretch)
      const behind = taken.scanned > 0 ? stretch.behind(taken.scanned - 1) : undefined
      const { rows, scanned, drift } = this.#spool.state
      this.#spool.add(taken.lines, {
        rows: rows + taken.rows,
        scanned: scanned + taken.scanned,
        ...(behind && { place: await session.seal(operation, args, behind) }),
        end: taken.full ? 'file' : null,
        table: this.#wanted.format === 'csv' ? this.table.extent : null,
        total: stretch.total ?? null,
        wall: stretch.wall ?? null,
        drift: [...new Set([...drift, ...stretch.drift])],
      })
      if (behind) progress.set(behind[0], stretch.total)
      if (taken.full) return
      signal.throwIfAborted()
    }
    this.#spool.add('', { end: 'list' })
  }

  async #take({ rows }: Stretch): Promise<Taken> {
    const { operation, args, fields, format } = this.#wanted
    const { session, signal } = this.#running
    const { state } = this.#spool
    const keep = keeper(operation, args, session.redact)
    const clean = cleaner(session.redact)
    const lines: string[] = []
    let bytes = state.bytes
    let ready = 0
    for (const [index, raw] of rows.entries()) {
      if (keep && !keep(raw)) continue
      const row = picked(clean(raw), fields)
      const line = `${JSON.stringify(row)}\n`
      bytes += Buffer.byteLength(line)
      const before = state.rows + lines.length
      const fits = format === 'csv' ? this.table.takes(row, before, this.#most) : bytes <= this.#most
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
