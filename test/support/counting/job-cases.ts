import { between, buckets, type Case, created, has, is } from './compared.ts'
import { at, column, time } from './truth.ts'

// Counts of runs, each with the same by brute force.

const columns = ['id', 'title', 'scriptId', 'platform', 'executionType', 'test']

/** `backups`: ids of the scripts that are titled so. */
export const jobCases = (backups: ReadonlySet<unknown>): readonly Case[] => [
  { args: {} },
  { args: { groupBy: [] } },
  { args: { filter: 'platform:WINDOWS' }, keep: is('platform', 'WINDOWS') },
  { args: { groupBy: ['platform'] }, by: [column('platform')] },
  { args: { groupBy: 'executionType' }, by: [column('executionType')] },
  { args: { groupBy: ['scriptId'] }, by: [column('scriptId')] },
  { args: { groupBy: ['test', 'severity'] }, by: [column('test'), column('severity')] },
  { args: { groupBy: ['schedulerName'] }, by: [column('schedulerName')] },
  { args: { groupBy: ['category.name'] }, by: [column('category.name')] },
  { args: { groupBy: ['category.id', 'platform'] }, by: [column('category.id'), column('platform')] },
  {
    args: { groupBy: ['category'] },
    by: [(row) => `${at(row, 'category.name')} (${at(row, 'category.id')})`],
  },
  { args: { groupBy: ['customerUuid'] }, by: [column('customerUuid')] },
  { args: { groupBy: ['id'] }, by: [column('id')] },
  ...buckets.map((bucket) => ({
    args: { groupBy: [`created.dateTime:${bucket}`] },
    by: [time('created.dateTime', bucket)],
  })),
  { args: { groupBy: ['updatedDateTime:week'] }, by: [time('updatedDateTime', 'week')] },
  {
    args: { groupBy: ['platform', 'executionType', 'created.dateTime:month'] },
    by: [column('platform'), column('executionType'), time('created.dateTime', 'month')],
  },
  {
    args: { groupBy: ['created.dateTime:week', 'platform'], startAt: '2025-12-20', endAt: '2026-01-12' },
    keep: between('2025-12-20T00:00Z', '2026-01-12T23:59:59.999Z'),
    by: [time('created.dateTime', 'week'), column('platform')],
  },
  {
    args: { filter: 'platform:LINUX AND executionType:Manual', groupBy: ['scriptType'] },
    keep: (row) => row['platform'] === 'LINUX' && row['executionType'] === 'Manual',
    by: [column('scriptType')],
  },
  {
    args: { filter: 'NOT platform:WINDOWS', groupBy: ['platform', 'created.dateTime:month'] },
    keep: (row) => row['platform'] !== 'WINDOWS',
    by: [column('platform'), time('created.dateTime', 'month')],
  },
  {
    args: { filter: 'test:true OR severity>3', groupBy: ['severity', 'test'] },
    keep: (row) => row['test'] === true || Number(row['severity']) > 3,
    by: [column('severity'), column('test')],
  },
  {
    args: { scriptId: 19218, groupBy: ['executionType'] },
    keep: is('scriptId', 19218),
    by: [column('executionType')],
  },
  {
    args: { scriptName: 'backup', groupBy: ['scriptId', 'created.dateTime:month'] },
    keep: ({ scriptId }) => backups.has(scriptId),
    by: [column('scriptId'), time('created.dateTime', 'month')],
  },
  {
    args: { scriptName: 'backup', filter: 'executionType:Automated OR test:true' },
    keep: (row) =>
      backups.has(row['scriptId']) && (row['executionType'] === 'Automated' || row['test'] === true),
  },
  {
    args: { startAt: '2026-06-01T12:30:00+02:00', groupBy: ['platform'] },
    keep: between('2026-06-01T10:30Z'),
    by: [column('platform')],
  },
  { args: { endAt: '2024-02-29' }, keep: between('2000-01-01T00:00Z', '2024-02-29T23:59:59.999Z') },
  {
    args: { match: 'linux manual' },
    keep: (row) => has(row, columns, 'linux', 'manual'),
  },
  {
    args: { match: 'Bitlocker', groupBy: ['created.dateTime:week'] },
    keep: (row) => has(row, columns, 'bitlocker'),
    by: [time('created.dateTime', 'week')],
  },
  {
    args: { match: '2026', filter: 'platform:MAC', groupBy: ['title'] },
    keep: (row) =>
      row['platform'] === 'MAC' &&
      (has(row, columns, '2026') || new Date(created(row)).getUTCFullYear() === 2026),
    by: [column('title')],
  },
  { args: { filter: 'platform:BEOS', groupBy: ['platform'] }, keep: () => false, by: [column('platform')] },
]
