import { searchAssets } from '../../../operations/car/assets.ts'
import { isBareId } from '../../../operations/fields.ts'
import { InputError } from '../../../shared/errors.ts'
import { filtersFor } from './host-tags.ts'
import { type LookupContext, readList, readPage, type Target, toTarget, tryLookUp } from './lookup.ts'

/** The hosts of a set of targets. */
export interface Hosts {
  /** Undefined if unknown; `unknownReason` then says why. */
  readonly count: number | undefined
  readonly unknownReason?: string
  /** The hosts whose records could be read; complete only if there are `count` of them. */
  readonly members: readonly Target[]
  /** Number of hosts of each tag, by its id, as far as it is proved. */
  readonly tagCounts?: ReadonlyMap<string, number>
}

/** Where code will run. */
export interface RunTargets {
  readonly assets: readonly Target[]
  readonly tags: readonly Target[]
  readonly excludedAssets: readonly string[]
}

/** Number of hosts that match a filter; undefined if Qualys gives no total or refuses the token. */
type CountHosts = (filter?: string) => Promise<number | undefined>

/** Counts hosts, each filter once: several tags share the number of all hosts and the control queries. */
export function hostCounter(context: LookupContext): CountHosts {
  const known = new Map<string | undefined, number | undefined>()
  return async (filter) => {
    if (known.has(filter)) return known.get(filter)
    let total: number | undefined
    try {
      total = (await readPage(context, searchAssets, { pageSize: 1, filter }))?.total
    } catch (error) {
      if (!(error instanceof InputError)) throw error
    }
    known.set(filter, total)
    return total
  }
}

/**
 * The filter for a tag's hosts, and their number. Accepted only if proved: the same token with an impossible
 * value counts zero, and there are more hosts without a filter (design 7). A count of zero proves nothing.
 */
export async function findProvedFilter(
  countHosts: CountHosts,
  tag: Target,
): Promise<{ filter: string; total: number } | undefined> {
  const all = await countHosts()
  for (const { filter, control } of filtersFor(tag)) {
    const total = await countHosts(filter)
    if (total === undefined || total === 0 || all === undefined || all <= total) continue
    if ((await countHosts(control)) === 0) return { filter, total }
  }
  return undefined
}

/** More tags are not counted for a preview: each takes a request. */
const maxCountedTags = 5

/** The number of hosts of each tag, as far as it can be proved. A failure costs nothing: it is only shown. */
export async function countTags(
  tags: readonly Target[],
  context: LookupContext,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  const countHosts = hostCounter(context)
  await tryLookUp(context, async () => {
    for (const tag of tags.slice(0, maxCountedTags)) {
      const proved = await findProvedFilter(countHosts, tag)
      if (proved) counts.set(tag.id, proved.total)
    }
  })
  return counts
}

async function listMembers(context: LookupContext, filter: string, maxHosts: number): Promise<Target[]> {
  const members: Target[] = []
  for await (const { rows } of readList(context, searchAssets, { filter })) {
    members.push(...rows.map((row) => toTarget(context, String(row['id']), row)))
    // Beyond this the number is too large anyway, or the list is endless.
    if (members.length > maxHosts) break
  }
  return members
}

const unknownHosts = (unknownReason: string): Hosts => ({ count: undefined, unknownReason, members: [] })

/** The hosts of the targets, without duplicates. Above `maxHosts` only their number is returned. */
export async function findHosts(
  { assets, tags, excludedAssets }: RunTargets,
  maxHosts: number,
  context: LookupContext,
): Promise<Hosts> {
  const members = new Map(assets.map((host) => [host.id, host]))
  const countHosts = hostCounter(context)
  const tagCounts = new Map<string, number>()
  for (const tag of tags) {
    const provedFilter = await findProvedFilter(countHosts, tag)
    if (!provedFilter) return unknownHosts(`how many hosts tag ${tag.id} has cannot be proved`)
    // Too many even after exclusions, so the hosts need not be listed.
    if (provedFilter.total > maxHosts + excludedAssets.length)
      return { count: provedFilter.total, members: [] }
    const tagHosts = await listMembers(context, provedFilter.filter, maxHosts + excludedAssets.length)
    // A repeated row means that another row is missing; a host without a usable id cannot be named.
    if (new Set(tagHosts.map(({ id }) => id).filter(isBareId)).size < provedFilter.total)
      return unknownHosts(`the hosts of tag ${tag.id} cannot all be listed`)
    tagCounts.set(tag.id, provedFilter.total)
    for (const host of tagHosts) members.set(host.id, host)
  }
  for (const id of excludedAssets) members.delete(id)
  // A count of zero proves nothing (design 7).
  if (members.size === 0) return unknownHosts('no host can be counted')
  return { count: members.size, members: [...members.values()], tagCounts }
}
