import type { Lists } from '../lists.ts'
import type { Operation } from '../operation.ts'
import { searchAssetTags } from './assets.ts'
import { isUuid } from './hosts.ts'
import { tagUuids } from './inputs/run-targets.ts'

/** A tag as the list of tags shows it. */
export interface NamedTag {
  readonly id: string
  readonly name: string
  readonly uuid?: string
}

function namedTag(row: Readonly<Record<string, unknown>>): NamedTag {
  const uuid = tagUuids.fields.map((field) => row[field]).find(isUuid)
  return {
    id: String(row['id']),
    name: String(row['name'] ?? ''),
    ...(uuid !== undefined && { uuid: uuid.toLowerCase() }),
  }
}

/**
 * Tags by their ids or UUIDs, in lower case, as records of hosts and schedules name them. A tag that no list shows is
 * left out, and so is every tag if the list cannot be read: names are not worth a failed call.
 */
export async function findTags(
  keys: readonly string[],
  lists: Lists<Operation>,
): Promise<ReadonlyMap<string, NamedTag>> {
  const wanted = new Set(keys.map((key) => key.toLowerCase()))
  const ids = [...wanted].filter((key) => !isUuid(key))
  const found = new Map<string, NamedTag>()
  await lists.attempt(async () => {
    if (ids.length > 0)
      for (const [id, row] of await lists.find(searchAssetTags, ids)) found.set(id, namedTag(row))
    if (ids.length === wanted.size) return
    for (const tag of (await lists.whole(searchAssetTags)).map(namedTag))
      if (tag.uuid !== undefined && wanted.has(tag.uuid)) found.set(tag.uuid, tag)
  })
  return found
}
