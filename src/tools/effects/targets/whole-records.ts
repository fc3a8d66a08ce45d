import type { EffectOperation, Input } from '../../../operations/operation.ts'
import { isCut } from '../../../session/records/cut-rows.ts'
import { DriftError } from '../../../shared/errors.ts'
import type { Hosts } from './hosts.ts'
import type { Target } from './lookup.ts'
import type { Targets } from './targets.ts'

const one = (target: Target | undefined): readonly Target[] => (target ? [target] : [])

/** All targets of a call, by what they are. */
function targetsIn(targets: Targets): readonly (readonly [noun: string, found: readonly Target[]])[] {
  if (targets.product === 'car') {
    const { scripts, schedules, assets, tags, excludedAssets, stored, records, activeSchedules } = targets
    return [
      ['script', scripts],
      ['schedule', [...schedules, ...(activeSchedules ?? [])]],
      ['host', [...assets, ...excludedAssets, ...(stored?.assets ?? []), ...(stored?.excludedAssets ?? [])]],
      ['tag', [...tags, ...(stored?.tags ?? [])]],
      ['object', records.flatMap(({ targets: found }) => found)],
    ]
  }
  const { templates, libraryTemplates, campaigns, users, reviewer, approver, existingUsers } = targets
  const { newRecipients, currentRecipients, removedRecipients } = targets
  const people = [newRecipients, currentRecipients ?? [], removedRecipients, existingUsers ?? []]
  return [
    ['template', [...templates, ...libraryTemplates]],
    ['campaign', campaigns],
    ['user', [...users, ...people.flat(), ...one(reviewer), ...one(approver)]],
  ]
}

/** Throws if a record was read in part: sent back, the rest would be lost. */
export function requireWholeRecord(noun: string, { id, raw }: Target): void {
  if (raw && isCut(raw))
    throw new DriftError(
      `Qualys' record of ${noun} ${id} is larger than what is read of one, so this effect could lose or change what nobody sees.`,
      'Do it in the Qualys UI; nothing was sent.',
    )
}

/**
 * Throws if a record that the effect changes, or reaches, was read in part: written back, the rest would be lost, and
 * nobody would see what a preview leaves out. What is deleted is lost anyway, and what only takes away work may go.
 */
export function requireWhole(
  { effect, change }: EffectOperation,
  args: Input,
  targets: Targets,
  hosts?: Hosts,
): void {
  if (effect === 'delete' || change.quiets?.(args)) return
  for (const [noun, found] of [...targetsIn(targets), ['host', hosts?.members ?? []] as const])
    for (const target of found) requireWholeRecord(noun, target)
}
