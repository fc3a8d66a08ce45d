import {
  at,
  byId,
  column,
  countsBy,
  type Fact,
  groupsOf,
  largest,
  type Question,
  type Truth,
} from './question.ts'

// Questions about runs and their results per host.

const october = { startAt: '2026-10-01', endAt: '2026-10-31' } as const

const isIn = (row: Fact, from: string, until: string): boolean => {
  const time = Number(at(row, 'created.dateTime'))
  return time >= Date.parse(`${from}T00:00:00Z`) && time <= Date.parse(`${until}T23:59:59.999Z`)
}
const isInOctober = (row: Fact): boolean => isIn(row, october.startAt, october.endAt)
const isFailed = ({ outcome }: Fact): boolean => outcome === 'failed' || outcome === 'timed out'
const outcomeOf = (row: Fact): string => (isFailed(row) ? 'failed' : String(row['outcome']))

const resultsOfOctober = async (truth: Truth): Promise<Fact[]> =>
  (await truth('assetjobs')).filter(isInOctober)
const failuresOfOctober = async (truth: Truth): Promise<Fact[]> =>
  (await resultsOfOctober(truth)).filter(isFailed)

/** A script with runs, which a question names. */
const busyScript = async (truth: Truth): Promise<Fact> => {
  const counts = countsBy(await truth('jobs'), ({ scriptId }) => scriptId)
  const [id] = Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([id]) => id)
  const script = (await truth('scripts')).find((row) => String(row['id']) === id)
  if (!script) throw new Error('no script has many runs')
  return script
}

/** A host with many results. */
const busyHost = async (truth: Truth): Promise<string> =>
  Object.keys(
    largest(
      countsBy(await truth('assetjobs'), (row) => at(row, 'asset.id')),
      1,
    ),
  )[0] ?? ''

/** The newest run. */
const newestRun = async (truth: Truth): Promise<Fact> => (await truth('jobs')).at(-1) ?? {}

/** A run on 300 hosts, whose outputs differ in few lines. */
const fleetRun: Question = {
  asks: 'What do the 300 hosts of the newest run print, and which lines are rare?',
  prepare: async (call, control, truth) => {
    await control.knobs({ hostSeconds: 0, jobDelayMs: 0, offlineShare: 0 })
    const hosts = (await truth('assets')).filter(
      ({ platform, lab }) => platform === 'WINDOWS' && lab !== true,
    )
    const blocked = new Set(column(await truth('blocked-assets'), 'id'))
    const blockedTags = new Set(column(await truth('blocked-tags'), 'id'))
    const allowed = hosts.filter(
      ({ id, tags }) =>
        !blocked.has(String(id)) && !column(tags as Fact[], 'id').some((tag) => blockedTags.has(tag)),
    )
    const assetIds = column(allowed, 'id')
    const { rows, summary } = await call('car_execute_script', {
      scriptId: '16515',
      assetIds: assetIds.slice(0, 300),
    })
    if (rows.length === 0) throw new Error(summary)
  },
  answer: async (call) => {
    const { rows } = await call('car_search_jobs', { pageSize: 1 })
    const { summary } = await call('car_follow_run', { jobId: rows[0]?.['id'], waitSeconds: 20 })
    const counts = [...summary.matchAll(/(\d+) (succeeded|failed)/g)]
    return Object.fromEntries(counts.map(([, count, word = '']) => [word, Number(count)]))
  },
  expected: async (truth) => {
    const { id } = await newestRun(truth)
    return countsBy(
      (await truth('assetjobs')).filter((row) => at(row, 'job.id') === id),
      outcomeOf,
    )
  },
}

export const resultQuestions: readonly Question[] = [
  fleetRun,
  {
    asks: 'On which operating systems did scripts fail in October, and how often?',
    answer: async (call) => {
      const groupBy = ['asset.operatingSystem']
      const { rows } = await call('car_count_asset_jobs', { groupBy, outcome: 'failed', ...october })
      return groupsOf(rows, groupBy)
    },
    expected: async (truth) => {
      const hosts = byId(await truth('assets'))
      return countsBy(
        await failuresOfOctober(truth),
        (row) => hosts.get(String(at(row, 'asset.id')))?.['operatingSystem'],
      )
    },
  },
  {
    asks: 'How did the results of October end, by platform of the run?',
    answer: async (call) => {
      const groupBy = ['job.platform', 'outcome']
      const { rows } = await call('car_count_asset_jobs', { groupBy, ...october })
      return groupsOf(rows, groupBy)
    },
    expected: async (truth) => {
      const jobs = byId(await truth('jobs'))
      const platformOf = (row: Fact): unknown => jobs.get(String(at(row, 'job.id')))?.['platform']
      return countsBy(await resultsOfOctober(truth), (row) => `${platformOf(row)} ${outcomeOf(row)}`)
    },
  },
  {
    asks: 'How many different hosts failed in October?',
    answer: async (call) => {
      const args = { distinct: 'asset.id', outcome: 'failed', ...october }
      const { rows } = await call('car_count_asset_jobs', args)
      return Number(Object.entries(rows[0] ?? {}).find(([name]) => name !== 'count')?.[1])
    },
    expected: async (truth) => new Set(column(await failuresOfOctober(truth), 'asset.id')).size,
  },
  {
    asks: 'Which five scripts failed most in October?',
    answer: async (call) => {
      const groupBy = ['script.title']
      const { rows } = await call('car_count_asset_jobs', { groupBy, outcome: 'failed', top: 5, ...october })
      return rows.map((row) => Number(row['count']))
    },
    expected: async (truth) => {
      const jobs = byId(await truth('jobs'))
      const titles = byId(await truth('scripts'))
      const titleOf = (row: Fact): unknown =>
        titles.get(String(jobs.get(String(at(row, 'job.id')))?.['scriptId']))?.['title']
      return Object.values(largest(countsBy(await failuresOfOctober(truth), titleOf), 5))
    },
  },
  {
    asks: 'On which day of October were there most failures?',
    answer: async (call) => {
      const groupBy = ['created.dateTime:day']
      const { rows } = await call('car_count_asset_jobs', { groupBy, outcome: 'failed', top: 1, ...october })
      return groupsOf(rows, groupBy)
    },
    expected: async (truth) => {
      const dayOf = (row: Fact): string =>
        new Date(Number(at(row, 'created.dateTime'))).toISOString().slice(0, 10)
      return largest(countsBy(await failuresOfOctober(truth), dayOf), 1)
    },
  },
  {
    asks: 'How many runs did one script have, by its exact title?',
    answer: async (call, truth) => {
      const { title } = await busyScript(truth)
      const { rows } = await call('car_count_jobs', { scriptTitle: title })
      return Number(rows[0]?.['count'])
    },
    expected: async (truth) => {
      const { id } = await busyScript(truth)
      return (await truth('jobs')).filter(({ scriptId }) => scriptId === id).length
    },
  },
  {
    asks: 'On how many hosts did one script fail this year, and how often?',
    answer: async (call, truth) => {
      const { id } = await busyScript(truth)
      const args = { scriptId: String(id), outcome: 'failed', startAt: '2026-01-01', distinct: 'asset.id' }
      const { rows } = await call('car_count_asset_jobs', args)
      return Object.values(rows[0] ?? {}).map(Number)
    },
    expected: async (truth) => {
      const { id } = await busyScript(truth)
      const jobs = byId(await truth('jobs'))
      const failures = (await truth('assetjobs')).filter(
        (row) =>
          isFailed(row) &&
          isIn(row, '2026-01-01', '2026-12-31') &&
          jobs.get(String(at(row, 'job.id')))?.['scriptId'] === id,
      )
      return [new Set(column(failures, 'asset.id')).size, failures.length]
    },
  },
  {
    asks: 'How did the results of one host end?',
    answer: async (call, truth) => {
      const groupBy = ['outcome']
      const { rows } = await call('car_count_asset_jobs', { assetId: await busyHost(truth), groupBy })
      return groupsOf(rows, groupBy)
    },
    expected: async (truth) => {
      const host = await busyHost(truth)
      const results = (await truth('assetjobs')).filter((row) => String(at(row, 'asset.id')) === host)
      return countsBy(results, outcomeOf)
    },
  },
  {
    asks: 'How many runs were there by platform, way of starting and script type in each month since September?',
    answer: async (call) => {
      const groupBy = ['platform', 'executionType', 'scriptType', 'created.dateTime:month']
      const { rows } = await call('car_count_jobs', { groupBy, startAt: '2026-09-01', top: 100 })
      return groupsOf(rows, groupBy)
    },
    expected: async (truth) =>
      countsBy(
        (await truth('jobs')).filter((row) => isIn(row, '2026-09-01', '2027-01-01')),
        (row) =>
          `${row['platform']} ${row['executionType']} ${row['scriptType']} ${new Date(Number(at(row, 'created.dateTime'))).toISOString().slice(0, 7)}`,
      ),
  },
  {
    asks: 'Which hosts failed at least three times?',
    answer: async (call) => {
      const groupBy = ['asset.name']
      const args = { groupBy, outcome: 'failed', min: 3, top: 100 }
      return groupsOf((await call('car_count_asset_jobs', args)).rows, groupBy)
    },
    expected: async (truth) => {
      const failures = (await truth('assetjobs')).filter(isFailed)
      const counts = countsBy(failures, (row) => at(row, 'asset.name'))
      return Object.fromEntries(Object.entries(counts).filter(([, count]) => count >= 3))
    },
  },
]
