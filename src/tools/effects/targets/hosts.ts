import { searchAssets } from '../../../operations/car/assets.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { type Look, type Seen, seen } from './car-targets.ts'

/** The hosts of a set of targets. */
export interface Hosts {
  /** Undefined if unknown; `unknown` then says why. */
  readonly count: number | undefined
  readonly unknown?: string
  /** The hosts whose records could be read; complete only if there are `count` of them. */
  readonly members: readonly Seen[]
}

/** Where code will run. */
export interface Targets {
  readonly assets: readonly Seen[]
  readonly tags: readonly Seen[]
  readonly excludedAssets: readonly string[]
}

/** The tags in a record, as `[{id, name}]`; undefined if it has none in a known form. */
export function tagsOf(row: Row | undefined): { readonly id: string; readonly name: string }[] | undefined {
  const tags = row?.['tags']
  if (!Array.isArray(tags) || !tags.every((tag) => isObject(tag) && (tag['id'] ?? tag['name']) !== undefined))
    return undefined
  return tags.map((tag: Row) => ({ id: String(tag['id'] ?? ''), name: String(tag['name'] ?? '') }))
}

/** Number of hosts that match a filter; undefined if Qualys gives no total or refuses the token. */
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

/** Neither the id nor the name of any tag. */
const impossible = '00000000000000000000000'

/**
 * Candidate filters for the hosts of a tag. None is documented, so each must be proved by its control query.
 */
function filtersFor({ id, row }: Seen): { readonly filter: string; readonly control: string }[] {
  const name = row?.['name']
  const byId = { filter: `tags.id:${id}`, control: `tags.id:${impossible}` }
  if (typeof name !== 'string' || /["`]/.test(name)) return [byId]
  return [byId, { filter: `tags.name:\`${name}\``, control: `tags.name:\`${impossible}\`` }]
}

/**
 * The filter for a tag's hosts, and their number. Accepted only if proved: the same token with an impossible
 * value counts zero, and there are more hosts without a filter (design 7). A count of zero proves nothing.
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
    // Beyond this the number is too large anyway, or the list is endless.
    if (members.length > most) break
  }
  return members
}

/** The hosts of the targets, without duplicates. Above `most` only their number is returned. */
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
    // Too many even after exclusions, so the hosts need not be listed.
    if (proved.total > most + excludedAssets.length) return { count: proved.total, members: [] }
    const listed = await membersOf(look, proved.filter, most + excludedAssets.length)
    // A repeated row means that another row is missing.
    if (new Set(listed.map(({ id }) => id)).size < proved.total)
      return { count: undefined, unknown: `the hosts of tag ${tag.id} cannot all be listed`, members: [] }
    for (const seen of listed) members.set(seen.id, seen)
  }
  for (const id of excludedAssets) members.delete(id)
  // A count of zero proves nothing (design 7).
  if (members.size === 0) return { count: undefined, unknown: 'no host can be counted', members: [] }
  return { count: members.size, members: [...members.values()] }
}
