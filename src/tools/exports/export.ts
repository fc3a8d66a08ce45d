import { join } from 'node:path'
import { z } from 'zod'
import { oneOf } from '../../operations/fields.ts'
import { systemClock } from '../../shared/clock.ts'
import { isObject, parseArguments } from '../../shared/json.ts'
import { withSmallHeap } from '../../shared/memory/heap-growth.ts'
import type { Reply } from '../replies/reply.ts'
import type { Tool, ToolContext } from '../tool.ts'
import { type ExportRequest, parseExportRequest } from './export-request.ts'
import { ExportFolder } from './folder.ts'
import { newStem, ownerOf } from './names.ts'
import { exportReply } from './report.ts'
import { TemporaryFile } from './temporary-file.ts'
import { writeRows } from './writer.ts'

async function runExport(request: ExportRequest, context: ToolContext): Promise<Reply> {
  const { operation, format } = request
  const { session, configuration } = context
  const { settings } = configuration
  const folder = new ExportFolder(settings)
  folder.prepare()
  const stem = newStem(operation.name, ownerOf(await session.identity(operation), context.caller))
  folder.checkSpace()
  const file = new TemporaryFile(folder, `${stem}.rows`)
  const stopProgress = context.progress.repeat(systemClock)
  try {
    const written = await withSmallHeap(() => writeRows(request, context, file))
    const name = `${stem}.${format}`
    await file.finish(name)
    const path = join(folder.path, name)
    const isRemote = context.caller.named !== undefined
    const result = { request, written, name, path, isRemote, bytes: file.size }
    return exportReply(result, settings.replyChars)
  } finally {
    stopProgress()
    file.close()
  }
}

const notAnObject = `must be an object of that tool's arguments, as JSON text such as {"fields":["id"]}`

/**
 * Listed as text, since some model providers refuse an object without listed properties. The list's own tool
 * says what it may hold (parseExportRequest).
 */
const listArguments = z
  .unknown()
  .transform((value, context) => {
    const args = typeof value === 'string' ? parseArguments(value) : value
    if (isObject(args)) return args
    context.addIssue(notAnObject)
    return z.NEVER
  })
  .meta({ type: 'string', description: 'its arguments, a JSON object as text; fields picks columns' })

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
    arguments: listArguments.optional(),
    format: oneOf(['csv', 'jsonl']),
  },
  run: async (args, context) => runExport(await parseExportRequest(args, context.withheldTools), context),
}
