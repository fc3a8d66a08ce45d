import { byColumn, byTime, valueAt } from './brute-force.ts'
import { buckets, type Case, createdAt, createdBetween, equals, matches } from './comparison.ts'

// Counts of runs, each with the same count by brute force.

const columns = ['id', 'title', 'scriptId', 'platform', 'executionType', 'test']

/** `backups`: ids of the scripts with that title. */
export const jobCases = (backups: ReadonlySet<unknown>): readonly Case[] => [
  { args: {} },
  { args: { groupBy: [] } },
  { args: { filter: 'platform:WINDOWS' }, keep: equals('platform', 'WINDOWS') },
  { args: { groupBy: ['platform'] }, by: [byColumn('platform')] },
  { args: { groupBy: 'executionType' }, by: [byColumn('executionType')] },
  { args: { groupBy: ['scriptId'] }, by: [byColumn('scriptId')] },
  { args: { groupBy: ['test', 'severity'] }, by: [byColumn('test'), byColumn('severity')] },
  { args: { groupBy: ['schedulerName'] }, by: [byColumn('schedulerName')] },
  { args: { groupBy: ['category.name'] }, by: [byColumn('category.name')] },
  { args: { groupBy: ['category.id', 'platform'] }, by: [byColumn('category.id'), byColumn('platform')] },
  {
    args: { groupBy: ['category'] },
    by: [(row) => `${valueAt(row, 'category.name')} (${valueAt(row, 'category.id')})`],
  },
  { args: { groupBy: ['customerUuid'] }, by: [byColumn('customerUuid')] },
  { args: { groupBy: ['id'] }, by: [byColumn('id')] },
  ...buckets.map((bucket) => ({
    args: { groupBy: [`created.dateTime:${bucket}`] },
    by: [byTime('created.dateTime', bucket)],
  })),
  { args: { groupBy: ['updatedDateTime:week'] }, by: [byTime('updatedDateTime', 'week')] },
  {
    args: { groupBy: ['platform', 'executionType', 'created.dateTime:month'] },
    by: [byColumn('platform'), byColumn('executionType'), byTime('created.dateTime', 'month')],
  },
  {
    args: { groupBy: ['created.dateTime:week', 'platform'], startAt: '2025-12-20', endAt: '2026-01-12' },
    keep: createdBetween('2025-12-20T00:00Z', '2026-01-12T23:59:59.999Z'),
    by: [byTime('created.dateTime', 'week'), byColumn('platform')],
  },
  {
    args: { filter: 'platform:LINUX AND executionType:Manual', groupBy: ['scriptType'] },
    keep: (row) => row['platform'] === 'LINUX' && row['executionType'] === 'Manual',
    by: [byColumn('scriptType')],
  },
  {
    args: { filter: 'NOT platform:WINDOWS', groupBy: ['platform', 'created.dateTime:month'] },
    keep: (row) => row['platform'] !== 'WINDOWS',
    by: [byColumn('platform'), byTime('created.dateTime', 'month')],
  },
  {
    args: { filter: 'test:true OR severity>3', groupBy: ['severity', 'test'] },
    keep: (row) => row['test'] === true || Number(row['severity']) > 3,
    by: [byColumn('severity'), byColumn('test')],
  },
  {
    args: { scriptId: 19218, groupBy: ['executionType'] },
    keep: equals('scriptId', 19218),
    by: [byColumn('executionType')],
  },
  {
    args: { scriptName: 'backup', groupBy: ['scriptId', 'created.dateTime:month'] },
    keep: ({ scriptId }) => backups.has(scriptId),
    by: [byColumn('scriptId'), byTime('created.dateTime', 'month')],
  },
  {
    args: { scriptName: 'backup', filter: 'executionType:Automated OR test:true' },
    keep: (row) =>
      backups.has(row['scriptId']) && (row['executionType'] === 'Automated' || row['test'] === true),
  },
  {
    args: { startAt: '2026-06-01T12:30:00+02:00', groupBy: ['platform'] },
    keep: createdBetween('2026-06-01T10:30Z'),
    by: [byColumn('platform')],
  },
  { args: { endAt: '2024-02-29' }, keep: createdBetween('2000-01-01T00:00Z', '2024-02-29T23:59:59.999Z') },
  {
    args: { match: 'linux manual' },
    keep: (row) => matches(row, columns, 'linux', 'manual'),
  },
  {
    args: { match: 'Bitlocker', groupBy: ['created.dateTime:week'] },
    keep: (row) => matches(row, columns, 'bitlocker'),
    by: [byTime('created.dateTime', 'week')],
  },
  {
    args: { match: '2026', filter: 'platform:MAC', groupBy: ['title'] },
    keep: (row) =>
      row['platform'] === 'MAC' &&
      (matches(row, columns, '2026') || new Date(createdAt(row)).getUTCFullYear() === 2026),
    by: [byColumn('title')],
  },
  { args: { filter: 'platform:BEOS', groupBy: ['platform'] }, keep: () => false, by: [byColumn('platform')] },
]
