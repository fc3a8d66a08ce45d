import { authors, customerUuid } from '../accounts.ts'
import { anchor, day, hour } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { Asset, Schedule, Script, Tag } from './rows.ts'
import { sample } from './sample.ts'

const scheduleCount = 40
const recurrences = [
  { name: 'Hourly', frequency: 'HOURLY', interval: 4 },
  { name: 'Nightly', frequency: 'DAILY', interval: 1 },
  { name: 'Weekly', frequency: 'WEEKLY', interval: 1 },
  { name: 'Monthly', frequency: 'MONTHLY', interval: 1 },
] as const
const scopeNames = [
  'workstations',
  'servers',
  'DMZ',
  'EMEA',
  'Zürich | HQ',
  'cloud',
  'pilot ring',
  'production',
]

/** 40 schedules, oldest first. The first is that of the getting-started page and has ended long ago. */
export function makeSchedules(random: Random, scripts: Script[], assets: Asset[], tags: Tag[]): Schedule[] {
  const approved = scripts.filter(({ id, status }) => status === 'APPROVED' && id !== sample.scriptId)
  const schedules = [makeSampleSchedule()]
  const first = Date.parse('2023-01-25T00:00:00Z')
  const step = (anchor - day - first) / scheduleCount
  for (let index = 1; index < scheduleCount; index++) {
    const created = Math.round(first + step * index + random.below(step * 0.9))
    const script = random.pick(approved.filter((candidate) => candidate.created.dateTime < created))
    const recurrence = random.pick(recurrences)
    const isRecurring = random.chance(0.8)
    const hasEnded = random.chance(0.2)
    const start = Math.ceil(created / day) * day + random.below(24) * hour
    const asset = random.pick(assets)
    const tag = random.pick(tags)
    const isByTag = random.chance(0.6)
    schedules.push({
      id: random.uuid(),
      customerUuid,
      title: `${isRecurring ? recurrence.name : 'Once'} ${script.title} - ${random.pick(scopeNames)} ${index}`,
      description: random.chance(0.5) ? script.description : '',
      scripts: [{ id: script.id, title: script.title }],
      scheduleType: isRecurring ? 'RECURRING' : 'ONE_TIME',
      ...(isRecurring && { recurrence: { frequency: recurrence.frequency, interval: recurrence.interval } }),
      activate: isRecurring && !hasEnded,
      startDate: Math.floor(start / day) * day,
      startTime: start,
      ...(isRecurring && hasEnded && { endDate: Math.min(anchor - day, start + 90 * day) }),
      assets: isByTag ? [] : [{ id: asset.id, UUId: asset.uuid }],
      assetTags: isByTag ? [{ id: tag.tagId, UUId: tag.tagUuid }] : [],
      excludedAssets: [],
      allTagsForAssetsEnabled: false,
      executionPolicyBypassEnabled: script.platform === 'WINDOWS' && random.chance(0.2),
      rebootAfterScriptExecution: random.chance(0.05),
      user: { ...random.pick(authors) },
      created: { dateTime: created },
      updatedDateTime: created + random.below(30 * day),
    })
  }
  return schedules
}

function makeSampleSchedule(): Schedule {
  const created = sample.newest - 400 * hour
  const start = Math.floor(created / hour) * hour
  return {
    id: sample.schedulerId,
    customerUuid,
    title: sample.schedulerName,
    description: '',
    scripts: [{ id: sample.scriptId, title: sample.title }],
    scheduleType: 'RECURRING',
    recurrence: { frequency: 'HOURLY', interval: 4 },
    activate: false,
    startDate: Math.floor(created / day) * day,
    startTime: start,
    endDate: Math.ceil(sample.newest / hour) * hour,
    assets: [],
    assetTags: [{ id: 7512800, UUId: '6c9a2e14-5b7d-4d3f-8e21-90b4c8d5a6f7' }],
    excludedAssets: [],
    allTagsForAssetsEnabled: false,
    executionPolicyBypassEnabled: false,
    rebootAfterScriptExecution: false,
    user: { ...authors[0] },
    created: { dateTime: created },
    updatedDateTime: created,
  }
}
