import type { Input } from '../../operation.ts'
import { hostUuidFields, identifyHost, isUuid } from '../hosts.ts'
import { firstId, idText, objectIn } from './values.ts'

// No page shows which run, script and host a result per host belongs to: the names are those of the token `job.id`
// (list_asset_jobs.htm), and of other records.

/** The fields of a result that name its run, its script and its host. */
export const resultKeyFields: readonly string[] = [
  ...['job', 'jobId', 'script', 'scriptId', 'asset', 'assetId'],
  ...hostUuidFields,
]

/** The run that a result names; empty if it names none. */
export const runOf = (row: Input): readonly string[] => firstId(objectIn(row, 'job')['id'], row['jobId'])

/** The script that a result names. */
export const scriptOf = (row: Input): readonly string[] =>
  firstId(objectIn(row, 'script')['id'], row['scriptId'], objectIn(row, 'job')['scriptId'])

/** The number and the UUIDs of a host, in lower case. */
export function hostIds(host: Input): readonly string[] {
  const { id, assetId, ...rest } = identifyHost(host)
  const ids = [id, assetId, ...hostUuidFields.map((name) => rest[name])].map(idText)
  return [...new Set(ids.filter((text) => text !== undefined))]
}

/** The host that a result names, by its number, its UUIDs, or both. */
export function hostOf(row: Input): readonly string[] {
  const { id: _, ...named } = row
  const ids = hostIds(objectIn(row, 'asset'))
  return ids.length > 0 ? ids : hostIds(named)
}

/** True or false if two sets of ids can be compared, being numbers or UUIDs both. */
export function isSameHost(ids: readonly string[], others: readonly string[]): boolean | undefined {
  if (ids.some((id) => others.includes(id))) return true
  const isComparable = [true, false].some((kind) =>
    [ids, others].every((list) => list.some((id) => isUuid(id) === kind)),
  )
  return isComparable ? false : undefined
}
