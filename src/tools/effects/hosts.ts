import { searchAssets } from '../../operations/car/assets.ts'
import { InputError } from '../../session/errors.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { type Look, type Seen, seen } from './scene.ts'

/** The hosts that a set of targets comes to. */
export interface Hosts {
  /** Undefined when it cannot be known; `unknown` then says why. */
  readonly count: number | undefined
  readonly unknown?: string
  /** Every host with its record, as far as it could be read; complete only when `count` is its length. */
  readonly members: readonly Seen[]
}

/** Where code is to run. */
export interface Targets {
  readonly assets: readonly Seen[]
  readonly tags: readonly Seen[]
  readonly excludedAssets: readonly string[]
}

/** Tags that a record shows, as `[{id, name}]`; undefined where it shows none in a form we know. */
export function tagsOf(row: Row | undefined): { readonly id: string; readonly name: string }[] | undefined {
  const tags = row?.['tags']
  if (!Array.isArray(tags) || !tags.every((tag) => isObject(tag) && (tag['id'] ?? tag['name']) !== undefined))
    return undefined
  return tags.map((tag: Row) => ({ id: String(tag['id'] ?? ''), name: String(tag['name'] ?? '') }))
}

/** How many hosts match a filter; undefined where Qualys gives no total, or refuses the token. */
async function totalOf({ session, signal }: Look, filter: string | undefined): Promise<number | undefined> {
  try {
    const args = { pageSize: 1, ...(filter !== undefined && { filter }) }
    const answer = await session.call(searchAssets, args, { signal })
    return answer.kind === 'page' ? answer.total : undefined
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

/** No id and no name of a tag. */
const impossible = '00000000000000000000000'

/** Filters that may select the hosts of a tag; none is public, so each has to prove itself. */
function filtersFor({ id, row }: Seen): { readonly filter: string; readonly control: string }[] {
  const name = row?.['name']
  const byId = { filter: `tags.id:${id}`, control: `tags.id:${impossible}` }
  if (typeof name !== 'string' || /["`]/.test(name)) return [byId]
  return [byId, { filter: `tags.name:\`${name}\``, control: `tags.name:\`${impossible}\`` }]
}

/**
 * The filter that selects a tag's hosts, and their number. It counts only when it is proved: the same token with an
 * impossible value answers zero, and no filter answers more (design 7). Zero proves nothing.
 */
async function provedFilter(look: Look, tag: Seen): Promise<{ filter: string; total: number } | undefined> {
  const all = await totalOf(look, undefined)
  for (const { filter, control } of filtersFor(tag)) {
    const total = await totalOf(look, filter)
    if (total === undefined || total === 0 || all === undefined || all <= total) continue
    if ((await totalOf(look, control)) === 0) return { filter, total }
  }
  return undefined
}

async function membersOf(look: Look, filter: string, most: number): Promise<Seen[]> {
  const members: Seen[] = []
  for await (const { rows } of look.session.walk(searchAssets, { filter }, { signal: look.signal })) {
    members.push(...rows.map((row) => seen(look, String(row['id']), row)))
    // More than these are too many, or rows without end.
    if (members.length > most) break
  }
  return members
}

/** Hosts of a target, each counted once. `most`: beyond it, only the number matters. */
export async function hostsOf(
  { assets, tags, excludedAssets }: Targets,
  most: number,
  look: Look,
): Promise<Hosts> {
  const members = new Map(assets.map((seen) => [seen.id, seen]))
  for (const tag of tags) {
    const proved = await provedFilter(look, tag)
    if (!proved)
      return { count: undefined, unknown: `how many hosts tag ${tag.id} has cannot be proved`, members: [] }
    // More than these would be too many whatever is excluded, so that nobody has to list them.
    if (proved.total > most + excludedAssets.length) return { count: proved.total, members: [] }
    const listed = await membersOf(look, proved.filter, most + excludedAssets.length)
    // A row that comes twice stands in the place of one that does not come.
    if (new Set(listed.map(({ id }) => id)).size < proved.total)
      return { count: undefined, unknown: `the hosts of tag ${tag.id} cannot all be listed`, members: [] }
    for (const seen of listed) members.set(seen.id, seen)
  }
  for (const id of excludedAssets) members.delete(id)
  // A count of zero proves nothing (design 7).
  if (members.size === 0) return { count: undefined, unknown: 'no host can be counted', members: [] }
  return { count: members.size, members: [...members.values()] }
}
