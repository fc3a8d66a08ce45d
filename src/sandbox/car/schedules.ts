import type { Schedule } from '../data/car/rows.ts'
import type { CarStore } from '../data/car/store.ts'
import { notFound, resultEnvelope } from '../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { scheduleTokens } from './filter-tokens.ts'
import { makeCollection, makeSearchHandler } from './search.ts'

export function scheduleRoutes(world: World): RouteTable {
  const { store } = world
  return {
    'POST /sm/v1/scheduler/search': documented(
      makeSearchHandler(world, {
        collection: makeCollection(world, 'schedules', {
          tokens: scheduleTokens,
          rows: () => store.schedules,
        }),
        allowedFields: ['startAt', 'endAt', 'pageSize', 'pageNumber', 'filter', 'sort'],
        itemFormat: 'flat',
        toWire: (row) => row,
        bodyOnly: true,
      }),
      'schedule view',
    ),
    'GET /sm/v1/scheduler/{scheduleId}': guessed(
      (call) => resultEnvelope(scheduleById(store, call)),
      'schedule view',
    ),
  }
}

/** The schedule in a path. Throws a 404 for an unknown id. */
export function scheduleById({ schedules }: CarStore, { params: { scheduleId = '' } }: Call): Schedule {
  const schedule = schedules.find(({ id }) => id === scheduleId)
  if (!schedule) throw notFound(`Scheduler not found: ${scheduleId}`)
  return schedule
}
