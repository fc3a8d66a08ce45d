import { customerUuid } from '../accounts.ts'
import { anchor, day, hour, people } from '../calendar.ts'
import type { Random } from '../random.ts'
import type { Asset, Schedule, Script, Tag } from './rows.ts'
import { sample } from './sample.ts'

const howMany = 40
const rhythms = [
  { name: 'Hourly', frequency: 'HOURLY', interval: 4 },
  { name: 'Nightly', frequency: 'DAILY', interval: 1 },
  { name: 'Weekly', frequency: 'WEEKLY', interval: 1 },
  { name: 'Monthly', frequency: 'MONTHLY', interval: 1 },
] as const
const scopes = ['workstations', 'servers', 'DMZ', 'EMEA', 'Zürich | HQ', 'cloud', 'pilot ring', 'production']

/** 40 schedules, oldest first. The first is that of the getting-started page and has ended long ago. */
export function makeSchedules(random: Random, scripts: Script[], assets: Asset[], tags: Tag[]): Schedule[] {
  const approved = scripts.filter(({ id, status }) => status === 'APPROVED' && id !== sample.scriptId)
  const schedules = [sampleSchedule()]
  const first = Date.parse('2023-01-25T00:00:00Z')
  const step = (anchor - day - first) / howMany
  for (let place = 1; place < howMany; place++) {
    const created = Math.round(first + step * place + random.below(step * 0.9))
    const script = random.pick(approved.filter((candidate) => candidate.created.dateTime < created))
    const rhythm = random.pick(rhythms)
    const recurring = random.chance(0.8)
    const over = random.chance(0.2)
    const start = Math.ceil(created / day) * day + random.below(24) * hour
    const asset = random.pick(assets)
    const tag = random.pick(tags)
    const byTag = random.chance(0.6)
    schedules.push({
      id: random.uuid(),
      customerUuid,
      title: `${recurring ? rhythm.name : 'Once'} ${script.title} - ${random.pick(scopes)} ${place}`,
      description: random.chance(0.5) ? script.description : '',
      scripts: [{ id: script.id, title: script.title }],
      scheduleType: recurring ? 'RECURRING' : 'ONE_TIME',
      ...(recurring && { recurrence: { frequency: rhythm.frequency, interval: rhythm.interval } }),
      activate: recurring && !over,
      startDate: Math.floor(start / day) * day,
      startTime: start,
      ...(recurring && over && { endDate: Math.min(anchor - day, start + 90 * day) }),
      assets: byTag ? [] : [{ id: asset.id, UUId: asset.uuid }],
      assetTags: byTag ? [{ id: tag.tagId, UUId: tag.tagUuid }] : [],
      excludedAssets: [],
      allTagsForAssetsEnabled: false,
      executionPolicyBypassEnabled: script.platform === 'WINDOWS' && random.chance(0.2),
      rebootAfterScriptExecution: random.chance(0.05),
      user: { ...random.pick(people) },
      created: { dateTime: created },
      updatedDateTime: created + random.below(30 * day),
    })
  }
  return schedules
}

function sampleSchedule(): Schedule {
  const created = sample.newest - 400 * hour
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
    startTime: created,
    endDate: sample.newest + hour,
    assets: [],
    assetTags: [{ id: 7512800, UUId: '6c9a2e14-5b7d-4d3f-8e21-90b4c8d5a6f7' }],
    excludedAssets: [],
    allTagsForAssetsEnabled: false,
    executionPolicyBypassEnabled: false,
    rebootAfterScriptExecution: false,
    user: { ...people[0] },
    created: { dateTime: created },
    updatedDateTime: created,
  }
}
