import { searchAssets, searchAssetTags } from '../../../operations/car/assets.ts'
import { InputError } from '../../../shared/errors.ts'
import { counted } from '../../../shared/format.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { limitError } from '../../effects/policy/limits/limit-error.ts'
import { findHosts } from '../../effects/targets/hosts.ts'
import { requireInList, type Target } from '../../effects/targets/lookup.ts'
import type { ToolContext } from '../../tool.ts'
import { checkPlanSize, planLimit } from '../plan-size.ts'
import type { RolloutInput } from '../propose/input.ts'
import type { ChosenWave, WaveSelection } from '../propose/waves.ts'

/** The hosts of a rollout, as Qualys lists them now. */
export interface Fleet {
  readonly members: readonly Target[]
  readonly tag?: { readonly id: string; readonly name: string }
}

const nameOf = ({ row }: Target): string => {
  const name = row?.['name']
  return typeof name === 'string' ? oneLine(name, 200) : ''
}

/** The names of hosts, as far as they are shown. */
export const namesOf = (members: readonly Target[], ids: ReadonlySet<string>): Record<string, string> =>
  Object.fromEntries(
    members.flatMap((member) =>
      ids.has(member.id) && nameOf(member) !== '' ? [[member.id, nameOf(member)]] : [],
    ),
  )

/** A tag with its hosts, in full. Throws a SetupError if they cannot be counted and listed. */
async function readTag(tagId: string, max: number, what: string, context: ToolContext) {
  const [tag] = await requireInList(context, searchAssetTags, [tagId])
  const { count, members, unknownReason } = await findHosts(
    { assets: [], tags: tag ? [tag] : [], excludedAssets: [] },
    max,
    context,
  )
  if (count === undefined)
    throw limitError(
      `${what}: ${oneLine(unknownReason ?? 'the number of hosts is unknown')}, and an unknown number counts as more than ${planLimit}`,
      planLimit,
    )
  if (count > members.length)
    throw limitError(`${what} has ${counted(count, 'host')}, and ${planLimit} is ${max}`, planLimit)
  return { tag: { id: tagId, name: tag ? nameOf(tag) : '' }, members }
}

/** Looks up the hosts of a rollout, which are within QUALYS_MAX_ASSETS_PER_PLAN. */
export async function findFleet(
  { assetIds, assetTagId }: RolloutInput['fleet'],
  context: ToolContext,
): Promise<Fleet> {
  const max = context.configuration.settings.maxAssetsPerPlan
  if (assetTagId !== undefined) return readTag(assetTagId, max, 'the fleet', context)
  const ids = [...new Set(assetIds)]
  checkPlanSize(ids.length, context)
  return { members: await requireInList(context, searchAssets, ids) }
}

type WaveInput = RolloutInput['waves'][number]

async function selectionOf(
  { assetIds, assetTagId, share }: WaveInput,
  index: number,
  context: ToolContext,
): Promise<WaveSelection> {
  if (assetIds !== undefined) return { kind: 'ids', hosts: [...new Set(assetIds)] }
  if (share !== undefined) return { kind: 'share', percent: share }
  if (assetTagId === undefined) return { kind: 'rest' }
  const max = context.configuration.settings.maxAssetsPerPlan
  const { tag, members } = await readTag(assetTagId, max, `the tag of wave ${index + 1}`, context)
  return { kind: 'tag', ...tag, hosts: members.map(({ id }) => id) }
}

/** The waves as they were asked for, with their tags looked up. */
export async function chooseWaves(
  waves: readonly WaveInput[],
  context: ToolContext,
): Promise<readonly ChosenWave[]> {
  const chosen: ChosenWave[] = []
  for (const [index, wave] of waves.entries()) {
    const { name, soakMinutes, needsApproval } = wave
    chosen.push({ name, soakMinutes, needsApproval, selection: await selectionOf(wave, index, context) })
  }
  return chosen
}

/** Throws an InputError for hosts that no list can name. */
export function requireIds(members: readonly Target[]): readonly string[] {
  const odd = members.find(({ id }) => !/^\d+$/.test(id))
  if (odd)
    throw new InputError(
      `Host ${oneLine(odd.id, 60)} has no id that a run can be sent to.`,
      'Leave it out of the fleet.',
    )
  return members.map(({ id }) => id)
}
