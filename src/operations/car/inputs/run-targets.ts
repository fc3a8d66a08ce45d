import type { Act } from '../../effects/effect-targets.ts'
import { type InputOf, ids, whole, yesNo } from '../../fields.ts'
import type { Input } from '../../operation.ts'
import { searchAssets, searchAssetTags } from '../assets.ts'
import { hostUuidFields } from '../hosts.ts'

/** The hosts of a run; execute and schedules share these inputs. */
export const assetIds = ids('from car_search_assets').optional()
export const tagIds = ids('from car_search_asset_tags', 100).optional()

/** Options for the hosts of a run (update_schedules.htm, execute_scripts_on_demand.htm). */
export const runOptions = {
  rebootAfterScriptExecution: yesNo('reboot hosts afterwards').optional(),
  rebootDelayInSeconds: whole(0, 86_400).optional(),
  executionPolicyBypassEnabled: yesNo('ignore the PowerShell policy of hosts').optional(),
} as const

export type RunOptions = InputOf<typeof runOptions>

/** The delay is sent with its unit (`hours`, `minutes`, `seconds`). */
export function wireRunOptions(treatment: RunOptions) {
  const { rebootAfterScriptExecution, rebootDelayInSeconds, executionPolicyBypassEnabled } = treatment
  return {
    rebootAfterScriptExecution,
    ...(rebootDelayInSeconds !== undefined && { rebootDelayInSeconds, rebootDelayTimeUnit: 'seconds' }),
    executionPolicyBypassEnabled,
  }
}

export function validateRunOptions(treatment: RunOptions): string | undefined {
  const { rebootAfterScriptExecution, rebootDelayInSeconds } = treatment
  return rebootDelayInSeconds !== undefined && rebootAfterScriptExecution !== true
    ? 'rebootDelayInSeconds is for a reboot: pass rebootAfterScriptExecution: true as well, or leave it out.'
    : undefined
}

/** The effects of these options on a host, for the person who consents. */
export function runOptionWarnings(treatment: RunOptions): string[] {
  const { rebootAfterScriptExecution, executionPolicyBypassEnabled, rebootDelayInSeconds = 0 } = treatment
  return [
    ...(rebootAfterScriptExecution
      ? [
          rebootDelayInSeconds > 0
            ? `Every host reboots ${rebootDelayInSeconds} s after the script; unsaved work there is lost.`
            : 'Every host reboots after the script; unsaved work there is lost.',
        ]
      : []),
    ...(executionPolicyBypassEnabled
      ? [
          'The PowerShell execution policy of the hosts is ignored: unsigned code runs where their owner forbade it.',
        ]
      : []),
  ]
}

const actsOfOptions = {
  rebootAfterScriptExecution: 'reboot',
  executionPolicyBypassEnabled: 'policy-bypass',
} as const satisfies Readonly<Record<string, Act>>

const optionActs = (isSet: (name: keyof typeof actsOfOptions) => boolean): Act[] =>
  (['rebootAfterScriptExecution', 'executionPolicyBypassEnabled'] as const)
    .filter(isSet)
    .map((name) => actsOfOptions[name])

/** What the options of this call do to hosts. */
export const actsOfRun = (treatment: RunOptions): Act[] => optionActs((name) => treatment[name] === true)

const off: ReadonlySet<unknown> = new Set([false, null, 'false', 0, '0'])

/**
 * What the options of a stored schedule do to hosts, as far as the call does not replace them. An option that its
 * record does not show counts as set.
 */
export const storedActs = (schedule: Input | undefined, treatment: RunOptions = {}): Act[] =>
  optionActs((name) => treatment[name] === undefined && !off.has(schedule?.[name]))

/** The UUIDs that the wire needs besides the ids. */
export const assetUuids = { list: searchAssets, fields: hostUuidFields } as const
export const tagUuids = { list: searchAssetTags, fields: ['tagUuid', 'uuid'] } as const

/** Why the lists contradict each other: an asset is both a target and excluded. */
export function validateExclusions(
  targets: readonly string[] = [],
  excluded: readonly string[] = [],
): string | undefined {
  const both = targets.find((id) => excluded.includes(id))
  return both && `Asset ${both} is both a target and excluded: leave it out of one of the lists.`
}
