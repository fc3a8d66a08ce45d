import type { Session } from '../../session/session.ts'
import type { Tally } from './outcomes.ts'

/** Two looks this far apart must list the same number of hosts before a run counts as finished. */
export const steadyMs = 60_000
const mostRuns = 200

interface Listed {
  readonly hosts: number
  readonly since: number
}

/** Per account, since ids mean something within one only. Losing it costs a minute. */
const remembered = new WeakMap<object, Map<string, Listed>>()

/** For how long now looks at a run have listed the same number of hosts; this look is remembered for the next. */
export function steadyFor(session: Session, jobId: string, { hosts }: Tally, now: number): number {
  const runs = remembered.get(session.memory) ?? new Map<string, Listed>()
  remembered.set(session.memory, runs)
  const before = runs.get(jobId)
  const listed = before?.hosts === hosts ? before : { hosts, since: now }
  // The one looked at last stands last, so that the first is the one to forget.
  runs.delete(jobId)
  runs.set(jobId, listed)
  const [oldest] = runs.keys()
  if (runs.size > mostRuns && oldest !== undefined) runs.delete(oldest)
  return now - listed.since
}
