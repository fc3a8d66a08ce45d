import type { Schedule } from '../data/car/rows.ts'
import { notFound, resultEnvelope } from '../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../route.ts'
import type { Knobs } from '../state/knobs.ts'
import { schedules } from './collections.ts'
import { makeSearchHandler } from './search.ts'

/** A schedule as answers show it: see the knob. */
const toWire = (schedule: Schedule, { scheduleRecord }: Knobs): object =>
  scheduleRecord === 'full' ? schedule : { id: schedule.id, customerUuid: schedule.customerUuid }

export const scheduleRoutes: RouteTable = {
  'POST /sm/v1/scheduler/search': documented(
    makeSearchHandler({
      collection: schedules,
      allowedFields: ['startAt', 'endAt', 'pageSize', 'pageNumber', 'filter', 'sort'],
      itemFormat: 'flat',
      toWire: (row, _includeScriptResult, knobs) => toWire(row, knobs),
      bodyOnly: true,
    }),
    'schedule view',
  ),
  'GET /sm/v1/scheduler/{scheduleId}': guessed(
    'Release 2.6 names the call; method and path are cut off.',
    (call) => resultEnvelope(toWire(scheduleById(call), call.world.knobs)),
    'schedule view',
  ),
}

/** The schedule in a path. Throws a 404 for an unknown id. */
export function scheduleById({ world, params: { scheduleId = '' } }: Call): Schedule {
  const schedule = world.store.schedules.find(({ id }) => id === scheduleId)
  if (!schedule) throw notFound(`Scheduler not found: ${scheduleId}`)
  return schedule
}
