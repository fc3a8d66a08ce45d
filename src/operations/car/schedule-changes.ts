import { z } from 'zod'
import { id, oneRecord, recordId, yesNo } from '../fields.ts'
import { operation } from '../operation.ts'
import { idOrHint } from '../sentences.ts'
import { actsOfRun, runOptionWarnings, storedActs } from './inputs/run-targets.ts'
import {
  type Plan,
  references,
  scheduleChange,
  scheduleInput,
  scheduleWarnings,
  secretsInSchedule,
  targetsOf,
  validateSchedule,
  wireSchedule,
} from './inputs/schedule.ts'
import { fillSchedule } from './inputs/stored-schedule.ts'
import { deletedScheduleState, switchedState } from './states/schedule.ts'
import { titled, withTitle } from './states/words.ts'

const fromSchedules = 'from car_search_schedules'

const runsUnasked = [
  'It runs by itself at these times, on every host that the tags hold by then, and asks nobody.',
]

const stored = z.looseObject({ id: recordId.optional() })

const switchOff = 'car_update_schedule with activate: false (or the Qualys UI) switches it off'

/**
 * True if the call, as passed, only switches a schedule off: it asks for nothing that harms hosts once it is on again,
 * and changes nothing else that the record shows.
 */
const isSwitchOff = (passed: Plan, changes: readonly string[] = []): boolean =>
  passed.activate === false && runOptionWarnings(passed).length === 0 && changes.length === 0

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
  input: { ...scheduleInput, activate: yesNo('false: store it without running') },
  references,
  request: (input, resolved) => ({
    body: { ...wireSchedule(input, resolved, String), activate: input.activate },
  }),
  ...oneRecord(stored),
  change: {
    validate: (input, now) =>
      (input.assets ?? input.assetTags) === undefined
        ? 'The schedule has no target: pass assets or assetTags.'
        : validateSchedule(input, now),
    secrets: secretsInSchedule,
    targets: (input) => ({ ...targetsOf(input), endsRuns: !input.activate }),
    acts: (input) => ['schedule', ...(input.activate ? (['run'] as const) : []), ...actsOfRun(input)],
    verify: 'schedule',
    warnings: (input) => [...runsUnasked, ...scheduleWarnings(input)],
    summary: ({ id }, { title }) =>
      `schedule ${idOrHint(id, 'car_search_schedules')}${titled(title)} created`,
    recovery: `look for the title with car_search_schedules; ${switchOff}`,
  },
})

export const updateSchedule = operation({
  name: 'car_update_schedule',
  title: 'Update a schedule',
  description: 'Change what is passed; the rest stays. activate: false alone switches it off',
  route: 'POST /sm/v1/scheduler/{scheduleId}',
  effect: 'execute',
  evidence: 'documented',
  source: 'car/api/schedules/update_schedules.htm; recurrence and the encoding of times are guessed',
  input: { scheduleId: id(fromSchedules), ...scheduleChange },
  references,
  request: (input, resolved) => ({
    body: { ...wireSchedule(input, resolved, Number), activate: input.activate },
  }),
  ...oneRecord(stored),
  change: {
    keepsStored: true,
    validate: ({ scheduleId: _, ...changes }) =>
      Object.values(changes).every((value) => value === undefined)
        ? 'There is nothing to change: pass what is to be changed, such as activate: false.'
        : undefined,
    fill: fillSchedule,
    secrets: secretsInSchedule,
    targets: (input, passed = input, changes) => ({
      ...targetsOf(input, passed),
      schedules: [input.scheduleId],
      isSwitchOff: isSwitchOff(passed, changes),
      endsRuns: input.activate === false,
    }),
    // A secret would leave the server, whether the schedule runs or not.
    quiets: (passed) => isSwitchOff(passed) && secretsInSchedule(passed).length === 0,
    quietCalls: 'with activate: false alone',
    acts: (passed, current) => [
      'schedule',
      ...actsOfRun(passed),
      ...(passed.activate === false ? [] : (['run', ...storedActs(current, passed)] as const)),
    ],
    verify: 'schedule',
    warnings: (input, passed = input) => [
      ...(input.activate === false ? scheduleWarnings(passed) : [...runsUnasked, ...scheduleWarnings(input)]),
    ],
    summary: (_, { scheduleId }, shown) => `schedule ${withTitle('schedule', scheduleId, shown)} updated`,
    recovery: 'look at it with car_get_schedule; the Qualys UI can switch it off',
  },
})

/** A call on one schedule. */
const oneSchedule = {
  evidence: 'guessed',
  source: 'car/release-notes/car/release_2_6_api.htm names the call; its path is cut off',
  input: { scheduleId: id(fromSchedules) },
  ...oneRecord(stored),
} as const

export const activateSchedule = operation({
  name: 'car_activate_schedule',
  title: 'Activate a schedule',
  description: 'Switch a schedule on: it then runs by itself',
  route: 'POST /sm/v1/scheduler/{scheduleId}/activate',
  effect: 'execute',
  ...oneSchedule,
  change: {
    targets: ({ scheduleId }) => ({ product: 'car', schedules: [scheduleId], runs: 'stored' }),
    acts: (_, current) => ['schedule', 'run', ...storedActs(current)],
    warnings: () => runsUnasked,
    newState: ({ scheduleId }, _record, lists) => switchedState(scheduleId, true, lists),
    summary: (_, { scheduleId }, shown) => `schedule ${withTitle('schedule', scheduleId, shown)} activated`,
    recovery: 'look at it with car_get_schedule; the Qualys UI can switch it off',
  },
})

export const deactivateSchedule = operation({
  name: 'car_deactivate_schedule',
  title: 'Deactivate a schedule',
  description: 'Switch a schedule off; runs that began go on',
  route: 'POST /sm/v1/scheduler/{scheduleId}/deactivate',
  effect: 'update',
  ...oneSchedule,
  change: {
    targets: ({ scheduleId }) => ({ product: 'car', schedules: [scheduleId], endsRuns: true }),
    quiets: () => true,
    newState: ({ scheduleId }, _record, lists) => switchedState(scheduleId, false, lists),
    summary: (_, { scheduleId }, shown) => `schedule ${withTitle('schedule', scheduleId, shown)} deactivated`,
    recovery: 'look at it with car_get_schedule',
  },
})

export const deleteSchedule = operation({
  name: 'car_delete_schedule',
  title: 'Delete a schedule',
  description: 'Remove a schedule for good; its past runs stay',
  route: 'DELETE /sm/v1/scheduler/{scheduleId}',
  effect: 'delete',
  ...oneSchedule,
  change: {
    targets: ({ scheduleId }) => ({ product: 'car', schedules: [scheduleId], endsRuns: true }),
    warnings: () => ['A deleted schedule cannot be brought back.'],
    newState: ({ scheduleId }, _record, lists) => deletedScheduleState(scheduleId, lists),
    summary: (_, { scheduleId }, shown) => `schedule ${withTitle('schedule', scheduleId, shown)} deleted`,
    recovery: 'look for it with car_search_schedules',
  },
})
