import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { z } from 'zod'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import { id, whole } from '../../../operations/fields.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError, VendorError } from '../../../shared/errors.ts'
import { counted, formatNumber } from '../../../shared/format.ts'
import { exitStatusOf, type HostResult, inline } from '../../digest/host-result.ts'
import { fence, fenceNote } from '../../replies/cells.ts'
import { fitToBudget, type Reply } from '../../replies/reply.ts'
import { characterBoundary, nextSliceNote, sliceEnd } from '../../replies/slices/boundaries.ts'
import { LineIndex } from '../../replies/slices/line-index.ts'
import type { Tool, ToolContext } from '../../tool.ts'
import { endReply } from './end-reply.ts'
import { findReply } from './find-reply.ts'
import { hostResultOf } from './host-output.ts'
import { isOpen } from './outcomes.ts'

/**
 * The asset job with its output. No page documents a filter for its id, so it is looked up among the rows of its
 * run without outputs, and then fetched alone with its output, from the cursor before it.
 */
async function findAssetJob(
  { session, signal }: Pick<ToolContext, 'session' | 'signal'>,
  jobId: string,
  assetJobId: string,
): Promise<Row | undefined> {
  let cursorBefore: readonly [number, ...unknown[]] | undefined
  for await (const { rows, cursorAfter } of session.walk(searchAssetJobs, { jobId }, { signal })) {
    const index = rows.findIndex((row) => String(row['id']) === assetJobId)
    if (index === -1) {
      cursorBefore = cursorAfter(rows.length - 1) ?? cursorBefore
      continue
    }
    const from = index === 0 ? cursorBefore : cursorAfter(index - 1)
    const oneRow = { signal, batchSize: 1, ...(from && { start: from }) }
    for await (const {
      rows: [row],
    } of session.walk(searchAssetJobs, { jobId, includeOutput: true }, oneRow)) {
      if (row && String(row['id']) === assetJobId) return row
      throw new VendorError(
        'Qualys lists the hosts of this run in another order than a moment ago.',
        'Call again with the same arguments.',
      )
    }
  }
  return undefined
}

/** The result of one host of a run, with its whole output. */
export async function fetchHostResult(
  context: Pick<ToolContext, 'session' | 'signal'>,
  jobId: string,
  assetJobId: string,
): Promise<HostResult> {
  const row = await findAssetJob(context, jobId, assetJobId)
  if (row) return hostResultOf(row, context.session.redact)
  throw new InputError(
    `Run ${inline(jobId)} has no asset job ${inline(assetJobId)}.`,
    'Take the id from car_search_asset_jobs with this jobId.',
  )
}

/** A sentence that says why there is no output; undefined if there is some. */
export function noOutputReason({ output, outcome }: HostResult): string | undefined {
  if (output !== undefined && output.trim() !== '') return undefined
  if (isOpen(outcome))
    return 'The host is still open, without output so far; Qualys does not say whether it is offline or busy.'
  return output === undefined ? 'Qualys holds no output of this host.' : 'The script printed nothing.'
}

/** One line about the host and how its run ended. */
export function resultLine(result: HostResult): string {
  const { assetJobId, host, outcome } = result
  const hostText = host === undefined ? '' : ` (${inline(host)})`
  const exitStatus = exitStatusOf(result)
  return `asset job ${inline(assetJobId)}${hostText}: ${outcome}${exitStatus && `, ${exitStatus}`}`
}

/** Where to begin, and how much to show: in characters. */
interface Range {
  readonly offset: number
  readonly maxChars: number
  readonly budget: number
}

/** The reply where there is no output, and why. */
function emptyReply(result: HostResult, reason: string): Reply {
  const { assetJobId, host, outcome, code, text } = result
  const row = { assetJobId, host, outcome, code, text, characters: 0, lines: 0 }
  return { summary: resultLine(result), body: reason, rows: [row], note: reason }
}

function refuseEnd(offset: number, { output = '' }: HostResult): void {
  if (offset < output.length) return
  throw new InputError(
    `offset ${formatNumber(offset)} lies behind the end of the output.`,
    `It has ${formatNumber(output.length)} characters: pass a smaller offset, or none.`,
  )
}

/** A slice of a host's output, as long as fits the budget. */
function sliceReply(result: HostResult, { offset, maxChars, budget }: Range): Reply {
  const { output = '', assetJobId, host, outcome, code, text } = result
  const row = { assetJobId, host, outcome, code, text }
  const lines = new LineIndex(output).count
  const start = characterBoundary(output, offset)
  const maxLength = Math.min(maxChars, budget)
  return fitToBudget({ rows: 1, maxTextLength: maxLength, maxColumns: 1 }, budget, (extent) => {
    const part = output.slice(start, sliceEnd(output, start, extent.maxTextLength))
    const nextOffset = start + part.length
    const hasMore = nextOffset < output.length
    const isLong = output.length - nextOffset > 2 * part.length
    const advice = isLong ? ' find shows only the lines that hold a text.' : ''
    const note = hasMore ? `${nextSliceNote(`offset ${nextOffset}`)}${advice}` : undefined
    const range = `characters ${formatNumber(start + 1)}-${formatNumber(nextOffset)} of ${formatNumber(output.length)}, ${counted(lines, 'line')}`
    return {
      summary: `${resultLine(result)}; ${range}`,
      body: [fenceNote, fence('output', part, part.length), ...(note ? [`Note: ${note}`] : [])].join('\n'),
      rows: [
        {
          ...{ ...row, output: part, offset: start, characters: output.length, lines },
          ...(hasMore && { nextOffset }),
        },
      ],
      ...(note !== undefined && { note }),
    }
  })
}

const find = z
  .string({ error: 'must be text' })
  .min(2, { error: 'must be at least 2 characters' })
  .max(200, { error: 'must be at most 200 characters' })
  .regex(/^[^\r\n]*\S[^\r\n]*$/, { error: 'must be part of one line' })
  .describe('text: shows the lines that hold it')
  .optional()

const lineCountError = 'must be a number of lines, from 1 on, or true for as many as fit'

/** As much of the end as fits is the end of all lines. A false is what some clients write for an argument not given. */
function toLines(value: unknown): unknown {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (word === true || word === 'true') return Number.MAX_SAFE_INTEGER
  return word === false || word === 'false' ? undefined : value
}

const fromEnd = z
  .preprocess(
    toLines,
    z
      .number({ error: lineCountError })
      .int({ error: lineCountError })
      .min(1, { error: lineCountError })
      .describe('lines from the end, as tail -n')
      .optional(),
  )
  .optional()

/** The tool for the decoded output of one host, in slices. */
export const getOutput: Tool = {
  name: 'car_get_output',
  title: 'Output of one host',
  description: 'What a script printed on one host of a run, as text, in slices.',
  hasLongReplies: true,
  effect: 'read',
  input: {
    jobId: id('of the run, from car_search_jobs'),
    assetJobId: id('from car_search_asset_jobs or car_follow_run'),
    find,
    fromEnd,
    offset: whole(0, 100_000_000, 'characters to skip; default 0').optional(),
    maxChars: whole(1, 1_000_000, 'default as many as fit').optional(),
  },
  run: async (args, context) => {
    const { jobId, assetJobId, find, fromEnd } = args
    if (fromEnd !== undefined && Number(args['offset'] ?? 0) > 0)
      throw new InputError(
        'fromEnd and offset name two places: pass fromEnd alone for the end, or offset alone for what is before it.',
        '',
      )
    const result = await fetchHostResult(context, String(jobId), String(assetJobId))
    const budget = context.configuration.settings.replyChars
    const range = {
      offset: Number(args['offset'] ?? 0),
      maxChars: Number(args['maxChars'] ?? budget),
      budget,
    }
    // An output may have many megabytes.
    await yieldToEventLoop(undefined, { signal: context.signal })
    const reason = noOutputReason(result)
    if (reason !== undefined) return emptyReply(result, reason)
    refuseEnd(range.offset, result)
    const title = resultLine(result)
    const lines = fromEnd === undefined ? {} : { fromEnd: Number(fromEnd) }
    if (find !== undefined)
      return findReply(result, title, { ...range, ...lines, find: String(find) }, context.signal)
    return fromEnd === undefined
      ? sliceReply(result, range)
      : endReply(result, title, { ...range, fromEnd: Number(fromEnd) })
  },
}
