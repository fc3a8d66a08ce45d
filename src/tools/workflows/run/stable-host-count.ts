import type { Session } from '../../../session/session.ts'
import type { Tally } from './outcomes.ts'

/** A run counts as finished only if two looks this far apart list the same number of hosts. */
export const steadyMs = 60_000
const mostRuns = 200

interface Listed {
  readonly hosts: number
  readonly since: number
}

/** Per account, since ids are unique only within one. Losing it costs a minute. */
const remembered = new WeakMap<object, Map<string, Listed>>()

/** For how many milliseconds the number of hosts of a run has been the same. Remembers this look. */
export function steadyFor(session: Session, jobId: string, { hosts }: Tally, now: number): number {
  const runs = remembered.get(session.memory) ?? new Map<string, Listed>()
  remembered.set(session.memory, runs)
  const before = runs.get(jobId)
  const listed = before?.hosts === hosts ? before : { hosts, since: now }
  // Most recent last, so that the first entry is the oldest.
  runs.delete(jobId)
  runs.set(jobId, listed)
  const [oldest] = runs.keys()
  if (runs.size > mostRuns && oldest !== undefined) runs.delete(oldest)
  return now - listed.since
}
