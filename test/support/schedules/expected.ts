import type { Control } from '../sandbox.ts'

// What is true of the sandbox's schedules, without any code of the product.

type Fact = Readonly<Record<string, unknown>>

interface Reference {
  readonly id: number
  readonly UUId: string
}

/** A schedule as the sandbox stores it. */
export interface StoredSchedule extends Fact {
  readonly id: string
  readonly scripts: readonly { readonly id: number }[]
  readonly activate: boolean
  readonly startTime: number
  readonly endDate?: number
  readonly recurrence?: { readonly frequency: string; readonly interval: number }
  readonly assets: readonly Reference[]
  readonly assetTags: readonly Reference[]
  readonly excludedAssets: readonly Reference[]
  readonly allTagsForAssetsEnabled: boolean
}

/** A host as the sandbox stores it. */
export interface StoredHost extends Fact {
  readonly id: number
  readonly tags: readonly { readonly id: string }[]
}

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** The same time of day in the month `count` months later, on its last day if it is shorter. */
function addMonths(start: number, count: number): number {
  const first = new Date(start)
  const year = first.getUTCFullYear()
  const month = first.getUTCMonth() + count
  let day = first.getUTCDate()
  while (new Date(Date.UTC(year, month, day)).getUTCMonth() !== ((month % 12) + 12) % 12) day--
  return Date.UTC(year, month, day) + (start % dayMs)
}

/** The first run at or after a time, by going through all runs; undefined if there is none. */
export function nextRunByStepping(
  { startTime, endDate, recurrence }: Pick<StoredSchedule, 'startTime' | 'endDate' | 'recurrence'>,
  now: number,
): number | undefined {
  const lastDay = endDate !== undefined && endDate % dayMs === 0 ? endDate + dayMs - 1 : endDate
  const steps: Readonly<Record<string, number>> = { HOURLY: hourMs, DAILY: dayMs, WEEKLY: 7 * dayMs }
  for (let count = 0; ; count++) {
    const { frequency = '', interval = 1 } = recurrence ?? {}
    const at =
      frequency === 'MONTHLY'
        ? addMonths(startTime, count * interval)
        : startTime + count * interval * (steps[frequency] ?? 0)
    if (lastDay !== undefined && at > lastDay) return undefined
    if (at >= now) return at
    if (!recurrence) return undefined
  }
}

/** The next run of a schedule as replies show it. */
export function nextRunText(schedule: StoredSchedule, now: number): string {
  if (!schedule.activate) return 'off'
  const next = nextRunByStepping(schedule, now)
  return next === undefined ? 'over' : `${new Date(next).toISOString().slice(0, 19)}Z`
}

/** The ids of the hosts that a schedule reaches. */
export function hostsReached(schedule: StoredSchedule, hosts: readonly StoredHost[]): number[] {
  const { assets, assetTags, excludedAssets, allTagsForAssetsEnabled } = schedule
  const tags = assetTags.map(({ id }) => String(id))
  return hosts
    .filter((host) => {
      const has = (tag: string): boolean => host.tags.some(({ id }) => id === tag)
      const isByTag = tags.length > 0 && (allTagsForAssetsEnabled ? tags.every(has) : tags.some(has))
      const isNamed = assets.some(({ id }) => id === host.id)
      return (isNamed || isByTag) && !excludedAssets.some(({ id }) => id === host.id)
    })
    .map(({ id }) => id)
}

export const schedulesOf = async ({ dump }: Control): Promise<StoredSchedule[]> =>
  (await dump('schedules')) as unknown as StoredSchedule[]

export const hostsOf = async ({ dump }: Control): Promise<StoredHost[]> =>
  (await dump('assets')) as unknown as StoredHost[]
