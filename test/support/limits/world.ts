import type { WireSchedule } from './wire.ts'

/** The limits of one server; those that are absent are not set. */
export interface Limits {
  readonly maxHosts: number
  readonly maxBulk: number
  readonly hostsPerDay?: number
  readonly runsPerHour?: number
  readonly mailsPerDay?: number
  readonly maxScheduledRuns: number
  readonly allowedScripts?: readonly string[]
  readonly blockedScripts?: readonly string[]
  readonly allowedAssets?: readonly string[]
  readonly blockedAssets?: readonly string[]
  readonly allowedTags?: readonly string[]
  readonly blockedTags?: readonly string[]
  readonly forbidden: readonly string[]
  /** Patterns of values, by script and key. */
  readonly allowedParameters?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The hours of each day, UTC, at which it opens and closes. */
  readonly window?: readonly [opens: number, closes: number]
}

/** What surrounds an effect. */
export interface Moment {
  /** Epoch, in ms. */
  readonly at: number
  /** False if Qualys refused it, so that no budget is spent. */
  readonly happened: boolean
  /** True while the stop file exists. */
  readonly isStopped: boolean
}

/** What Qualys holds before the calls. */
export interface World {
  /** The tags of each host, by id. */
  readonly tagsOfHost: ReadonlyMap<string, readonly string[]>
  readonly schedules: readonly WireSchedule[]
  /** The ids that Qualys gave to new schedules and campaigns, by title. */
  readonly newIds: ReadonlyMap<string, string>
  /** The number of recipients, and whether it is active, by campaign. */
  readonly campaigns: ReadonlyMap<string, { readonly recipients: number; readonly isActive: boolean }>
}
