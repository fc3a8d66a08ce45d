import { id, whole } from '../../../operations/fields.ts'
import { inTime, type Pace, realPace } from '../../../shared/clock.ts'
import type { QualysError } from '../../../shared/errors.ts'
import { Progress } from '../../progress-timer.ts'
import { cell } from '../../replies/cells.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Tool } from '../../tool.ts'
import { Digest } from './digest.ts'
import { type Findings, runReply } from './report.ts'
import { targetOf } from './run.ts'
import { judged, passes, type Waiting, watch } from './watch.ts'

const defaultWait = 40
/** Time for reading outputs, even after the wait is over. */
const readMs = 10_000

function notSeenYet(
  { scriptId, correlationUuid }: Readonly<Record<string, unknown>>,
  failure: QualysError | undefined,
): Reply {
  const failed = failure ? ` The last look failed: ${failure.message}` : ''
  const note = `It may take Qualys a while to list a run that was started: call again with the same arguments; do not start it again.${failed}`
  return {
    summary: `run ${cell(correlationUuid)} of script ${cell(scriptId)} not seen yet`,
    body: `Note: ${note}`,
    rows: [],
    note,
  }
}

/** Reads the outputs, as far as time and Qualys allow. */
async function digested(
  jobId: string,
  seen: Findings['seen'],
  until: number,
  waiting: Waiting,
): Promise<Findings> {
  if (seen.tally.done === 0) return { jobId, seen }
  const { running, pace } = waiting
  const digest = new Digest()
  const number = (value: number): string => value.toLocaleString('en')
  const partly = (why: string): Findings => {
    const cut = `Outputs read: ${number(digest.tally.done)} of ${number(seen.tally.done)} (${why}).`
    return { jobId, seen, digest, cut }
  }
  try {
    const whole = await inTime(pace, until, running.signal, (limited) => digest.read(running, jobId, limited))
    if (!whole) return partly('a longer waitSeconds reads more')
  } catch (error) {
    if (!passes(error)) throw error
    return partly(error.message)
  }
  // The later count is better: hosts may have finished or joined in the meantime.
  const last = judged(digest.tally, jobId, waiting)
  return { jobId, seen: { ...last, tally: digest.tally }, digest }
}

/** The tool, with a given clock. */
export function followRunBy(pace: Pace): Tool {
  return {
    name: 'car_follow_run',
    title: 'Follow a run to its end',
    description:
      'Wait for a run and sum up what its hosts came to: counts by outcome, and each kind of output once with the hosts that have it.',
    effect: 'read',
    input: {
      jobId: id('from car_search_jobs').optional(),
      correlationUuid: id('from car_execute_script, with its scriptId').optional(),
      scriptId: id('from car_execute_script').optional(),
      waitSeconds: whole(0, 600, 'at most; default 40').optional(),
    },
    run: async (args, running) => {
      const target = targetOf(args)
      const waitMs = Number(args['waitSeconds'] ?? defaultWait) * 1000
      const deadline = pace.now() + waitMs
      const progress = new Progress(pace, running.progress)
      const waiting = { running, pace, progress }
      try {
        const { tally, ...seen } = await watch(target, waitMs, waiting)
        if (tally === undefined || seen.jobId === undefined) return notSeenYet(args, seen.failure)
        const until = Math.max(deadline, pace.now() + readMs)
        const findings = await digested(seen.jobId, { ...seen, tally }, until, waiting)
        return runReply(findings, running.configuration.settings.replyChars)
      } finally {
        progress.stop()
      }
    },
  }
}

/** Waits for a run, reports progress, and sums up the outputs of its hosts. */
export const followRun = followRunBy(realPace)
