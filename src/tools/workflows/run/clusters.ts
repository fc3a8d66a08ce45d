import { createHash } from 'node:crypto'
import { border, nameOf, type Result } from './host-output.ts'
import { withoutVarying } from './normalize-output.ts'

/** Hosts with the same result. */
export interface Cluster {
  count: number
  /** The first result, as a sample; its output is clipped. */
  readonly sample: Result
  /** Number of characters of the sample's output before clipping. */
  readonly characters: number
  /** The names of some hosts. */
  readonly hosts: string[]
}

/** A limit per outcome, so that thousands of different successes do not displace the failures. */
const mostPerOutcome = 200
const mostHosts = 5
const longestSample = 4_000

/** A copy, so that the clipped text does not keep the whole megabyte in memory. */
const apart = (text: string): string => Buffer.from(text).toString()

function clippedSample(result: Result): Result {
  const { printed } = result
  return printed === undefined
    ? result
    : { ...result, printed: apart(printed.slice(0, border(printed, longestSample))) }
}

/** A key that is equal for hosts with the same result: a hash, since texts can be long. */
function keyOf({ outcome, code, text, printed, host }: Result): string {
  const short = JSON.stringify([outcome, code, text && withoutVarying(text, host), printed === undefined])
  return createHash('sha256')
    .update(short)
    .update(withoutVarying(printed ?? '', host))
    .digest('base64')
}

const isGood = ({ sample: { outcome } }: Cluster): number => (outcome === 'succeeded' ? 1 : 0)

/** Groups thousands of results by their output in bounded memory; keeps one sample per group. */
export class Clusters {
  readonly #byKey = new Map<string, Cluster>()
  readonly #kept = new Map<string, number>()
  #uncounted = 0

  add(result: Result): void {
    const key = keyOf(result)
    const cluster = this.#byKey.get(key)
    if (cluster) {
      cluster.count++
      if (cluster.hosts.length < mostHosts) cluster.hosts.push(nameOf(result))
      return
    }
    const kept = this.#kept.get(result.outcome) ?? 0
    if (kept === mostPerOutcome) {
      this.#uncounted++
      return
    }
    this.#kept.set(result.outcome, kept + 1)
    const characters = result.printed?.length ?? 0
    this.#byKey.set(key, { count: 1, sample: clippedSample(result), characters, hosts: [nameOf(result)] })
  }

  /** Number of groups. */
  get size(): number {
    return this.#byKey.size
  }

  /** Number of hosts whose output is in no kept group. */
  get others(): number {
    return this.#uncounted
  }

  /** Failures first, then the largest groups. */
  sorted(): readonly Cluster[] {
    return [...this.#byKey.values()].sort((a, b) => isGood(a) - isGood(b) || b.count - a.count)
  }
}
