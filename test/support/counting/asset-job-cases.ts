import { between, buckets, type Case, has, is } from './compared.ts'
import { at, column, type Fact, outcome, time, wordsOf } from './truth.ts'

// Counts of results per host, each with the same by brute force.

const columns = ['id', 'asset.name', 'output.code', 'output.text', 'job.id']
const ended = ({ outcome }: Fact): boolean => outcome !== 'open'

export const assetJobCases: readonly Case[] = [
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
export const casesOfRun = (newest: string): readonly Case[] => [
  {
    args: { jobId: newest, groupBy: ['outcome', 'output.code'] },
    keep: is('job.id', newest),
    by: [outcome, column('output.code')],
  },
  {
    args: { jobId: newest, outcome: 'failed' },
    keep: (row) => at(row, 'job.id') === newest && outcome(row) === 'failed',
  },
  {
    args: { jobId: newest, filter: 'output.code:0 OR output.code:5', groupBy: ['asset.name'] },
    keep: (row) => at(row, 'job.id') === newest && [0, 5].includes(Number(at(row, 'output.code') ?? -1)),
    by: [column('asset.name')],
  },
]
