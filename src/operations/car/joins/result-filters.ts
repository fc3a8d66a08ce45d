import { id } from '../../fields.ts'
import type { Input, Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { localFilter } from '../../reads/local-filter.ts'
import { inSentence } from '../../sentences.ts'
import { searchAssets } from '../assets.ts'
import { isUuid } from '../hosts.ts'
import { jobList } from '../run-lists.ts'
import { hostIds, hostOf, isSameHost, runOf, scriptOf } from './result-keys.ts'
import { readScriptRuns } from './script-runs.ts'

/** More runs would make a filter that is too long. */
const maxRunsInClause = 100

/** No run has this id: with it Qualys answers no row. */
const noRun = '0'

/** Results of the runs of one script. */
export const scriptFilter = localFilter(
  id('from car_search_scripts'),
  async (scriptId, lists: Lists<Operation>, input) => {
    const { index, extent } = await readScriptRuns(input, lists)
    const isWhole = extent === 'whole'
    const period = input['startAt'] === undefined && input['endAt'] === undefined ? '' : ' in that time'
    const hasClause = isWhole && index.size <= maxRunsInClause && input['jobId'] === undefined
    const ids = hasClause ? [...index.ids] : []
    const test = (row: Input): boolean | undefined => {
      const [script] = scriptOf(row)
      if (script !== undefined) return script === scriptId.toLowerCase()
      const [run] = runOf(row)
      if (run === undefined) return hasClause ? true : undefined
      return index.has(run) || (isWhole ? false : undefined)
    }
    return {
      test,
      needs: 'their run or script',
      ...(hasClause && {
        clause: (ids.length === 0 ? [noRun] : ids).map((run) => `job.id:${run}`).join(' OR '),
      }),
      notes: () => [
        ...(isWhole && index.size === 0
          ? [`${jobList.name} shows no run of script ${inSentence(scriptId)}${period}.`]
          : []),
        ...(isWhole
          ? []
          : [`The runs of the script could not be read to their end: ${jobList.name} says why.`]),
      ],
    }
  },
)

/** The ids of a host under which results may name it. */
async function idsOfHost(assetId: string, lists: Lists<Operation>): Promise<readonly string[] | undefined> {
  return lists.attempt(async () => {
    if (!isUuid(assetId)) {
      const row = (await lists.find(searchAssets, [assetId])).get(assetId)
      return row ? hostIds(row) : []
    }
    for await (const rows of lists.walk(searchAssets, {}, ['id', 'assetId']))
      for (const row of rows) {
        const ids = hostIds(row)
        if (ids.includes(assetId.toLowerCase())) return ids
      }
    return []
  })
}

/** Results of one host. */
export const assetFilter = localFilter(
  id('from car_search_assets'),
  async (assetId, lists: Lists<Operation>) => {
    const found = await idsOfHost(assetId, lists)
    const ids = [...new Set([assetId.toLowerCase(), ...(found ?? [])])]
    return {
      test: (row: Input) => isSameHost(hostOf(row), ids),
      needs: 'their host',
      notes: () => {
        if (found === undefined)
          return [
            `The list of hosts cannot be read (${searchAssets.name} says why): results are compared by id.`,
          ]
        return found.length === 0 ? [`${searchAssets.name} shows no host ${inSentence(assetId)}.`] : []
      },
    }
  },
)
