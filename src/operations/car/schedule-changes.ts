import { z } from 'zod'
import { id, recordId, yesNo } from '../fields.ts'
import { operation } from '../operation.ts'
import { plan, references, refusePlan, secretsInPlan, touchedBy, wirePlan } from './plan.ts'
import { treatmentWarnings } from './targets.ts'

const fromSchedules = 'from car_search_schedules'

const runsUnasked = [
  'It runs by itself at these times, on every host that the tags hold by then, and asks nobody.',
]

const stored = z.looseObject({ id: recordId.optional() })

const switchOff = 'car_update_schedule with activate: false (or the Qualys UI) switches it off'

export const createSchedule = operation({
  name: 'car_create_schedule',
  title: 'Create a schedule',
  description:
    'Plan runs of approved scripts, once or recurring; what Qualys stored is read back and compared',
  route: 'POST /sm/v1/scripts/scheduler',
  effect: 'execute',
  evidence: 'documented',
  source:
    'car/api/script_operations/schedule_script_execution.htm up to startTime; the rest as on update_schedules.htm; recurrence and the encoding of times are guessed',
  input: { ...plan, activate: yesNo('false: store it without running') },
  references,
  request: (input, provided) => ({
    body: { ...wirePlan(input, provided, String), activate: input.activate },
  }),
  returns: 'record',
  record: stored,
  columns: ['*'],
  change: {
    refuse: (input, provided) =>
      (input.assets ?? input.assetTags) === undefined
        ? 'The schedule has no target: pass assets or assetTags.'
        : refusePlan(input, provided),
    secrets: secretsInPlan,
    touches: touchedBy,
    warnings: (input) => [...runsUnasked, ...treatmentWarnings(input)],
    done: ({ id }) => `schedule ${id} created`,
    findOut: `look for the title with car_search_schedules; ${switchOff}`,
  },
})

export const updateSchedule = operation({
  name: 'car_update_schedule',
  title: 'Update a schedule',
  description:
    'Replace title, scripts, times and what else is passed; what Qualys stored is read back and compared',
  route: 'POST /sm/v1/scheduler/{scheduleId}',
  effect: 'execute',
  evidence: 'documented',
  source: 'car/api/schedules/update_schedules.htm; recurrence and the encoding of times are guessed',
  input: {
    scheduleId: id(fromSchedules),
    ...plan,
    activate: yesNo().optional(),
  },
  references,
  request: (input, provided) => ({
    body: { ...wirePlan(input, provided, Number), activate: input.activate },
  }),
  returns: 'record',
  record: stored,
  columns: ['*'],
  change: {
    refuse: refusePlan,
    secrets: secretsInPlan,
    touches: (input) => ({
      schedules: [input.scheduleId],
      ...touchedBy(input),
      idle: input.activate === false && treatmentWarnings(input).length === 0,
    }),
    warnings: (input) => [
      ...(input.activate === false ? [] : runsUnasked),
      ...(input.recurrence === undefined ? ['It runs once: a recurrence that it had is dropped.'] : []),
      'Whether Qualys keeps targets that are left out is not documented.',
      ...treatmentWarnings(input),
    ],
    done: (_, { scheduleId }) => `schedule ${scheduleId} updated`,
    findOut: 'look at it with car_get_schedule; the Qualys UI can switch it off',
  },
})

export const activateSchedule = operation({
  name: 'car_activate_schedule',
  title: 'Activate a schedule',
  description: 'Switch a schedule on: it then runs by itself',
  route: 'POST /sm/v1/scheduler/{scheduleId}/activate',
  effect: 'execute',
  evidence: 'guessed',
  source: 'car/release-notes/car/release_2_6_api.htm names the call; its path is cut off',
  input: { scheduleId: id(fromSchedules) },
  returns: 'record',
  record: stored,
  columns: ['*'],
  change: {
    touches: ({ scheduleId }) => ({ schedules: [scheduleId] }),
    warnings: () => runsUnasked,
    done: (_, { scheduleId }) => `schedule ${scheduleId} activated`,
    findOut: 'look at it with car_get_schedule; the Qualys UI can switch it off',
  },
})

export const deactivateSchedule = operation({
  name: 'car_deactivate_schedule',
  title: 'Deactivate a schedule',
  description: 'Switch a schedule off; runs that began go on',
  route: 'POST /sm/v1/scheduler/{scheduleId}/deactivate',
  effect: 'update',
  evidence: 'guessed',
  source: 'car/release-notes/car/release_2_6_api.htm names the call; its path is cut off',
  input: { scheduleId: id(fromSchedules) },
  returns: 'record',
  record: stored,
  columns: ['*'],
  change: {
    touches: ({ scheduleId }) => ({ schedules: [scheduleId] }),
    done: (_, { scheduleId }) => `schedule ${scheduleId} deactivated`,
    findOut: 'look at it with car_get_schedule',
  },
})

export const deleteSchedule = operation({
  name: 'car_delete_schedule',
  title: 'Delete a schedule',
  description: 'Remove a schedule for good; its past runs stay',
  route: 'DELETE /sm/v1/scheduler/{scheduleId}',
  effect: 'delete',
  evidence: 'guessed',
  source: 'car/release-notes/car/release_2_6_api.htm names the call; its path is cut off',
  input: { scheduleId: id(fromSchedules) },
  returns: 'record',
  record: stored,
  columns: ['*'],
  change: {
    touches: ({ scheduleId }) => ({ schedules: [scheduleId] }),
    warnings: () => ['A deleted schedule cannot be brought back.'],
    done: (_, { scheduleId }) => `schedule ${scheduleId} deleted`,
    findOut: 'look for it with car_search_schedules',
  },
})
