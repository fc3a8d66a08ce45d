import { z } from 'zod'
import { oneOf, yesNo } from '../../operations/fields.ts'
import { realPace } from '../../shared/clock.ts'
import { type ErrorDetails, QualysError } from '../../shared/errors.ts'
import { parseJson } from '../../shared/json.ts'
import { Progress } from '../progress-timer.ts'
import type { Reply } from '../replies/reply.ts'
import type { Running, Tool } from '../tool.ts'
import { type Wanted, wantedBy } from './export-request.ts'
import type { Spool } from './export-state.ts'
import { finish, tasteOf } from './finish.ts'
import { ExportFolder } from './folder.ts'
import { exportReply } from './report.ts'
import { begun, resumed } from './resume.ts'
import { Collector } from './writer.ts'

const tasteRows = 3

/** The same error, with advice about the rest of the export. */
function withAdvice(error: QualysError, advice: string): QualysError {
  const Kind = error.constructor as new (message: string, next: string, details: ErrorDetails) => QualysError
  return new Kind(error.message, `${error.next} ${advice}`, error.details)
}

/** Keeps the rows of an export that fails, and adds how to continue to the error. */
function cutOff(spool: Spool, error: unknown): unknown {
  const { rows, scanned, part } = spool.state
  try {
    // Another call has taken over: there is nothing left to keep or to continue.
    if (!spool.isOurs) return error
    if (scanned === 0 && part === 1) {
      spool.drop()
      return error
    }
    spool.cut()
  } catch {
    // The last state still applies: it counts as interrupted after a minute.
  }
  if (!(error instanceof QualysError)) return error
  const kept = rows === 1 ? '1 row is kept' : `${rows.toLocaleString('en')} rows are kept`
  return withAdvice(
    error,
    rows === 0
      ? 'The same call with resume: true goes on where this one stopped.'
      : `${kept}: the same call with resume: true goes on behind them.`,
  )
}

async function exported(wanted: Wanted, resume: boolean, running: Running): Promise<Reply> {
  const { session, signal, configuration } = running
  const { settings } = configuration
  const folder = new ExportFolder(settings)
  folder.make()
  folder.removeOlder()
  const spool = await (resume ? resumed : begun)(folder, wanted, session)
  const before = spool.state.rows
  const progress = new Progress(realPace, (done, total) => {
    running.progress(done, total)
    spool.touch()
  })
  try {
    const collector = new Collector(wanted, running, spool)
    await collector.collect(progress)
    const taste = await tasteOf(spool, tasteRows)
    const { table } = collector
    const columns = table.names.length
    const bytes = await finish(spool, wanted.format, table, signal)
    return exportReply({ wanted, spool, bytes, columns, taste, before }, settings.replyChars)
  } catch (error) {
    throw cutOff(spool, error)
  } finally {
    progress.stop()
    spool.close()
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
  run: async (args, running) =>
    exported(await wantedBy(args, running.withheld), args['resume'] === true, running),
}
