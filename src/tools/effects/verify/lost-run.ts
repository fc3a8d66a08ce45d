import { executeScript } from '../../../operations/car/execution.ts'
import { searchJobs } from '../../../operations/car/runs.ts'
import type { Operation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { inTime, type Pace } from '../../../shared/clock.ts'
import { LateError } from '../../../shared/deadline.ts'
import { QualysError, UnclearError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine, quotation } from '../../../shared/safe-text.ts'
import { redacted } from '../../../shared/secrets.ts'
import type { Running } from '../../tool.ts'

type Args = Readonly<Record<string, unknown>>

/** Seconds between the searches for a run whose start was not confirmed. */
const pauses = [1, 2, 4, 8, 15, 25]
/** Time limit for all searches together. */
const longestMs = 60_000
const mostRuns = 5

/** The newest runs of a script; undefined if they cannot be listed. */
async function newestRuns(
  scriptId: unknown,
  { session, signal }: Running,
): Promise<readonly Row[] | undefined> {
  try {
    const answer = await session.call(searchJobs, { scriptId, pageSize: 20 }, { signal })
    return answer.kind === 'page' ? redacted(answer.rows, session.redact) : undefined
  } catch (error) {
    if (error instanceof QualysError) return undefined
    throw error
  }
}

/**
 * The runs that exist before a script is executed. A new run is recognized by them, independently of any
 * clock.
 */
export async function runsBefore(
  operation: Operation,
  { scriptId }: Args,
  running: Running,
): Promise<ReadonlySet<string> | undefined> {
  if (operation !== executeScript) return undefined
  const rows = await newestRuns(scriptId, running)
  return rows && new Set(rows.map(({ id }) => String(id)))
}

/**
 * The runs listed before the first known one, newest first. Other unknown runs are old: they moved up when a
 * run was deleted. Runs of schedules are left out.
 */
function newIn(runs: readonly Row[], before: ReadonlySet<string>): readonly Row[] {
  const known = runs.findIndex(({ id }) => before.has(String(id)))
  return runs.slice(0, known < 0 ? runs.length : known).filter(({ schedulerId }) => !schedulerId)
}

function describe({ id, title, created }: Row): string {
  const time = String(isObject(created) ? created['dateTime'] : '')
  // The form that record parsing produces; another text is Qualys' own and is not quoted.
  const when = /^[\d-]{10}T[\d:]{8}Z$/.test(time) ? time : 'unknown time'
  return `run ${oneLine(String(id), 40)} ${quotation(String(title))} of ${when}`
}

/** `found`: undefined if the runs could not be listed. */
function probably(
  found: readonly Row[] | undefined,
  scriptId: string,
): { readonly what: string; readonly next: string } {
  const [first] = found ?? []
  if (!found || !first)
    return {
      what: found
        ? `A new run of script ${scriptId} has not been seen yet.`
        : `The runs of script ${scriptId} cannot be listed.`,
      next: `It may still appear: look with car_search_jobs and scriptId "${scriptId}" before anything is run again.`,
    }
  if (found.length === 1)
    return {
      what: `Probably it is ${describe(first)}.`,
      next: `Follow it with car_follow_run and jobId "${String(first['id'])}"; do not run it again.`,
    }
  return {
    what: `It may be one of these: ${found.slice(0, mostRuns).map(describe).join('; ')}.`,
    next: 'Compare them with car_search_jobs; do not run it again.',
  }
}

/**
 * Explains an execution with an unclear outcome: searches for up to a minute for the run it may have started.
 * Never says that nothing happened.
 */
export async function explained(
  operation: Operation,
  args: Args,
  error: UnclearError,
  before: ReadonlySet<string> | undefined,
  running: Running,
  pace: Pace,
): Promise<UnclearError> {
  if (operation !== executeScript || !before) return error
  let found: readonly Row[] | undefined
  await inTime(pace, pace.now() + longestMs, running.signal, async (signal) => {
    for (const [look, pause] of pauses.entries()) {
      await pace.sleep(pause * 1000, signal)
      running.progress(look + 1, pauses.length)
      const runs = await newestRuns(args['scriptId'], { ...running, signal })
      found = runs ? newIn(runs, before) : found
      if (found && found.length > 0) return
    }
  }).catch((failure: unknown) => {
    // The call's time is up: the outcome stays unknown.
    if (!(failure instanceof LateError)) throw failure
  })
  const { what, next } = probably(found, String(args['scriptId']))
  return new UnclearError(`${error.message} ${what}`, next, error.details)
}
