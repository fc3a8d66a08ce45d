import {
  actor,
  anyText,
  epochMillisText,
  flag,
  flagOrText,
  integer,
  list,
  nonBlankText,
  oneOf,
  parameter,
  record,
  reference,
} from '../../http/body-schema.ts'
import { assumed, type Parsed } from '../../http/input.ts'

const targets = { assets: list(reference), assetTags: list(reference), excludedAssets: list(reference) }
const recurrence = record(
  { frequency: oneOf('HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'), interval: integer(1, 1_000) },
  ['frequency', 'interval'],
)
const scripts = list(
  record({ id: integer(1), title: nonBlankText, params: list(parameter) }, ['id', 'title']),
)
const scheduleType = oneOf('ONE_TIME', 'RECURRING')
const delay = integer(0)
const delayUnit = oneOf('hours', 'minutes', 'seconds')

/** schedule_script_execution.htm: times are strings. */
export const createScheduleInputs = {
  title: nonBlankText,
  description: anyText,
  activate: flagOrText,
  ...targets,
  startDate: epochMillisText,
  startTime: epochMillisText,
  endDate: epochMillisText,
  user: actor,
  ...assumed(
    'All copies of the table end at startTime; the names are those of update, that of recurrence is ours.',
    {
      scripts,
      scheduleType,
      recurrence,
      allTagsForAssetsEnabled: flag,
      rebootAfterScriptExecution: flag,
      rebootDelayInSeconds: delay,
      rebootDelayTimeUnit: delayUnit,
      executionPolicyBypassEnabled: flag,
    },
  ),
}

/** update_schedules.htm: times are integers. */
export const updateScheduleInputs = {
  title: nonBlankText,
  scripts,
  startDate: integer(0),
  startTime: integer(0),
  scheduleType,
  activate: flag,
  ...targets,
  description: anyText,
  user: actor,
  allTagsForAssetsEnabled: flag,
  rebootAfterScriptExecution: flag,
  rebootDelayInSeconds: delay,
  rebootDelayTimeUnit: delayUnit,
  executionPolicyBypassEnabled: flag,
  ...assumed('All copies of the table end at executionPolicyBypassEnabled.', {
    endDate: integer(0),
    recurrence,
  }),
}

/** Mandatory on the update page; create is assumed to require the same. */
export const mandatory = ['title', 'scripts', 'startDate', 'startTime', 'scheduleType'] as const

/** The inputs of a schedule, with its times parsed. */
export type ScheduleInput = Parsed<typeof updateScheduleInputs, (typeof mandatory)[number]>
