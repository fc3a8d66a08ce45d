import { searchAssetJobs } from '../../../operations/car/runs.ts'
import { id, whole } from '../../../operations/fields.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError, VendorError } from '../../../shared/errors.ts'
import { fenced, fenceNote } from '../../replies/cells.ts'
import { fitted, type Reply } from '../../replies/reply.ts'
import type { Running, Tool } from '../../tool.ts'
import { border, endingOf, inline, type Result, resultOf } from './host-output.ts'
import { isOpen } from './outcomes.ts'

/**
 * The asset job with its output. No page documents a filter for its id, so it is found among the rows of its
 * run without outputs, and then fetched alone with its output, from the position before it.
 */
async function findRow(
  { session, signal }: Pick<Running, 'session' | 'signal'>,
  jobId: string,
  assetJobId: string,
): Promise<Row | undefined> {
  let before: readonly [number, ...unknown[]] | undefined
  for await (const { rows, behind } of session.walk(searchAssetJobs, { jobId }, { signal })) {
    const index = rows.findIndex((row) => String(row['id']) === assetJobId)
    if (index === -1) {
      before = behind(rows.length - 1) ?? before
      continue
    }
    const from = index === 0 ? before : behind(index - 1)
    const alone = { signal, batch: 1, ...(from && { from }) }
    for await (const {
      rows: [row],
    } of session.walk(searchAssetJobs, { jobId, includeOutput: true }, alone)) {
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
export async function wholeResult(
  running: Pick<Running, 'session' | 'signal'>,
  jobId: string,
  assetJobId: string,
): Promise<Result> {
  const row = await findRow(running, jobId, assetJobId)
  if (row) return resultOf(row, running.session.redact)
  throw new InputError(
    `Run ${inline(jobId)} has no asset job ${inline(assetJobId)}.`,
    'Take the id from car_search_asset_jobs with this jobId.',
  )
}

const number = (value: number): string => value.toLocaleString('en')

/** Why there is no output, in a sentence; undefined if there is some. */
export function nothingIn({ printed, outcome }: Result): string | undefined {
  if (printed !== undefined && printed.trim() !== '') return undefined
  if (isOpen(outcome))
    return 'The host is still open, without output so far; Qualys does not say whether it is offline or busy.'
  return printed === undefined ? 'Qualys holds no output of this host.' : 'The script printed nothing.'
}

/** The host and how it ended. */
export function facts(result: Result): string {
  const { assetJobId, host, outcome } = result
  const where = host === undefined ? '' : ` (${inline(host)})`
  const ending = endingOf(result)
  return `asset job ${inline(assetJobId)}${where}: ${outcome}${ending && `, ${ending}`}`
}

/** A slice of a host's output, at most as long as fits. */
function outputReply(result: Result, offset: number, maxChars: number, budget: number): Reply {
  const { printed = '', assetJobId, host, outcome, code, text } = result
  const row = {
    assetJobId,
    ...(host !== undefined && { host }),
    outcome,
    ...(code !== undefined && { code }),
    ...(text !== undefined && { text }),
  }
  const nothing = nothingIn(result)
  if (nothing !== undefined)
    return { summary: facts(result), body: nothing, rows: [{ ...row, characters: 0 }], note: nothing }
  if (offset >= printed.length) {
    throw new InputError(
      `offset ${number(offset)} lies behind the end of the output.`,
      `It has ${number(printed.length)} characters: pass a smaller offset, or none.`,
    )
  }
  const start = border(printed, offset)
  const longest = Math.min(maxChars, budget)
  return fitted({ rows: 1, longest, width: 1 }, budget, (extent) => {
    const end = border(printed, start + extent.longest)
    // A surrogate pair is shown whole, even if one character was asked for.
    const part = printed.slice(start, end > start ? end : start + 2)
    const reached = start + part.length
    const more = reached < printed.length
    const note = more ? `The next slice: the same arguments with offset ${reached}.` : undefined
    const range = `characters ${number(start + 1)}-${number(reached)} of ${number(printed.length)}`
    return {
      summary: `${facts(result)}; ${range}`,
      body: [fenceNote, fenced('output', part, part.length), ...(note ? [`Note: ${note}`] : [])].join('\n'),
      rows: [
        {
          ...row,
          output: part,
          offset: start,
          characters: printed.length,
          ...(more && { nextOffset: reached }),
        },
      ],
      ...(note !== undefined && { note }),
    }
  })
}

/** The tool for the decoded output of one host, in slices. */
export const getOutput: Tool = {
  name: 'car_get_output',
  title: 'Output of one host',
  description: 'What a script printed on one host of a run, as text, in slices.',
  effect: 'read',
  input: {
    jobId: id('of the run, from car_search_jobs'),
    assetJobId: id('from car_search_asset_jobs or car_follow_run'),
    offset: whole(0, 100_000_000, 'characters to skip; default 0').optional(),
    maxChars: whole(1, 1_000_000, 'default as many as fit').optional(),
  },
  run: async (args, running) => {
    const { jobId, assetJobId, offset, maxChars } = args
    const result = await wholeResult(running, String(jobId), String(assetJobId))
    const { replyChars } = running.configuration.settings
    return outputReply(result, Number(offset ?? 0), Number(maxChars ?? replyChars), replyChars)
  },
}
