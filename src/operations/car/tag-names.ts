import { isBareId } from '../fields.ts'
import type { Operation } from '../operation.ts'
import type { Lists } from '../reads/lists.ts'
import { labTagFilter, searchAssetTags } from './assets.ts'
import { isUuid } from './hosts.ts'
import { tagUuids } from './inputs/run-targets.ts'

type Row = Readonly<Record<string, unknown>>

/** A tag as the list of tags shows it. */
export interface NamedTag {
  readonly id: string
  readonly name: string
  readonly uuid?: string
  /** Another number of the tag: `tagId`, if that is not its id. */
  readonly tagId?: string
}

function namedTag(row: Row): NamedTag {
  const uuid = tagUuids.fields.map((field) => row[field]).find(isUuid)
  const [id, tagId] = [row['id'], row['tagId'] ?? row['id']].map(String) as [string, string]
  return {
    id,
    name: String(row['name'] ?? ''),
    ...(uuid !== undefined && { uuid: uuid.toLowerCase() }),
    ...(tagId !== id && { tagId }),
  }
}

/**
 * Tags by their ids or UUIDs, in lower case, as records of hosts and schedules name them. A tag that no list shows is
 * left out. Undefined if the list of tags cannot be read.
 */
export async function readTags(
  keys: readonly string[],
  lists: Lists<Operation>,
): Promise<ReadonlyMap<string, NamedTag> | undefined> {
  const missing = new Set(keys.map((key) => key.toLowerCase()))
  const found = new Map<string, NamedTag>()
  const add = (rows: readonly Row[]): void => {
    for (const row of rows) {
      const tag = namedTag(row)
      for (const key of [tag.id, tag.uuid, tag.tagId])
        if (key !== undefined && missing.delete(key)) found.set(key, tag)
    }
  }
  const tags = await lists.attempt(() => lists.whole(searchAssetTags))
  add(tags ?? [])
  if (tags && missing.size > 0)
    add((await lists.attempt(() => lists.whole(searchAssetTags, { filter: labTagFilter }))) ?? [])
  return tags && found
}

/** The same where names are not worth a failed call: without a list of tags there is none. */
export const findTags = async (
  keys: readonly string[],
  lists: Lists<Operation>,
): Promise<ReadonlyMap<string, NamedTag>> => (await readTags(keys, lists)) ?? new Map()

/** What the record of a host shows of one tag. */
export interface ShownTag {
  readonly id?: string
  /** In lower case. */
  readonly uuid?: string
  readonly name?: string
}

const keyOf = (value: unknown): ShownTag => {
  if (isUuid(value)) return { uuid: value.toLowerCase() }
  return isBareId(value) && /^\d+$/.test(String(value)) ? { id: String(value) } : {}
}

/** A tag in the record of a host: `{id, name}`, its UUID, its id or its name, as text or as an object. */
export function shownTag(tag: unknown): ShownTag {
  if (typeof tag !== 'object' || tag === null) {
    const key = keyOf(tag)
    return Object.keys(key).length > 0 || typeof tag !== 'string' || tag.trim() === '' ? key : { name: tag }
  }
  const { id, name, tagId, tagUuid, uuid }: Row = { ...tag }
  const keys = Object.assign({}, ...[tagUuid, uuid, tagId, id].map(keyOf)) as ShownTag
  return { ...keys, ...(typeof name === 'string' && name.trim() !== '' && { name }) }
}

/** The tags in the record of a host; undefined if it shows no list of them. */
export function tagsOf({ tags }: Row): readonly unknown[] | undefined {
  return Array.isArray(tags) ? tags : undefined
}

/** Hosts with `{id, name}` for each tag that their records show by id or UUID alone, as far as a list names it. */
export async function withTagNames(hosts: readonly Row[], lists: Lists<Operation>): Promise<readonly Row[]> {
  const keyOfNameless = (tag: unknown): string | undefined => {
    const { id, uuid, name } = shownTag(tag)
    return name === undefined ? (uuid ?? id) : undefined
  }
  const keys = new Set(
    hosts.flatMap((host) => (tagsOf(host) ?? []).flatMap((tag) => keyOfNameless(tag) ?? [])),
  )
  if (keys.size === 0) return hosts
  const named = await readTags([...keys], lists)
  if (!named) lists.say('The list of tags cannot be read: tags of hosts stand without names.')
  else if (named.size < keys.size) lists.say('Some tags of hosts stand without names: no list shows them.')
  if (!named || named.size === 0) return hosts
  const withName = (tag: unknown): unknown => {
    const { id, name } = named.get(keyOfNameless(tag) ?? '') ?? {}
    return name ? { id, name } : tag
  }
  return hosts.map((host) => {
    const tags = tagsOf(host)
    return tags && tags.length > 0 ? { ...host, tags: tags.map(withName) } : host
  })
}
