import { byColumn, byOutcome, byTime, type Fact, valueAt, wordsOf } from './brute-force.ts'
import { buckets, type Case, createdBetween, equals, matches } from './comparison.ts'

// Counts of results per host, each with the same count by brute force.

const columns = ['id', 'asset.name', 'output.code', 'output.text', 'job.id']
const ended = ({ outcome }: Fact): boolean => outcome !== 'open'

export const assetJobCases: readonly Case[] = [
  { args: {} },
  { args: { groupBy: ['outcome'] }, by: [byOutcome] },
  { args: { groupBy: ['output.code'] }, by: [byColumn('output.code')] },
  {
    args: { groupBy: ['output.code', 'output.text'] },
    by: [byColumn('output.code'), byColumn('output.text')],
  },
  { args: { groupBy: ['asset.name'] }, by: [byColumn('asset.name')] },
  { args: { groupBy: ['job.id'] }, by: [byColumn('job.id')] },
  {
    args: { groupBy: ['script.id', 'outcome', 'created.dateTime:month'] },
    by: [byColumn('script.id'), byOutcome, byTime('created.dateTime', 'month')],
  },
  ...buckets.map((bucket) => ({
    args: { groupBy: [`endDate:${bucket}`] },
    by: [byTime('enddate', bucket)],
  })),
  { args: { outcome: 'succeeded' }, keep: (row) => byOutcome(row) === 'succeeded' },
  {
    args: { outcome: 'failed', groupBy: ['output.text'] },
    keep: (row) => byOutcome(row) === 'failed',
    by: [byColumn('output.text')],
  },
  {
    args: { outcome: 'open', groupBy: ['job.title', 'asset.name'] },
    keep: (row) => byOutcome(row) === 'open',
    by: [byColumn('job.title'), byColumn('asset.name')],
  },
  {
    args: { filter: 'output.code>=2', groupBy: ['outcome', 'output.code'] },
    keep: (row) => Number(valueAt(row, 'output.code')) >= 2,
    by: [byOutcome, byColumn('output.code')],
  },
  {
    args: { filter: 'asset.name:ws*', outcome: 'failed', groupBy: ['created.dateTime:day'] },
    keep: (row) =>
      wordsOf(valueAt(row, 'asset.name')).some((word) => word.startsWith('ws')) &&
      byOutcome(row) === 'failed',
    by: [byTime('created.dateTime', 'day')],
  },
  {
    args: { startAt: '2026-11-01', endAt: '2026-11-19', groupBy: ['created.dateTime:hour', 'outcome'] },
    keep: createdBetween('2026-11-01T00:00Z', '2026-11-19T23:59:59.999Z'),
    by: [byTime('created.dateTime', 'hour'), byOutcome],
  },
  {
    args: { match: 'denied', groupBy: ['outcome', 'test'] },
    keep: (row) => ended(row) && matches(row, columns, 'denied'),
    by: [byOutcome, byColumn('test')],
  },
  {
    args: { match: 'timed out', outcome: 'failed', groupBy: 'output.text' },
    keep: (row) => matches(row, columns, 'timed', 'out'),
    by: [byColumn('output.text')],
  },
]

/** Results of the newest run, whose id only the sandbox knows. */
export const casesOfRun = (newest: string): readonly Case[] => [
  {
    args: { jobId: newest, groupBy: ['outcome', 'output.code'] },
    keep: equals('job.id', newest),
    by: [byOutcome, byColumn('output.code')],
  },
  {
    args: { jobId: newest, outcome: 'failed' },
    keep: (row) => valueAt(row, 'job.id') === newest && byOutcome(row) === 'failed',
  },
  {
    args: { jobId: newest, filter: 'output.code:0 OR output.code:5', groupBy: ['asset.name'] },
    keep: (row) =>
      valueAt(row, 'job.id') === newest && [0, 5].includes(Number(valueAt(row, 'output.code') ?? -1)),
    by: [byColumn('asset.name')],
  },
]
