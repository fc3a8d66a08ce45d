import { type RefusedCalls, wholeNumberMessage } from './refused-call.ts'

const plan = 'car_create_schedule'
/** A schedule that would be created. */
export const validSchedule = {
  title: 'Once',
  scripts: [{ id: 19218 }],
  startDate: '2096-02-29',
  startTime: '08:30',
  assets: [21789601],
  activate: false,
}
const weekly = { ...validSchedule, recurrence: 'WEEKLY', endDate: '2096-12-31' }
const { endDate: _end, ...endless } = weekly
const { startDate: _day, ...dayless } = weekly
const { startTime: _time, ...timeless } = weekly
const { assets: _assets, ...nowhere } = validSchedule
const { activate: _activate, ...undecidedPlan } = validSchedule
const change = {
  ...validSchedule,
  scheduleId: '23f97a1f-76f4-4e85-a7c2-566f120874fc',
  recurrence: 'ONCE',
}

export const schedules: RefusedCalls = [
  ['a recurrence without an end', plan, endless, /A recurring schedule needs an end\. Pass endDate/],
  ['a recurrence without a first day', plan, dayless, /startDate: must be a date such as 2026-12-31/],
  ['a recurrence without a time', plan, timeless, /startTime: must be a time such as 08:30/],
  [
    'an end of nothing',
    plan,
    { ...validSchedule, endDate: '2096-12-31' },
    /are for a recurring schedule\. Pass recurrence/,
  ],
  [
    'an interval of nothing',
    plan,
    { ...validSchedule, interval: 2 },
    /are for a recurring schedule\. Pass recurrence as/,
  ],
  [
    'an end before the start',
    plan,
    { ...weekly, endDate: '2096-02-28' },
    /endDate does not lie behind startDate\. Pass a/,
  ],
  [
    'a start in the past',
    plan,
    { ...validSchedule, startDate: '2020-02-29' },
    /The start lies in the past \(now is \d{4}-/,
  ],
  [
    'a start in the year 0',
    plan,
    { ...validSchedule, startDate: '0000-01-01' },
    /The start lies in the past.*in UTC/,
  ],
  ...['2096-02-30', '2095-02-29', '2096-13-01', '2096-00-10', '2096-04-31'].map(
    (startDate) =>
      [`the day ${startDate}`, plan, { ...validSchedule, startDate }, /startDate: is no day of the/] as const,
  ),
  ...['29.02.2096', '2096-2-9', '2096-02-29T08:30', '2096-02 -29', ' ', 20960229].map(
    (endDate) =>
      [
        `the day ${endDate}`,
        plan,
        { ...weekly, endDate },
        /endDate: must be a date such as 2026-12-/,
      ] as const,
  ),
  ...['24:00', '8:30', '08:60', '08:30:00', '08:30Z', '', 830].map(
    (startTime) =>
      [
        `the time ${startTime}`,
        plan,
        { ...validSchedule, startTime },
        /startTime: must be a time such as 08/,
      ] as const,
  ),
  [
    'an unknown rhythm',
    plan,
    { ...weekly, recurrence: 'YEARLY' },
    /must be one of HOURLY, DAILY, WEEKLY, MONTHLY/,
  ],
  [
    'a rhythm of the prototype',
    plan,
    { ...weekly, recurrence: 'toString' },
    /recurrence: must be one of HOURLY/,
  ],
  ['every 0 weeks', plan, { ...weekly, interval: 0 }, wholeNumberMessage('interval', '999')],
  ['no target', plan, nowhere, /The schedule has no target\. Pass assets or assetTags/],
  [
    'a host in both lists',
    plan,
    { ...validSchedule, excludedAssets: [21789601] },
    /Asset 21789601 is both a target and ex/,
  ],
  [
    'a host twice',
    plan,
    { ...validSchedule, assets: ['21789601', 21789601] },
    /assets: names an id twice; name each once/,
  ],
  [
    'an unknown host',
    plan,
    { ...validSchedule, assets: [7] },
    /car_search_assets shows no id 7, which car_create_schedul/,
  ],
  [
    'an unknown tag',
    plan,
    { ...validSchedule, assetTags: [7] },
    /car_search_asset_tags shows no id 7, which car_create_sc/,
  ],
  ['no script', plan, { ...validSchedule, scripts: [] }, /scripts: must name at least one script/],
  [
    'an unknown script',
    plan,
    { ...validSchedule, scripts: [{ id: 7 }] },
    /car_search_scripts shows no id 7|no such id/,
  ],
  [
    'scripts as ids',
    plan,
    { ...validSchedule, scripts: [19218] },
    /scripts\.0: must be an object of id, title, params/,
  ],
  [
    'a misspelt script',
    plan,
    { ...validSchedule, scripts: [{ id: 19218, titel: 'x' }] },
    /did you mean title\?/,
  ],
  [
    'a missing parameter',
    plan,
    { ...validSchedule, scripts: [{ id: 25209 }] },
    /Script 25209 also needs the parameter "path"/,
  ],
  [
    'a parameter too many',
    plan,
    { ...validSchedule, scripts: [{ id: 19218, params: [{ key: 'a', value: 'b' }] }] },
    /takes/,
  ],
  [
    'a delay without a reboot',
    plan,
    { ...validSchedule, rebootDelayInSeconds: 5 },
    /rebootDelayInSeconds is for a reboot/,
  ],
  ['no word on whether it runs', plan, undecidedPlan, /activate: must be true or false/],
  [
    'an update to the past',
    'car_update_schedule',
    { ...change, startDate: '2020-01-31' },
    /lies in the past/,
  ],
  ['an update of no schedule', 'car_update_schedule', { ...change, scheduleId: 'nope' }, /no such id \(404/],
  ['switching on no schedule', 'car_activate_schedule', { scheduleId: 'nope' }, /no such id \(404/],
  ['switching off no schedule', 'car_deactivate_schedule', { scheduleId: 'nope' }, /no such id \(404/],
  ['deleting no schedule', 'car_delete_schedule', { scheduleId: 'nope' }, /no such id \(404/],
  [
    'a schedule up the tree',
    'car_delete_schedule',
    { scheduleId: '..' },
    /must be an id from car_search_schedules/,
  ],
]
