import { at, column, type Fact, type Question, type Truth } from './question.ts'

// Questions about hosts and schedules.

const hasTag =
  (id: string) =>
  ({ tags }: Fact): boolean =>
    (tags as readonly Fact[]).some((tag) => String(tag['id']) === id)

const dmz = '7512804'
const since = '2026-11-15'

/** The hosts that have a result since then, or one that succeeded. */
async function hostsWithResult(truth: Truth, outcomes: readonly string[]): Promise<Set<string>> {
  const results = (await truth('assetjobs')).filter(
    (row) =>
      Number(at(row, 'created.dateTime')) >= Date.parse(`${since}T00:00:00Z`) &&
      outcomes.includes(String(row['outcome'])),
  )
  return new Set(column(results, 'asset.id'))
}

/** The ids of the one or more pages of a list. */
const matchesOf = ({ summary }: { readonly summary: string }): number => {
  const [, matches = ''] = /(?:of )?([\d,]+) match(?:es)? in/.exec(summary) ?? []
  return Number(matches.replaceAll(',', ''))
}

export const hostQuestions: readonly Question[] = [
  {
    asks: 'How many Windows hosts are in the DMZ?',
    answer: async (call) =>
      matchesOf(
        await call('car_search_assets', { platform: 'WINDOWS', tagId: dmz, fields: ['id'], pageSize: 1 }),
      ),
    expected: async (truth) =>
      (await truth('assets')).filter((host) => host['platform'] === 'WINDOWS' && hasTag(dmz)(host)).length,
  },
  {
    asks: 'Which hosts of the DMZ were not seen since 15 October?',
    answer: async (call) => {
      const args = { tagId: dmz, notSeenSince: '2026-10-15', fields: ['id', 'name'], pageSize: 100 }
      return column((await call('car_search_assets', args)).rows, 'name')
    },
    expected: async (truth) =>
      column(
        (await truth('assets')).filter(
          (host) => hasTag(dmz)(host) && Number(host['lastSeen']) < Date.parse('2026-10-15T00:00:00Z'),
        ),
        'name',
      ),
  },
  {
    asks: 'How many Linux hosts have had no result since 15 November?',
    answer: async (call) =>
      matchesOf(await call('car_search_assets', { platform: 'LINUX', noResultSince: since, pageSize: 1 })),
    expected: async (truth) => {
      const hosts = await hostsWithResult(truth, ['succeeded', 'failed', 'timed out'])
      return (await truth('assets')).filter(
        ({ platform, id }) => platform === 'LINUX' && !hosts.has(String(id)),
      ).length
    },
  },
  {
    asks: 'How many hosts of the DMZ had no script that succeeded since 15 November?',
    answer: async (call) =>
      matchesOf(await call('car_search_assets', { tagId: dmz, noSuccessSince: since, pageSize: 1 })),
    expected: async (truth) => {
      const hosts = await hostsWithResult(truth, ['succeeded'])
      return (await truth('assets')).filter((host) => hasTag(dmz)(host) && !hosts.has(String(host['id'])))
        .length
    },
  },
  {
    asks: 'How many hosts run SUSE?',
    answer: async (call) =>
      matchesOf(await call('car_search_assets', { match: 'SUSE', fields: ['id'], pageSize: 1 })),
    expected: async (truth) =>
      (await truth('assets')).filter(({ operatingSystem }) => String(operatingSystem).includes('SUSE'))
        .length,
  },
]

/** A tag and a host that schedules name. */
const scheduledTag = '7512829'

const namesTag =
  (id: string) =>
  ({ assetTags }: Fact): boolean =>
    (assetTags as readonly Fact[]).some((tag) => String(tag['id']) === id)

function reaches(schedule: Fact, host: Fact): boolean {
  const named = (schedule['assets'] as readonly Fact[]).some(({ id }) => id === host['id'])
  const excluded = (schedule['excludedAssets'] as readonly Fact[]).some(({ id }) => id === host['id'])
  const tags = (schedule['assetTags'] as readonly Fact[]).map(({ id }) => String(id))
  return !excluded && (named || tags.some((tag) => hasTag(tag)(host)))
}

/** A host with a tag of some schedule. */
async function scheduledHost(truth: Truth): Promise<Fact> {
  const tags = (await truth('schedules')).flatMap(({ assetTags }) => column(assetTags as Fact[], 'id'))
  const host = (await truth('assets')).find((row) => tags.some((tag) => hasTag(tag)(row)))
  if (!host) throw new Error('no schedule reaches a host by a tag')
  return host
}

const scheduledScript = async (truth: Truth): Promise<string> =>
  String(at((await truth('schedules'))[5] ?? {}, 'scripts.0.id'))

const dayMs = 86_400_000

/** The next run of a schedule of the sandbox, counted from its start. */
function nextRun(schedule: Fact, now: number): number | undefined {
  const start = Number(schedule['startTime'])
  const end = Number(schedule['endDate'] ?? Infinity) + dayMs
  const { frequency, interval = 1 } = (schedule['recurrence'] ?? {}) as Fact
  for (let index = 0; index < 100_000; index++) {
    const time = new Date(start)
    const step = index * Number(interval)
    if (frequency === 'HOURLY') time.setTime(start + step * 3_600_000)
    if (frequency === 'DAILY') time.setTime(start + step * dayMs)
    if (frequency === 'WEEKLY') time.setTime(start + step * 7 * dayMs)
    if (frequency === 'MONTHLY') {
      const day = time.getUTCDate()
      time.setUTCDate(1)
      time.setUTCMonth(time.getUTCMonth() + step)
      const last = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 0)).getUTCDate()
      time.setUTCDate(Math.min(day, last))
    }
    if (time.getTime() > end) return undefined
    if (time.getTime() >= now) return time.getTime()
    if (frequency === undefined) return undefined
  }
  return undefined
}

export const scheduleQuestions: readonly Question[] = [
  {
    asks: 'Which schedules run on the hosts of a tag?',
    answer: async (call) => column((await call('car_search_schedules', { tagId: scheduledTag })).rows, 'id'),
    expected: async (truth) => column((await truth('schedules')).filter(namesTag(scheduledTag)), 'id'),
  },
  {
    asks: 'Which schedules run one script?',
    answer: async (call, truth) =>
      column((await call('car_search_schedules', { scriptId: await scheduledScript(truth) })).rows, 'id'),
    expected: async (truth) => {
      const script = await scheduledScript(truth)
      return column(
        (await truth('schedules')).filter(({ scripts }) => String(at(scripts as Fact, '0.id')) === script),
        'id',
      )
    },
  },
  {
    asks: 'Which schedules reach one host?',
    answer: async (call, truth) => {
      const { id } = await scheduledHost(truth)
      return column((await call('car_search_schedules', { assetId: String(id) })).rows, 'id')
    },
    expected: async (truth) => {
      const host = await scheduledHost(truth)
      return column(
        (await truth('schedules')).filter((schedule) => reaches(schedule, host)),
        'id',
      )
    },
  },
  {
    asks: 'Which schedules are due in the next seven days, and how many hosts does each reach?',
    answer: async (call) => {
      const args = { dueWithinDays: 7, countHosts: true, pageSize: 40 }
      const { rows } = await call('car_search_schedules', args)
      return Object.fromEntries(rows.map(({ id, hosts }) => [String(id), Number(hosts)]))
    },
    expected: async (truth) => {
      const now = Date.now()
      const due = (await truth('schedules')).filter((schedule) => {
        const next = nextRun(schedule, now)
        return schedule['activate'] === true && next !== undefined && next <= now + 7 * dayMs
      })
      const hosts = await truth('assets')
      const counts = due.map((schedule) => {
        const count = hosts.filter((host) => reaches(schedule, host)).length
        // A count of zero proves nothing (a token that Qualys does not know counts zero, too): no number is shown.
        return [String(schedule['id']), count || Number.NaN] as const
      })
      return Object.fromEntries(counts)
    },
  },
  {
    asks: 'How many schedules are switched off?',
    answer: async (call) =>
      matchesOf(await call('car_search_schedules', { active: false, fields: ['id'], pageSize: 1 })),
    expected: async (truth) => (await truth('schedules')).filter(({ activate }) => !activate).length,
  },
]
