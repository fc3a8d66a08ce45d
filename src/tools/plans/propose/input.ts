import { z } from 'zod'
import { timeWindows } from '../../../config/limits/windows.ts'
import { parameters } from '../../../operations/car/inputs/parameters.ts'
import { runOptions } from '../../../operations/car/inputs/run-targets.ts'
import { type InputOf, id, ids, text, whole, yesNo } from '../../../operations/fields.ts'
import { bound, share } from '../bounds.ts'
import { duration } from '../durations.ts'
import type { Bound } from '../plan.ts'

// What an assistant passes to propose a plan.

const dayMinutes = 24 * 60
const weekMinutes = 7 * dayMinutes

const maxFleet = 10_000
const maxWaves = 20

const hostIds = ids('from car_search_assets', maxFleet).describe('from car_search_assets').optional()
const tagId = id('from car_search_asset_tags').describe('from car_search_asset_tags').optional()

/** How many of these are given. `false` is as good as left out. */
const given = (...values: readonly unknown[]): number =>
  values.filter((value) => value !== undefined && value !== false).length

const nameError =
  'must be a name of letters, digits, blanks, dots, hyphens and underscores, at most 40 characters'

const waveName = z
  .string({ error: nameError })
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u, { error: nameError })

const wave = z
  .strictObject({
    name: waveName.optional(),
    assetIds: hostIds,
    assetTagId: tagId,
    share: share.describe('of hosts left, e.g. 10%').optional(),
    rest: yesNo().optional(),
    soakMinutes: whole(0, weekMinutes).optional(),
    needsApproval: yesNo().optional(),
  })
  .refine(({ assetIds, assetTagId, share, rest }) => given(assetIds, assetTagId, share, rest) === 1, {
    error: 'needs exactly one of assetIds, assetTagId, share and rest: true',
  })

const wavesError = `must be a list of 1 to ${maxWaves} waves such as [{"share":"10%"},{"rest":true}]`

const windowExample = 'Sat 22:00-05:00 Europe/Berlin'

/** The text of hours in which waves may start, in the form of QUALYS_WINDOW. */
const window = z
  .string({ error: `must be windows such as ${windowExample}` })
  .max(500, { error: 'must be at most 500 characters' })
  .transform((given, context) => {
    const trimmed = given.trim()
    const { error } = timeWindows.safeParse(trimmed)
    if (!error) return trimmed
    context.addIssue(error.issues[0]?.message ?? `must be windows such as ${windowExample}`)
    return z.NEVER
  })

/** Without descriptions, which cost tokens once more: those of car_execute_script say no more than the names. */
const options = {
  ...runOptions,
  rebootAfterScriptExecution: yesNo().optional(),
  executionPolicyBypassEnabled: yesNo().optional(),
} as const

const reportWithin = duration(1, weekMinutes)

/** The input of car_plan_rollout. What it leaves out is filled in by `rolloutSettings`. */
export const rolloutInput = {
  scriptId: id('from car_search_scripts').describe('from car_search_scripts'),
  fleet: z
    .strictObject({ assetIds: hostIds, assetTagId: tagId })
    .refine(({ assetIds, assetTagId }) => given(assetIds, assetTagId) === 1, {
      error: 'needs exactly one of assetIds and assetTagId',
    }),
  waves: z
    .array(wave, { error: wavesError })
    .refine((list) => list.length > 0 && list.length <= maxWaves, { error: wavesError }),
  stopAfter: z
    .strictObject({ wave: bound().optional(), all: bound().optional() })
    .refine(({ wave, all }) => given(wave, all) > 0, {
      error: 'needs wave or all: how many failed hosts stop it, such as {"wave":"5%"}',
    })
    .describe('failed hosts: 3 or 5%'),
  notReported: bound('default 10%').optional(),
  leftOut: bound('default 5%').optional(),
  reportWithin: reportWithin.describe('default 4h').optional(),
  lateAfterMinutes: whole(5, dayMinutes).optional(),
  window: window.describe(`e.g. ${windowExample}`).optional(),
  params: parameters.optional(),
  ...options,
  // The run's description also holds the mark of the plan.
  description: text(900).optional(),
} as const satisfies z.ZodRawShape

/** What was passed to car_plan_rollout, checked. */
export type RolloutInput = InputOf<typeof rolloutInput>

/** Settings of a plan that has no others. */
const defaults = {
  notReported: { percent: 10 },
  leftOut: { percent: 5 },
  reportWithinMinutes: 4 * 60,
  lateAfterMinutes: 60,
} as const

/** The settings of a plan besides its script, hosts and waves: what was passed, or the default. */
export interface RolloutSettings {
  readonly notReported: Bound
  readonly leftOut: Bound
  readonly reportWithinMinutes: number
  readonly lateAfterMinutes: number
}

/** The settings of a plan. */
export function rolloutSettings(
  input: Partial<Pick<RolloutInput, 'notReported' | 'leftOut' | 'reportWithin' | 'lateAfterMinutes'>>,
): RolloutSettings {
  const { reportWithin: reportWithinMinutes, notReported, leftOut, lateAfterMinutes } = input
  return {
    notReported: notReported ?? defaults.notReported,
    leftOut: leftOut ?? defaults.leftOut,
    reportWithinMinutes: reportWithinMinutes ?? defaults.reportWithinMinutes,
    lateAfterMinutes: lateAfterMinutes ?? defaults.lateAfterMinutes,
  }
}

const outcomesToRepeat = ['failed', 'not reported', 'unknown'] as const

/** An outcome of a host that did not succeed. */
export type OutcomeToRepeat = (typeof outcomesToRepeat)[number]

/** The input of car_plan_rerun. */
export const rerunInput = {
  jobId: id('from car_search_jobs'),
  outcomes: z
    .array(z.enum(outcomesToRepeat, { error: `must be one of ${outcomesToRepeat.join(', ')}` }), {
      error: `must be a list of ${outcomesToRepeat.join(', ')}`,
    })
    .refine((list) => list.length > 0, { error: 'must name at least one outcome, or be left out for all' })
    .transform((list) => [...new Set(list)])
    .describe('default all')
    .optional(),
  reportWithin: reportWithin.optional(),
  params: parameters.optional(),
  rebootAfterScriptExecution: options.rebootAfterScriptExecution,
  executionPolicyBypassEnabled: options.executionPolicyBypassEnabled,
} as const satisfies z.ZodRawShape

/** What was passed to car_plan_rerun, checked. */
export type RerunInput = InputOf<typeof rerunInput>

/** The outcomes of hosts that are run again. */
export const repeatedOutcomes = ({ outcomes }: Pick<RerunInput, 'outcomes'>): readonly OutcomeToRepeat[] =>
  outcomes ?? outcomesToRepeat
