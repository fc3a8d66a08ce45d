import type { AccountObjects, Cases, ToolCases } from './case.ts'

// What schedules send: times are strings at creation (schedule_script_execution.htm) and integers in an update
// (update_schedules.htm). That they are milliseconds since 1970, and how a recurrence is written, are guesses.

const scripts = [{ id: 19218, title: 'Auto_script_22062022_074300047' }]

/** 2096-02-29T08:30Z. */
const start = { startDate: '2096-02-29', startTime: '08:30' } as const
const startStrings = { startDate: '3981312000000', startTime: '3981342600000' } as const
const startNumbers = { startDate: 3981312000000, startTime: 3981342600000 } as const

const pairOf = ({ id, uuid }: AccountObjects['hosts'][number]) => ({ id, UUId: uuid })

const path = '/sm/v1/scripts/scheduler'

const create: Cases = {
  'once, its script by title': ({ hosts: [one] }) => ({
    args: { title: 'Once', scripts: [{ id: '19218' }], ...start, assets: [one.id], activate: false },
    path,
    body: {
      title: 'Once',
      scripts,
      scheduleType: 'ONE_TIME',
      ...startStrings,
      assets: [pairOf(one)],
      activate: false,
    },
  }),
  'recurring, with everything': ({ hosts: [one, other], tag }) => ({
    args: {
      title: 'Every other week',
      description: 'Free space',
      scripts: [
        { id: 19218, title: 'Auto_script_22062022_074300047' },
        { id: 25209, params: [{ key: 'path', secret: 'db-password' }] },
      ],
      ...start,
      recurrence: 'WEEKLY',
      interval: 2,
      endDate: '2096-12-31',
      assets: [String(one.id)],
      assetTags: ['7512801'],
      excludedAssets: [other.id],
      allTagsForAssetsEnabled: true,
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 60,
      executionPolicyBypassEnabled: true,
      activate: true,
    },
    path,
    body: {
      title: 'Every other week',
      description: 'Free space',
      scripts: [
        ...scripts,
        {
          id: 25209,
          title: 'Disable root SSH login',
          params: [{ key: 'cGF0aA==', value: 'cCt3L2Q9w7wi' }],
        },
      ],
      scheduleType: 'RECURRING',
      ...startStrings,
      endDate: '4007750400000',
      recurrence: { frequency: 'WEEKLY', interval: 2 },
      assets: [pairOf(one)],
      assetTags: [{ id: 7512801, UUId: tag.uuid }],
      excludedAssets: [pairOf(other)],
      allTagsForAssetsEnabled: true,
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 60,
      rebootDelayTimeUnit: 'seconds',
      executionPolicyBypassEnabled: true,
      activate: true,
    },
  }),
  'recurring, every time': ({ hosts: [one] }) => ({
    args: {
      title: 'Hourly',
      scripts,
      ...start,
      recurrence: 'HOURLY',
      endDate: '2096-12-31',
      assets: [one.id],
      activate: false,
    },
    path,
    body: {
      title: 'Hourly',
      scripts,
      scheduleType: 'RECURRING',
      ...startStrings,
      endDate: '4007750400000',
      recurrence: { frequency: 'HOURLY', interval: 1 },
      assets: [pairOf(one)],
      activate: false,
    },
  }),
}

const scheduleId = '23f97a1f-76f4-4e85-a7c2-566f120874fc'

const update: Cases = {
  once: ({ hosts: [one], tag }) => ({
    args: {
      scheduleId,
      title: 'dfdfdfd',
      scripts,
      ...start,
      recurrence: 'ONCE',
      // As stored, so that nothing is filled in.
      activate: false,
      allTagsForAssetsEnabled: false,
      executionPolicyBypassEnabled: false,
      rebootAfterScriptExecution: false,
      assets: [one.id],
      assetTags: [7512801],
    },
    path: `/sm/v1/scheduler/${scheduleId}`,
    body: {
      activate: false,
      allTagsForAssetsEnabled: false,
      executionPolicyBypassEnabled: false,
      rebootAfterScriptExecution: false,
      title: 'dfdfdfd',
      scripts,
      scheduleType: 'ONE_TIME',
      ...startNumbers,
      assets: [pairOf(one)],
      assetTags: [{ id: 7512801, UUId: tag.uuid }],
    },
  }),
  'recurring, with everything': ({ hosts: [one, other], tag }) => ({
    args: {
      scheduleId,
      title: 'Every third day',
      description: 'Free space',
      scripts: [{ id: 25209, params: [{ key: 'path', value: 'C:\\\\' }] }],
      ...start,
      recurrence: 'DAILY',
      interval: 3,
      endDate: '2096-12-31',
      assets: [one.id],
      assetTags: [7512801],
      excludedAssets: [other.id],
      allTagsForAssetsEnabled: false,
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 0,
      executionPolicyBypassEnabled: false,
      activate: true,
    },
    path: `/sm/v1/scheduler/${scheduleId}`,
    body: {
      title: 'Every third day',
      description: 'Free space',
      scripts: [
        {
          id: 25209,
          title: 'Disable root SSH login',
          params: [{ key: 'cGF0aA==', value: 'QzpcXA==' }],
        },
      ],
      scheduleType: 'RECURRING',
      ...startNumbers,
      endDate: 4007750400000,
      recurrence: { frequency: 'DAILY', interval: 3 },
      assets: [pairOf(one)],
      assetTags: [{ id: 7512801, UUId: tag.uuid }],
      excludedAssets: [pairOf(other)],
      allTagsForAssetsEnabled: false,
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 0,
      rebootDelayTimeUnit: 'seconds',
      executionPolicyBypassEnabled: false,
      activate: true,
    },
  }),
}

export const schedules: ToolCases = {
  car_create_schedule: create,
  car_update_schedule: update,
  // The paths of these are guesses: release_2_6_api.htm only names the calls.
  car_activate_schedule: {
    'by id': { args: { scheduleId }, path: `/sm/v1/scheduler/${scheduleId}/activate`, body: {} },
  },
  car_deactivate_schedule: {
    'by id': { args: { scheduleId }, path: `/sm/v1/scheduler/${scheduleId}/deactivate`, body: {} },
  },
  car_delete_schedule: {
    'by id, without a body': { args: { scheduleId }, path: `/sm/v1/scheduler/${scheduleId}` },
  },
}
