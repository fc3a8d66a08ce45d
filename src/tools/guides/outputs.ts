import { id } from '../../operations/fields.ts'
import { InputError } from '../../shared/errors.ts'
import { formatNumber, texts } from '../../shared/format.ts'
import { fence, fenceNote } from '../replies/cells.ts'
import { textOf } from '../replies/reply.ts'
import { characterBoundary } from '../replies/slices/boundaries.ts'
import type { ToolContext } from '../tool.ts'
import { fetchHostResult, noOutputReason, resultLine } from '../workflows/run/host-lookup.ts'

/** More than any output has ("output 1 MB", scripts.htm), and less than clients accept in one message. */
const maxCharacters = 4 * 1024 * 1024

/** Parses an id in a URI. A colon in it may be encoded. */
function parseId(value: unknown, name: string, from: string): string {
  const parsed = id(`from ${from}`).safeParse(String(value).replace(/%3a/gi, ':'))
  if (parsed.success) return parsed.data
  throw new InputError(
    `${name} ${parsed.error.issues[0]?.message ?? 'is none'}.`,
    'The address is qualys://outputs/<jobId>/<assetJobId>.',
  )
}

/** The whole output of one host, fenced, since a host wrote it. */
export async function outputText(
  context: Pick<ToolContext, 'session' | 'signal'>,
  ids: Readonly<Record<string, unknown>>,
  max = maxCharacters,
): Promise<string> {
  const jobId = parseId(ids['jobId'], 'jobId', 'car_search_jobs')
  const assetJobId = parseId(ids['assetJobId'], 'assetJobId', 'car_search_asset_jobs')
  const { result, rowNote } = await fetchHostResult(context, jobId, assetJobId)
  const reason = noOutputReason(result)
  if (reason !== undefined) return `${resultLine(result)}\n${texts(reason, rowNote).join(' ')}`
  const { output = '' } = result
  const part = output.slice(0, characterBoundary(output, max))
  const note = texts(
    part.length < output.length &&
      `cut after ${formatNumber(part.length)} of ${formatNumber(output.length)} characters; car_get_output shows the rest, with offset ${part.length}.`,
    rowNote,
  ).join(' ')
  const body = texts(fenceNote, fence('output', part, part.length), note !== '' && `Note: ${note}`).join('\n')
  return textOf({ summary: resultLine(result), body, rows: [] })
}
