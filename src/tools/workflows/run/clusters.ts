import { createHash } from 'node:crypto'
import { characterBoundary } from '../../replies/slices/boundaries.ts'
import { type HostResult, hostNameOf } from './host-output.ts'
import { normalizeOutput } from './normalize-output.ts'

/** Hosts with the same result. */
export interface Cluster {
  count: number
  /** The first result, as a sample; its output is clipped. */
  readonly sample: HostResult
  /** Number of characters of the sample's output before clipping. */
  readonly characters: number
  /** The names of some hosts. */
  readonly hosts: string[]
}

/** A limit per outcome, so that thousands of different successes do not displace the failures. */
const maxClustersPerOutcome = 200
const maxHostNames = 5
const maxSampleLength = 4_000

/** A copy, so that a slice does not keep the whole megabyte in memory. */
const copyText = (text: string): string => Buffer.from(text).toString()

function clipSample(result: HostResult): HostResult {
  const { output } = result
  return output === undefined
    ? result
    : { ...result, output: copyText(output.slice(0, characterBoundary(output, maxSampleLength))) }
}

/** A key that is equal for hosts with the same result: a hash, since texts can be long. */
function keyOf({ outcome, code, text, output, host }: HostResult): string {
  const short = JSON.stringify([outcome, code, text && normalizeOutput(text, host), output === undefined])
  return createHash('sha256')
    .update(short)
    .update(normalizeOutput(output ?? '', host))
    .digest('base64')
}

const successRank = ({ sample: { outcome } }: Cluster): number => (outcome === 'succeeded' ? 1 : 0)

/** Clusters thousands of results by their output in bounded memory. Keeps one sample per cluster. */
export class Clusters {
  readonly #byKey = new Map<string, Cluster>()
  readonly #clustersByOutcome = new Map<string, number>()
  #unclusteredHosts = 0

  add(result: HostResult): void {
    const key = keyOf(result)
    const cluster = this.#byKey.get(key)
    if (cluster) {
      cluster.count++
      if (cluster.hosts.length < maxHostNames) cluster.hosts.push(hostNameOf(result))
      return
    }
    const clusters = this.#clustersByOutcome.get(result.outcome) ?? 0
    if (clusters === maxClustersPerOutcome) {
      this.#unclusteredHosts++
      return
    }
    this.#clustersByOutcome.set(result.outcome, clusters + 1)
    const characters = result.output?.length ?? 0
    this.#byKey.set(key, { count: 1, sample: clipSample(result), characters, hosts: [hostNameOf(result)] })
  }

  /** Number of clusters. */
  get size(): number {
    return this.#byKey.size
  }

  /** Number of hosts that are in no cluster, since there are too many. */
  get unclusteredHosts(): number {
    return this.#unclusteredHosts
  }

  /** Failures first, then the largest clusters. */
  sorted(): readonly Cluster[] {
    return [...this.#byKey.values()].sort((a, b) => successRank(a) - successRank(b) || b.count - a.count)
  }
}
