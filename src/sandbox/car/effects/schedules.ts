import { customerUuid, personOf } from '../../data/accounts.ts'
import type { Schedule } from '../../data/car/rows.ts'
import { callerOf, demand } from '../../http/permission.ts'
import { bodyAlone, done, type Reply } from '../../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { scheduleById } from '../schedules.ts'
import { createScheduleInputs, mandatory, updateScheduleInputs } from './schedule-inputs.ts'
import { storedOf } from './schedule-rules.ts'

/** Creates, updates, activates and deactivates schedules. None of them ever runs. */
export function scheduleChangeRoutes(world: World): RouteTable {
  return {
    'POST /sm/v1/scripts/scheduler': documented((call) => created(world, call), 'schedule create'),
    'POST /sm/v1/scheduler/{scheduleId}': documented((call) => updated(world, call), 'schedule update'),
    'POST /sm/v1/scheduler/{scheduleId}/activate': guessed(
      (call) => switched(world, call, true),
      'schedule activate',
    ),
    'POST /sm/v1/scheduler/{scheduleId}/deactivate': guessed(
      (call) => switched(world, call, false),
      'schedule deactivate',
    ),
    'DELETE /sm/v1/scheduler/{scheduleId}': guessed((call) => deleted(world, call), 'schedule delete'),
  }
}

function created(world: World, call: Call): Reply {
  const { store } = world
  const account = callerOf(call)
  const wanted = readInputs(world, call, createScheduleInputs, mandatory)
  if (wanted.activate) demand(account, 'schedule activate')
  const schedule: Schedule = {
    id: world.chance.uuid(),
    customerUuid,
    description: '',
    activate: false,
    assets: [],
    assetTags: [],
    excludedAssets: [],
    allTagsForAssetsEnabled: false,
    executionPolicyBypassEnabled: false,
    rebootAfterScriptExecution: false,
    ...storedOf(world, wanted, undefined),
    user: personOf(account),
    created: { dateTime: world.now() },
    updatedDateTime: world.now(),
  }
  store.change(['schedules'], () => store.schedules.push(schedule))
  return done('Schedule created successfully', { id: schedule.id })
}

/** Absent fields stay as they are. */
function updated(world: World, call: Call): Reply {
  const schedule = scheduleById(world.store, call)
  const wanted = readInputs(world, call, updateScheduleInputs, mandatory)
  if (wanted.activate !== undefined && wanted.activate !== schedule.activate) {
    demand(callerOf(call), wanted.activate ? 'schedule activate' : 'schedule deactivate')
  }
  const stored = storedOf(world, wanted, schedule)
  if (!stored.recurrence) delete schedule.recurrence
  change(world, schedule, stored)
  return bodyAlone({ id: schedule.id })
}

function switched(world: World, call: Call, activate: boolean): Reply {
  change(world, scheduleById(world.store, call), { activate })
  return bodyAlone(`Schedule ${activate ? 'activated' : 'deactivated'} successfully`)
}

function deleted({ store }: World, call: Call): Reply {
  const place = store.schedules.indexOf(scheduleById(store, call))
  store.change(['schedules'], () => store.schedules.splice(place, 1))
  return bodyAlone('Schedule deleted successfully')
}

function change({ store, now }: World, schedule: Schedule, changes: Partial<Schedule>): void {
  store.change(['schedules'], () => Object.assign(schedule, changes, { updatedDateTime: now() }))
}
