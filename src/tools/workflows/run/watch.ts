import { inTime, type Pace } from '../../../shared/clock.ts'
import { BusyError, type QualysError, VendorError } from '../../../shared/errors.ts'
import type { Progress } from '../../progress-timer.ts'
import type { Running } from '../../tool.ts'
import type { Tally } from './outcomes.ts'
import { findJob, look, type Target } from './run.ts'
import { steadyFor, steadyMs } from './stable-host-count.ts'

/** What is known of a run. */
export interface Seen {
  /** Absent while Qualys does not list the run. */
  readonly jobId?: string
  /** Its hosts at the last look. */
  readonly tally?: Tally
  /** Milliseconds for which the number of hosts has been the same. */
  readonly steady: number
  readonly finished: boolean
  /** The error of the last look, if it failed. */
  readonly failure?: QualysError
}

/** What waiting and repeated looks need. */
export interface Waiting {
  readonly running: Running
  readonly pace: Pace
  readonly progress: Progress
}

const gaps = [5_000, 10_000, 20_000]
const longestGap = 30_000
const shortestGap = 5_000
/** Milliseconds of the wait that are reserved for reading outputs. */
const reserve = 5_000

/** True for a temporary error: what is known so far is kept. */
export function passes(error: unknown): error is QualysError {
  return error instanceof BusyError || error instanceof VendorError
}

/**
 * A run is finished if no host is open and two looks at least a minute apart list the same number of hosts.
 */
export function judged(tally: Tally, jobId: string, { running, pace }: Waiting): Seen {
  const steady = steadyFor(running.session, jobId, tally, pace.now())
  const finished = tally.hosts > 0 && tally.open === 0 && tally.wall === undefined && steady >= steadyMs
  return { jobId, tally, steady, finished }
}

async function lookOnce(
  target: Target,
  before: Seen | undefined,
  waiting: Waiting,
  signal: AbortSignal,
): Promise<Seen> {
  const { session } = waiting.running
  const known = target.jobId ?? before?.jobId
  const jobId =
    known ?? (target.jobId === undefined && (await findJob(session, target, before !== undefined, signal)))
  if (!jobId) return { steady: 0, finished: false }
  return judged(await look(session, jobId, signal), jobId, waiting)
}

/**
 * Looks at a run until it is finished or the time is over: at once, after 5, 10 and 20 s, then every 30 s.
 */
export async function watch(target: Target, waitMs: number, waiting: Waiting): Promise<Seen> {
  const { running, pace, progress } = waiting
  const { signal } = running
  const deadline = pace.now() + waitMs
  const end = deadline - Math.min(reserve, waitMs / 8)
  // The first look may take longer than the wait, and may fail: without it nothing is known.
  let seen = await lookOnce(target, undefined, waiting, signal)
  for (let gap = 0; ; gap++) {
    progress.set(seen.tally?.done ?? 0, seen.tally?.hosts)
    const left = end - pace.now()
    if (seen.finished || left < shortestGap) return seen
    await pace.sleep(Math.min(gaps[gap] ?? longestGap, left), signal)
    const before = seen
    await inTime(pace, deadline, signal, async (limited) => {
      seen = await lookOnce(target, before, waiting, limited)
    }).catch((error: unknown) => {
      if (!passes(error)) throw error
      seen = { ...before, failure: error }
    })
    // A run that has just appeared has just started, so the short intervals begin again.
    if (before.jobId === undefined && seen.jobId !== undefined) gap = -1
  }
}
