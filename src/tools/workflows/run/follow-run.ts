import { id, whole } from '../../../operations/fields.ts'
import { type Clock, systemClock, withTimeout } from '../../../shared/clock.ts'
import type { QualysError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { cell } from '../../replies/cells.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Tool } from '../../tool.ts'
import { type RunFindings, runReply } from './report.ts'
import { findRunReference } from './run.ts'
import { RunOutputs } from './run-outputs.ts'
import { assessRun, isTemporary, type WatchContext, watchRun } from './watch.ts'

const defaultWaitSeconds = 40
/** Minimum time for reading outputs, even after the wait is over. */
const minReadMs = 10_000

function notListedReply(
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
async function readOutputs(
  jobId: string,
  status: RunFindings['status'],
  deadline: number,
  watch: WatchContext,
): Promise<RunFindings> {
  if (status.tally.done === 0) return { jobId, status }
  const { context, clock } = watch
  const outputs = new RunOutputs(context.session)
  const partial = (why: string): RunFindings => {
    const incompleteReason = `Outputs read: ${formatNumber(outputs.tally.done)} of ${formatNumber(status.tally.done)} (${why}).`
    return { jobId, status, outputs, incompleteReason }
  }
  try {
    const isComplete = await withTimeout(clock, deadline, context.signal, (limited) =>
      outputs.read(jobId, limited),
    )
    if (!isComplete) return partial('a longer waitSeconds reads more')
  } catch (error) {
    if (!isTemporary(error)) throw error
    return partial(error.message)
  }
  // The later count is better: hosts may have finished or appeared in the meantime.
  const last = assessRun(outputs.tally, jobId, watch)
  return { jobId, status: { ...last, tally: outputs.tally }, outputs }
}

/** The tool, with a given clock. */
export function followRunTool(clock: Clock): Tool {
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
    run: async (args, context) => {
      const run = await findRunReference(args, context)
      const waitMs = Number(args['waitSeconds'] ?? defaultWaitSeconds) * 1000
      const waitEnd = clock.now() + waitMs
      const watch = { context, clock }
      const stopProgress = context.progress.repeat(clock)
      try {
        const { tally, ...status } = await watchRun(run, waitMs, watch)
        if (tally === undefined || status.jobId === undefined) return notListedReply(args, status.failure)
        const deadline = Math.max(waitEnd, clock.now() + minReadMs)
        const findings = await readOutputs(status.jobId, { ...status, tally }, deadline, watch)
        const kinds = (await findings.outputs?.digest.kinds(context.signal)) ?? []
        return runReply(findings, kinds, context.configuration.settings.replyChars)
      } finally {
        stopProgress()
      }
    },
  }
}

/** Waits for a run, reports progress, and sums up the outputs of its hosts. */
export const followRun = followRunTool(systemClock)
