import { createHash } from 'node:crypto'
import { border, nameOf, type Result } from './printed.ts'
import { withoutVarying } from './varying.ts'

/** Hosts that came to the same. */
export interface Cluster {
  count: number
  /** The first of them, as a sample; what it printed is clipped. */
  readonly sample: Result
  /** Characters of the sample before it was clipped. */
  readonly characters: number
  /** Some of them, by name. */
  readonly hosts: string[]
}

/** Per outcome, so that thousands of successes that all differ cannot crowd out the failures. */
const mostPerOutcome = 200
const mostHosts = 5
const longestSample = 4_000

/** A copy that does not keep the megabyte alive which it is a part of. */
const apart = (text: string): string => Buffer.from(text).toString()

function clippedSample(result: Result): Result {
  const { printed } = result
  return printed === undefined
    ? result
    : { ...result, printed: apart(printed.slice(0, border(printed, longestSample))) }
}

/** The same for hosts that say the same: a hash, since texts may be long. */
function keyOf({ outcome, code, text, printed, host }: Result): string {
  const short = JSON.stringify([outcome, code, text && withoutVarying(text, host), printed === undefined])
  return createHash('sha256')
    .update(short)
    .update(withoutVarying(printed ?? '', host))
    .digest('base64')
}

const isGood = ({ sample: { outcome } }: Cluster): number => (outcome === 'succeeded' ? 1 : 0)

/** Thousands of results in bounded memory: what hosts printed is grouped, and one of each group kept. */
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

  /** How many kinds of output are kept. */
  get size(): number {
    return this.#byKey.size
  }

  /** Hosts whose outputs differ from all that are kept. */
  get others(): number {
    return this.#uncounted
  }

  /** Whatever did not succeed first, then the largest. */
  sorted(): readonly Cluster[] {
    return [...this.#byKey.values()].sort((a, b) => isGood(a) - isGood(b) || b.count - a.count)
  }
}
