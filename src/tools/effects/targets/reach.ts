import type { CarTargets } from './car-targets.ts'
import { countTags, findHosts, type Hosts } from './hosts.ts'
import { type LookupContext, tryLookUp } from './lookup.ts'

/** More hosts and tags of a schedule that is only switched off or deleted are not read. */
const maxHosts = 100
const maxTags = 5

/**
 * The hosts that an effect concerns and that no limit counts: those of a schedule that stops, and of tags that are
 * blocked. Only a preview shows them, so a failure costs nothing.
 */
export async function reachOf(targets: CarTargets, context: LookupContext): Promise<Hosts | undefined> {
  const { stored, tags } = targets
  if (stored) {
    if (stored.tags.length > maxTags) return undefined
    const excludedAssets = stored.excludedAssets.map(({ id }) => id)
    return tryLookUp(context, () => findHosts({ ...stored, excludedAssets }, maxHosts, context))
  }
  if (tags.length === 0) return undefined
  return { count: undefined, members: [], tagCounts: await countTags(tags, context) }
}
