import type { Environment } from '../../../src/config/settings.ts'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Row } from '../../../src/session/answer.ts'
import { realPace } from '../../../src/shared/clock.ts'
import { csvWriter } from '../../../src/tools/exports/csv.ts'
import { wantedBy } from '../../../src/tools/exports/export-request.ts'
import type { Spool, State } from '../../../src/tools/exports/export-state.ts'
import type { ExportFolder } from '../../../src/tools/exports/folder.ts'
import type { Format } from '../../../src/tools/exports/names.ts'
import { exportReply } from '../../../src/tools/exports/report.ts'
import { Collector } from '../../../src/tools/exports/writer.ts'
import type { Reply } from '../../../src/tools/replies/reply.ts'
import { Progress } from '../../../src/tools/progress-timer.ts'
import { type Canned, callerOn, Upstream } from '../../support/workflows/memory.ts'

// Exports without a disk: the rows of a list collected into memory, and the file that they become.

/** The rows of an export, and how far they go. */
export class MemorySpool {
  readonly stem = 'car_search_jobs-20261122T101500Z-0a1b2c3d-00ff00'
  readonly folder = { path: '/exports' } as ExportFolder
  lines = ''
  state: State

  constructor(more: Partial<State> = {}) {
    this.state = {
      run: '00000000-0000-4000-8000-000000000000',
      status: 'running',
      digest: '0'.repeat(64),
      part: 1,
      rows: 0,
      scanned: 0,
      bytes: 0,
      place: '',
      end: null,
      table: null,
      total: null,
      wall: null,
      drift: [],
      seen: [],
      ...more,
    }
  }

  add(lines: string, known: Partial<State>): void {
    this.lines += lines
    this.state = { ...this.state, ...known, bytes: this.state.bytes + Buffer.byteLength(lines) }
  }

  get rows(): Row[] {
    return this.lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  }

  get asSpool(): Spool {
    return this as unknown as Spool
  }
}

/** What an export came to. */
export interface Exported {
  readonly spool: MemorySpool
  /** The file: JSON Lines, or CSV. */
  readonly text: string
  readonly reply: Reply
}

/** An export to be tried. */
export interface Trial {
  readonly tool?: string
  readonly format?: Format
  readonly args?: object
  readonly environment?: Environment
  /** An export that was cut, gone on with. */
  readonly cut?: MemorySpool
}

/** Exports a list that Qualys answers so. */
export async function exported(answers: readonly Canned[], trial: Trial = {}): Promise<Exported> {
  const { tool = 'car_search_jobs', format = 'jsonl', args = {}, environment = {}, cut } = trial
  const upstream = new Upstream()
  upstream.serve(...answers)
  const { running } = callerOn(upstream.answer, environment)
  const { session, configuration } = running
  const wanted = await wantedBy({ tool, format, arguments: args }, new Map())
  const { operation } = wanted
  const before = cut?.state.rows ?? 0
  const spool = cut ?? new MemorySpool({ place: await session.seal(operation, wanted.args, [0]) })
  const progress = new Progress(realPace, running.progress)
  const collector = new Collector(wanted, running, spool.asSpool)
  try {
    await collector.collect(progress)
  } finally {
    progress.stop()
  }
  const { names } = collector.table
  const toCsv = await csvWriter(names.length)
  const cells = spool.rows.map((row) => collector.table.cellsOf(row, names))
  const text = format === 'csv' ? toCsv([names]) + toCsv(cells) : spool.lines
  const findings = {
    wanted,
    spool: spool.asSpool,
    bytes: Buffer.byteLength(text),
    columns: names.length,
    taste: spool.rows.slice(0, 3),
    before,
  }
  return { spool, text, reply: exportReply(findings, configuration.settings.replyChars) }
}

/** An export of runs at their first row, to be gone on with. */
export async function spoolFor(fields: readonly string[]): Promise<MemorySpool> {
  const { session } = callerOn(() => ({})).running
  return new MemorySpool({ place: await session.seal(searchJobs, { fields }, [0]) })
}
