import { outcomeOf } from '../../../operations/car/outcomes.ts'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import { unknownWord } from '../../../operations/reads/row-words.ts'
import { InputError } from '../../../shared/errors.ts'
import { inline } from '../../digest/host-result.ts'
import type { ToolContext } from '../../tool.ts'
import { createdAtOf, hostKeysOf } from './facts/result-hosts.ts'
import { findRunFacts, scriptNamedBy, withoutSeconds } from './facts/run-facts.ts'

/** The hosts of a run by their ids, in ascending order, by how they ended. */
interface HostsByOutcome {
  readonly scriptId: string
  readonly title?: string
  readonly correlationUuid?: string
  readonly hosts: {
    readonly succeeded: readonly string[]
    readonly failed: readonly string[]
    readonly open: readonly string[]
    /** Done, but how is not known; or not even whether they are done. */
    readonly unknown: readonly string[]
  }
  /** Results whose host shows no numeric id. */
  readonly nameless: number
  /** Why there may be more hosts than Qualys lists; absent if it lists all. */
  readonly resultLimit?: string
}

const byNumber = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : Number(a > b))

/**
 * The hosts of a run by outcome. A host with several results counts by its newest one. Throws an InputError for a run
 * that does not exist, or that does not show its script.
 */
export async function hostsByOutcome(
  jobId: string,
  context: Pick<ToolContext, 'session' | 'signal'>,
): Promise<HostsByOutcome> {
  const { session, signal } = context
  const facts = (await findRunFacts([jobId], context)).get(jobId)
  const newest = new Map<string, { readonly at: number; readonly outcome: string }>()
  let script: ReturnType<typeof scriptNamedBy>
  let [results, nameless] = [0, 0]
  let resultLimit: string | undefined
  for await (const batch of session.walk(searchAssetJobs, { jobId }, { signal })) {
    resultLimit = batch.resultLimit
    for (const row of batch.rows) {
      results++
      script ??= scriptNamedBy(row)
      const [id] = hostKeysOf(row).numbers
      if (id === undefined) nameless++
      else {
        const at = createdAtOf(row)
        const known = newest.get(id)
        if (!known || at > known.at) newest.set(id, { at, outcome: outcomeOf(row) })
      }
    }
  }
  if (!facts && results === 0)
    throw new InputError(`There is no run ${inline(jobId)}.`, 'Take the id from car_search_jobs.')
  const scriptId = facts?.scriptId ?? script?.id
  if (scriptId === undefined)
    throw new InputError(
      `Neither run ${inline(jobId)} nor its results show which script it ran.`,
      'Name the script and the hosts themselves.',
    )
  const hostsWith = (outcome: string): readonly string[] =>
    [...newest].flatMap(([id, host]) => (host.outcome === outcome ? [id] : [])).sort(byNumber)
  const title = script?.title ?? (facts?.title && withoutSeconds(facts.title))
  return {
    scriptId,
    ...(title !== undefined && { title: session.redact(title) }),
    ...(facts?.correlationUuid !== undefined && { correlationUuid: facts.correlationUuid }),
    hosts: {
      succeeded: hostsWith('succeeded'),
      failed: hostsWith('failed'),
      open: hostsWith('open'),
      unknown: hostsWith(unknownWord),
    },
    nameless,
    ...(resultLimit !== undefined && { resultLimit }),
  }
}
