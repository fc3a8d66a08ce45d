import { ids, oneRecord } from '../fields.ts'
import { type Operation, operation } from '../operation.ts'
import { counted } from '../sentences.ts'
import { partialResult } from './guardrails.ts'
import { assetFilter, scriptFilter } from './joins/result-filters.ts'
import { resultColumns, runColumns } from './joins/run-columns.ts'
import { scriptTitleFilter } from './joins/script-title.ts'
import { assetJobList, jobList } from './run-lists.ts'
import { idsState } from './states/ids.ts'

export const searchJobs: Operation = {
  ...jobList,
  localFilters: { scriptTitle: scriptTitleFilter },
  joinedColumns: runColumns,
  titles: { scriptId: 'script.title', schedulerId: 'schedulerName' },
}

export const searchAssetJobs: Operation = {
  ...assetJobList,
  localFilters: { scriptId: scriptFilter, assetId: assetFilter },
  joinedColumns: resultColumns,
  matchedLines: 'scriptResult',
  titles: {
    'job.id': 'job.title',
    'job.scriptId': 'script.title',
    'script.id': 'script.title',
    'job.schedulerId': 'job.schedulerName',
    'asset.id': 'asset.name',
  },
}

export const deleteInvalidAssetJobs = operation({
  name: 'car_delete_invalid_asset_jobs',
  title: 'Delete invalid asset jobs',
  description: 'Remove results per host that can never end; which ones count as invalid is for Qualys to say',
  route: 'POST /sm/v1/assetjobs/delete',
  effect: 'delete',
  evidence: 'guessed',
  source: 'car/release-notes/car/release_2_4_1_api.htm names the call; path and body are guesses',
  input: { ids: ids('from car_search_asset_jobs', 100) },
  request: ({ ids }) => ({ body: { ids } }),
  ...oneRecord(partialResult),
  change: {
    targets: ({ ids }) => ({ product: 'car', assetJobs: ids, bulkSize: ids.length }),
    partialIds: ({ ids }) => ids,
    warnings: () => ['Deleted results cannot be brought back.'],
    newState: async ({ ids }, record, _lists, shown) => idsState(ids, record, shown, undefined),
    summary: (_, { ids }) => `${counted(ids.length, 'asset job')} deleted`,
    recovery: 'look for them with car_search_asset_jobs',
  },
})
