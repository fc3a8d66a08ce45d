import type { Environment } from '../../../src/config/settings.ts'
import { searchJobs } from '../../../src/operations/car/runs.ts'
import type { Row } from '../../../src/session/answer.ts'
import { createCsvFormatter } from '../../../src/tools/exports/csv.ts'
import { parseExportRequest } from '../../../src/tools/exports/export-request.ts'
import type { ExportState, UnfinishedExport } from '../../../src/tools/exports/export-state.ts'
import type { ExportFolder } from '../../../src/tools/exports/folder.ts'
import type { Format } from '../../../src/tools/exports/names.ts'
import { exportReply } from '../../../src/tools/exports/report.ts'
import { ExportWriter } from '../../../src/tools/exports/writer.ts'
import type { Reply } from '../../../src/tools/replies/reply.ts'
import { type CannedAnswer, callerOn, Upstream } from '../../support/workflows/memory.ts'

// Exports without a disk: the rows of a list collected into memory, and the file made of them.

/** The rows of an export, and its progress. */
export class MemorySpool {
  readonly stem = 'car_search_jobs-20261122T101500Z-0a1b2c3d-00ff00'
  readonly folder = { path: '/exports' } as ExportFolder
  lines = ''
  state: ExportState

  constructor(more: Partial<ExportState> = {}) {
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

  append(lines: string, known: Partial<ExportState>): void {
    this.lines += lines
    this.state = { ...this.state, ...known, bytes: this.state.bytes + Buffer.byteLength(lines) }
  }

  get rows(): Row[] {
    return this.lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  }

  get asSpool(): UnfinishedExport {
    return this as unknown as UnfinishedExport
  }
}

/** The result of an export. */
export interface ExportOutcome {
  readonly spool: MemorySpool
  /** The file: JSON Lines, or CSV. */
  readonly text: string
  readonly reply: Reply
}

/** An export under test. */
export interface ExportTrial {
  readonly tool?: string
  readonly format?: Format
  readonly args?: object
  readonly environment?: Environment
  /** Resumes an interrupted export. */
  readonly resume?: MemorySpool
}

/** Exports a list with these answers of Qualys. */
export async function runExport(
  answers: readonly CannedAnswer[],
  trial: ExportTrial = {},
): Promise<ExportOutcome> {
  const { tool = 'car_search_jobs', format = 'jsonl', args = {}, environment = {}, resume } = trial
  const upstream = new Upstream()
  upstream.serve(...answers)
  const { running } = callerOn(upstream.answer, environment)
  const { session, configuration } = running
  const wanted = await parseExportRequest({ tool, format, arguments: args }, new Map())
  const { operation } = wanted
  const before = resume?.state.rows ?? 0
  const spool = resume ?? new MemorySpool({ place: await session.encodeCursor(operation, wanted.args, [0]) })
  const collector = new ExportWriter(wanted, running, spool.asSpool)
  await collector.write()
  const { names } = collector.table
  const toCsv = await createCsvFormatter(names.length)
  const cells = spool.rows.map((row) => collector.table.cellsOf(row, names))
  const text = format === 'csv' ? toCsv([names]) + toCsv(cells) : spool.lines
  const findings = {
    request: wanted,
    unfinished: spool.asSpool,
    bytes: Buffer.byteLength(text),
    columns: names.length,
    sample: spool.rows.slice(0, 3),
    resumedRows: before,
  }
  return { spool, text, reply: exportReply(findings, configuration.settings.replyChars) }
}

/** An export of runs after its first row, to be resumed. */
export async function spoolFor(fields: readonly string[]): Promise<MemorySpool> {
  const { session } = callerOn(() => ({})).running
  return new MemorySpool({ place: await session.encodeCursor(searchJobs, { fields }, [0]) })
}
