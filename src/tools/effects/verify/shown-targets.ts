import { noTargets, type ShownTargets, type TargetKind } from '../../../operations/effects/new-state.ts'
import type { PreparedCall } from '../prepare/inspection.ts'
import type { CarTargets } from '../targets/car-targets.ts'
import type { Target } from '../targets/lookup.ts'
import type { RecordKindName } from '../targets/records.ts'

/** The kinds that are looked up as records, by the name that operations use for them. */
const recordNames: Readonly<Partial<Record<TargetKind, RecordKindName>>> = {
  language: 'languages',
  commandSet: 'commandSets',
  report: 'reports',
}

function targetsOf(targets: CarTargets, kind: TargetKind): readonly Target[] {
  const { scripts, schedules, assets, tags, excludedAssets, stored, records } = targets
  if (kind === 'script') return scripts
  if (kind === 'schedule') return schedules
  if (kind === 'host') return [...assets, ...excludedAssets, ...(stored?.assets ?? [])]
  if (kind === 'tag') return [...tags, ...(stored?.tags ?? [])]
  return records.filter((one) => one.kind === recordNames[kind]).flatMap((one) => one.targets)
}

/** What the preview of a call showed of its targets. */
export function shownTargets({ targets, hosts }: Pick<PreparedCall, 'targets' | 'hosts'>): ShownTargets {
  if (targets.product !== 'car') return noTargets
  return {
    row: (kind, id) => targetsOf(targets, kind).find((target) => target.id === id && target.row)?.row,
    ...(hosts && { hosts: { count: hosts.count } }),
  }
}
