import type { HostCounts } from '../../tool.ts'
import type { Tally } from './outcomes.ts'

/** A run counts as finished only if two checks this far apart list the same number of hosts. */
export const minStableMs = 60_000
const maxRuns = 200

/** Records the number of hosts of a run. Returns for how many milliseconds it has been the same. */
export function recordHostCount(runs: HostCounts, jobId: string, { hosts }: Tally, now: number): number {
  const previous = runs.get(jobId)
  const current = previous?.hosts === hosts ? previous : { hosts, since: now }
  // Most recent last, so that the first entry is the oldest.
  runs.delete(jobId)
  runs.set(jobId, current)
  const [oldest] = runs.keys()
  if (runs.size > maxRuns && oldest !== undefined) runs.delete(oldest)
  return now - current.since
}
