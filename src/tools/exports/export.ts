import { z } from 'zod'
import { oneOf, yesNo } from '../../operations/fields.ts'
import { systemClock } from '../../shared/clock.ts'
import { type ErrorDetails, QualysError } from '../../shared/errors.ts'
import { formatNumber } from '../../shared/format.ts'
import { parseJson } from '../../shared/json.ts'
import type { Reply } from '../replies/reply.ts'
import type { Tool, ToolContext } from '../tool.ts'
import { type ExportRequest, parseExportRequest } from './export-request.ts'
import type { UnfinishedExport } from './export-state.ts'
import { finishExport, firstRows } from './finish.ts'
import { ExportFolder } from './folder.ts'
import { exportReply } from './report.ts'
import { resumeExport, startExport } from './resume.ts'
import { ExportWriter } from './writer.ts'

const sampleRowCount = 3

/** The same error, with advice about the rest of the export. */
function withAdvice(error: QualysError, advice: string): QualysError {
  const Kind = error.constructor as new (message: string, next: string, details: ErrorDetails) => QualysError
  return new Kind(error.message, `${error.next} ${advice}`, error.details)
}

/** Keeps the rows of a failed export. Returns the error, with advice how to continue. */
function suspendExport(unfinished: UnfinishedExport, error: unknown): unknown {
  const { rows, scanned, part } = unfinished.state
  try {
    // Another call has taken over: there is nothing left to keep or to continue.
    if (!unfinished.isOwned) return error
    if (scanned === 0 && part === 1) {
      unfinished.discard()
      return error
    }
    unfinished.suspend()
  } catch {
    // The last state still applies: it counts as interrupted after a minute.
  }
  if (!(error instanceof QualysError)) return error
  const kept = rows === 1 ? '1 row is kept' : `${formatNumber(rows)} rows are kept`
  return withAdvice(
    error,
    rows === 0
      ? 'The same call with resume: true goes on where this one stopped.'
      : `${kept}: the same call with resume: true goes on behind them.`,
  )
}

async function runExport(request: ExportRequest, resume: boolean, context: ToolContext): Promise<Reply> {
  const { session, signal, configuration } = context
  const { settings } = configuration
  const folder = new ExportFolder(settings)
  folder.ensure()
  folder.removeExpired()
  const unfinished = await (resume ? resumeExport : startExport)(folder, request, session)
  const resumedRows = unfinished.state.rows
  const stopProgress = context.progress.repeat(systemClock)
  try {
    const writer = new ExportWriter(request, context, unfinished)
    await writer.write()
    const sample = await firstRows(unfinished, sampleRowCount)
    const { table } = writer
    const columns = table.names.length
    const bytes = await finishExport(unfinished, request.format, table, signal)
    return exportReply({ request, unfinished, bytes, columns, sample, resumedRows }, settings.replyChars)
  } catch (error) {
    throw suspendExport(unfinished, error)
  } finally {
    stopProgress()
    unfinished.close()
  }
}

/** Writes a whole list to a file. */
export const exportList: Tool = {
  name: 'qualys_export',
  title: 'Export a whole list',
  description:
    'Write all rows of a list, with all fields, to a CSV or JSON Lines file and link to it, past the conversation.',
  effect: 'read',
  input: {
    tool: z
      .string({ error: 'must be the name of a list tool, such as car_search_jobs' })
      .describe('a list tool, e.g. car_search_jobs'),
    arguments: z
      .preprocess(
        // Some models pass an object as its JSON text.
        (value) => (typeof value === 'string' ? (parseJson(value) ?? value) : value),
        z.looseObject({}, { error: "must be an object of that tool's arguments" }),
      )
      .describe('of that tool; fields picks columns')
      .optional(),
    format: oneOf(['csv', 'jsonl']),
    resume: yesNo('go on with the last such export that was cut').optional(),
  },
  run: async (args, context) =>
    runExport(await parseExportRequest(args, context.withheldTools), args['resume'] === true, context),
}
