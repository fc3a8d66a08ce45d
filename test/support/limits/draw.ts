import fc from 'fast-check'
import type { Environment } from '../../../src/config/settings.ts'
import type { Limits } from './model.ts'

// Random limits, and random calls that play against them. Small pools let the calls meet often.

const scripts = ['19218', '20748', '16515']
const tags = ['7512801', '7512803', '7512830']
const launchable = '1111001'
const running = '640002'
const people = ['339590', '401990', '767231592', '713091591']

/** A call of a tool. `schedule`: its schedule is the one that the calls before made last. */
export interface DrawnCall {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  readonly usesLastSchedule?: true
}

const someOf = <T>(list: readonly T[]) => fc.subarray([...list], { minLength: 1 })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const targets = (
  hostIds: readonly string[],
  names: readonly [assets: string, tags: string, excluded: string],
) =>
  fc
    .tuple(
      fc.subarray([...hostIds]),
      fc.subarray(tags, { maxLength: 2 }),
      fc.subarray([...hostIds], { maxLength: 1 }),
    )
    .map(([assets, tagIds, excluded]) => ({
      ...(assets.length > 0 && { [names[0]]: assets }),
      ...(tagIds.length > 0 && { [names[1]]: tagIds }),
      ...(excluded.length > 0 && { [names[2]]: excluded.filter((id) => !assets.includes(id)) }),
    }))

const options = fc.constantFrom(
  ...[{}, {}, {}, { rebootAfterScriptExecution: true }, { executionPolicyBypassEnabled: true }],
)

const run = (hostIds: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...scripts),
      targets(hostIds, ['assetIds', 'assetTagIds', 'excludedAssetIds']),
      options,
    )
    .map(([scriptId, target, more]) => ({
      tool: 'car_execute_script',
      args: { scriptId, ...target, ...more },
    }))

const times = fc.constantFrom<Readonly<Record<string, unknown>>>(
  {},
  { recurrence: 'HOURLY', endDate: '2096-03-01' },
  { recurrence: 'HOURLY', interval: 6, endDate: '2096-03-02' },
  { recurrence: 'DAILY', endDate: '2096-03-04' },
  { recurrence: 'WEEKLY', endDate: '2097-03-04' },
  { recurrence: 'HOURLY', endDate: '2099-12-31' },
)

const plan = (hostIds: readonly string[]) =>
  fc
    .tuple(
      fc.subarray(scripts, { minLength: 1, maxLength: 2 }),
      targets(hostIds, ['assets', 'assetTags', 'excludedAssets']),
      times,
      options,
      fc.boolean(),
    )
    .map(([ids, target, when, more, activate]) => ({
      scripts: ids.map((id) => ({ id })),
      startDate: '2096-02-29',
      startTime: '08:00',
      ...target,
      ...when,
      ...more,
      activate,
    }))

const named = (tool: string, argument: string, ids: readonly string[]) =>
  someOf(ids).map((list) => ({ tool, args: { [argument]: list } }))

/** A call with an effect that this suite can read on the wire. */
function call(hostIds: readonly string[]): fc.Arbitrary<DrawnCall> {
  return fc.oneof(
    { weight: 6, arbitrary: run(hostIds) },
    {
      weight: 3,
      arbitrary: fc.tuple(plan(hostIds), fc.uuid()).map(([args, title]) => ({
        tool: 'car_create_schedule',
        args: { title, ...args },
      })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(plan(hostIds), fc.uuid()).map(([args, title]) => ({
        tool: 'car_update_schedule',
        args: { title, ...args },
        usesLastSchedule: true as const,
      })),
    },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom('car_activate_schedule', 'car_deactivate_schedule', 'car_delete_schedule')
        .map((tool) => ({ tool, args: {}, usesLastSchedule: true as const })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...scripts), fc.boolean())
        .map(([scriptId, scriptApprovalUserConsent]) => ({
          tool: 'car_update_script',
          args: {
            scriptId,
            content: 'hostname',
            comment: 'shorter',
            ...(scriptApprovalUserConsent && { scriptApprovalUserConsent }),
          },
        })),
    },
    { weight: 1, arbitrary: named('car_block_assets', 'ids', hostIds) },
    { weight: 1, arbitrary: named('car_unblock_assets', 'ids', hostIds) },
    { weight: 1, arbitrary: named('car_block_tags', 'ids', tags) },
    { weight: 1, arbitrary: named('car_unblock_tags', 'ids', tags) },
    { weight: 1, arbitrary: named('car_delete_blocked_commands', 'commandIds', ['102', '103', '104']) },
    { weight: 1, arbitrary: fc.constant({ tool: 'saq_launch_campaign', args: { campaignId: launchable } }) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(launchable, running), someOf(people))
        .map(([campaignId, addRecipientIds]) => ({
          tool: 'saq_update_campaign',
          args: { campaignId, addRecipientIds },
        })),
    },
    { weight: 1, arbitrary: named('saq_delete_users', 'ids', people) },
    {
      weight: 1,
      arbitrary: someOf(people).map((ids) => ({ tool: 'saq_update_users', args: { ids, lastName: 'New' } })),
    },
  )
}

const acts = ['reboot', 'policy-bypass', 'unblock', 'delete', 'approve', 'schedule', 'run', 'mail']

const limits = (hostIds: readonly string[]): fc.Arbitrary<Limits> =>
  fc.record(
    {
      maxHosts: fc.integer({ min: 0, max: 6 }),
      maxBulk: fc.integer({ min: 1, max: 4 }),
      maxScheduledRuns: fc.constantFrom(1, 10, 100, 400),
      hostsPerDay: fc.integer({ min: 0, max: 30 }),
      runsPerHour: fc.integer({ min: 0, max: 4 }),
      mailsPerDay: fc.integer({ min: 0, max: 80 }),
      allowedScripts: someOf(scripts),
      blockedScripts: someOf(scripts),
      allowedAssets: someOf(hostIds),
      blockedAssets: someOf(hostIds),
      allowedTags: someOf(tags),
      blockedTags: someOf(tags),
      forbidden: fc.subarray(acts, { maxLength: 2 }),
    },
    { requiredKeys: ['maxHosts', 'maxBulk', 'maxScheduledRuns', 'forbidden'] },
  )

/** Limits that do not contradict themselves: such settings stop the start. */
const isConsistent = ({ allowedScripts, blockedScripts, ...rest }: Limits): boolean =>
  [
    [allowedScripts, blockedScripts],
    [rest.allowedAssets, rest.blockedAssets],
    [rest.allowedTags, rest.blockedTags],
  ].every(([allowed, blocked]) => !allowed?.some((id) => blocked?.includes(id)))

/** Limits, and the calls that play against them. */
export const games = (hostIds: readonly string[]) =>
  fc.record({
    limits: maybe(limits(hostIds))
      .map((one): Limits => one ?? { maxHosts: 5, maxBulk: 3, maxScheduledRuns: 400, forbidden: [] })
      .filter(isConsistent),
    calls: fc.array(call(hostIds), { minLength: 4, maxLength: 14 }),
  })

/** The limits as settings of the server. */
export function settingsOf(limits: Limits): Environment {
  const list = (ids: readonly string[] | undefined): string | undefined => ids?.join(',')
  const number = (value: number | undefined): string | undefined => value?.toString()
  return {
    QUALYS_MAX_ASSETS_PER_RUN: number(limits.maxHosts),
    QUALYS_MAX_BULK: number(limits.maxBulk),
    QUALYS_MAX_SCHEDULED_RUNS: number(limits.maxScheduledRuns),
    QUALYS_MAX_HOSTS_PER_DAY: number(limits.hostsPerDay),
    QUALYS_MAX_RUNS_PER_HOUR: number(limits.runsPerHour),
    QUALYS_MAX_MAILS_PER_DAY: number(limits.mailsPerDay),
    QUALYS_ALLOWED_SCRIPTS: list(limits.allowedScripts),
    QUALYS_BLOCKED_SCRIPTS: list(limits.blockedScripts),
    QUALYS_ALLOWED_ASSETS: list(limits.allowedAssets),
    QUALYS_BLOCKED_ASSETS: list(limits.blockedAssets),
    QUALYS_ALLOWED_TAGS: list(limits.allowedTags),
    QUALYS_BLOCKED_TAGS: list(limits.blockedTags),
    QUALYS_FORBID: limits.forbidden.length > 0 ? limits.forbidden.join(',') : undefined,
  }
}
