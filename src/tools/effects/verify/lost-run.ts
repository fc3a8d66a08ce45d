import { searchJobs } from '../../../operations/car/runs.ts'
import { inSentence } from '../../../operations/sentences.ts'
import type { Row } from '../../../session/answer.ts'
import { type Clock, withTimeout } from '../../../shared/clock.ts'
import { CallTimeoutError } from '../../../shared/deadline.ts'
import { QualysError, UnclearError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import { redactJson } from '../../../shared/secrets.ts'
import type { ToolContext } from '../../tool.ts'
import { readPage } from '../targets/lookup.ts'
import type { SentEffect } from './sent-effect.ts'

/** Seconds between the searches for a run whose start was not confirmed. */
const searchDelays = [1, 2, 4, 8, 15, 25]
/** Time limit for all searches together. */
const maxSearchMs = 60_000
const maxListedRuns = 5

/** The newest runs of a script; undefined if they cannot be listed. */
async function listNewestRuns(scriptId: unknown, context: ToolContext): Promise<readonly Row[] | undefined> {
  try {
    const page = await readPage(context, searchJobs, { scriptId, pageSize: 20 })
    return page && redactJson(page.rows, context.session.redact)
  } catch (error) {
    if (error instanceof QualysError) return undefined
    throw error
  }
}

/**
 * The ids of the runs that exist before a script is executed. A run that is not among them is new, whatever
 * the clocks say.
 */
export async function listRunsBefore(
  { args }: SentEffect,
  context: ToolContext,
): Promise<ReadonlySet<string> | undefined> {
  const rows = await listNewestRuns(args['scriptId'], context)
  return rows && new Set(rows.map(({ id }) => String(id)))
}

/**
 * The new runs, newest first, without those of schedules. Only runs above the first known one are new:
 * unknown runs below it are old ones that moved up when a run was deleted.
 */
function findNewRuns(runs: readonly Row[], previousIds: ReadonlySet<string>): readonly Row[] {
  const firstKnown = runs.findIndex(({ id }) => previousIds.has(String(id)))
  return runs.slice(0, firstKnown < 0 ? runs.length : firstKnown).filter(({ schedulerId }) => !schedulerId)
}

function describeRun({ id, title, created }: Row): string {
  const time = String(isObject(created) ? created['dateTime'] : '')
  // The form that record parsing produces; another text is Qualys' own and is not quoted.
  const when = /^[\d-]{10}T[\d:]{8}Z$/.test(time) ? time : 'unknown time'
  return `run ${inSentence(String(id), 40)} ${quotation(String(title))} of ${when}`
}

/** `found`: undefined if the runs could not be listed. */
function describeFindings(
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
      what: `Probably it is ${describeRun(first)}.`,
      next: `Follow it with car_follow_run and jobId ${quotation(String(first['id']))}; do not run it again.`,
    }
  return {
    what: `It may be one of these: ${found.slice(0, maxListedRuns).map(describeRun).join('; ')}.`,
    next: 'Compare them with car_search_jobs; do not run it again.',
  }
}

/**
 * Explains an execution with an unclear outcome: searches for up to a minute for the run it may have started.
 * Never says that nothing happened.
 */
export async function explainLostRun(
  { args }: SentEffect,
  error: UnclearError,
  previousIds: ReadonlySet<string> | undefined,
  context: ToolContext,
  clock: Clock,
): Promise<UnclearError> {
  if (!previousIds) return error
  let found: readonly Row[] | undefined
  await withTimeout(clock, clock.now() + maxSearchMs, context.signal, async (signal) => {
    for (const [searchIndex, delay] of searchDelays.entries()) {
      await clock.sleep(delay * 1000, signal)
      context.progress.report(searchIndex + 1, searchDelays.length, 'searches for the run')
      const runs = await listNewestRuns(args['scriptId'], { ...context, signal })
      found = runs ? findNewRuns(runs, previousIds) : found
      if (found && found.length > 0) return
    }
  }).catch((failure: unknown) => {
    // The call's time is up: the outcome stays unknown.
    if (!(failure instanceof CallTimeoutError)) throw failure
  })
  const { what, next } = describeFindings(found, String(args['scriptId']))
  return new UnclearError(`${error.message} ${what}`, next, error.details)
}
