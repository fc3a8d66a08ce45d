import { type HostKeys, hostUuidFields, keysOf } from '../../../../operations/car/hosts.ts'
import type { Row } from '../../../../session/answer.ts'
import { isObject } from '../../../../shared/json.ts'

/** The fields of a result that may name its host where it has no `asset`. */
const keyFields = ['assetId', ...hostUuidFields]

/** The numbers and UUIDs of the host that a result names; both are empty if it names none. */
export function hostKeysOf(row: Row): HostKeys {
  const { asset } = row
  const keys = keysOf(isObject(asset) ? asset : {})
  if (keys.numbers.length + keys.uuids.length > 0) return keys
  return keysOf(Object.fromEntries(keyFields.map((name) => [name, row[name]])))
}

/** When a result was created, in epoch ms; the least of all times if it does not show that. */
export function createdAtOf({ created }: Row): number {
  const time = isObject(created) ? Date.parse(String(created['dateTime'])) : Number.NaN
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time
}
