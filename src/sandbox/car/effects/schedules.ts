import { customerUuid, toUserReference } from '../../data/accounts.ts'
import type { Schedule } from '../../data/car/rows.ts'
import { removeRows } from '../../data/remove-rows.ts'
import { requirePermission } from '../../http/permission.ts'
import { bareBody, effectEnvelope, type Reply } from '../../http/reply.ts'
import { type Call, documented, guessed, type RouteTable } from '../../route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { scheduleById } from '../schedules.ts'
import { createScheduleInputs, mandatory, updateScheduleInputs } from './schedule-inputs.ts'
import { toStoredFields } from './schedule-rules.ts'

const cutOff = 'Release 2.6 names the calls; method and path are cut off.'

/** Creates, updates, activates and deactivates schedules. None of them ever runs. */
export const scheduleChangeRoutes: RouteTable = {
  'POST /sm/v1/scripts/scheduler': {
    ...documented(createSchedule, 'schedule create'),
    inputs: createScheduleInputs,
  },
  'POST /sm/v1/scheduler/{scheduleId}': {
    ...documented(updateSchedule, 'schedule update'),
    inputs: updateScheduleInputs,
  },
  'POST /sm/v1/scheduler/{scheduleId}/activate': guessed(
    cutOff,
    (call) => setActive(call, true),
    'schedule activate',
  ),
  'POST /sm/v1/scheduler/{scheduleId}/deactivate': guessed(
    cutOff,
    (call) => setActive(call, false),
    'schedule deactivate',
  ),
  'DELETE /sm/v1/scheduler/{scheduleId}': guessed(
    'Release 2.6 names the call; method and path are cut off.',
    deleteSchedule,
    'schedule delete',
  ),
}

function createSchedule(call: Call): Reply {
  const { account, world } = call
  const { store, now } = world
  const input = readInputs(call, createScheduleInputs, mandatory)
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
    created: { dateTime: now() },
    updatedDateTime: now(),
  }
  store.change(['schedules'], () => store.schedules.push(schedule))
  return effectEnvelope('Schedule created successfully', idIn(world, schedule))
}

/** What an answer shows of a schedule. */
const idIn = ({ knobs }: World, { id }: Schedule): object => (knobs.effectIds === 'shown' ? { id } : {})

/** Absent fields stay as they are. */
function updateSchedule(call: Call): Reply {
  const { account, world } = call
  const schedule = scheduleById(call)
  const input = readInputs(call, updateScheduleInputs, mandatory)
  if (input.activate !== undefined && input.activate !== schedule.activate) {
    requirePermission(account, input.activate ? 'schedule activate' : 'schedule deactivate')
  }
  const stored = toStoredFields(world, input, schedule)
  if (!stored.recurrence) delete schedule.recurrence
  applyChanges(world, schedule, stored)
  return bareBody(idIn(world, schedule))
}

function setActive(call: Call, activate: boolean): Reply {
  applyChanges(call.world, scheduleById(call), { activate })
  return bareBody(`Schedule ${activate ? 'activated' : 'deactivated'} successfully`)
}

function deleteSchedule(call: Call): Reply {
  const { store } = call.world
  const deleted = scheduleById(call)
  store.change(['schedules'], () => removeRows(store.schedules, (schedule) => schedule === deleted))
  return bareBody('Schedule deleted successfully')
}

function applyChanges({ store, now }: World, schedule: Schedule, changes: Partial<Schedule>): void {
  store.change(['schedules'], () => Object.assign(schedule, changes, { updatedDateTime: now() }))
}
