import { yesNo } from '../../fields.ts'
import type { Operation } from '../../operation.ts'
import type { HostCount, HostCounter, HostTargets } from '../../reads/host-counts.ts'
import { localFilter, type Reads, type RowTest } from '../../reads/local-filter.ts'
import { type Key, keysIn } from '../names/keys.ts'

type Row = Readonly<Record<string, unknown>>

/** More schedules of a page are not counted: each tag takes some requests. */
const maxSchedules = 50
const maxReasons = 3

const idsOf = (keys: readonly Key[]): string[] | undefined => {
  const ids = keys.flatMap(({ id }) => id ?? [])
  return ids.length === keys.length ? ids : undefined
}

/** The targets of a schedule by id, or why they cannot be counted. */
function targetsToCount(row: Row): HostTargets | string {
  const [assets, tags, excluded] = ['assets', 'assetTags', 'excludedAssets'].map((name) => keysIn(row[name]))
  if (!assets || !tags || !excluded) return 'a schedule does not show all its targets'
  const [assetIds, tagIds, excludedIds] = [assets, tags, excluded].map(idsOf)
  if (!assetIds || !tagIds || !excludedIds) return 'a schedule names a target without its id'
  const needsAllTags = row['allTagsForAssetsEnabled']
  if (tagIds.length > 1 && typeof needsAllTags !== 'boolean')
    return 'a schedule does not show whether a host needs all of its tags'
  return { assets: assetIds, tags: tagIds, excludedAssets: excludedIds, needsAllTags: needsAllTags === true }
}

/** Adds the number of hosts that each schedule reaches now. */
function hostColumn(hosts: HostCounter): RowTest {
  const reasons = new Set<string>()
  let counted = 0
  const rowsWithCounts = async (rows: readonly Row[], mayStop: boolean): Promise<readonly Row[]> => {
    // A larger page ends here, and its token goes on.
    if (mayStop && counted >= maxSchedules) return []
    counted += rows.length
    const targets = rows.map(targetsToCount)
    const counts = await hosts.countHosts(targets.filter((one) => typeof one !== 'string'))
    const next = counts.values()
    return rows.map((row, at) => {
      const one = targets[at]
      const count: HostCount | undefined = typeof one === 'string' ? { reason: one } : next.next().value
      if (count && 'hosts' in count) return { ...row, hosts: count.hosts }
      if (count) reasons.add(count.reason)
      return { ...row, hosts: 'unknown' }
    })
  }
  return {
    dropsNone: true,
    moreColumns: ['hosts'],
    extend: { batchSize: maxSchedules, rows: rowsWithCounts },
    notes: () => {
      const shown = [...reasons].slice(0, maxReasons)
      const rest = reasons.size - shown.length
      const all = [...shown, ...(rest > 0 ? [`${rest} more reasons`] : [])].join('; ')
      return shown.length > 0 ? [`Why hosts are unknown: ${all}.`] : []
    },
  }
}

export const countHosts = localFilter(
  yesNo(),
  (isAsked, reads: Reads<Operation>): RowTest => (isAsked ? hostColumn(reads) : { dropsNone: true }),
)
