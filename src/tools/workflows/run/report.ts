import { counted, formatNumber } from '../../../shared/format.ts'
import { clip, fence, fenceNote } from '../../replies/cells.ts'
import { fitToBudget, type Reply, sizeOf } from '../../replies/reply.ts'
import type { Cluster } from './clusters.ts'
import type { Digest } from './digest.ts'
import { exitStatusOf, inline } from './host-output.ts'
import type { Tally } from './outcomes.ts'
import { minStableMs } from './stable-host-count.ts'
import { expectedHosts, type RunStatus } from './watch.ts'

/** What following a run has found out. */
export interface RunFindings {
  readonly jobId: string
  readonly status: RunStatus & { readonly tally: Tally }
  readonly digest?: Digest
  /** Why the digest is incomplete; absent if it is complete. */
  readonly incompleteReason?: string
}

/** Maximum characters of a sample among others: outputs cost tokens, and car_get_output has the rest. */
const maxSampleOfMany = 1_000
/** Samples are shortened to this length before any is omitted. */
const minSampleLength = 120
/** Characters of a cluster besides its sample. */
const clusterOverhead = 160

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

/** `3 hosts, failed, code 2 "File not found": ws-01 (5000123), ws-02, ws-03`. */
function clusterLine({ count, sample, hosts: names }: Cluster, all: number): string {
  const { outcome, output, assetJobId } = sample
  const noOutput = output === undefined ? 'no output' : output.trim() === '' ? 'printed nothing' : ''
  const what = [
    count === 1 && all > 1 ? '1 host only' : counted(count, 'host'),
    outcome,
    exitStatusOf(sample),
    noOutput,
  ]
  const [first = '', ...others] = names.map(inline)
  const more = count > names.length ? [`${formatNumber(count - names.length)} more`] : []
  const which = [`${first} (${inline(assetJobId)})`, ...others, ...more]
  return `${what.filter((part) => part !== '').join(', ')}: ${which.join(', ')}`
}

/** One cluster as text and as a row, with a sample of at most `maxLength` characters. */
function renderCluster(cluster: Cluster, all: number, maxLength: number) {
  const { count, sample, characters, hosts: names } = cluster
  const { outcome, code, text, assetJobId, output } = sample
  const part = clip(output ?? '', maxLength).text
  const left = characters - part.length
  const line = clusterLine(cluster, all)
  return {
    left,
    block:
      part.trim() === ''
        ? line
        : `${fence(line, part, part.length)}${left > 0 ? `\n(${formatNumber(left)} more characters)` : ''}`,
    row: {
      count,
      outcome,
      code,
      text,
      hosts: names,
      assetJobId,
      ...(output !== undefined && { sample: part }),
      ...(left > 0 && { charactersLeft: left }),
    },
  }
}

function summaryOf({ jobId, status, digest }: RunFindings): string {
  const { tally, isFinished } = status
  const kinds = digest?.clusters.size ?? 0
  const variety =
    kinds > 1
      ? `; ${formatNumber(kinds)}${digest?.clusters.unclusteredHosts ? ' or more' : ''} different outputs`
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
  { digest, jobId }: RunFindings,
  clusters: readonly Cluster[],
  rows: number,
): readonly string[] {
  const unclustered = digest?.clusters.unclusteredHosts ?? 0
  const omitted = clusters.slice(rows).reduce((sum, { count }) => sum + count, unclustered)
  if (omitted === 0) return []
  return [
    `${counted(omitted, 'host')} with other outputs not shown: car_search_asset_jobs with jobId ${inline(jobId)}, outcome and match finds them.`,
  ]
}

/** The reply about a run: counts first, then each kind of output once. */
export function runReply(findings: RunFindings, budget: number): Reply {
  const { jobId, status, digest, incompleteReason } = findings
  const clusters = digest?.clusters.sorted() ?? []
  const compose = (rows: number, maxLength: number): Reply => {
    const parts = clusters
      .slice(0, rows)
      .map((cluster) => renderCluster(cluster, status.tally.hosts, maxLength))
    const notes = [
      ...nextSteps(findings),
      ...(incompleteReason === undefined ? [] : [incompleteReason]),
      ...omittedNote(findings, clusters, rows),
      ...(parts.some(({ left }) => left > 0)
        ? [`car_get_output shows a whole output (jobId ${inline(jobId)}, assetJobId in brackets).`]
        : []),
      ...(status.failure ? [`The last look failed: ${status.failure.message}`] : []),
      ...(status.tally.resultLimit === undefined ? [] : [status.tally.resultLimit]),
    ]
    const note = notes.join(' ')
    const fences = parts.some(({ block }) => block.includes('\n')) ? [fenceNote] : []
    return {
      summary: summaryOf(findings),
      body: [...fences, ...parts.map(({ block }) => block), ...(note ? [`Note: ${note}`] : [])].join('\n'),
      rows: parts.map(({ row }) => row),
      ...(note && { note }),
    }
  }
  const rows = Math.min(clusters.length, Math.ceil(budget / clusterOverhead))
  const maxLength = rows > 1 ? maxSampleOfMany : budget
  const lengths = clusters.slice(0, rows).map(({ sample }) => Math.min(maxLength, sample.output?.length ?? 0))
  // A short sample of a rare result is worth more than a long sample of a frequent one.
  for (let share = evenShare(lengths, budget - clusterOverhead * (rows + 4)); share > minSampleLength; ) {
    const reply = compose(rows, share)
    if (sizeOf(reply) <= budget) return reply
    share = Math.floor(share * 0.8)
  }
  const size = sizeOf(compose(rows, minSampleLength))
  const fitting = size > budget ? Math.ceil((rows * budget) / size) : rows
  return fitToBudget({ rows: fitting, maxTextLength: minSampleLength, maxColumns: 1 }, budget, (extent) =>
    compose(extent.rows, extent.maxTextLength),
  )
}
