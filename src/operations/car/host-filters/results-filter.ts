import { instant } from '../../fields.ts'
import type { Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { localFilter, type RowTest } from '../../reads/local-filter.ts'
import { counted } from '../../sentences.ts'
import { mayBeDone, outcomes } from '../outcomes.ts'
import { searchAssetJobs } from '../runs.ts'
import { type Meaning, maxHosts, ResultHosts, resultFields } from './result-hosts.ts'

type Row = Readonly<Record<string, unknown>>

const formatNumber = (value: number): string => value.toLocaleString('en')

const endMeaning = (result: Row): Meaning => (mayBeDone(result) ? 'may be one' : 'is one')

const outcomeMeaning = (result: Row): Meaning => {
  if (outcomes['succeeded']?.(result)) return 'is one'
  return outcomes['failed']?.(result) ? 'is none' : 'may be one'
}

/** `2026-11-01T08:00Z`, as pages show times. */
const toMinute = (time: string): string => time.replace(/:\d\d\.\d{3}Z$/, 'Z')

/** Oldest first: results that come meanwhile are at the end, and are read, too. */
const sort = ['created.dateTime:asc']

/** What a reply says of the results that were read. */
function notesOn(results: ResultHosts, since: string, noun: string, limit: string | undefined): string[] {
  const { read, open, counting, unclear, nameless, isFull } = results
  const parts = [
    ...(noun === 'success' ? [`${formatNumber(counting)} succeeded`] : []),
    ...(unclear > 0
      ? [
          `${formatNumber(unclear)} show no ${noun === 'success' ? 'exit code' : 'end, or that there is none'}`,
        ]
      : []),
    ...(open > 0 ? [`${formatNumber(open)} ${open === 1 ? 'is' : 'are'} open`] : []),
  ]
  const what = parts.length > 0 ? `: ${parts.join(', ')}` : ''
  return [
    `Read ${counted(read, 'result')} that Qualys processed since ${toMinute(since)}${what}.`,
    ...(nameless > 0
      ? [`${formatNumber(nameless)} of them ${nameless === 1 ? 'names' : 'name'} no host.`]
      : []),
    ...(isFull ? [`Reading stopped at ${formatNumber(maxHosts)} hosts with results.`] : []),
    ...(limit === undefined ? [] : [`Not all results were read: ${limit}`]),
  ]
}

/** Hosts without a result that counts, among those that Qualys processed since a time. */
async function withoutResult(
  since: string,
  lists: Lists<Operation>,
  noun: 'result' | 'success',
  meaningOf: (result: Row) => Meaning,
): Promise<RowTest> {
  const results = new ResultHosts(meaningOf)
  let limit: string | undefined
  const onLimit = (reason: string): void => {
    limit = reason
  }
  for await (const rows of lists.walk(searchAssetJobs, { startAt: since, sort }, resultFields, onLimit)) {
    for (const row of rows) results.add(row)
    if (results.isFull) break
  }
  const verdicts = { tested: 0, named: 0 }
  return {
    test: (host) => {
      const lacks = results.lacks(host)
      verdicts.tested++
      if (lacks === false) verdicts.named++
      return lacks && limit !== undefined ? undefined : lacks
    },
    needs: `whether they have a ${noun}`,
    notes: () => [
      ...notesOn(results, since, noun, limit),
      ...(results.hostCount > 0 && verdicts.tested > 0 && verdicts.named === 0
        ? ['No host looked at is in them: they may name hosts in another way.']
        : []),
    ],
  }
}

const since = () => instant()

/** Hosts without a result that is done. */
export const resultFilter = localFilter<ReturnType<typeof since>, Operation>(since(), (time, lists) =>
  withoutResult(time, lists, 'result', endMeaning),
)

/** Hosts without a result that succeeded. */
export const successFilter = localFilter<ReturnType<typeof since>, Operation>(since(), (time, lists) =>
  withoutResult(time, lists, 'success', outcomeMeaning),
)
