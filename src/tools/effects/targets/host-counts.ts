import { searchAssets, searchAssetTags } from '../../../operations/car/assets.ts'
import { isBareId } from '../../../operations/fields.ts'
import type { HostCount, HostTargets } from '../../../operations/reads/host-counts.ts'
import type { Row } from '../../../session/answer.ts'
import { findProvedFilter, hostCounter } from './hosts.ts'
import { type LookupContext, readList, type Target, toTarget, tryLookUp } from './lookup.ts'

/** More tags of a call are not counted: each takes some requests. */
const maxTags = 50
/** Hosts of larger tags are not listed, so that memory holds at most 50 times as many ids. */
const maxListed = 5_000
/** More hosts that schedules name one by one are not looked up. */
const maxNamed = 2_000

/** The hosts of a tag: their number, and their ids when they are first needed. */
interface TagHosts {
  readonly total: number
  readonly list: () => Promise<ReadonlySet<string> | undefined>
}

const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let result: Promise<T> | undefined
  return () => {
    result ??= work()
    return result
  }
}

/** The ids of the hosts that a proved filter finds; undefined if they cannot all be listed. */
async function listHosts(
  context: LookupContext,
  filter: string,
  total: number,
): Promise<ReadonlySet<string> | undefined> {
  if (total > maxListed) return undefined
  const ids = new Set<string>()
  let rowCount = 0
  await tryLookUp(context, async () => {
    for await (const { rows } of readList(context, searchAssets, { filter })) {
      for (const { id } of rows) if (isBareId(id)) ids.add(String(id))
      rowCount += rows.length
      if (rowCount > maxListed) return
    }
  })
  // A repeated row means that another row is missing; a host without a usable id cannot be named.
  return ids.size === total && rowCount === total ? ids : undefined
}

const unknown = (reason: string): HostCount => ({ reason })

const unreadable = 'the list of hosts cannot be read'

/** Counts the hosts of targets, in one call; what is proved once is not asked again (design 7). */
class HostCounts {
  readonly #context: LookupContext
  readonly #countHosts: ReturnType<typeof hostCounter>
  readonly #tags = new Map<string, Promise<TagHosts | string>>()
  readonly #tagRows = new Map<string, Row>()

  constructor(context: LookupContext) {
    this.#context = context
    this.#countHosts = hostCounter(context)
  }

  async count(all: readonly HostTargets[]): Promise<HostCount[]> {
    const { session, signal } = this.#context
    const named = [...new Set(all.flatMap(({ assets }) => assets))]
    const isTooLong = named.length > maxNamed
    const known =
      named.length === 0 || isTooLong
        ? new Map<string, unknown>()
        : await tryLookUp(this.#context, () => session.find(searchAssets, named, { signal }))
    await this.#lookUpTags([...new Set(all.flatMap(({ tags }) => tags))])
    const counts: HostCount[] = []
    for (const targets of all)
      counts.push(
        isTooLong && targets.assets.length > 0
          ? unknown(`at most ${maxNamed} hosts that schedules name are looked up for a page`)
          : await this.#countOne(targets, known),
      )
    return counts
  }

  async #countOne(
    { assets, tags, excludedAssets, needsAllTags }: HostTargets,
    known: ReadonlyMap<string, unknown> | undefined,
  ): Promise<HostCount> {
    if (assets.length > 0 && !known) return unknown(unreadable)
    const strange = assets.find((id) => !known?.has(id))
    if (strange !== undefined) return unknown(`the list of hosts does not show host ${strange}`)
    const ofTags: { readonly id: string; readonly hosts: TagHosts }[] = []
    for (const id of new Set(tags)) {
      if (this.#tags.size === maxTags && !this.#tags.has(id))
        return unknown(`at most ${maxTags} tags are counted in one call: smaller pages of the list count all`)
      const hosts = await this.#tag(id)
      if (typeof hosts === 'string') return unknown(hosts)
      ofTags.push({ id, hosts })
    }
    const [only, ...others] = ofTags
    if (only && others.length === 0 && assets.length === 0 && excludedAssets.length === 0)
      return { hosts: only.hosts.total }
    const sets: ReadonlySet<string>[] = []
    for (const { id, hosts } of ofTags) {
      const ids = await hosts.list()
      if (!ids) return unknown(`the hosts of tag ${id} cannot all be listed`)
      sets.push(ids)
    }
    const [first = new Set<string>(), ...rest] = sets
    const reached = needsAllTags
      ? [...first].filter((id) => rest.every((ids) => ids.has(id)))
      : sets.flatMap((ids) => [...ids])
    const hosts = new Set([...assets, ...reached])
    for (const id of excludedAssets) hosts.delete(id)
    return { hosts: hosts.size }
  }

  /** Looks up the tags of several schedules at once: their names and UUIDs are needed for filters. */
  async #lookUpTags(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.#tags.has(id)).slice(0, maxTags - this.#tags.size)
    if (missing.length === 0) return
    const { session, signal } = this.#context
    const rows = await tryLookUp(this.#context, () => session.find(searchAssetTags, missing, { signal }))
    for (const [id, row] of rows ?? []) this.#tagRows.set(id, row)
  }

  /** The hosts of a tag, or why they are unknown. */
  #tag(id: string): Promise<TagHosts | string> {
    const known = this.#tags.get(id)
    if (known) return known
    const found = this.#read(id)
    this.#tags.set(id, found)
    return found
  }

  async #read(id: string): Promise<TagHosts | string> {
    const tag: Target = toTarget(this.#context, id, this.#tagRows.get(id))
    const search = await tryLookUp(this.#context, async () => ({
      proved: await findProvedFilter(this.#countHosts, tag),
    }))
    if (!search) return unreadable
    if (!search.proved) return `how many hosts tag ${id} has cannot be proved`
    const { filter, total } = search.proved
    return { total, list: once(() => listHosts(this.#context, filter, total)) }
  }
}

/** Counts hosts for one call. Nothing is prepared before the first count. */
export function hostCounts(
  context: LookupContext,
): (targets: readonly HostTargets[]) => Promise<readonly HostCount[]> {
  let counts: HostCounts | undefined
  return (targets) => {
    counts ??= new HostCounts(context)
    return counts.count(targets)
  }
}
