import { searchAssetJobs, searchJobs } from '../../../operations/car/runs.ts'
import type { Session } from '../../../session/session.ts'
import { InputError } from '../../../shared/errors.ts'
import { outcomeOf, Tally } from './outcomes.ts'

/** How an assistant names a run: by its job, or by the ids that the execution returned. */
export type Target =
  | { readonly jobId: string }
  | { readonly jobId?: undefined; readonly scriptId: string; readonly correlationUuid: string }

const ways =
  'Pass jobId alone (from car_search_jobs), or correlationUuid with scriptId (of car_execute_script).'

/** The run that the arguments name. Throws unless they use exactly one of the two ways. */
export function targetOf(args: Readonly<Record<string, unknown>>): Target {
  const { jobId, scriptId, correlationUuid } = args as Readonly<Record<string, string | undefined>>
  if (jobId !== undefined) {
    const other = correlationUuid !== undefined ? 'correlationUuid' : scriptId && 'scriptId'
    if (other === undefined && uuid.test(jobId))
      throw new InputError(
        'jobId looks like a correlationUuid.',
        'Pass it as correlationUuid, with the scriptId that was executed.',
      )
    if (other === undefined) return { jobId }
    throw new InputError(`jobId and ${other} together name the run twice.`, ways)
  }
  if (correlationUuid !== undefined && scriptId !== undefined) return { scriptId, correlationUuid }
  if (correlationUuid !== undefined)
    throw new InputError('Qualys finds a run by its correlationUuid only among those of one script.', ways)
  throw new InputError(
    scriptId === undefined ? 'No run is named.' : 'scriptId alone does not tell which of its runs is meant.',
    ways,
  )
}

/** Recognizes a correlationUuid in place of a job id: job ids are numbers. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-/i

/** Maximum number of runs to search: a run that is followed is recent. */
const mostRuns = 10_000

/**
 * The job of an execution, searched among the newest of its script: no page documents a filter for the
 * correlationUuid.
 */
export async function findJob(
  session: Session,
  { scriptId, correlationUuid }: Exclude<Target, { jobId: string }>,
  again: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const wanted = correlationUuid.toLowerCase()
  let seen = 0
  for await (const { rows } of session.walk(searchJobs, { scriptId }, { signal })) {
    const job = rows.find((row) => String(row['correlationUuid']).toLowerCase() === wanted)
    if (job) return String(job['id'])
    seen += rows.length
    // Later searches read only the first page: a new run is among the newest.
    if (again || seen >= mostRuns) return undefined
  }
  return undefined
}

/** Counts the hosts of a run by outcome, without reading outputs. */
export async function look(session: Session, jobId: string, signal: AbortSignal): Promise<Tally> {
  const tally = new Tally()
  for await (const { rows, wall } of session.walk(searchAssetJobs, { jobId }, { signal })) {
    for (const row of rows) tally.add(outcomeOf(row))
    tally.wall = wall
  }
  return tally
}
