import type { StoredReferences } from '../../../operations/effects/effect-targets.ts'
import type { EffectOperation, Input } from '../../../operations/operation.ts'
import type { ToolContext } from '../../tool.ts'
import { readSchedule } from '../targets/car-targets.ts'
import type { Target } from '../targets/lookup.ts'
import { requireWholeRecord } from '../targets/whole-records.ts'
import { refuse } from './refuse.ts'

/** A call with what it leaves out as it is stored, where Qualys wants all of an object. */
export interface FilledCall {
  /** As they are checked, shown and sent. */
  readonly args: Input
  readonly passed: Input
  /** The names of what is taken from the store. */
  readonly taken: readonly string[]
  /** The names of what is passed and stored otherwise. */
  readonly changes: readonly string[]
  readonly stored: StoredReferences
  /** What was read for this: the preview compares with the same. */
  readonly schedules?: readonly Target[]
  readonly warnings: readonly string[]
}

/** Fills a call in. Throws if what it has to say is neither passed nor shown by Qualys. */
export async function fillIn(
  { change }: EffectOperation,
  passed: Input,
  context: ToolContext,
): Promise<FilledCall> {
  const unchanged = { args: passed, passed, taken: [], changes: [], stored: {}, warnings: [] }
  const named = change.targets(passed)
  const [id] = named.product === 'car' ? (named.schedules ?? []) : []
  if (!change.fill || id === undefined) return unchanged
  const schedule = await readSchedule(context, id)
  requireWholeRecord('schedule', schedule)
  const filled = change.fill(passed, schedule.raw, Date.now())
  refuse(filled.problem, context.session.redact)
  const { input, taken, changes, references, warnings } = filled
  return { args: input, passed, taken, changes, stored: references, schedules: [schedule], warnings }
}
