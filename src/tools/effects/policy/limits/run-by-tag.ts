import type { EffectOperation, Input, Resolved } from '../../../../operations/operation.ts'
import { InputError } from '../../../../shared/errors.ts'
import { counted } from '../../../../shared/format.ts'
import type { ToolContext } from '../../../tool.ts'
import type { CarTargets } from '../../targets/car-targets.ts'
import type { Hosts } from '../../targets/hosts.ts'
import type { Target } from '../../targets/lookup.ts'
import { limitError } from './limit-error.ts'
import { inWords } from './names.ts'
import { namedBy } from './tags.ts'

/** A run as it is sent, and what is said about it. */
export interface SentRun {
  readonly args: Input
  readonly targets: CarTargets
  readonly hosts: Hosts | undefined
  /** Set if the arguments refer to other objects than those that were passed. */
  readonly resolved?: Resolved
  readonly note?: string
  readonly warnings: readonly string[]
}

const mayChange =
  'The tags are sent, and not the hosts that were counted: which hosts they hold may change until it runs.'

/** In one order, however Qualys lists them: an approval holds for the same hosts. */
const byNumber = (one: Target, other: Target): number =>
  one.id.length - other.id.length || (one.id < other.id ? -1 : 1)

/**
 * A run by tag as it is sent (QUALYS_RUN_BY_TAG): as exactly the hosts that were counted and shown, since the hosts of
 * a tag may change before it runs. Hosts of a lab whose UUIDs Qualys does not show can only be sent as their tags.
 */
export async function runAsHosts(
  operation: EffectOperation,
  args: Input,
  targets: CarTargets,
  hosts: Hosts | undefined,
  { configuration, session, signal }: ToolContext,
): Promise<SentRun> {
  const { change } = operation
  const unchanged = { args, targets, hosts, warnings: [] }
  if (!change.forHosts || !hosts || !targets.named.tags?.length) return unchanged
  const asTag = { ...unchanged, warnings: [mayChange] }
  if (configuration.settings.runByTag === 'tag') return asTag
  const members = [...hosts.members].sort(byNumber)
  const tags = targets.tags.flatMap((tag) => inWords('tag', namedBy(tag), session.redact))
  if (members.length !== hosts.count || !members.every(({ id }) => /^\d+$/.test(id)))
    throw limitError(
      'QUALYS_RUN_BY_TAG is hosts, and not every host of the tags has an id that can be sent',
      'QUALYS_RUN_BY_TAG',
      tags,
    )
  const input = change.forHosts(
    args,
    members.map(({ id }) => id),
  )
  try {
    const resolved = await session.resolveReferences(operation, input, { signal })
    const named = change.targets(input)
    if (named.product !== 'car') return asTag
    const note = `sent as the ${counted(members.length, 'host')} counted now, and not as ${counted(targets.tags.length, 'tag')}`
    const sent = { args: input, targets: { ...targets, named, assets: members }, resolved, note }
    return { ...sent, hosts: { ...hosts, members }, warnings: [] }
  } catch (error) {
    if (error instanceof InputError) return asTag
    throw error
  }
}
