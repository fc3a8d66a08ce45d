import { type Clock, withTimeout } from '../../../shared/clock.ts'
import { BusyError, QualysError, VendorError } from '../../../shared/errors.ts'
import type { ToolContext } from '../../tool.ts'
import type { Tally } from './outcomes.ts'
import { findCorrelationUuid, findJob, type RunReference, tallyHosts } from './run.ts'
import { minStableMs, recordHostCount } from './stable-host-count.ts'

/** What is known about a run. */
export interface RunStatus {
  /** Absent while Qualys does not list the run. */
  readonly jobId?: string
  /** Its hosts at the last check. */
  readonly tally?: Tally
  /** Milliseconds for which the number of hosts has been the same. */
  readonly stableMs: number
  readonly isFinished: boolean
  /** The number of hosts that this server sent it to, if it did so in the last ten minutes. */
  readonly sentHosts?: number
  /** The error of the last check, if it failed. */
  readonly failure?: QualysError
}

/** What waiting and repeated checks need. */
export interface WatchContext {
  readonly context: ToolContext
  readonly clock: Clock
}

const pollDelaysMs = [5_000, 10_000, 20_000]
const maxDelayMs = 30_000
const minDelayMs = 5_000
/** Milliseconds of the wait reserved for reading outputs. */
const outputReserveMs = 5_000

/** True for an error after which what is known so far is kept. */
export function isTemporary(error: unknown): error is QualysError {
  return error instanceof BusyError || error instanceof VendorError
}

/** The number of hosts that are listed, or more if it was sent to more. */
export const expectedHosts = ({ tally, sentHosts = 0 }: RunStatus): number =>
  Math.max(tally?.hosts ?? 0, sentHosts)

/**
 * The status of a run after a check. A run that this server sent is finished if as many hosts are done as it was
 * sent to; any other one if two checks at least a minute apart list the same number of hosts. None may be open.
 */
export function assessRun(tally: Tally, jobId: string, { context, clock }: WatchContext): RunStatus {
  const now = clock.now()
  const stableMs = recordHostCount(context.hostCounts, jobId, tally, now)
  const sentHosts = context.sentRuns.hostsOf(jobId, now)
  const isComplete = sentHosts === undefined ? stableMs >= minStableMs : tally.done >= sentHosts
  const isDone = tally.open === 0 && tally.undecided === 0
  const isFinished = tally.hosts > 0 && isDone && tally.resultLimit === undefined && isComplete
  return { jobId, tally, stableMs, isFinished, ...(sentHosts !== undefined && { sentHosts }) }
}

/**
 * True if waiting tells no more: no host is open, and for a minute some results have not shown whether they are done.
 */
const isStuck = ({ tally, stableMs }: RunStatus): boolean =>
  tally !== undefined && tally.open === 0 && tally.undecided > 0 && stableMs >= minStableMs

/** Finds what this server recorded when it sent the run, and keeps it under the job id. */
async function linkSentRun(
  run: RunReference,
  jobId: string,
  { context, clock }: WatchContext,
  signal: AbortSignal,
): Promise<void> {
  const { session, sentRuns } = context
  const now = clock.now()
  if (sentRuns.isEmpty(now) || sentRuns.hostsOf(jobId, now) !== undefined) return
  const uuid =
    run.jobId === undefined
      ? run.correlationUuid
      : await findCorrelationUuid(session, jobId, signal).catch((error: unknown) => {
          // Without it the run waits like one that was started elsewhere.
          if (error instanceof QualysError) return undefined
          throw error
        })
  if (uuid !== undefined) sentRuns.link(uuid, jobId)
}

async function checkRun(
  run: RunReference,
  previous: RunStatus | undefined,
  watch: WatchContext,
  signal: AbortSignal,
): Promise<RunStatus> {
  const { session } = watch.context
  const knownId = run.jobId ?? previous?.jobId
  const jobId =
    knownId ?? (run.jobId === undefined && (await findJob(session, run, previous !== undefined, signal)))
  if (!jobId) return { stableMs: 0, isFinished: false }
  if (previous?.jobId === undefined) await linkSentRun(run, jobId, watch, signal)
  return assessRun(await tallyHosts(session, jobId, signal), jobId, watch)
}

/**
 * Checks a run until it is finished or the time is over: at once, after 5, 10 and 20 s, then every 30 s.
 */
export async function watchRun(run: RunReference, waitMs: number, watch: WatchContext): Promise<RunStatus> {
  const { context, clock } = watch
  const { signal, progress } = context
  const deadline = clock.now() + waitMs
  const end = deadline - Math.min(outputReserveMs, waitMs / 8)
  // The first check may take longer than the wait, and its error is thrown: without it nothing is known.
  let status = await checkRun(run, undefined, watch, signal)
  for (let poll = 0; ; poll++) {
    const hosts = expectedHosts(status)
    if (hosts > 0) progress.report(status.tally?.done ?? 0, hosts, hosts === 1 ? 'host done' : 'hosts done')
    const remainingMs = end - clock.now()
    if (status.isFinished || isStuck(status) || remainingMs < minDelayMs) return status
    await clock.sleep(Math.min(pollDelaysMs[poll] ?? maxDelayMs, remainingMs), signal)
    const previous = status
    await withTimeout(clock, deadline, signal, async (limited) => {
      status = await checkRun(run, previous, watch, limited)
    }).catch((error: unknown) => {
      if (!isTemporary(error)) throw error
      status = { ...previous, failure: error }
    })
    // A run that has just appeared has just started, so the short intervals begin again.
    if (previous.jobId === undefined && status.jobId !== undefined) poll = -1
  }
}
