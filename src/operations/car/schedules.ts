import { z } from 'zod'
import { boolean, filter, id, instant, oneRecord, recordId, sort, time } from '../fields.ts'
import { operation } from '../operation.ts'
import { completeRecord, completeRows } from './schedules/complete.ts'
import { scheduleFilters } from './schedules/filters.ts'

/**
 * release_2_6_api.htm shows `id` and a field that starts with "custom"; the other names are those of
 * update_schedules.htm.
 */
const schedule = z.looseObject({
  id: recordId,
  title: z.string().optional(),
  scheduleType: z.string().optional(),
  activate: boolean.optional(),
  // Integers (update_schedules.htm); that they are epoch milliseconds is likely, not documented.
  startDate: time.nullish(),
  startTime: time.nullish(),
  endDate: time.nullish(),
  created: z.looseObject({ dateTime: time.optional() }).nullish(),
  updatedDateTime: time.nullish(),
  allTagsForAssetsEnabled: boolean.nullish(),
})

const nextRunNote = 'nextRun is computed, in UTC.'

/** Sent as a string that holds JSON (release_2_6_api.htm). */
const newest = { default: ['created.dateTime:desc'], unique: 'id', as: 'text' } as const

export const searchSchedules = operation({
  name: 'car_search_schedules',
  title: 'Search schedules',
  description: 'Find schedules that run scripts, with their targets and next run',
  route: 'POST /sm/v1/scheduler/search',
  effect: 'read',
  evidence: 'documented',
  source: 'car/release-notes/car/release_2_6_api.htm',
  input: {
    filter: filter('title:Nightly (tokens not public)'),
    startAt: instant('from'),
    endAt: instant('until', 'end'),
    sort: sort(newest.default[0]),
  },
  returns: 'rows',
  paging: { kind: 'pageNumber', sort: newest },
  record: schedule,
  columns: ['id', 'title', 'scripts', 'targets', 'nextRun'],
  undocumentedColumns: [
    ...['title', 'scheduleType', 'activate', 'scripts', 'startDate', 'startTime', 'endDate', 'created'],
    'updatedDateTime',
  ],
  countBy: 'scheduleType',
  localFilters: scheduleFilters,
  complete: completeRows,
  computedColumns: { targets: undefined, nextRun: nextRunNote, hosts: undefined },
  remarks: [
    'nextRun off: switched off (activate false); over: no run is left; unknown: a field is missing or unclear, or another time zone is shown. Without an endDate it runs on.',
    'scheduleType: ONE_TIME or RECURRING.',
    'rebootAfterScriptExecution true: hosts reboot after a run.',
    'assetId goes by the tags that the record of the host shows; tags above them are not followed.',
  ],
})

export const getSchedule = operation({
  name: 'car_get_schedule',
  title: 'Get a schedule',
  description: 'One schedule with its scripts, targets and times',
  route: 'GET /sm/v1/scheduler/{scheduleId}',
  effect: 'read',
  evidence: 'guessed',
  source:
    'car/api/schedules/get_schedules.htm exists but could not be read; the path follows update_schedules.htm',
  input: { scheduleId: id('from car_search_schedules') },
  shortIds: { scheduleId: { list: searchSchedules, field: 'id', title: 'title' } },
  ...oneRecord(schedule),
  complete: completeRecord,
  computedColumns: { nextRun: nextRunNote },
})
