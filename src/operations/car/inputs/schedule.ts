import { z } from 'zod'
import type { CarEffectTargets, Timetable } from '../../effects/effect-targets.ts'
import { type InputOf, id, idNumber, oneOf, text, whole, yesNo } from '../../fields.ts'
import type { Resolved, SecretUse } from '../../operation.ts'
import { searchScripts } from '../scripts.ts'
import { keysOf, parameters, parameterWarnings, secretsOf, wireParameters } from './parameters.ts'
import {
  assetIds,
  assetUuids,
  runOptions,
  runOptionWarnings,
  tagIds,
  tagUuids,
  validateExclusions,
  validateRunOptions,
  wireRunOptions,
} from './run-targets.ts'

const day = z
  .string({ error: 'must be a date such as 2026-12-31' })
  .trim()
  .regex(/^\d{4}-\d\d-\d\d$/, { error: 'must be a date such as 2026-12-31' })
  .refine((date) => z.iso.date().safeParse(date).success, { error: 'is no day of the calendar' })

const clock = z
  .string({ error: 'must be a time such as 08:30' })
  .trim()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as 08:30, in UTC' })

export const frequencies = ['HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'] as const

const forRecurrence = { whenEmpty: 'leave it out for a schedule that runs once' }

/** The inputs of a schedule. Qualys documents all names here except the two of the recurrence. */
export const scheduleInput = {
  title: text(255, 'not yet in use'),
  scripts: z
    .array(
      z.strictObject({
        id: id('from car_search_scripts'),
        title: text(255, 'if not to be looked up').optional(),
        params: parameters.optional(),
      }),
      { error: 'must be a list such as [{"id":"19218"}]' },
    )
    .min(1, { error: 'must name at least one script' })
    .max(20, { error: 'must name at most 20 scripts' }),
  startDate: day.describe('e.g. 2026-12-31, UTC'),
  startTime: clock.describe('e.g. 08:30, UTC'),
  recurrence: oneOf(frequencies).describe('once when left out; unverified').meta(forRecurrence).optional(),
  interval: whole(1, 999, 'every how many of them').meta(forRecurrence).optional(),
  endDate: day.describe('with recurrence').meta(forRecurrence).optional(),
  assets: assetIds,
  assetTags: tagIds,
  excludedAssets: assetIds,
  allTagsForAssetsEnabled: yesNo('all of the tags, not any').optional(),
  ...runOptions,
  description: text(1_000).optional(),
} as const

/** Says that a schedule runs once, in place of a recurrence that is stored. */
const once = 'ONCE'

/** The inputs of a change: what is left out stays. */
export const scheduleChange = {
  ...scheduleInput,
  title: scheduleInput.title.optional(),
  scripts: scheduleInput.scripts.describe('all, with all params: values are not shown').optional(),
  startDate: scheduleInput.startDate.optional(),
  startTime: scheduleInput.startTime.optional(),
  recurrence: oneOf([once, ...frequencies])
    .meta({ whenEmpty: 'pass "ONCE" for a schedule that runs once' })
    .describe('unverified')
    .optional(),
  endDate: day
    .meta({ whenEmpty: 'a recurring schedule needs an end; recurrence "ONCE" takes it away' })
    .describe('with recurrence')
    .optional(),
  activate: yesNo().optional(),
} as const

/**
 * A schedule as far as it is known. Times that are taken from the store are instants where they are no whole day or
 * minute.
 */
export type Plan = Partial<InputOf<typeof scheduleChange>>

/** First run, in milliseconds since 1970. */
export function startOf({ startDate = '', startTime = '' }: Plan): number {
  if (startTime.includes('T')) return Date.parse(startTime)
  return Date.parse(`${startDate.slice(0, 10)}T${startTime}Z`)
}

/** How often it recurs; undefined if it runs once. */
const frequencyOf = ({ recurrence }: Plan) => (recurrence === once ? undefined : recurrence)

/** The inputs that say when a schedule runs. */
export const timeInputs = ['startDate', 'startTime', 'recurrence', 'interval', 'endDate'] as const

const dayMs = 24 * 3_600_000

/** The end of a schedule. Whether it runs on the day of its end is not documented, so that day counts. */
export const endOf = (time: number): number => (time % dayMs === 0 ? time + dayMs - 1 : time)

/** When a schedule with these inputs runs. */
function timetableOf(plan: Plan): Timetable {
  const { interval = 1, endDate } = plan
  const [start, recurrence] = [startOf(plan), frequencyOf(plan)]
  return recurrence === undefined || endDate === undefined
    ? { start }
    : { start, recurrence: { frequency: recurrence, interval, end: endOf(Date.parse(endDate)) } }
}

export const references = {
  script: {
    ids: ({ scripts = [] }: Plan) => scripts.filter(({ title }) => title === undefined).map(({ id }) => id),
    list: searchScripts,
    fields: ['title', 'name'],
    fresh: true,
  },
  asset: {
    ids: ({ assets = [], excludedAssets = [] }: Plan) => [...assets, ...excludedAssets],
    ...assetUuids,
  },
  tag: { ids: ({ assetTags = [] }: Plan) => assetTags, ...tagUuids },
} as const

/**
 * `scripts` with their titles, and `{id, UUId}` for targets (update_schedules.htm). Start and end are Strings
 * on the create page and Integers on the update page. That both hold milliseconds since 1970 is a guess, as
 * is `recurrence`; the stored schedule is therefore read back.
 */
export function wireSchedule(
  plan: Plan,
  resolved: Resolved,
  time: (milliseconds: number) => string | number,
) {
  const { lookup } = resolved
  const pairs = (reference: 'asset' | 'tag', ids: readonly string[] | undefined) =>
    ids?.map((id) => ({ id: idNumber(id), UUId: lookup(reference, id) }))
  const { title, scripts, startDate = '', endDate, interval, description } = plan
  const recurrence = frequencyOf(plan)
  return {
    title,
    scripts: scripts?.map(({ id, title, params }) => ({
      id: idNumber(id),
      title: title ?? lookup('script', id),
      params: wireParameters(params, resolved),
    })),
    scheduleType: recurrence === undefined ? 'ONE_TIME' : 'RECURRING',
    startDate: time(Date.parse(startDate)),
    startTime: time(startOf(plan)),
    ...(endDate !== undefined && { endDate: time(Date.parse(endDate)) }),
    ...(recurrence !== undefined && { recurrence: { frequency: recurrence, interval: interval ?? 1 } }),
    assets: pairs('asset', plan.assets),
    assetTags: pairs('tag', plan.assetTags),
    excludedAssets: pairs('asset', plan.excludedAssets),
    allTagsForAssetsEnabled: plan.allTagsForAssetsEnabled,
    ...wireRunOptions(plan),
    description,
  }
}

/** Why these times are invalid. `stored`: the start that is stored, which may lie in the past. */
function validateTimes(plan: Plan, now: number, stored?: number): string | undefined {
  const { interval, startDate = '', endDate } = plan
  const recurrence = frequencyOf(plan)
  if (recurrence !== undefined && endDate === undefined)
    return 'A recurring schedule needs an end: pass endDate.'
  if (recurrence === undefined && (endDate !== undefined || interval !== undefined))
    return 'endDate and interval are for a recurring schedule: pass recurrence as well, or leave them out.'
  if (endDate !== undefined && endDate <= startDate)
    return 'endDate does not lie behind startDate: pass a later day.'
  if (startOf(plan) <= now && startOf(plan) !== stored)
    return `The start lies in the past (now is ${new Date(now).toISOString().slice(0, 16)}Z): pass a later startDate or startTime, in UTC.`
  return undefined
}

/** Why these inputs are invalid. `kept`: what of them is stored already, and the start that is stored. */
export function validateSchedule(
  plan: Plan,
  now: number,
  kept: { readonly times?: boolean; readonly start?: number | undefined } = {},
): string | undefined {
  return (
    (kept.times ? undefined : validateTimes(plan, now, kept.start)) ??
    validateExclusions(plan.assets, plan.excludedAssets) ??
    validateRunOptions(plan)
  )
}

/** `passed`: the plan without what is stored already. */
export function targetsOf(plan: Plan, passed: Plan = plan): CarEffectTargets {
  const { scripts, assets, assetTags, excludedAssets } = plan
  return {
    product: 'car',
    ...(scripts && {
      scripts: scripts.map(({ id }) => id),
      keepsScripts: passed.scripts === undefined,
      parameters: scripts.map(({ id, params }) => keysOf(id, params)),
      passed: scripts.map(({ id, params }) => ({ script: id, values: params ?? [] })),
    }),
    bulkSize: passed.scripts?.length ?? 0,
    ...(assets && { assets }),
    ...(assetTags && { tags: assetTags }),
    ...(excludedAssets && { excludedAssets }),
    // Times that stay may be those of another zone, which the record shows.
    runs: timeInputs.some((name) => passed[name] !== undefined) ? timetableOf(plan) : 'stored',
  }
}

/** The effects of a schedule that a person must know, besides its times. */
export const scheduleWarnings = (plan: Plan): string[] => [
  ...parameterWarnings(...(plan.scripts ?? []).map(({ params }) => params)),
  ...runOptionWarnings(plan),
]

export const secretsInSchedule = ({ scripts = [] }: Plan): SecretUse[] =>
  scripts.flatMap(({ id, params }) => secretsOf(id, params))
