import { outcomeOf } from '../../../operations/car/outcomes.ts'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import type { ToolContext } from '../../tool.ts'
import { createdAtOf, hostKeysOf } from '../../workflows/run/facts/result-hosts.ts'
import { findJob } from '../../workflows/run/run.ts'
import type { RolloutPlan, WaveCounts } from '../plan.ts'
import type { WaveRun, WaveState } from '../state/plan-state.ts'

/** What Qualys shows of the run of a wave. */
export interface WaveSight {
  /** Absent while Qualys does not list the run. */
  readonly jobId?: string
  readonly counts: WaveCounts
}

async function jobOf(
  { script }: RolloutPlan,
  { jobId, correlationUuid }: WaveRun,
  context: ToolContext,
): Promise<string | undefined> {
  if (jobId !== undefined || correlationUuid === undefined) return jobId
  return findJob(context.session, { scriptId: script.id, correlationUuid }, false, context.signal)
}

/** The hosts of a run by how they ended. A host with several results counts by its newest one. */
async function countHosts(jobId: string, hosts: number, context: ToolContext): Promise<WaveCounts> {
  const newest = new Map<string, { readonly at: number; readonly outcome: string }>()
  let nameless = 0
  for await (const { rows } of context.session.walk(searchAssetJobs, { jobId }, { signal: context.signal }))
    for (const row of rows) {
      const { numbers, uuids } = hostKeysOf(row)
      const key = numbers[0] ?? uuids[0] ?? `nameless ${nameless++}`
      const at = createdAtOf(row)
      const known = newest.get(key)
      if (!known || at > known.at) newest.set(key, { at, outcome: outcomeOf(row) })
    }
  const counts = { succeeded: 0, failed: 0, unknown: 0 }
  for (const { outcome } of newest.values()) {
    if (outcome === 'succeeded' || outcome === 'failed') counts[outcome]++
    else if (outcome !== 'open') counts.unknown++
  }
  const done = counts.succeeded + counts.failed + counts.unknown
  return { ...counts, open: Math.max(0, hosts - done) }
}

/** Looks at the run of a wave that was sent. */
export async function lookAtWave(
  plan: RolloutPlan,
  { run, intent, planned }: WaveState,
  context: ToolContext,
): Promise<WaveSight> {
  const hosts = intent?.hosts.length ?? planned.hosts.length
  const jobId = run && (await jobOf(plan, run, context))
  if (jobId === undefined) return { counts: { succeeded: 0, failed: 0, unknown: 0, open: hosts } }
  return { jobId, counts: await countHosts(jobId, hosts, context) }
}

/** True if what is seen now is worth a line: each one is kept for good, and a wave may have thousands of hosts. */
export function isNews(before: WaveCounts | undefined, now: WaveCounts): boolean {
  if (!before) return now.succeeded + now.failed + now.unknown > 0
  const total = now.succeeded + now.failed + now.unknown + now.open
  const moved =
    Math.abs(now.succeeded - before.succeeded) +
    Math.abs(now.failed - before.failed) +
    Math.abs(now.unknown - before.unknown)
  return moved > 0 && moved >= total / 20
}
