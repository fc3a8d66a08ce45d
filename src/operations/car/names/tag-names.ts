import { z } from 'zod'
import { idAsText } from '../../fields.ts'
import type { Operation } from '../../operation.ts'
import type { Lists } from '../../reads/lists.ts'
import { counted, inSentence } from '../../sentences.ts'
import { labTagFilter, searchAssetTags } from '../assets.ts'
import { isUuid } from '../hosts.ts'
import { tagUuids } from '../inputs/run-targets.ts'
import { type Key, keyOf } from './keys.ts'

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
async function readTags(
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

/** The same for rows that are completed: the reply says which tags stand without names. `whose`: `hosts`. */
export async function nameTags(
  keys: ReadonlySet<string>,
  lists: Lists<Operation>,
  whose: string,
): Promise<ReadonlyMap<string, NamedTag>> {
  if (keys.size === 0) return new Map()
  const named = await readTags([...keys], lists)
  if (!named) lists.say(`The list of tags cannot be read: tags of ${whose} stand without names.`)
  else if (named.size < keys.size) lists.say(`Some tags of ${whose} stand without names: no list shows them.`)
  return named ?? new Map()
}

const notTag = 'must be an id from car_search_asset_tags, or the exact name of a tag'

/** A tag in a filter: its number, its UUID or its name, which is looked up in the lists of tags. */
export const tagInput = z
  .preprocess(
    idAsText,
    z.string({ error: notTag }).regex(/\S/, { error: notTag }).max(1_024, { error: notTag }),
  )
  .describe('id from car_search_asset_tags, or exact name')

/** Page numbers reach no more rows. */
const maxTags = 9_999

/** The tags with a name; those that are spelled exactly so if there are any. */
async function tagsNamed(name: string, lists: Lists<Operation>): Promise<readonly NamedTag[] | undefined> {
  const plain = name.toLowerCase()
  for (const input of [undefined, { filter: labTagFilter }]) {
    const rows = await lists.attempt(() => lists.whole(searchAssetTags, input))
    if (!rows && input === undefined) return undefined
    const tags = (rows ?? []).map(namedTag).filter((tag) => tag.name.trim().toLowerCase() === plain)
    const exact = tags.filter((tag) => tag.name.trim() === name)
    if (tags.length > 0) return exact.length > 0 ? exact : tags
  }
  return []
}

/** What a filter by a tag compares rows with. */
interface FilterTags {
  /** More than one if several tags have the name. */
  readonly keys: readonly Key[]
  /** What the reply must say of them. */
  readonly notes: readonly string[]
}

/** The tag with an id. Of a list that is too long to be read whole, it is asked for by itself. */
async function tagsWithId(id: string, lists: Lists<Operation>): Promise<readonly NamedTag[] | undefined> {
  const listed = await readTags([id], lists)
  if (listed?.size !== 0 || isUuid(id)) return listed && [...listed.values()]
  const single = await lists.attempt(() => lists.find(searchAssetTags, [id]))
  return [...(single?.values() ?? [])].map(namedTag)
}

/** Why no tag is known for an input. */
async function unknownTag(input: string, isId: boolean, lists: Lists<Operation>): Promise<string> {
  const tags = await lists.attempt(() => lists.whole(searchAssetTags))
  if (!tags) return 'The list of tags cannot be read.'
  const what = isId ? 'id' : 'name'
  const list =
    tags.length < maxTags || isId ? 'No list of tags' : `None of the first ${counted(maxTags, 'tag')}`
  const search = isId ? '' : ' (match of car_search_asset_tags finds parts of names)'
  return `${list} shows the ${what} ${inSentence(input)}${search}; lab tags may be missing there.`
}

/** The tag that an input means, with everything by which records may call it. */
export async function tagsOfInput(input: string, lists: Lists<Operation>): Promise<FilterTags> {
  const key = keyOf(input)
  const id = key.id ?? key.uuid
  const tags = id === undefined ? await tagsNamed(input, lists) : await tagsWithId(id, lists)
  if (!tags?.length) {
    const why = await unknownTag(input, id !== undefined, lists)
    return {
      keys: [key],
      notes: [`${why} Rows are compared with that ${id === undefined ? 'name' : 'id'} alone.`],
    }
  }
  const ids = tags.slice(0, 5).map((tag) => inSentence(tag.id))
  return {
    keys: tags.map(keyOf),
    notes:
      tags.length === 1
        ? []
        : [`${counted(tags.length, 'tag')} have this name (${ids.join(', ')}): any of them counts.`],
  }
}

/** The tags in the record of a host; undefined if it shows no list of them. */
export function tagsOf({ tags }: Row): readonly unknown[] | undefined {
  return Array.isArray(tags) ? tags : undefined
}

/** Hosts with `{id, name}` for each tag that their records show by id or UUID alone, as far as a list names it. */
export async function withTagNames(hosts: readonly Row[], lists: Lists<Operation>): Promise<readonly Row[]> {
  const keyOfNameless = (tag: unknown): string | undefined => {
    const { id, uuid, name } = keyOf(tag)
    return name === undefined ? (uuid ?? id) : undefined
  }
  const keys = new Set(
    hosts.flatMap((host) => (tagsOf(host) ?? []).flatMap((tag) => keyOfNameless(tag) ?? [])),
  )
  const named = await nameTags(keys, lists, 'hosts')
  if (named.size === 0) return hosts
  const withName = (tag: unknown): unknown => {
    const { id, name } = named.get(keyOfNameless(tag) ?? '') ?? {}
    return name ? { id, name } : tag
  }
  return hosts.map((host) => {
    const tags = tagsOf(host)
    return tags && tags.length > 0 ? { ...host, tags: tags.map(withName) } : host
  })
}
