import type { Environment } from '../../../src/config/settings.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Row } from '../../../src/session/answer.ts'
import { parseExportRequest } from '../../../src/tools/exports/export-request.ts'
import type { Format } from '../../../src/tools/exports/names.ts'
import { exportReply } from '../../../src/tools/exports/report.ts'
import type { TemporaryFile } from '../../../src/tools/exports/temporary-file.ts'
import { type WrittenRows, writeRows } from '../../../src/tools/exports/writer.ts'
import type { Reply } from '../../../src/tools/replies/reply.ts'
import { type CannedAnswer, callerOn, Upstream } from '../../support/workflows/memory.ts'

// Exports without a disk: the rows of a list collected into memory, and the file made of them.

/** The rows of an export. */
class MemoryFile {
  lines = ''
  size = 0

  readonly needsFlush = false

  append(text: string, bytes = Buffer.byteLength(text)): void {
    this.lines += text
    this.size += bytes
  }

  get rows(): Row[] {
    return this.lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  }
}

/** The result of an export. */
export interface ExportOutcome {
  readonly file: MemoryFile
  readonly written: WrittenRows
  /** The file: JSON Lines, or CSV. */
  readonly text: string
  readonly reply: Reply
  /** The same for a caller on another machine. */
  readonly remoteReply: Reply
}

/** An export under test. */
export interface ExportTrial {
  readonly tool?: string
  readonly format?: Format
  readonly args?: object
  /** Local filters of the list, all of them used. */
  readonly localFilters?: Operation['localFilters']
  readonly environment?: Environment
}

/** Exports a list with these answers of Qualys. */
export async function runExport(
  answers: readonly CannedAnswer[],
  trial: ExportTrial = {},
): Promise<ExportOutcome> {
  const { tool = 'car_search_jobs', format = 'jsonl', args = {}, localFilters = {}, environment = {} } = trial
  const upstream = new Upstream()
  upstream.serve(...answers)
  const { running } = callerOn(upstream.answer, environment)
  const parsed = await parseExportRequest({ tool, format, arguments: args }, new Map())
  const used = Object.fromEntries(Object.keys(localFilters).map((name) => [name, true]))
  const operation = { ...parsed.operation, localFilters }
  const request = { ...parsed, operation, args: { ...parsed.args, ...used } }
  const file = new MemoryFile()
  const written = await writeRows(request, running, file as unknown as TemporaryFile)
  const text = file.lines
  const name = `car_search_jobs-20261122T101500Z-0a1b2c3d-00ff00.${format}`
  const result = {
    ...{ request, written, name, path: `/exports/${name}` },
    ...{ isRemote: false, bytes: Buffer.byteLength(text) },
  }
  const budget = running.configuration.settings.replyChars
  const remoteReply = exportReply({ ...result, isRemote: true }, budget)
  return { file, written, text, reply: exportReply(result, budget), remoteReply }
}
