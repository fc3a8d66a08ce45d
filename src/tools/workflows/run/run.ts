import { searchAssetJobs, searchJobs } from '../../../operations/car/runs.ts'
import type { Session } from '../../../session/session.ts'
import { InputError } from '../../../shared/errors.ts'
import { findByStart, isShortUuid } from '../../arguments/short-ids.ts'
import type { ToolContext } from '../../tool.ts'
import { Tally } from './outcomes.ts'

/** A run as an assistant names it: by its job, or by the ids that the execution returned. */
export type RunReference =
  | { readonly jobId: string }
  | { readonly jobId?: undefined; readonly scriptId: string; readonly correlationUuid: string }

const howToName =
  'Pass jobId alone (from car_search_jobs), or correlationUuid with scriptId (of car_execute_script).'

/** The run that the arguments name. Throws an InputError unless they name it in exactly one of the two ways. */
export function parseRunReference(args: Readonly<Record<string, unknown>>): RunReference {
  const { jobId, scriptId, correlationUuid } = args as Readonly<Record<string, string | undefined>>
  if (jobId !== undefined) {
    const other = correlationUuid !== undefined ? 'correlationUuid' : scriptId && 'scriptId'
    if (other === undefined && correlationUuidStart.test(jobId))
      throw new InputError(
        'jobId looks like a correlationUuid.',
        'Pass it as correlationUuid, with the scriptId that was executed.',
      )
    if (other === undefined) return { jobId }
    throw new InputError(`jobId and ${other} together name the run twice.`, howToName)
  }
  if (correlationUuid !== undefined && scriptId !== undefined) return { scriptId, correlationUuid }
  if (correlationUuid !== undefined)
    throw new InputError(
      'Qualys finds a run by its correlationUuid only among those of one script.',
      howToName,
    )
  throw new InputError(
    scriptId === undefined ? 'No run is named.' : 'scriptId alone does not tell which of its runs is meant.',
    howToName,
  )
}

/** Recognizes a correlationUuid passed as jobId: job ids are numbers. */
const correlationUuidStart = /^[0-9a-f]{8}-[0-9a-f]{4}-/i

/** The same, where the correlationUuid may be given by its first eight characters. */
export async function findRunReference(
  args: Readonly<Record<string, unknown>>,
  context: Pick<ToolContext, 'session' | 'signal'>,
): Promise<RunReference> {
  const { jobId, scriptId, correlationUuid } = args
  if (jobId !== undefined || !isShortUuid(correlationUuid)) return parseRunReference(args)
  const list = { list: searchJobs, field: 'correlationUuid', title: 'title' }
  const run = await findByStart(list, correlationUuid, context, scriptId === undefined ? {} : { scriptId })
  return { jobId: String(run['id']) }
}

/** Maximum number of runs to search. A run that is followed is recent. */
const maxRuns = 10_000
/** More runs than one account starts in ten minutes. */
const maxNewest = 100

/**
 * The job id of an execution. Searches the newest runs of its script, since no page documents a filter for the
 * correlationUuid.
 */
export async function findJob(
  session: Session,
  { scriptId, correlationUuid }: Exclude<RunReference, { jobId: string }>,
  isRepeat: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const uuid = correlationUuid.toLowerCase()
  let scanned = 0
  for await (const { rows } of session.walk(searchJobs, { scriptId }, { signal })) {
    const job = rows.find((row) => String(row['correlationUuid']).toLowerCase() === uuid)
    if (job) return String(job['id'])
    scanned += rows.length
    // Later searches read only the first page: a new run is among the newest.
    if (isRepeat || scanned >= maxRuns) return undefined
  }
  return undefined
}

/** The correlationUuid of a job, if it is among the newest runs. */
export async function findCorrelationUuid(
  session: Session,
  jobId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const newest = { signal, batchSize: maxNewest }
  for await (const { rows } of session.walk(searchJobs, {}, newest)) {
    const uuid = rows.find((row) => String(row['id']) === jobId)?.['correlationUuid']
    return typeof uuid === 'string' ? uuid : undefined
  }
  return undefined
}

/** Counts the hosts of a run by outcome, without reading outputs. */
export async function tallyHosts(session: Session, jobId: string, signal: AbortSignal): Promise<Tally> {
  const tally = new Tally(session.redact)
  for await (const batch of session.walk(searchAssetJobs, { jobId }, { signal })) {
    for (const row of batch.rows) tally.add(row)
    tally.resultLimit = batch.resultLimit
    tally.deviations = { drift: batch.drift, leftOut: batch.leftOut }
  }
  return tally
}
