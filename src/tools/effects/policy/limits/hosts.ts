import { counted, texts } from '../../../../shared/format.ts'
import { oneLine } from '../../../../shared/safe-text.ts'
import type { ToolContext } from '../../../tool.ts'
import { type CarTargets, lookUpCarTargets, storedIds } from '../../targets/car-targets.ts'
import { findHosts, type Hosts, type RunTargets } from '../../targets/hosts.ts'
import type { Target } from '../../targets/lookup.ts'
import { checkAssets } from './assets.ts'
import { hostLimitOf, limitError } from './limit-error.ts'
import { inWords } from './names.ts'
import { checkTags, namedBy } from './tags.ts'

/** Tags that a refusal names. */
const maxTagsNamed = 5

/** The tags of what has too many hosts. */
function tagsInWords({ tags }: RunTargets, { session }: ToolContext): string[] {
  const named = tags.flatMap((tag) => inWords('tag', namedBy(tag), session.redact))
  return texts(
    named.slice(0, maxTagsNamed),
    named.length > maxTagsNamed && `${named.length - maxTagsNamed} more tags`,
  )
}

/** The hosts of these targets. Throws a SetupError if they exceed a limit. */
export async function checkTargets(
  targets: RunTargets,
  subject: string,
  context: ToolContext,
): Promise<Hosts> {
  const { max: maxHosts, source } = hostLimitOf(context)
  const hosts = await findHosts(targets, maxHosts, context)
  const about = tagsInWords(targets, context)
  if (hosts.count === undefined)
    throw limitError(
      `${subject}: ${oneLine(hosts.unknownReason ?? 'the number of hosts is unknown')}, and an unknown number counts as more than the ${maxHosts} of ${source}`,
      source,
      about,
    )
  if (hosts.count > maxHosts)
    throw limitError(
      `${subject} has ${counted(hosts.count, 'host')}, and ${source} is ${maxHosts}`,
      source,
      about,
    )
  await checkTags(targets, hosts, context)
  checkAssets(hosts, context)
  return hosts
}

const unreadable = (schedule: string) =>
  limitError(`the targets of schedule ${schedule} cannot be read`, 'QUALYS_MAX_ASSETS_PER_RUN')

/** The stored targets of a schedule. */
export async function storedTargets({ id, row }: Target, context: ToolContext): Promise<RunTargets> {
  const stored = storedIds(row)
  if (!stored) throw unreadable(id)
  const { assets, tags } = await lookUpCarTargets(
    { product: 'car', assets: stored.assets, tags: stored.tags },
    context,
  )
  return { assets, tags, excludedAssets: stored.excludedAssets }
}

/**
 * The targets after a change of a schedule: lists that the call does not name stay as stored. Whether Qualys keeps
 * exclusions that an update does not send is not documented, so that only a call without scripts is sure to keep them.
 */
export function runTargetsOf({ named, schedules, assets, tags, stored }: CarTargets): RunTargets {
  const [schedule] = schedules
  const { excludedAssets } = named
  if (!schedule || (named.assets && named.tags)) return { assets, tags, excludedAssets: excludedAssets ?? [] }
  if (!stored) throw unreadable(schedule.id)
  const kept = named.scripts ? [] : stored.excludedAssets.map(({ id }) => id)
  return {
    assets: named.assets ? assets : stored.assets,
    tags: named.tags ? tags : stored.tags,
    excludedAssets: excludedAssets ?? kept,
  }
}
