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

export const searchAssets = operation({
  name: 'car_search_assets',
  title: 'Search hosts',
  description: 'Find the hosts (assets) that CAR can run scripts on',
  route: 'POST /sm/v1/assets/search',
  effect: 'read',
  evidence: 'documented',
  source: 'car/api/get_started/getting_started.htm names the path and searchAfter; the body is by analogy',
  input: { filter: filter('platform:WINDOWS (tokens not public)'), sort: sort(byId.default[0]) },
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

export const searchAssetTags = operation({
  name: 'car_search_asset_tags',
  title: 'Search asset tags',
  description: 'Find the tags that group hosts; lab tags need a filter that Qualys does not publish',
  route: 'POST /sm/v1/assettags/search',
  effect: 'read',
  evidence: 'documented',
  source: 'car/api/asset_based/list_asset_tags.htm',
  input: { filter: filter('name:Servers (tokens not public)') },
  returns: 'rows',
  paging: { kind: 'pageNumber' },
  byId: {
    ...byIdToken,
    // Tags of a lab need a filter whose literal is lost in every copy of the page. The name is a guess.
    otherArgs: (ids) => ({ filter: `labTag:true AND (${byIdToken.args(ids).filter})` }),
  },
  record: z.looseObject({ id: recordId, name: z.string() }),
  columns: ['id', 'name', 'tagId'],
})
