import type { Asset, AssetJob, Tag } from '../../../src/sandbox/data/car/rows.ts'
import type { Assistant } from '../assistant.ts'
import type { TestSandbox } from '../sandbox.ts'

/** The hosts, tags and results of a sandbox, and what a list of hosts must find among them. */
export interface Fleet {
  readonly assets: readonly Asset[]
  readonly tags: readonly Tag[]
  readonly results: readonly AssetJob[]
}

export async function fleetOf({ control }: TestSandbox): Promise<Fleet> {
  const [assets, tags, results] = await Promise.all(['assets', 'tags', 'assetjobs'].map(control.dump))
  return { assets, tags, results } as unknown as Fleet
}

/** The arguments that are compared. Times are in whole seconds. */
export interface HostFilter {
  readonly platform?: string
  readonly tagId?: string
  readonly withoutTag?: string
  readonly notSeenSince?: string
  readonly noResultSince?: string
  readonly noSuccessSince?: string
}

/** The ids of hosts without a result that counts, among those from a time on. */
function withoutResult({ results }: Fleet, since: string, counts: (result: AssetJob) => boolean) {
  const start = Date.parse(since)
  const found = new Set(
    results
      .filter((result) => result.created.dateTime >= start && counts(result))
      .map(({ asset }) => asset.id),
  )
  return (id: number): boolean => !found.has(id)
}

/** The ids of the hosts that a filter must find, by brute force. */
export function expectedIds(fleet: Fleet, filter: HostFilter): string[] {
  const { platform, tagId, withoutTag, notSeenSince, noResultSince, noSuccessSince } = filter
  const lacksResult =
    noResultSince && withoutResult(fleet, noResultSince, ({ outcome }) => outcome !== 'open')
  const lacksSuccess =
    noSuccessSince && withoutResult(fleet, noSuccessSince, ({ outcome }) => outcome === 'succeeded')
  return fleet.assets
    .filter(
      (host) =>
        (platform === undefined || host.platform === platform) &&
        (tagId === undefined || host.tags.some(({ id }) => id === tagId)) &&
        (withoutTag === undefined || !host.tags.some(({ id }) => withoutTag === '*' || id === withoutTag)) &&
        (notSeenSince === undefined || host.lastSeen < Date.parse(notSeenSince)) &&
        (!lacksResult || lacksResult(host.id)) &&
        (!lacksSuccess || lacksSuccess(host.id)),
    )
    .map(({ id }) => String(id))
    .sort()
}

/** What a list of hosts answers: the ids on all of its pages, and the headline and note of the first. */
export async function hostsFound({ call }: Assistant, args: HostFilter) {
  const ids: string[] = []
  let first: { readonly summary: string; readonly note: string } | undefined
  let continuationToken: string | undefined
  do {
    const given = { ...args, pageSize: 200, ...(continuationToken && { continuationToken }) }
    const { text, isError, structured } = await call('car_search_assets', given, 'json')
    if (isError) throw new Error(text)
    first ??= { summary: structured.summary, note: structured.note ?? '' }
    ids.push(...structured.rows.map(({ id }) => String(id)))
    continuationToken = structured.continuationToken
  } while (continuationToken !== undefined)
  return { ids: ids.sort(), summary: first?.summary ?? '', note: first?.note ?? '' }
}

/** The number of matches and of unknown rows in a headline. */
export function countsIn(summary: string): { readonly matches: number; readonly unknown: number } {
  const number = (text = '0'): number => Number(text.replaceAll(',', ''))
  const [, matches] = /([\d,]+) match/.exec(summary) ?? []
  const [, unknown] = /([\d,]+) unknown/.exec(summary) ?? []
  return { matches: number(matches), unknown: number(unknown) }
}
