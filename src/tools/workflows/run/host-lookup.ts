import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError, VendorError } from '../../../shared/errors.ts'
import { texts } from '../../../shared/format.ts'
import { exitStatusOf, type HostResult, inline } from '../../digest/host-result.ts'
import { columnNames, replyRow } from '../../replies/columns.ts'
import { deviationsNote } from '../../replies/deviations.ts'
import { presentColumns } from '../../replies/unknown-column.ts'
import type { ToolContext } from '../../tool.ts'
import { hostResultOf } from './host-output.ts'
import { isOpen } from './outcomes.ts'

/** An asset job with its output. */
interface FoundAssetJob {
  readonly row: Row
  /** The same without its output. */
  readonly bare: Row
  /** How the row differs from its documentation. */
  readonly drift: string | undefined
}

/**
 * The asset job with its output. No page documents a filter for its id, so it is looked up among the rows of its
 * run without outputs, and then fetched alone with its output, from the cursor before it.
 */
async function findAssetJob(
  { session, signal }: Pick<ToolContext, 'session' | 'signal'>,
  jobId: string,
  assetJobId: string,
): Promise<FoundAssetJob | undefined> {
  let cursorBefore: readonly [number, ...unknown[]] | undefined
  for await (const { rows, cursors = [] } of session.walk(
    searchAssetJobs,
    { jobId },
    { signal, cursors: true },
  )) {
    const index = rows.findIndex((row) => String(row['id']) === assetJobId)
    const bare = rows[index]
    if (!bare) {
      cursorBefore = cursors.at(-1) ?? cursorBefore
      continue
    }
    const from = index === 0 ? cursorBefore : cursors[index - 1]
    const oneRow = { signal, batchSize: 1, ...(from && { start: from }) }
    for await (const batch of session.walk(searchAssetJobs, { jobId, includeOutput: true }, oneRow)) {
      const [row] = batch.rows
      if (row && String(row['id']) === assetJobId) return { row, bare, drift: deviationsNote(batch) }
      throw new VendorError(
        'Qualys lists the hosts of this run in another order than a moment ago.',
        'Call again with the same arguments.',
      )
    }
  }
  return undefined
}

/** The result of one host, and what is to be said of the row it comes from. */
export interface FetchedResult {
  readonly result: HostResult
  /** How the row differs from its documentation, and where its output may be if it is unknown. */
  readonly rowNote?: string
}

/** The columns that a row has only if it is read with its output. */
const outputColumns = ({ row, bare }: FoundAssetJob): string[] =>
  columnNames([
    replyRow(Object.fromEntries(Object.entries(row).filter(([name]) => !Object.hasOwn(bare, name)))),
  ])

/** The result of one host of a run, with its whole output. */
export async function fetchHostResult(
  context: Pick<ToolContext, 'session' | 'signal'>,
  jobId: string,
  assetJobId: string,
): Promise<FetchedResult> {
  const found = await findAssetJob(context, jobId, assetJobId)
  if (!found)
    throw new InputError(
      `Run ${inline(jobId)} has no asset job ${inline(assetJobId)}.`,
      'Take the id from car_search_asset_jobs with this jobId.',
    )
  // It was just decoded, and may have many megabytes.
  await yieldToEventLoop(undefined, { signal: context.signal })
  const { redact } = context.session
  const { hidesOutput, ...shown } = hostResultOf(found.row, redact)
  const columns = hidesOutput ? outputColumns(found).map(redact) : []
  const isHidden = columns.length > 0
  const where = isHidden && `It may be in a column that is not known: ${presentColumns(columns)}.`
  const rowNote = texts(where, found.drift).join(' ')
  return {
    result: isHidden ? { ...shown, hidesOutput: true } : shown,
    ...(rowNote !== '' && { rowNote }),
  }
}

/** A sentence that says why there is no output; undefined if there is some. */
export function noOutputReason({ output, outcome, hidesOutput }: HostResult): string | undefined {
  if (output !== undefined && output.trim() !== '') return undefined
  if (output === undefined && hidesOutput)
    return 'Whether Qualys holds an output of this host is unknown: the row has no scriptResult.'
  if (isOpen(outcome))
    return 'The host is still open, without output so far; Qualys does not say whether it is offline or busy.'
  return output === undefined ? 'Qualys holds no output of this host.' : 'The script printed nothing.'
}

/** One line about the host and how its run ended. */
export function resultLine(result: HostResult): string {
  const { assetJobId, host, outcome } = result
  const hostText = host === undefined ? '' : ` (${inline(host)})`
  const exitStatus = exitStatusOf(result)
  return `asset job ${inline(assetJobId)}${hostText}: ${outcome}${exitStatus && `, ${exitStatus}`}`
}
