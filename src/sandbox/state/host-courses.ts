import { pickFailure, successResult, timeoutResult } from '../data/car/asset-jobs.ts'
import type { Asset, HostResult } from '../data/car/rows.ts'
import { Random } from '../data/random.ts'
import type { Knobs } from './knobs.ts'

/** What happens on one host of a run: when its result appears, how it ends, and when. */
export interface HostCourse {
  asset: Asset
  /** The time at which its asset job appears. */
  created: number
  result: HostResult
  /** Absent for a host that never answers. */
  endedAt?: number
}

interface CourseRequest {
  assets: readonly Asset[]
  /** The time at which the job of the run appears. */
  visibleAt: number
  knobs: Knobs
  random: Random
  /** Hosts that never answer, in runs of any size. */
  silentIds: ReadonlySet<number>
  /** The exact share of hosts that fail, rounded up to whole hosts, chosen by seed and run. */
  failures?: { share: number; seed: number; run: number } | undefined
}

/** Runs on fewer hosts have no offline hosts by chance, so that they finish. */
const minHostsForOffline = 8

/** The course of each host that the run lists. */
export function hostCourses(request: CourseRequest): HostCourse[] {
  const { assets, visibleAt, knobs, random, silentIds, failures } = request
  const offlineShare = assets.length < minHostsForOffline ? 0 : knobs.offlineShare
  const courses = assets.map((asset) => {
    const created = visibleAt + random.below(knobs.assetJobSpreadMs + 1)
    const result = pickResult(random, knobs.executionOutcome)
    const durationFactor = result === timeoutResult ? 2 : random.between(25, 175) / 100
    const isSilent = random.chance(offlineShare) || silentIds.has(asset.id)
    const endedAt = Math.round(created + durationFactor * knobs.hostSeconds * 1000)
    return { asset, created, result, ...(!isSilent && { endedAt }) }
  })
  const listed =
    knobs.silentHosts === 'open' ? courses : courses.filter(({ endedAt }) => endedAt !== undefined)
  return failures ? withFailures(listed, hostCount(failures.share, assets.length), failures) : listed
}

/** A share of hosts, rounded up. A product such as 0.1 * 30 is a little too large. */
const hostCount = (share: number, hosts: number): number => Math.ceil(share * hosts - 1e-9)

/** The courses with exactly this number of failures, or as many as there are hosts that answer. */
function withFailures(
  courses: readonly HostCourse[],
  count: number,
  { seed, run }: { seed: number; run: number },
): HostCourse[] {
  const random = new Random(seed, `failures of run ${run}`)
  const answering = courses.filter(({ endedAt }) => endedAt !== undefined)
  const failing = new Set(random.shuffle(answering).slice(0, count))
  return courses.map((course) => ({
    ...course,
    result: failing.has(course) ? pickFailure(random) : successResult('listing'),
  }))
}

/** The result of a host. With `mixed`, about four of five succeed. */
function pickResult(random: Random, outcome: Knobs['executionOutcome']): HostResult {
  const succeeds = outcome === 'mixed' ? random.chance(0.8) : outcome === 'succeeded'
  return succeeds ? successResult('listing') : pickFailure(random)
}
