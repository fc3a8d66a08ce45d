import type { Control } from '../sandbox.ts'
import { byColumn, byOutcome, byTime, type Fact, valueAt } from './brute-force.ts'
import { type Case, createdBetween, equals } from './comparison.ts'

// Counts by what other lists hold, each with the same count by brute force.

/** Rows by an id. */
const byId = (rows: readonly Fact[]): ReadonlyMap<string, Fact> =>
  new Map(rows.map((row) => [String(row['id']), row]))

/** Results per host, each with its run, its script and its host. */
export async function joinedResults(control: Control): Promise<readonly Fact[]> {
  const [results, runs, scripts, hosts] = await Promise.all(
    ['assetjobs', 'jobs', 'scripts', 'assets'].map((name) => control.dump(name)),
  )
  const [runById, scriptById, hostById] = [runs, scripts, hosts].map((rows) => byId(rows ?? []))
  return (results ?? []).map((row) => ({
    ...row,
    ofRun: runById?.get(String(valueAt(row, 'job.id'))),
    ofScript: scriptById?.get(String(valueAt(row, 'script.id'))),
    ofHost: hostById?.get(String(valueAt(row, 'asset.id'))),
  }))
}

/** Runs, each with its script. */
export async function joinedRuns(control: Control): Promise<readonly Fact[]> {
  const [runs, scripts] = await Promise.all(['jobs', 'scripts'].map((name) => control.dump(name)))
  const scriptById = byId(scripts ?? [])
  return (runs ?? []).map((row) => ({ ...row, ofScript: scriptById.get(String(row['scriptId'])) }))
}

const year = { startAt: '2025-11-01', endAt: '2026-10-31' }
const inYear = createdBetween('2025-11-01T00:00Z', '2026-10-31T23:59:59.999Z')

export const resultCases: readonly Case[] = [
  { args: { groupBy: ['job.platform', 'outcome'] }, by: [byColumn('ofRun.platform'), byOutcome] },
  {
    args: { groupBy: ['job.platform', 'outcome'], ...year },
    keep: inYear,
    by: [byColumn('ofRun.platform'), byOutcome],
  },
  { args: { groupBy: ['job.executionType'] }, by: [byColumn('ofRun.executionType')] },
  { args: { groupBy: ['job.scriptId'] }, by: [byColumn('ofRun.scriptId')] },
  { args: { groupBy: ['job.schedulerName'] }, by: [byColumn('ofRun.schedulerName')] },
  { args: { groupBy: ['job.category.name'] }, by: [byColumn('ofRun.category.name')] },
  { args: { groupBy: ['job.created.dateTime:month'] }, by: [byTime('ofRun.created.dateTime', 'month')] },
  { args: { groupBy: ['job.title'] }, by: [byColumn('job.title')] },
  { args: { groupBy: ['script.title'] }, by: [byColumn('ofScript.title')] },
  {
    args: { groupBy: ['script.status', 'script.severity'] },
    by: [byColumn('ofScript.status'), byColumn('ofScript.severity')],
  },
  {
    args: { groupBy: ['asset.operatingSystem'], outcome: 'failed', ...year },
    keep: (row) => inYear(row) && byOutcome(row) === 'failed',
    by: [byColumn('ofHost.operatingSystem')],
  },
  { args: { groupBy: ['asset.platform'] }, by: [byColumn('ofHost.platform')] },
  { args: { groupBy: ['asset.name'] }, by: [byColumn('asset.name')] },
  { args: { groupBy: ['asset.id'] }, by: [byColumn('asset.id')] },
  {
    args: { groupBy: ['job.platform', 'outcome', 'asset.operatingSystem'] },
    by: [byColumn('ofRun.platform'), byOutcome, byColumn('ofHost.operatingSystem')],
  },
  {
    args: { groupBy: ['job.platform', 'job.executionType', 'outcome', 'created.dateTime:month'] },
    by: [
      byColumn('ofRun.platform'),
      byColumn('ofRun.executionType'),
      byOutcome,
      byTime('created.dateTime', 'month'),
    ],
  },
]

export const runCases: readonly Case[] = [
  { args: { groupBy: ['script.status'] }, by: [byColumn('ofScript.status')] },
  {
    args: { groupBy: ['script.title', 'executionType'] },
    by: [byColumn('ofScript.title'), byColumn('executionType')],
  },
  {
    args: { groupBy: ['script.languageName', 'platform', 'test', 'created.dateTime:month'] },
    by: [
      byColumn('ofScript.languageName'),
      byColumn('platform'),
      byColumn('test'),
      byTime('created.dateTime', 'month'),
    ],
  },
]

/** Counts with a script or a host as an input; `script` and `host` have results. */
export const inputCases = (script: string, host: string): readonly Case[] => [
  { args: { scriptId: script }, keep: equals('script.id', Number(script)) },
  {
    args: { scriptId: script, groupBy: ['outcome', 'job.platform'], startAt: '2026-11-01' },
    keep: (row) => createdBetween('2026-11-01T00:00Z')(row) && valueAt(row, 'script.id') === Number(script),
    by: [byOutcome, byColumn('ofRun.platform')],
  },
  {
    args: { assetId: host, groupBy: ['script.title'] },
    keep: equals('asset.id', Number(host)),
    by: [byColumn('ofScript.title')],
  },
  {
    args: { assetId: host, scriptId: script },
    keep: (row) => valueAt(row, 'asset.id') === Number(host) && valueAt(row, 'script.id') === Number(script),
  },
]
