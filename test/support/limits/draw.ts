import fc from 'fast-check'
import type { Environment } from '../../../src/config/settings.ts'
import { call, type Fleet, type Step, scripts, someOf, tags, withParameter } from './draw-calls.ts'
import type { Limits } from './world.ts'

// Random limits, and random calls that play against them. Small pools let the calls meet often.

const acts = ['reboot', 'policy-bypass', 'unblock', 'delete', 'approve', 'schedule', 'run', 'mail']

const limits = ({ hosts }: Fleet): fc.Arbitrary<Limits> => {
  const always = fc.record({
    maxHosts: fc.constantFrom(0, 2, 4, 6, 12, 30, 60),
    maxBulk: fc.constantFrom(1, 2, 3, 5, 8),
    maxScheduledRuns: fc.constantFrom(1, 10, 100, 400),
    forbidden: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.subarray(acts, { maxLength: 2 })),
  })
  const others = fc.record({
    hostsPerDay: fc.integer({ min: 0, max: 30 }),
    runsPerHour: fc.integer({ min: 0, max: 4 }),
    mailsPerDay: fc.integer({ min: 0, max: 80 }),
    allowedScripts: someOf([...scripts, withParameter]),
    blockedScripts: someOf([...scripts, withParameter]),
    allowedAssets: someOf(hosts),
    blockedAssets: someOf(hosts),
    allowedTags: someOf(tags),
    blockedTags: someOf(tags),
    allowedParameters: fc.constantFrom<NonNullable<Limits['allowedParameters']>>(
      { '25209': { path: '/tmp/[a-z]+' } },
      { '25209': { other: '.*' }, '19218': { path: '.*' } },
    ),
    window: fc.constantFrom<readonly [number, number]>([6, 18], [22, 9], [8, 9], [0, 24], [12, 6]),
  })
  // All of them at once would refuse nearly every call.
  return others.chain((all) =>
    fc
      .tuple(always, fc.subarray(Object.entries(all), { minLength: 1, maxLength: 5 }))
      .map(([base, chosen]) => ({ ...base, ...Object.fromEntries(chosen) })),
  )
}

/** Limits that do not contradict themselves: such settings stop the start. */
function isConsistent({ allowedScripts, blockedScripts, allowedParameters = {}, ...rest }: Limits): boolean {
  const withPatterns = Object.keys(allowedParameters)
  const isAllowed = (id: string): boolean => allowedScripts?.includes(id) ?? true
  return [
    [allowedScripts, blockedScripts],
    [rest.allowedAssets, rest.blockedAssets],
    [rest.allowedTags, rest.blockedTags],
    [withPatterns, [...(blockedScripts ?? []), ...withPatterns.filter((id) => !isAllowed(id))]],
  ].every(([allowed, others]) => !allowed?.some((id) => others?.includes(id)))
}

/** Limits, the hour of the day at which a game begins, and the steps that play against the limits. */
export interface Game {
  readonly limits: Limits
  readonly hour: number
  readonly steps: readonly Step[]
}

const stop = fc.boolean().map((stops): Step => ({ stops }))

const generous: Limits = { maxHosts: 5, maxBulk: 3, maxScheduledRuns: 400, forbidden: [] }

export const games = (fleet: Fleet): fc.Arbitrary<Game> =>
  fc.record({
    limits: fc.oneof(fc.constant(generous), { weight: 4, arbitrary: limits(fleet).filter(isConsistent) }),
    hour: fc.integer({ min: 0, max: 23 }),
    steps: fc.array(fc.oneof({ weight: 1, arbitrary: stop }, { weight: 25, arbitrary: call(fleet) }), {
      minLength: 4,
      maxLength: 14,
    }),
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
    QUALYS_ALLOWED_PARAMETERS: limits.allowedParameters && JSON.stringify(limits.allowedParameters),
    QUALYS_WINDOW: limits.window?.map((hour) => `${String(hour).padStart(2, '0')}:00`).join('-'),
    QUALYS_ALLOWED_ASSETS: list(limits.allowedAssets),
    QUALYS_BLOCKED_ASSETS: list(limits.blockedAssets),
    QUALYS_ALLOWED_TAGS: list(limits.allowedTags),
    QUALYS_BLOCKED_TAGS: list(limits.blockedTags),
    QUALYS_FORBID: limits.forbidden.length > 0 ? limits.forbidden.join(',') : undefined,
  }
}
