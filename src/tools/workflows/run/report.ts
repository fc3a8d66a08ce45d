import { clipped, fenced, fenceNote } from '../../replies/cells.ts'
import { fitted, type Reply, sizeOf } from '../../replies/reply.ts'
import type { Cluster } from './clusters.ts'
import type { Digest } from './digest.ts'
import { endingOf, inline } from './host-output.ts'
import type { Tally } from './outcomes.ts'
import { steadyMs } from './stable-host-count.ts'
import type { Seen } from './watch.ts'

/** The result of following a run. */
export interface Findings {
  readonly jobId: string
  readonly seen: Seen & { readonly tally: Tally }
  readonly digest?: Digest
  /** Why the digest is incomplete; absent if it is complete. */
  readonly cut?: string
}

const number = (value: number): string => value.toLocaleString('en')
const hosts = (count: number): string => `${number(count)} ${count === 1 ? 'host' : 'hosts'}`
/** Maximum characters of a sample among others: outputs cost tokens, and car_get_output has the rest. */
const longestOfMany = 1_000
/** Samples are shortened to this length before any is left out. */
const shortest = 120
/** Characters of a cluster besides its sample. */
const overhead = 160

/** The maximum length of samples so that all fit; short samples leave their room to the others. */
function evenShare(lengths: readonly number[], room: number): number {
  let left = room
  for (const [index, length] of [...lengths].sort((a, b) => a - b).entries()) {
    const share = Math.floor(left / (lengths.length - index))
    if (length > share) return Math.max(share, shortest)
    left -= length
  }
  return Math.max(shortest, ...lengths)
}

/** `3 hosts, failed, code 2 "File not found": ws-01 (5000123), ws-02, ws-03`. */
function lineOf({ count, sample, hosts: names }: Cluster, all: number): string {
  const { outcome, printed, assetJobId } = sample
  const nothing = printed === undefined ? 'no output' : printed.trim() === '' ? 'printed nothing' : ''
  const what = [count === 1 && all > 1 ? '1 host only' : hosts(count), outcome, endingOf(sample), nothing]
  const [first = '', ...others] = names.map(inline)
  const more = count > names.length ? [`${number(count - names.length)} more`] : []
  const which = [`${first} (${inline(assetJobId)})`, ...others, ...more]
  return `${what.filter((part) => part !== '').join(', ')}: ${which.join(', ')}`
}

/** One cluster in both forms. */
function shown(cluster: Cluster, all: number, longest: number) {
  const { count, sample, characters, hosts: names } = cluster
  const { outcome, code, text, assetJobId, printed } = sample
  const part = clipped(printed ?? '', longest).text
  const left = characters - part.length
  const line = lineOf(cluster, all)
  return {
    left,
    block:
      part.trim() === ''
        ? line
        : `${fenced(line, part, part.length)}${left > 0 ? `\n(${number(left)} more characters)` : ''}`,
    row: {
      count,
      outcome,
      ...(code !== undefined && { code }),
      ...(text !== undefined && { text }),
      hosts: names,
      assetJobId,
      ...(printed !== undefined && { sample: part }),
      ...(left > 0 && { charactersLeft: left }),
    },
  }
}

function summaryOf({ jobId, seen: { tally, finished }, digest }: Findings): string {
  const kinds = digest?.clusters.size ?? 0
  const variety =
    kinds > 1 ? `; ${number(kinds)}${digest?.clusters.others ? ' or more' : ''} different outputs` : ''
  if (tally.hosts === 0) return `run ${inline(jobId)} so far: no host listed`
  return finished
    ? `run ${inline(jobId)} finished: ${hosts(tally.hosts)}, ${tally}${variety}`
    : `run ${inline(jobId)} so far: ${number(tally.done)} of ${hosts(tally.hosts)} done; ${tally}${variety}`
}

/** How to continue if the run is not finished. */
function nextSteps({ seen: { tally, steady, finished } }: Findings): readonly string[] {
  if (finished || tally.wall !== undefined) return []
  const again = 'call again with the same arguments'
  if (tally.hosts === 0)
    return [`Hosts may be listed later: ${again}; if none comes, check the id with car_search_jobs.`]
  if (tally.open > 0)
    return [
      'Qualys does not say whether an open host is offline or busy (car_search_asset_jobs with outcome open lists them).',
      `To wait on, ${again}.`,
    ]
  const seconds = Math.max(1, Math.ceil((steadyMs - steady) / 1000))
  return [`More hosts may still be listed: ${again} in ${seconds} s to see whether that is all.`]
}

function leftOut({ digest, jobId }: Findings, clusters: readonly Cluster[], rows: number): readonly string[] {
  const others = digest?.clusters.others ?? 0
  const unseen = clusters.slice(rows).reduce((sum, { count }) => sum + count, others)
  if (unseen === 0) return []
  return [
    `${hosts(unseen)} with other outputs not shown: car_search_asset_jobs with jobId ${inline(jobId)}, outcome and match finds them.`,
  ]
}

/** The reply about a run: counts first, then each kind of output once. */
export function runReply(findings: Findings, budget: number): Reply {
  const { jobId, seen, digest, cut } = findings
  const clusters = digest?.clusters.sorted() ?? []
  const compose = (rows: number, longest: number): Reply => {
    const parts = clusters.slice(0, rows).map((cluster) => shown(cluster, seen.tally.hosts, longest))
    const notes = [
      ...nextSteps(findings),
      ...(cut === undefined ? [] : [cut]),
      ...leftOut(findings, clusters, rows),
      ...(parts.some(({ left }) => left > 0)
        ? [`car_get_output shows a whole output (jobId ${inline(jobId)}, assetJobId in brackets).`]
        : []),
      ...(seen.failure ? [`The last look failed: ${seen.failure.message}`] : []),
      ...(seen.tally.wall === undefined ? [] : [seen.tally.wall]),
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
  const rows = Math.min(clusters.length, Math.ceil(budget / overhead))
  const longest = rows > 1 ? longestOfMany : budget
  const lengths = clusters.slice(0, rows).map(({ sample }) => Math.min(longest, sample.printed?.length ?? 0))
  // A short sample of a rare result is worth more than a long sample of a frequent one.
  for (let share = evenShare(lengths, budget - overhead * (rows + 4)); share > shortest; ) {
    const reply = compose(rows, share)
    if (sizeOf(reply) <= budget) return reply
    share = Math.floor(share * 0.8)
  }
  const size = sizeOf(compose(rows, shortest))
  const first = size > budget ? Math.ceil((rows * budget) / size) : rows
  return fitted({ rows: first, longest: shortest, width: 1 }, budget, (extent) =>
    compose(extent.rows, extent.longest),
  )
}
