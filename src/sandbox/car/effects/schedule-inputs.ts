import {
  anyText,
  doer,
  epochText,
  flag,
  flagOrText,
  list,
  madeUp,
  oneOf,
  parameter,
  type Read,
  record,
  reference,
  whole,
  words,
} from '../../http/body-schema.ts'

const targets = { assets: list(reference), assetTags: list(reference), excludedAssets: list(reference) }
const recurrence = record(
  { frequency: oneOf('HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'), interval: whole(1, 1_000) },
  ['frequency', 'interval'],
)
const scripts = list(record({ id: whole(1), title: words, params: list(parameter) }, ['id', 'title']))
const scheduleType = oneOf('ONE_TIME', 'RECURRING')
const delay = whole(0)
const delayUnit = oneOf('hours', 'minutes', 'seconds')

/**
 * schedule_script_execution.htm: times are strings. Parts cut off in its copies are taken from the update
 * page.
 */
export const createScheduleInputs = {
  title: words,
  description: anyText,
  activate: flagOrText,
  ...targets,
  startDate: epochText,
  startTime: epochText,
  endDate: epochText,
  user: doer,
  scripts: madeUp(scripts),
  scheduleType: madeUp(scheduleType),
  recurrence: madeUp(recurrence),
  allTagsForAssetsEnabled: madeUp(flag),
  rebootAfterScriptExecution: madeUp(flag),
  rebootDelayInSeconds: madeUp(delay),
  rebootDelayTimeUnit: madeUp(delayUnit),
  executionPolicyBypassEnabled: madeUp(flag),
}

/** update_schedules.htm: times are integers; the copies are cut off after executionPolicyBypassEnabled. */
export const updateScheduleInputs = {
  title: words,
  scripts,
  startDate: whole(0),
  startTime: whole(0),
  scheduleType,
  activate: flag,
  ...targets,
  description: anyText,
  user: doer,
  allTagsForAssetsEnabled: flag,
  rebootAfterScriptExecution: flag,
  rebootDelayInSeconds: delay,
  rebootDelayTimeUnit: delayUnit,
  executionPolicyBypassEnabled: flag,
  endDate: madeUp(whole(0)),
  recurrence: madeUp(recurrence),
}

/** Mandatory on the update page; create is assumed to require the same. */
export const mandatory = ['title', 'scripts', 'startDate', 'startTime', 'scheduleType'] as const

/** The inputs of a schedule, with its times parsed. */
export type Wanted = Read<typeof updateScheduleInputs, (typeof mandatory)[number]>
