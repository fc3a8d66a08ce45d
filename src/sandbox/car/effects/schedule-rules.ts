import { day, hour } from '../../data/calendar.ts'
import type { Schedule } from '../../data/car/rows.ts'
import { badRequest } from '../../http/reply.ts'
import type { World } from '../../state/world.ts'
import { refuseOtherParameters } from './executions.ts'
import type { Wanted } from './schedule-inputs.ts'
import { referredIds } from './targets.ts'

/** What the platform will store of a schedule. */
type Stored = Pick<Schedule, 'title' | 'scripts' | 'startDate' | 'startTime' | 'scheduleType'> &
  Partial<Schedule>

/** Validates a schedule. before: the schedule that is updated; absent fields stay as they are. */
export function storedOf(world: World, wanted: Wanted, before: Schedule | undefined): Stored {
  const { store, knobs } = world
  refuseTakenTitle(store.schedules, wanted.title, before)
  refuseTimes(wanted, before, world.now())
  refuseTargets(world, wanted, before)
  const { user: _, recurrence: __, scripts, ...rest } = wanted
  const recurrence = recurrenceOf(wanted, before)
  const forgets = knobs.scheduleStores
  return {
    ...rest,
    ...(forgets === 'noTargets' && { assets: [], assetTags: [], excludedAssets: [] }),
    ...(recurrence && forgets !== 'noRecurrence' && { recurrence }),
    startTime: wanted.startTime + (knobs.scheduleTimes === 'shifted' ? hour : 0),
    scripts: scriptsOf(world, scripts),
  }
}

/** The page prints this message. */
function refuseTakenTitle(schedules: readonly Schedule[], title: string, before: Schedule | undefined): void {
  if (schedules.some((one) => one.title === title && one !== before)) {
    throw badRequest(`Scheduler with the same title already exists: ${title}`)
  }
}

function refuseTimes(
  { startDate, startTime, endDate }: Wanted,
  before: Schedule | undefined,
  now: number,
): void {
  if (startDate % day !== 0) throw badRequest('startDate must be midnight UTC, in epoch milliseconds')
  if (startTime < startDate || startTime >= startDate + day) {
    throw badRequest('startTime must be on the day of startDate')
  }
  // An update must repeat the start, which is in the past for a running schedule.
  if (startTime < now && startTime !== before?.startTime) throw badRequest('The start is in the past')
  if (endDate !== undefined && endDate <= startTime) throw badRequest('endDate must be after the start')
}

/** endDate, startDate and startTime are "mandatory for recurring"; so a recurrence must be too. */
function recurrenceOf(wanted: Wanted, before: Schedule | undefined): Schedule['recurrence'] {
  if (wanted.scheduleType === 'ONE_TIME') {
    if (wanted.recurrence) throw badRequest('recurrence is for RECURRING schedules')
    return undefined
  }
  const recurrence = wanted.recurrence ?? before?.recurrence
  if (!recurrence) throw badRequest('recurrence is mandatory for a RECURRING schedule')
  if (wanted.endDate === undefined && before?.scheduleType !== 'RECURRING') {
    throw badRequest('endDate is mandatory for a RECURRING schedule')
  }
  return recurrence
}

function refuseTargets({ store }: World, wanted: Wanted, before: Schedule | undefined): void {
  referredIds('asset', store.assets, wanted.assets ?? [])
  referredIds('asset', store.assets, wanted.excludedAssets ?? [])
  referredIds('tag', store.tags, wanted.assetTags ?? [])
  const targets = [wanted.assets ?? before?.assets, wanted.assetTags ?? before?.assetTags]
  if (targets.every((list = []) => list.length === 0)) throw badRequest('No asset and no asset tag is given')
}

/** Scripts by id and title; of parameters only the names are stored. */
function scriptsOf({ store }: World, wanted: Wanted['scripts']): Schedule['scripts'] {
  if (wanted.length === 0) throw badRequest('scripts must not be empty')
  return wanted.map(({ id, title, params }) => {
    const script = store.scripts.find((candidate) => candidate.id === id)
    if (script?.title !== title) throw badRequest(`No script has the id ${id} and the title ${title}`)
    refuseOtherParameters(script, params ?? [])
    return { id, title, ...(params && { params: params.map(({ key }) => ({ key })) }) }
  })
}
