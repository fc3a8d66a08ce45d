import { formatNumber, texts } from '../../../../shared/format.ts'
import { oneLine } from '../../../../shared/safe-text.ts'
import type { ToolContext } from '../../../tool.ts'
import { type CarTargets, lookUpCarTargets, storedIdsIn } from '../../targets/car-targets.ts'
import { findHosts, type Hosts, type RunTargets } from '../../targets/hosts.ts'
import type { Target } from '../../targets/lookup.ts'
import { checkAssets } from './assets.ts'
import { limitError } from './limit-error.ts'
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
  const maxHosts = context.configuration.settings.maxAssetsPerRun
  const hosts = await findHosts(targets, maxHosts, context)
  const about = tagsInWords(targets, context)
  if (hosts.count === undefined)
    throw limitError(
      `${subject}: ${oneLine(hosts.unknownReason ?? 'the number of hosts is unknown')}, and an unknown number counts as more than the ${maxHosts} of QUALYS_MAX_ASSETS_PER_RUN`,
      'QUALYS_MAX_ASSETS_PER_RUN',
      about,
    )
  if (hosts.count > maxHosts)
    throw limitError(
      `${subject} has ${formatNumber(hosts.count)} hosts, and QUALYS_MAX_ASSETS_PER_RUN is ${maxHosts}`,
      'QUALYS_MAX_ASSETS_PER_RUN',
      about,
    )
  await checkTags(targets, hosts, context)
  checkAssets(hosts, context)
  return hosts
}

/** The stored targets of a schedule. */
export async function storedTargets({ id, row }: Target, context: ToolContext): Promise<RunTargets> {
  // Null is an empty list. A missing list may exist under another name.
  const [assets, tags, excludedAssets] = ['assets', 'assetTags', 'excludedAssets'].map((name) =>
    row?.[name] === null ? [] : storedIdsIn(row?.[name]),
  )
  if (assets === undefined || tags === undefined)
    throw limitError(`the targets of schedule ${id} cannot be read`, 'QUALYS_MAX_ASSETS_PER_RUN')
  const carTargets = await lookUpCarTargets({ product: 'car', assets, tags }, context)
  return { assets: carTargets.assets, tags: carTargets.tags, excludedAssets: excludedAssets ?? [] }
}

/** The targets after a change of a schedule: lists that the call does not name stay as stored. */
export async function runTargetsOf(targets: CarTargets, context: ToolContext): Promise<RunTargets> {
  const { named, schedules, assets, tags } = targets
  const [schedule] = schedules
  const excludedAssets = named.excludedAssets ?? []
  if (!schedule || (named.assets && named.tags)) return { assets, tags, excludedAssets }
  const stored = await storedTargets(schedule, context)
  return {
    assets: named.assets ? assets : stored.assets,
    tags: named.tags ? tags : stored.tags,
    excludedAssets,
  }
}
