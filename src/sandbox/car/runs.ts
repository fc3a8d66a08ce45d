import { scriptResult } from '../data/car/content/outputs.ts'
import type { AssetJob, Job, Outcome } from '../data/car/rows.ts'
import { documented, type RouteTable } from '../route.ts'
import type { Knobs } from '../state/knobs.ts'
import { assetJobs, jobs } from './collections.ts'
import { makeSearchHandler } from './search.ts'

const jobFields = ['filter', 'startAt', 'endAt', 'pageNumber', 'pageSize', 'sort'] as const
const assetJobFields = [...jobFields, 'includeScriptResult'] as const

/** Jobs and their asset jobs: v1 without searchAfter and with flat rows, v2 with both. */
export const runRoutes: RouteTable = {
  'POST /sm/v2/jobs/search': documented(
    makeSearchHandler({
      collection: jobs,
      allowedFields: [...jobFields, 'searchAfter'],
      itemFormat: 'wrapped',
      toWire: toWireJob,
    }),
    'job view',
  ),
  'POST /sm/v1/jobs/search': documented(
    makeSearchHandler({
      collection: jobs,
      allowedFields: jobFields,
      itemFormat: 'flat',
      toWire: toWireJob,
    }),
    'job view',
  ),
  'POST /sm/v2/assetjobs/search': documented(
    makeSearchHandler({
      collection: assetJobs,
      allowedFields: [...assetJobFields, 'searchAfter'],
      itemFormat: 'wrapped',
      toWire: toWireAssetJob,
    }),
    'job view',
  ),
  'POST /sm/v1/assetjobs/search': documented(
    makeSearchHandler({
      collection: assetJobs,
      allowedFields: assetJobFields,
      itemFormat: 'flat',
      toWire: toWireAssetJob,
    }),
    'job view',
  ),
}

function toWireJob({ description, ...fields }: Job, _: boolean, { runDescriptions }: Knobs): object {
  return runDescriptions === 'shown' && description !== undefined ? { ...fields, description } : fields
}

function toWireAssetJob(row: AssetJob, includeScriptResult: boolean, knobs: Knobs): object {
  const { outcome, flavour: _, print: __, job, asset: ___, ...fields } = row
  const { hostStatus, resultJobs, resultHosts } = knobs
  const result = includeScriptResult ? scriptResult(row) : undefined
  return {
    ...fields,
    ...(resultJobs === 'shown' && { job }),
    ...hostFields(row, resultHosts),
    ...(hostStatus === 'manifest' && manifestFields(outcome)),
    ...(result !== undefined && { scriptResult: result }),
  }
}

/** How a result names its host. */
function hostFields({ id, asset }: AssetJob, form: Knobs['resultHosts']): object {
  switch (form) {
    case 'named':
      return { asset }
    case 'text':
      return { asset: { id: String(asset.id), name: asset.name } }
    case 'uuid':
      return { asset: { name: asset.name, agentUuid: asset.uuid } }
    case 'some':
      return Number(id) % 3 === 0 ? {} : { asset }
    case 'none':
      return {}
  }
}

/**
 * The states of a host as public code knows them from reports; the word of a failure is ours. An open host has an
 * output before its script ran.
 */
function manifestFields(outcome: Outcome): object {
  const status = 'MANIFEST_PARSE_SUCCESS'
  if (outcome === 'open') return { status, output: { code: 1, text: status } }
  return { status: outcome === 'succeeded' ? 'EXECUTION PASSED' : 'EXECUTION FAILED' }
}
