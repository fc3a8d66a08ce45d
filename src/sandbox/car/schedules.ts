import type { Schedule } from '../data/car/rows.ts'
import { notFound, resultEnvelope } from '../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../route.ts'
import { scheduleTokens } from './filter-tokens.ts'
import { makeSearchHandler } from './search.ts'

export const scheduleRoutes: RouteTable = {
  'POST /sm/v1/scheduler/search': documented(
    makeSearchHandler({
      collection: { kind: 'schedules', tokens: scheduleTokens, rows: ({ schedules }) => schedules },
      allowedFields: ['startAt', 'endAt', 'pageSize', 'pageNumber', 'filter', 'sort'],
      itemFormat: 'flat',
      bodyOnly: true,
    }),
    'schedule view',
  ),
  'GET /sm/v1/scheduler/{scheduleId}': guessed((call) => resultEnvelope(scheduleById(call)), 'schedule view'),
}

/** The schedule in a path. Throws a 404 for an unknown id. */
export function scheduleById({ world, params: { scheduleId = '' } }: Call): Schedule {
  const schedule = world.store.schedules.find(({ id }) => id === scheduleId)
  if (!schedule) throw notFound(`Scheduler not found: ${scheduleId}`)
  return schedule
}
