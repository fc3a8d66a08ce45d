import { enveloped, notFound } from '../reply.ts'
import { documented, guessed, type RouteTable } from '../route.ts'
import type { World } from '../world.ts'
import { collect, search } from './search.ts'
import { scheduleTokens } from './tokens.ts'

/** Schedules. */
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
    'GET /sm/v1/scheduler/{scheduleId}': guessed((call) => {
      const schedule = store.schedules.find(({ id }) => id === call.params['scheduleId'])
      if (!schedule) throw notFound(`Scheduler not found: ${call.params['scheduleId']}`)
      return enveloped(schedule)
    }, 'schedule view'),
  }
}
