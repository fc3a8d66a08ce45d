import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { asked } from '../../support/workflows/runs.ts'
import { between, buckets, type Case, compare, has, is, named } from './compared.ts'
import { at, column, type Fact, outcome, time, wordsOf } from './truth.ts'

// car_count_asset_jobs against a count by brute force over the sandbox's own rows.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
let hosts: readonly Fact[]
let newest: string
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 1_500 })
  assistant = await assistantOn(sandbox, { QUALYS_REPLY_CHARS: '400000' })
  hosts = await sandbox.control.truth('assetjobs')
  newest = String((await sandbox.control.truth('jobs')).at(-1)?.['id'])
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const columns = ['id', 'asset.name', 'output.code', 'output.text', 'job.id']
const ended = ({ outcome }: Fact): boolean => outcome !== 'open'

const cases: readonly Case[] = [
  { args: {} },
  { args: { groupBy: ['outcome'] }, by: [outcome] },
  { args: { groupBy: ['output.code'] }, by: [column('output.code')] },
  {
    args: { groupBy: ['output.code', 'output.text'] },
    by: [column('output.code'), column('output.text')],
  },
  { args: { groupBy: ['asset.name'] }, by: [column('asset.name')] },
  { args: { groupBy: ['job.id'] }, by: [column('job.id')] },
  {
    args: { groupBy: ['script.id', 'outcome', 'created.dateTime:month'] },
    by: [column('script.id'), outcome, time('created.dateTime', 'month')],
  },
  ...buckets.map((bucket) => ({
    args: { groupBy: [`endDate:${bucket}`] },
    by: [time('enddate', bucket)],
  })),
  { args: { outcome: 'succeeded' }, keep: (row) => outcome(row) === 'succeeded' },
  {
    args: { outcome: 'failed', groupBy: ['output.text'] },
    keep: (row) => outcome(row) === 'failed',
    by: [column('output.text')],
  },
  {
    args: { outcome: 'open', groupBy: ['job.title', 'asset.name'] },
    keep: (row) => outcome(row) === 'open',
    by: [column('job.title'), column('asset.name')],
  },
  {
    args: { filter: 'output.code>=2', groupBy: ['outcome', 'output.code'] },
    keep: (row) => Number(at(row, 'output.code')) >= 2,
    by: [outcome, column('output.code')],
  },
  {
    args: { filter: 'asset.name:ws*', outcome: 'failed', groupBy: ['created.dateTime:day'] },
    keep: (row) =>
      wordsOf(at(row, 'asset.name')).some((word) => word.startsWith('ws')) && outcome(row) === 'failed',
    by: [time('created.dateTime', 'day')],
  },
  {
    args: { startAt: '2026-11-01', endAt: '2026-11-19', groupBy: ['created.dateTime:hour', 'outcome'] },
    keep: between('2026-11-01T00:00Z', '2026-11-19T23:59:59.999Z'),
    by: [time('created.dateTime', 'hour'), outcome],
  },
  {
    args: { match: 'denied', groupBy: ['outcome', 'test'] },
    keep: (row) => ended(row) && has(row, columns, 'denied'),
    by: [outcome, column('test')],
  },
  {
    args: { match: 'timed out', outcome: 'failed', groupBy: 'output.text' },
    keep: (row) => has(row, columns, 'timed', 'out'),
    by: [column('output.text')],
  },
]

/** Of the newest run, which only the sandbox tells. */
const lateCases = {
  'the newest run by outcome': (): Case => ({
    args: { jobId: newest, groupBy: ['outcome', 'output.code'] },
    keep: is('job.id', newest),
    by: [outcome, column('output.code')],
  }),
  'the newest run, failed hosts': (): Case => ({
    args: { jobId: newest, outcome: 'failed' },
    keep: (row) => at(row, 'job.id') === newest && outcome(row) === 'failed',
  }),
  'a filter beside the run': (): Case => ({
    args: { jobId: newest, filter: 'output.code:0 OR output.code:5', groupBy: ['asset.name'] },
    keep: (row) => at(row, 'job.id') === newest && [0, 5].includes(Number(at(row, 'output.code') ?? -1)),
    by: [column('asset.name')],
  }),
}

test.each(named(cases))('%s', (_, one) => compare(assistant, 'car_count_asset_jobs', hosts, one))
test.each(Object.entries(lateCases))('%s', (_, make) =>
  compare(assistant, 'car_count_asset_jobs', hosts, make()),
)

test('every case counts something', () => {
  expect(cases.filter(({ keep = () => true }) => !hosts.some(keep))).toEqual([])
})

test('no output is fetched, a thousand rows come at a time', async () => {
  await assistant.call('car_count_asset_jobs', { groupBy: ['outcome', 'output.text'], match: 's' })
  const bodies = await asked(sandbox.control)
  expect(bodies).toHaveLength(Math.ceil(hosts.length / 1_000))
  for (const body of bodies) {
    expect(body['pageSize']).toBe(1_000)
    expect(body).not.toHaveProperty('includeScriptResult', true)
  }
})

// Such a row lacks most of the usual columns: others are looked at then.
test.each(['false', '74c1bcdd'])(
  'match "%s" counts the rows that the list shows, also of hosts that are not done',
  async (match) => {
    const args = { match, outcome: 'open' }
    const { structured: list } = await assistant.call(
      'car_search_asset_jobs',
      { ...args, pageSize: 200 },
      'json',
    )
    expect(list).not.toHaveProperty('continuationToken')
    const { structured } = await assistant.call('car_count_asset_jobs', args, 'json')
    expect(structured.rows).toEqual([{ count: list.returned }])
  },
)
