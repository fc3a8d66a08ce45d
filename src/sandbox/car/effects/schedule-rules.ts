import { encodeBase64 } from '../../data/base64.ts'
import { day, hour } from '../../data/calendar.ts'
import type { Schedule } from '../../data/car/rows.ts'
import { badRequest } from '../../http/reply.ts'
import type { World } from '../../state/world.ts'
import { refuseOtherParameters } from './executions.ts'
import type { ScheduleInput } from './schedule-inputs.ts'
import { referenceIds } from './targets.ts'

type StoredFields = Pick<Schedule, 'title' | 'scripts' | 'startDate' | 'startTime' | 'scheduleType'> &
  Partial<Schedule>

/**
 * Validates a schedule and returns what is stored. `existing`: the schedule that is updated; absent fields stay
 * as they are.
 */
export function toStoredFields(
  world: World,
  input: ScheduleInput,
  existing: Schedule | undefined,
): StoredFields {
  const { store, knobs } = world
  if (store.schedules.some(({ title, id }) => title === input.title && id !== existing?.id)) {
    // The page prints this message.
    throw badRequest(`Scheduler with the same title already exists: ${input.title}`)
  }
  refuseTimes(input, existing, world.now())
  refuseTargets(world, input, existing)
  const { user: _, recurrence: __, scripts, ...rest } = input
  const recurrence = recurrenceOf(input, existing)
  const stores = knobs.scheduleStores
  return {
    ...rest,
    ...(stores === 'noTargets' && { assets: [], assetTags: [], excludedAssets: [] }),
    ...(recurrence && stores !== 'noRecurrence' && { recurrence }),
    startTime: input.startTime + (knobs.scheduleTimes === 'shifted' ? hour : 0),
    scripts: scriptsOf(world, scripts),
  }
}

function refuseTimes(
  { startDate, startTime, endDate }: ScheduleInput,
  existing: Schedule | undefined,
  now: number,
): void {
  if (startDate % day !== 0) throw badRequest('startDate must be midnight UTC, in epoch milliseconds')
  if (startTime < startDate || startTime >= startDate + day) {
    throw badRequest('startTime must be on the day of startDate')
  }
  // An update must repeat the start, which is in the past for a running schedule.
  if (startTime < now && startTime !== existing?.startTime) throw badRequest('The start is in the past')
  if (endDate !== undefined && endDate <= startTime) throw badRequest('endDate must be after the start')
}

/** endDate, startDate and startTime are "mandatory for recurring"; so a recurrence must be too. */
function recurrenceOf(input: ScheduleInput, existing: Schedule | undefined): Schedule['recurrence'] {
  if (input.scheduleType === 'ONE_TIME') {
    if (input.recurrence) throw badRequest('recurrence is for RECURRING schedules')
    return undefined
  }
  const recurrence = input.recurrence ?? existing?.recurrence
  if (!recurrence) throw badRequest('recurrence is mandatory for a RECURRING schedule')
  if (input.endDate === undefined && existing?.scheduleType !== 'RECURRING') {
    throw badRequest('endDate is mandatory for a RECURRING schedule')
  }
  return recurrence
}

function refuseTargets({ store }: World, input: ScheduleInput, existing: Schedule | undefined): void {
  referenceIds('asset', store.assets, input.assets ?? [])
  referenceIds('asset', store.assets, input.excludedAssets ?? [])
  referenceIds('tag', store.tags, input.assetTags ?? [])
  const targets = [input.assets ?? existing?.assets, input.assetTags ?? existing?.assetTags]
  if (targets.every((list = []) => list.length === 0)) throw badRequest('No asset and no asset tag is given')
}

/** Scripts by id and title; of parameters only the names are stored, unless a knob adds the values. */
function scriptsOf({ store, knobs }: World, requested: ScheduleInput['scripts']): Schedule['scripts'] {
  if (requested.length === 0) throw badRequest('scripts must not be empty')
  const toStoredParameter = ({ key, value }: { key: string; value: string }) =>
    knobs.scheduleParameters === 'names' ? { key } : { key: encodeBase64(key), value: encodeBase64(value) }
  return requested.map(({ id, title, params }) => {
    const script = store.scripts.find((candidate) => candidate.id === id)
    if (script?.title !== title) throw badRequest(`No script has the id ${id} and the title ${title}`)
    refuseOtherParameters(script, params ?? [])
    return { id, title, ...(params && { params: params.map(toStoredParameter) }) }
  })
}
