import { customerUuid, toUserReference } from '../../data/accounts.ts'
import type { Schedule } from '../../data/car/rows.ts'
import { callerOf, requirePermission } from '../../http/permission.ts'
import { bareBody, effectEnvelope, type Reply } from '../../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { scheduleById } from '../schedules.ts'
import { createScheduleInputs, mandatory, updateScheduleInputs } from './schedule-inputs.ts'
import { toStoredFields } from './schedule-rules.ts'

/** Creates, updates, activates and deactivates schedules. None of them ever runs. */
export function scheduleChangeRoutes(world: World): RouteTable {
  return {
    'POST /sm/v1/scripts/scheduler': documented((call) => createSchedule(world, call), 'schedule create'),
    'POST /sm/v1/scheduler/{scheduleId}': documented(
      (call) => updateSchedule(world, call),
      'schedule update',
    ),
    'POST /sm/v1/scheduler/{scheduleId}/activate': guessed(
      (call) => setActive(world, call, true),
      'schedule activate',
    ),
    'POST /sm/v1/scheduler/{scheduleId}/deactivate': guessed(
      (call) => setActive(world, call, false),
      'schedule deactivate',
    ),
    'DELETE /sm/v1/scheduler/{scheduleId}': guessed((call) => deleteSchedule(world, call), 'schedule delete'),
  }
}

function createSchedule(world: World, call: Call): Reply {
  const { store } = world
  const account = callerOf(call)
  const input = readInputs(world, call, createScheduleInputs, mandatory)
  if (input.activate) requirePermission(account, 'schedule activate')
  const schedule: Schedule = {
    id: world.random.uuid(),
    customerUuid,
    description: '',
    activate: false,
    assets: [],
    assetTags: [],
    excludedAssets: [],
    allTagsForAssetsEnabled: false,
    executionPolicyBypassEnabled: false,
    rebootAfterScriptExecution: false,
    ...toStoredFields(world, input, undefined),
    user: toUserReference(account),
    created: { dateTime: world.now() },
    updatedDateTime: world.now(),
  }
  store.change(['schedules'], () => store.schedules.push(schedule))
  return effectEnvelope('Schedule created successfully', { id: schedule.id })
}

/** Absent fields stay as they are. */
function updateSchedule(world: World, call: Call): Reply {
  const schedule = scheduleById(world.store, call)
  const input = readInputs(world, call, updateScheduleInputs, mandatory)
  if (input.activate !== undefined && input.activate !== schedule.activate) {
    requirePermission(callerOf(call), input.activate ? 'schedule activate' : 'schedule deactivate')
  }
  const stored = toStoredFields(world, input, schedule)
  if (!stored.recurrence) delete schedule.recurrence
  applyChanges(world, schedule, stored)
  return bareBody({ id: schedule.id })
}

function setActive(world: World, call: Call, activate: boolean): Reply {
  applyChanges(world, scheduleById(world.store, call), { activate })
  return bareBody(`Schedule ${activate ? 'activated' : 'deactivated'} successfully`)
}

function deleteSchedule({ store }: World, call: Call): Reply {
  const index = store.schedules.indexOf(scheduleById(store, call))
  store.change(['schedules'], () => store.schedules.splice(index, 1))
  return bareBody('Schedule deleted successfully')
}

function applyChanges({ store, now }: World, schedule: Schedule, changes: Partial<Schedule>): void {
  store.change(['schedules'], () => Object.assign(schedule, changes, { updatedDateTime: now() }))
}
