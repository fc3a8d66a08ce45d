import type { Schedule } from '../data/car/rows.ts'
import type { Store } from '../data/car/store.ts'
import { enveloped, notFound } from '../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../http/route.ts'
import type { World } from '../state/world.ts'
import { collect, search } from './search.ts'
import { scheduleTokens } from './tokens.ts'

export function scheduleRoutes(world: World): RouteTable {
  const { store } = world
  return {
    'POST /sm/v1/scheduler/search': documented(
      search(world, {
        collection: collect(world, 'schedules', { tokens: scheduleTokens, rows: () => store.schedules }),
        takes: ['startAt', 'endAt', 'pageSize', 'pageNumber', 'filter', 'sort'],
        shape: 'flat',
        show: (row) => row,
        bodyOnly: true,
      }),
      'schedule view',
    ),
    'GET /sm/v1/scheduler/{scheduleId}': guessed(
      (call) => enveloped(scheduleById(store, call)),
      'schedule view',
    ),
  }
}

/** The schedule in a path. Throws a 404 for an unknown id. */
export function scheduleById({ schedules }: Store, { params: { scheduleId = '' } }: Call): Schedule {
  const schedule = schedules.find(({ id }) => id === scheduleId)
  if (!schedule) throw notFound(`Scheduler not found: ${scheduleId}`)
  return schedule
}
