import { z } from 'zod'
import { byHostIdToken, byIdToken, filter, recordId, sort, time } from '../fields.ts'
import { operation } from '../operation.ts'
import { identifyHost } from './hosts.ts'

/** No page shows it. `lastSeen` is a guess; the other names are those of sister modules (public code). */
const host = z.looseObject({
  id: recordId,
  assetId: recordId.nullish(),
  agentUuid: z.string().nullish(),
  agentVersion: z.string().nullish(),
  lastSeen: time.nullish(),
  lastCheckedIn: time.nullish(),
  created: z.union([time, z.looseObject({ dateTime: time.optional() })]).nullish(),
  interfaces: z.array(z.looseObject({})).nullish(),
  activationDate: time.nullish(),
  manifest: z.looseObject({ status: z.string().nullish(), updatedDate: time.nullish() }).nullish(),
})

const byId = { default: ['id:asc'], unique: 'id', as: 'array' } as const

/**
 * The list of hosts as Qualys answers it, which other lists read. The tool is `searchHosts`, the same list with what this
 * program adds.
 */
export const searchAssets = operation({
  name: 'car_search_assets',
  title: 'Search hosts',
  description: 'Find the hosts (assets) that CAR can run scripts on',
  route: 'POST /sm/v1/assets/search',
  effect: 'read',
  evidence: 'documented',
  source: 'car/api/get_started/getting_started.htm names the path and searchAfter; the body is by analogy',
  input: { filter: filter('name:DC (tokens not public)'), sort: sort(byId.default[0]) },
  returns: 'rows',
  paging: { kind: 'searchAfter', sort: byId },
  byId: byHostIdToken,
  record: host,
  identify: identifyHost,
  columns: ['id', 'name', 'platform', 'lastSeen'],
  possibleColumns: [
    { name: 'operatingSystem', insteadOf: 'platform' },
    { name: 'lastCheckedIn', insteadOf: 'lastSeen' },
  ],
  undocumentedColumns: ['*'],
  countBy: 'platform',
})

/** Tags of a lab need a filter whose literal is lost in every copy of list_asset_tags.htm: this one is a guess. */
export const labTagFilter = 'labTag:true'

export const searchAssetTags = operation({
  name: 'car_search_asset_tags',
  title: 'Search asset tags',
  description: 'Find the tags that group hosts',
  route: 'POST /sm/v1/assettags/search',
  effect: 'read',
  evidence: 'documented',
  source: 'car/api/asset_based/list_asset_tags.htm',
  input: { filter: filter('name:Servers (tokens not public)') },
  returns: 'rows',
  paging: { kind: 'pageNumber' },
  byId: {
    ...byIdToken,
    otherArgs: (ids) => ({ filter: `${labTagFilter} AND (${byIdToken.args(ids).filter})` }),
  },
  record: z.looseObject({ id: recordId, name: z.string() }),
  columns: ['id', 'name', 'tagId'],
  remarks: ['Qualys lists lab tags only under a filter that it does not publish.'],
  listNote: ({ filter, continuationToken }) => {
    if (continuationToken !== undefined || /labTag/i.test(String(filter))) return undefined
    return filter === undefined ? 'Lab tags are not listed.' : 'Lab tags may be missing.'
  },
})
