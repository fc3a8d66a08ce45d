import { searchAssetTags } from '../../../operations/car/assets.ts'
import { isUuid } from '../../../operations/car/hosts.ts'
import { tagUuids } from '../../../operations/car/inputs/run-targets.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { type LookupContext, readList, type Target, tryLookUp } from './lookup.ts'

/** A tag of a host. What its record does not show is empty. */
export interface HostTag {
  readonly id: string
  readonly name: string
  /** Present if the record names the tag by its UUID, as sister modules do. */
  readonly uuid?: string
}

function tagOf(tag: unknown): HostTag | undefined {
  if (isUuid(tag)) return { id: '', name: '', uuid: tag }
  const { id, name } = isObject(tag) ? tag : {}
  if ((id ?? name) === undefined) return undefined
  const text = String(name ?? '')
  return isUuid(id) ? { id: '', name: text, uuid: id } : { id: String(id ?? ''), name: text }
}

/**
 * The tags in the record of a host: `{id, name}`, or UUIDs as texts or as `{id}`; undefined if it has none in a
 * known form. Stricter than what filters of lists read: a form that no public record has stops an effect.
 */
export function tagsOf(row: Row | undefined): readonly HostTag[] | undefined {
  const tags = row?.['tags']
  if (!Array.isArray(tags)) return undefined
  const read = tags.map(tagOf)
  return read.every((tag) => tag !== undefined) ? read : undefined
}

/** The UUID of a tag, if its row shows one. */
function tagUuidOf(row: Row | undefined): string | undefined {
  return tagUuids.fields.map((field) => row?.[field]).find(isUuid)
}

/**
 * Gives the tags that hosts name by UUID their ids and names, from the list of tags. A tag that the list does not
 * show, such as one of a lab, is known only if a page showed it lately; otherwise it stays without id and name, and
 * no limit on tags can be checked for its hosts.
 */
export async function nameTags(
  tags: readonly HostTag[],
  context: LookupContext,
): Promise<(tag: HostTag) => HostTag> {
  const wanted = new Set(tags.flatMap(({ uuid }) => uuid?.toLowerCase() ?? []))
  if (wanted.size === 0) return (tag) => tag
  const found = new Map<string, HostTag>()
  const add = (row: Row): void => {
    const uuid = tagUuidOf(row)?.toLowerCase()
    if (uuid === undefined || !wanted.has(uuid)) return
    found.set(uuid, { id: String(row['id']), name: String(row['name'] ?? ''), uuid })
  }
  for (const row of context.session.recentRows(searchAssetTags)) add(row)
  const seen = new Set<string>()
  await tryLookUp(context, async () => {
    for await (const { rows } of readList(context, searchAssetTags)) {
      for (const row of rows) {
        add(row)
        seen.add(tagUuidOf(row)?.toLowerCase() ?? '')
      }
      // A tag that a page showed lately may have another name by now.
      if ([...wanted].every((uuid) => seen.has(uuid))) return
    }
  })
  return (tag) => found.get(tag.uuid?.toLowerCase() ?? '') ?? tag
}

/** Neither the id nor the name of any tag, and the UUID of none. */
const impossibleValue = '00000000000000000000000'
const impossibleUuid = '00000000-0000-0000-0000-000000000000'

/**
 * Candidate filters for the hosts of a tag, each with its control query. None is documented, so each must be
 * proved.
 */
export function filtersFor({
  id,
  row,
}: Target): readonly { readonly filter: string; readonly control: string }[] {
  const name = row?.['name']
  const uuid = tagUuidOf(row)
  return [
    { filter: `tags.id:${id}`, control: `tags.id:${impossibleValue}` },
    ...(typeof name !== 'string' || /["`]/.test(name)
      ? []
      : [{ filter: `tags.name:\`${name}\``, control: `tags.name:\`${impossibleValue}\`` }]),
    ...(uuid === undefined
      ? []
      : ['tags.id', 'tags'].map((token) => ({
          filter: `${token}:${uuid}`,
          control: `${token}:${impossibleUuid}`,
        }))),
  ]
}
