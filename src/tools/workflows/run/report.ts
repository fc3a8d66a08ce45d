import { unknownWord } from '../../../operations/reads/row-words.ts'
import { counted, formatNumber, texts } from '../../../shared/format.ts'
import { inline } from '../../digest/host-result.ts'
import type { Kind } from '../../digest/kind.ts'
import { type KindExtent, renderKind } from '../../digest/render-kind.ts'
import { fenceNote } from '../../replies/cells.ts'
import { deviationsNote } from '../../replies/deviations.ts'
import { type Reply, sizeOf } from '../../replies/reply.ts'
import { presentColumns } from '../../replies/unknown-column.ts'
import type { Tally } from './outcomes.ts'
import type { RunOutputs } from './run-outputs.ts'
import { minStableMs } from './stable-host-count.ts'
import { expectedHosts, type RunStatus } from './watch.ts'

/** What following a run has found out. */
export interface RunFindings {
  readonly jobId: string
  readonly status: RunStatus & { readonly tally: Tally }
  readonly outputs?: RunOutputs
  /** Why the digest is incomplete; absent if it is complete. */
  readonly incompleteReason?: string
}

/** Maximum characters of a sample among others: outputs cost tokens, and car_get_output has the rest. */
const maxSampleOfMany = 1_000
/** Samples are shortened to this length before any is omitted. */
const minSampleLength = 120
/** Characters of a kind besides its sample. */
const kindOverhead = 160
/** Places and lines at which the hosts of a kind differ. */
const maxDifferences = 60
const minDifferences = 3

/** The maximum length of samples so that all fit; short samples leave their room to the others. */
function evenShare(lengths: readonly number[], room: number): number {
  let left = room
  for (const [index, length] of [...lengths].sort((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - index))
    if (length > share) return Math.max(share, minSampleLength)
    left -= length
  }
  return Math.max(minSampleLength, ...lengths)
}

function summaryOf({ jobId, status, outputs }: RunFindings, kinds: number): string {
  const { tally, isFinished } = status
  const variety =
    kinds > 1
      ? `; ${formatNumber(kinds)}${outputs?.digest.hostsOfNoKind ? ' or more' : ''} kinds of output`
      : ''
  if (tally.hosts === 0) return `run ${inline(jobId)} so far: no host listed`
  return isFinished
    ? `run ${inline(jobId)} finished: ${counted(tally.hosts, 'host')}, ${tally}${variety}`
    : `run ${inline(jobId)} so far: ${formatNumber(tally.done)} of ${counted(expectedHosts(status), 'host')} done; ${tally}${variety}`
}

/** How to continue if the run is not finished. */
function nextSteps({ status }: RunFindings): readonly string[] {
  const { tally, stableMs, isFinished, sentHosts } = status
  if (isFinished || tally.resultLimit !== undefined) return []
  const again = 'call again with the same arguments'
  // Waiting does not end for hosts whose results do not show it.
  if (tally.open === 0 && tally.undecided > 0)
    return [
      `Whether ${formatNumber(tally.undecided)} of the hosts ${tally.undecided === 1 ? 'is' : 'are'} done is unknown: their results show neither endDate nor output.`,
    ]
  if (tally.hosts === 0)
    return [`Hosts may be listed later: ${again}; if none comes, check the id with car_search_jobs.`]
  if (tally.open > 0)
    return [
      'Qualys does not say whether an open host is offline or busy (car_search_asset_jobs with outcome open lists them).',
      `To wait on, ${again}.`,
    ]
  if (sentHosts !== undefined)
    return [
      `It was sent to ${counted(sentHosts, 'host')}, and Qualys lists ${formatNumber(tally.hosts)} of them so far. To wait on, ${again}.`,
    ]
  const seconds = Math.max(1, Math.ceil((minStableMs - stableMs) / 1000))
  return [`More hosts may still be listed: ${again} in ${seconds} s to see whether that is all.`]
}

function omittedNote(
  { outputs, jobId }: RunFindings,
  kinds: readonly Kind[],
  rows: number,
): readonly string[] {
  const ofNoKind = outputs?.digest.hostsOfNoKind ?? 0
  const omitted = kinds.slice(rows).reduce((sum, { count }) => sum + count, ofNoKind)
  if (omitted === 0) return []
  return [
    `${counted(omitted, 'host')} with other outputs not shown: car_search_asset_jobs with jobId ${inline(jobId)}, outcome and match finds them.`,
  ]
}

/** Says which part of long outputs was compared. */
function comparedNote({ outputs }: RunFindings, kinds: readonly Kind[]): readonly string[] {
  const length = outputs?.digest.comparedLength ?? 0
  if (!kinds.some(({ characters }) => characters > length)) return []
  return [
    `Of long outputs, the first ${formatNumber(length * 0.8)} and the last ${formatNumber(length * 0.2)} characters are compared, the rest by its hash.`,
  ]
}

/** What some results do not show. */
function unknownIn(kinds: readonly Kind[]): string {
  const isOutputUnknown = kinds.some(({ sample }) => sample.hidesOutput)
  const isOutcomeUnknown = kinds.some(({ outcome }) => outcome === unknownWord)
  return isOutputUnknown ? `${isOutcomeUnknown ? 'outcome or ' : ''}output` : 'outcome'
}

/** How much of the findings a reply shows. */
interface Extent extends KindExtent {
  /** Number of kinds. */
  readonly rows: number
}

/** The next smaller extent: shorter samples first, then fewer differences, then fewer kinds. */
function nextSmaller({ rows, sample, differences }: Extent): Extent | undefined {
  if (sample > minSampleLength)
    return { rows, differences, sample: Math.max(minSampleLength, Math.floor(sample * 0.8)) }
  if (differences > minDifferences) return { rows, sample, differences: differences >> 1 }
  return rows > 1 ? { rows: Math.max(1, Math.floor(rows * 0.9)), sample, differences } : undefined
}

/** The reply about a run: counts first, then each kind of output once. */
export function runReply(findings: RunFindings, kinds: readonly Kind[], budget: number): Reply {
  const { jobId, status, incompleteReason } = findings
  const compose = (extent: Extent): Reply => {
    const parts = kinds.slice(0, extent.rows).map((kind) => renderKind(kind, status.tally.hosts, extent))
    const differs = parts.some(({ row }) => 'results' in row || 'lines' in row || 'moreDifferences' in row)
    const notes = [
      ...nextSteps(findings),
      ...(incompleteReason === undefined ? [] : [incompleteReason]),
      ...omittedNote(findings, kinds, extent.rows),
      ...comparedNote(findings, kinds),
      ...(parts.some(({ left }) => left > 0)
        ? [`car_get_output shows a whole output (jobId ${inline(jobId)}, assetJobId in brackets).`]
        : []),
      ...(differs
        ? [
            `car_search_asset_jobs with jobId ${inline(jobId)}, includeOutput true and match finds the hosts that print a value.`,
          ]
        : []),
      ...(status.tally.columns.length > 0
        ? [`Columns of results with ${unknownIn(kinds)} unknown: ${presentColumns(status.tally.columns)}.`]
        : []),
      ...texts(deviationsNote(status.tally.deviations)),
      ...(status.failure ? [`The last look failed: ${status.failure.message}`] : []),
      ...(status.tally.resultLimit === undefined ? [] : [status.tally.resultLimit]),
    ]
    const note = notes.join(' ')
    const fences = parts.some(({ block }) => block.includes('\n')) ? [fenceNote] : []
    return {
      summary: summaryOf(findings, kinds.length),
      body: [...fences, ...parts.map(({ block }) => block), ...(note ? [`Note: ${note}`] : [])].join('\n'),
      rows: parts.map(({ row }) => row),
      ...(note && { note }),
    }
  }
  const rows = Math.min(kinds.length, Math.ceil(budget / kindOverhead))
  const maxLength = rows > 1 ? maxSampleOfMany : budget
  const lengths = kinds.slice(0, rows).map(({ sample }) => Math.min(maxLength, sample.output?.length ?? 0))
  // A short sample of a rare result is worth more than a long sample of a frequent one.
  const sample = evenShare(lengths, budget - kindOverhead * (rows + 4))
  let extent: Extent = { rows, sample, differences: maxDifferences }
  for (;;) {
    const reply = compose(extent)
    const next = sizeOf(reply) > budget ? nextSmaller(extent) : undefined
    if (!next) return reply
    extent = next
  }
}
