import type { HostCounts } from './tool.ts'

/** The results of a run come within minutes; after that it waits like any other. */
const keptMs = 600_000

/** A run has a correlationUuid when it is sent, and a job id once Qualys lists it. */
const keyOf = (runId: string): string => `sent ${runId}`.toLowerCase()

/** Records to how many hosts this server sent a run. */
export function recordSentHosts(counts: HostCounts, runId: string, hosts: number, now: number): void {
  counts.set(keyOf(runId), { hosts, since: now })
}

/** The number of hosts that this server sent a run to, in the last ten minutes. */
export function sentHostsOf(counts: HostCounts, runId: string, now: number): number | undefined {
  const sent = counts.get(keyOf(runId))
  return sent !== undefined && now - sent.since < keptMs ? sent.hosts : undefined
}

/** True if this server sent a run in the last ten minutes. */
export function hasSentRuns(counts: HostCounts, now: number): boolean {
  return [...counts].some(([key, { since }]) => key.startsWith(keyOf('')) && now - since < keptMs)
}

/** Keeps what is recorded of a run under its job id, too. */
export function copySentHosts(counts: HostCounts, correlationUuid: string, jobId: string): void {
  const sent = counts.get(keyOf(correlationUuid))
  if (sent) counts.set(keyOf(jobId), sent)
}
