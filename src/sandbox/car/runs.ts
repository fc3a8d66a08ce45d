import { scriptResult } from '../data/car/content/outputs.ts'
import type { AssetJob, Job } from '../data/car/rows.ts'
import { documented, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { collect, search } from './search.ts'
import { assetJobTokens, jobTokens } from './tokens.ts'

const jobFields = ['filter', 'startAt', 'endAt', 'pageNumber', 'pageSize', 'sort'] as const
const assetJobFields = [...jobFields, 'includeScriptResult'] as const

/** Jobs and their asset jobs: v1 without searchAfter and with flat rows, v2 with both. */
export function runRoutes(world: World): RouteTable {
  const { store } = world
  const jobs = {
    collection: collect(world, 'jobs', {
      tokens: jobTokens(store),
      rows: () => store.jobs,
      reads: ['jobs', 'scripts'],
    }),
    show: (row: Job) => row,
  }
  const assetJobs = {
    collection: collect(world, 'assetjobs', { tokens: assetJobTokens, rows: () => store.assetJobs }),
    show: showAssetJob,
  }
  return {
    'POST /sm/v2/jobs/search': documented(
      search(world, { ...jobs, takes: [...jobFields, 'searchAfter'], shape: 'wrapped' }),
      'job view',
    ),
    'POST /sm/v1/jobs/search': documented(
      search(world, { ...jobs, takes: jobFields, shape: 'flat' }),
      'job view',
    ),
    'POST /sm/v2/assetjobs/search': documented(
      search(world, { ...assetJobs, takes: [...assetJobFields, 'searchAfter'], shape: 'wrapped' }),
      'job view',
    ),
    'POST /sm/v1/assetjobs/search': documented(
      search(world, { ...assetJobs, takes: assetJobFields, shape: 'flat' }),
      'job view',
    ),
  }
}

function showAssetJob(row: AssetJob, includeScriptResult: boolean): object {
  const { outcome: _, flavour: __, print: ___, ...shown } = row
  const result = includeScriptResult ? scriptResult(row) : undefined
  return result === undefined ? shown : { ...shown, scriptResult: result }
}
