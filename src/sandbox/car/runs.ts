import { scriptResult } from '../data/car/content/outputs.ts'
import type { AssetJob, Job } from '../data/car/rows.ts'
import { documented, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { assetJobTokens, jobTokens } from './filter-tokens.ts'
import { makeCollection, makeSearchHandler } from './search.ts'

const jobFields = ['filter', 'startAt', 'endAt', 'pageNumber', 'pageSize', 'sort'] as const
const assetJobFields = [...jobFields, 'includeScriptResult'] as const

/** Jobs and their asset jobs: v1 without searchAfter and with flat rows, v2 with both. */
export function runRoutes(world: World): RouteTable {
  const { store } = world
  const jobs = {
    collection: makeCollection(world, 'jobs', {
      tokens: jobTokens(store),
      rows: () => store.jobs,
      dependsOn: ['jobs', 'scripts'],
    }),
    toWire: (row: Job) => row,
  }
  const assetJobs = {
    collection: makeCollection(world, 'assetjobs', { tokens: assetJobTokens, rows: () => store.assetJobs }),
    toWire: toWireAssetJob,
  }
  return {
    'POST /sm/v2/jobs/search': documented(
      makeSearchHandler(world, {
        ...jobs,
        allowedFields: [...jobFields, 'searchAfter'],
        itemFormat: 'wrapped',
      }),
      'job view',
    ),
    'POST /sm/v1/jobs/search': documented(
      makeSearchHandler(world, { ...jobs, allowedFields: jobFields, itemFormat: 'flat' }),
      'job view',
    ),
    'POST /sm/v2/assetjobs/search': documented(
      makeSearchHandler(world, {
        ...assetJobs,
        allowedFields: [...assetJobFields, 'searchAfter'],
        itemFormat: 'wrapped',
      }),
      'job view',
    ),
    'POST /sm/v1/assetjobs/search': documented(
      makeSearchHandler(world, { ...assetJobs, allowedFields: assetJobFields, itemFormat: 'flat' }),
      'job view',
    ),
  }
}

function toWireAssetJob(row: AssetJob, includeScriptResult: boolean): object {
  const { outcome: _, flavour: __, print: ___, ...fields } = row
  const result = includeScriptResult ? scriptResult(row) : undefined
  return result === undefined ? fields : { ...fields, scriptResult: result }
}
