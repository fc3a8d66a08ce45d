import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { z } from 'zod'
import { id, whole } from '../../../operations/fields.ts'
import { InputError } from '../../../shared/errors.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import type { HostResult } from '../../digest/host-result.ts'
import { fence, fenceNote } from '../../replies/cells.ts'
import { fitToBudget, type Reply } from '../../replies/reply.ts'
import { characterBoundary, nextSliceNote, sliceEnd } from '../../replies/slices/boundaries.ts'
import { LineIndex } from '../../replies/slices/line-index.ts'
import type { Tool } from '../../tool.ts'
import { endReply } from './end-reply.ts'
import { findReply } from './find-reply.ts'
import { fetchHostResult, noOutputReason, resultLine } from './host-lookup.ts'

/** Where to begin, and how much to show: in characters. */
interface Range {
  readonly offset: number
  readonly maxChars: number
  readonly budget: number
  /** What is to be said of the row. */
  readonly rowNote?: string | undefined
}

/** The reply where there is no output, and why. */
function emptyReply(result: HostResult, reason: string): Reply {
  const { assetJobId, host, outcome, code, text, hidesOutput } = result
  const row = { assetJobId, host, outcome, code, text, ...(!hidesOutput && { characters: 0, lines: 0 }) }
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
function sliceReply(result: HostResult, { offset, maxChars, budget, rowNote }: Range): Reply {
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
    const next = hasMore && `${nextSliceNote(`offset ${nextOffset}`)}${advice}`
    const note = texts(next, rowNote).join(' ')
    const range = `characters ${formatNumber(start + 1)}-${formatNumber(nextOffset)} of ${formatNumber(output.length)}, ${counted(lines, 'line')}`
    return {
      summary: `${resultLine(result)}; ${range}`,
      body: [fenceNote, fence('output', part, part.length), ...(note !== '' ? [`Note: ${note}`] : [])].join(
        '\n',
      ),
      rows: [
        {
          ...{ ...row, output: part, offset: start, characters: output.length, lines },
          ...(hasMore && { nextOffset }),
        },
      ],
      ...(note !== '' && { note }),
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
    const { result, rowNote } = await fetchHostResult(context, String(jobId), String(assetJobId))
    const budget = context.configuration.settings.replyChars
    const range = {
      offset: Number(args['offset'] ?? 0),
      maxChars: Number(args['maxChars'] ?? budget),
      budget,
      rowNote,
    }
    // An output may have many megabytes.
    await yieldToEventLoop(undefined, { signal: context.signal })
    const reason = noOutputReason(result)
    if (reason !== undefined) return emptyReply(result, texts(reason, rowNote).join(' '))
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
