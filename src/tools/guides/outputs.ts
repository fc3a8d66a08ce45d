import { id } from '../../operations/fields.ts'
import { InputError } from '../../shared/errors.ts'
import { fenced, fenceNote } from '../replies/cells.ts'
import type { Running } from '../tool.ts'
import { border } from '../workflows/run/host-output.ts'
import { facts, nothingIn, wholeResult } from '../workflows/run/output.ts'

/** More than any output has ("output 1 MB", scripts.htm), and less than clients accept in one message. */
const mostCharacters = 4 * 1024 * 1024

const number = (value: number): string => value.toLocaleString('en')

/** An id in a URI, in which a colon may be encoded. */
function idIn(value: unknown, name: string, from: string): string {
  const read = id(`from ${from}`).safeParse(String(value).replace(/%3a/gi, ':'))
  if (read.success) return read.data
  throw new InputError(
    `${name} ${read.error.issues[0]?.message ?? 'is none'}.`,
    'The address is qualys://outputs/<jobId>/<assetJobId>.',
  )
}

/** The whole output of one host, fenced, since a host wrote it. */
export async function outputText(
  running: Pick<Running, 'session' | 'signal'>,
  ids: Readonly<Record<string, unknown>>,
  most = mostCharacters,
): Promise<string> {
  const jobId = idIn(ids['jobId'], 'jobId', 'car_search_jobs')
  const assetJobId = idIn(ids['assetJobId'], 'assetJobId', 'car_search_asset_jobs')
  const result = await wholeResult(running, jobId, assetJobId)
  const nothing = nothingIn(result)
  if (nothing !== undefined) return `${facts(result)}\n${nothing}`
  const { printed = '' } = result
  const part = printed.slice(0, border(printed, most))
  const rest =
    part.length < printed.length
      ? [
          `Note: cut after ${number(part.length)} of ${number(printed.length)} characters; car_get_output shows the rest, with offset ${part.length}.`,
        ]
      : []
  return [facts(result), fenceNote, fenced('output', part, part.length), ...rest].join('\n')
}
