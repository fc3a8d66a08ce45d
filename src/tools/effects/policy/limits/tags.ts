import type { SetupError } from '../../../../shared/errors.ts'
import type { ToolContext } from '../../../tool.ts'
import { nameTags, tagsOf } from '../../targets/host-tags.ts'
import type { Hosts, RunTargets } from '../../targets/hosts.ts'
import { limitError } from './limit-error.ts'

/** The error for a tag that a list of the operator excludes. */
function tagError(what: string, list: 'QUALYS_ALLOWED_TAGS' | 'QUALYS_BLOCKED_TAGS'): SetupError {
  return limitError(`${what} ${list}`, list)
}

/** The error for hosts of which no tag can be told. */
function unreadableTagsError(hosts: string): SetupError {
  return limitError(`the tags of ${hosts} cannot be read`, 'QUALYS_ALLOWED_TAGS or QUALYS_BLOCKED_TAGS')
}

interface Tag {
  readonly id: string
  readonly name: string
}

/** Digits in the list are always an id, so a tag with such a name does not match. */
const isTagAllowed = (list: readonly string[], { id, name }: Tag): boolean =>
  list.some((entry) => entry === (/^\d+$/.test(entry) ? id : name))

/** Blocked names match in any case and spelling. */
const normalizeName = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** Undefined if it cannot be decided: the list has a name and the tag shows only its id, or the reverse. */
function isTagBlocked(list: readonly string[], { id, name }: Tag): boolean | undefined {
  if (list.includes(id) || (name !== '' && list.map(normalizeName).includes(normalizeName(name)))) return true
  return list.every((entry) => (/^\d+$/.test(entry) ? id : name) !== '') ? false : undefined
}

/** Throws if a limit on tags forbids these targets. */
export async function checkTags(
  { tags }: RunTargets,
  { members, count }: Hosts,
  context: ToolContext,
): Promise<void> {
  const { allowedTags, blockedTags } = context.configuration.settings
  const namedTags = tags.map(({ id, raw }) => ({ id, name: String(raw?.['name'] ?? '') }))
  const blockedTag = blockedTags && namedTags.find((tag) => isTagBlocked(blockedTags, tag))
  if (blockedTag) throw tagError(`tag ${blockedTag.id} is one of`, 'QUALYS_BLOCKED_TAGS')
  const otherTag = allowedTags && namedTags.find((tag) => !isTagAllowed(allowedTags, tag))
  if (otherTag) throw tagError(`tag ${otherTag.id} is not one of`, 'QUALYS_ALLOWED_TAGS')
  if (blockedTags === undefined && allowedTags === undefined) return
  if (count !== members.length) throw unreadableTagsError('the hosts')
  const withName = await nameTags(
    members.flatMap(({ raw }) => tagsOf(raw) ?? []),
    context,
  )
  for (const { id, raw } of members) {
    const hostTags = tagsOf(raw)?.map(withName)
    const blocked = blockedTags && hostTags?.map((tag) => isTagBlocked(blockedTags, tag))
    if (blocked?.includes(true)) throw tagError(`host ${id} has a tag of`, 'QUALYS_BLOCKED_TAGS')
    if (hostTags === undefined || blocked?.includes(undefined)) throw unreadableTagsError(`host ${id}`)
    if (allowedTags && !hostTags.some((tag) => isTagAllowed(allowedTags, tag)))
      throw tagError(`host ${id} has no tag of`, 'QUALYS_ALLOWED_TAGS')
  }
}
