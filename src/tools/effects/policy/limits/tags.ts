import { texts } from '../../../../shared/format.ts'
import type { ToolContext } from '../../../tool.ts'
import { nameTags, tagsOf } from '../../targets/host-tags.ts'
import type { Hosts, RunTargets } from '../../targets/hosts.ts'
import type { Target } from '../../targets/lookup.ts'
import { limitError } from './limit-error.ts'
import { inWords, isAllowed, isBlocked, type Named } from './names.ts'

/** The name that the list of hosts or tags shows; empty if it shows none. */
export const namedBy = ({ id, raw }: Target): Named => ({ id, name: String(raw?.['name'] ?? '') })

/** Where the tags of a caller of the service come from, as refusals say it. */
export const callerTags = 'the tags of this caller'

/** Tags of which a host needs one, and where they are set. */
interface AllowList {
  readonly tags: readonly string[]
  readonly source: string
}

/** What the operator allows, and what a caller of the service may: a host needs a tag of both. */
function allowListsOf({ configuration, caller }: ToolContext): readonly AllowList[] {
  const { allowedTags } = configuration.settings
  return [
    ...(allowedTags ? [{ tags: allowedTags, source: 'QUALYS_ALLOWED_TAGS' }] : []),
    ...(caller.tags ? [{ tags: caller.tags, source: callerTags }] : []),
  ]
}

/** Throws if a limit on tags forbids these targets. */
export async function checkTags(
  { tags }: RunTargets,
  { members, count }: Hosts,
  context: ToolContext,
): Promise<void> {
  const { blockedTags } = context.configuration.settings
  const allowLists = allowListsOf(context)
  if (blockedTags === undefined && allowLists.length === 0) return
  const { redact } = context.session
  const setting = texts(
    allowLists.map(({ source }) => source),
    blockedTags && 'QUALYS_BLOCKED_TAGS',
  ).join(' and ')
  const unreadable = (hosts: string, about: readonly string[] = []) =>
    limitError(`the tags of ${hosts} cannot be read, and ${setting} needs them`, setting, about)
  const inTags = (tag: Named) => inWords('tag', tag, redact)
  const namedTags = tags.map(namedBy)
  const blockedTag = blockedTags && namedTags.find((tag) => isBlocked(blockedTags, tag))
  if (blockedTag)
    throw limitError(
      `tag ${blockedTag.id} is one of QUALYS_BLOCKED_TAGS`,
      'QUALYS_BLOCKED_TAGS',
      inTags(blockedTag),
    )
  for (const { tags: allowed, source } of allowLists) {
    const otherTag = namedTags.find((tag) => !isAllowed(allowed, tag))
    if (otherTag) throw limitError(`tag ${otherTag.id} is not one of ${source}`, source, inTags(otherTag))
  }
  if (count !== members.length) throw unreadable('the hosts')
  const withName = await nameTags(
    members.flatMap(({ raw }) => tagsOf(raw) ?? []),
    context,
  )
  for (const member of members) {
    const host = `host ${member.id}`
    const about = inWords('host', namedBy(member), redact)
    const hostTags = tagsOf(member.raw)?.map(withName)
    const blocked = blockedTags && hostTags?.find((tag) => isBlocked(blockedTags, tag))
    if (blocked)
      throw limitError(`${host} has a tag of QUALYS_BLOCKED_TAGS`, 'QUALYS_BLOCKED_TAGS', [
        ...about,
        ...inTags(blocked),
      ])
    const isUnknown = blockedTags && hostTags?.some((tag) => isBlocked(blockedTags, tag) === undefined)
    if (hostTags === undefined || isUnknown) throw unreadable(host, about)
    const lacking = allowLists.find(({ tags }) => !hostTags.some((tag) => isAllowed(tags, tag)))
    if (lacking) throw limitError(`${host} has no tag of ${lacking.source}`, lacking.source, about)
  }
}
