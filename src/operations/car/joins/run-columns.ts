import type { Input, Operation } from '../../operation.ts'
import { type JoinedColumns, unjoined } from '../../reads/joined-columns.ts'
import type { Lists } from '../../reads/lists.ts'
import { searchAssets } from '../assets.ts'
import { hostUuidFields, platformOf } from '../hosts.ts'
import { jobList } from '../run-lists.ts'
import { searchSchedules } from '../schedules.ts'
import { searchScripts } from '../scripts.ts'
import { type Join, ListJoin } from './list-join.ts'
import type { OtherList } from './other-list.ts'
import { hostIds, hostOf, resultKeyFields, runOf, scriptOf } from './result-keys.ts'
import { runsBefore } from './run-period.ts'
import { scriptRunsOf } from './script-runs.ts'
import { firstId, idText, valueAt } from './values.ts'

// The columns that runs get from their scripts, and results per host from their runs, scripts and hosts.

const ownId = (row: Input): readonly string[] => firstId(row['id'])

const runs: OtherList = { list: jobList, noun: 'runs', idsOf: ownId, fields: ['id'] }
const scripts: OtherList = { list: searchScripts, noun: 'scripts', idsOf: ownId, fields: ['id'] }
const hosts: OtherList = {
  list: searchAssets,
  noun: 'hosts',
  idsOf: hostIds,
  fields: ['id', 'assetId', 'operatingSystem', ...hostUuidFields],
  // Records of sister modules show the operating system alone.
  read: (row, column) => (column === 'platform' ? platformOf(row) : valueAt(row, column)),
}
const schedules: OtherList = { list: searchSchedules, noun: 'schedules', idsOf: ownId, fields: ['id'] }

/** The columns that begin with a prefix, without it. */
const below = (prefix: string, columns: readonly string[]): readonly string[] =>
  columns.filter((column) => column.startsWith(`${prefix}.`)).map((column) => column.slice(prefix.length + 1))

/** The list and the field that hold the title behind an id, by the name of the column. */
const titleSources: Readonly<Record<string, readonly [other: OtherList, field: string]>> = {
  'script.title': [scripts, 'title'],
  'job.title': [runs, 'title'],
  'asset.name': [hosts, 'name'],
  schedulerName: [schedules, 'title'],
  'job.schedulerName': [schedules, 'title'],
}

/** The titles behind ids, in one lookup. */
async function findTitles(
  column: string,
  ids: readonly string[],
  lists: Lists<Operation>,
): Promise<ReadonlyMap<string, unknown>> {
  const source = titleSources[column]
  if (!source) return new Map()
  const [{ list }, field] = source
  const rows = await lists.find(list, ids)
  return new Map([...rows].map(([id, row]) => [id, valueAt(row, field)] as const))
}

const scriptJoin = (idsOf: Join['idsOf'], what: string): Join => ({
  prefix: 'script',
  other: scripts,
  idsOf,
  missing: { what },
})

/** What runs are counted by besides their own columns. */
export const runColumns: JoinedColumns<Operation> = {
  names: ['script.title', 'script.status', 'script.*'],
  keyFields: ['scriptId'],
  find: findTitles,
  load: async (columns, lists) => {
    const join = new ListJoin(
      scriptJoin(({ scriptId }) => firstId(scriptId), 'script'),
      'run',
      below('script', columns),
      lists,
    )
    return {
      prepare: (rows) => join.prepare(rows),
      value: (row, column) => join.value(row, column.slice('script.'.length)),
      notes: () => join.notes,
      samples: () => join.samples,
    }
  },
}

function runJoin(input: Input, readsScript: boolean): Join {
  const { jobId, scriptId } = input
  const only = idText(jobId)
  const advice =
    scriptId === undefined ? 'pass jobId or scriptId, by which Qualys filters them' : 'pass jobId'
  return {
    prefix: 'job',
    other: { ...runs, input: runsBefore(input), rows: scriptRunsOf(input) },
    alsoRead: readsScript ? ['scriptId'] : [],
    idsOf: (row) => (only === undefined ? runOf(row) : [only]),
    only,
    isOneOf: scriptId !== undefined,
    missing: { what: 'run', advice },
  }
}

/** What results per host are counted by besides their own columns. */
export const resultColumns: JoinedColumns<Operation> = {
  names: [
    ...['job.platform', 'job.scriptId', 'job.executionType', 'job.schedulerName', 'job.*'],
    ...['script.title', 'script.*', 'asset.operatingSystem', 'asset.platform', 'asset.*'],
  ],
  keyFields: resultKeyFields,
  find: findTitles,
  load: async (columns, lists, input) => {
    const ofScript = below('script', columns)
    const run = new ListJoin(runJoin(input, ofScript.length > 0), 'result', below('job', columns), lists)
    const given = idText(input['scriptId'])
    const scriptIds = (row: Input): readonly string[] => {
      const named = given === undefined ? scriptOf(row) : [given]
      if (named.length > 0) return named
      const found = run.find(row, 'scriptId')
      return found === unjoined ? [] : firstId(found)
    }
    const script = new ListJoin(
      scriptJoin(scriptIds, `script, nor a run that ${jobList.name} shows`),
      'result',
      ofScript,
      lists,
    )
    const host: Join = { prefix: 'asset', other: hosts, idsOf: hostOf, missing: { what: 'host' } }
    const asset = new ListJoin(host, 'result', below('asset', columns), lists)
    const joins: Readonly<Record<string, ListJoin>> = { job: run, script, asset }
    /** True for a result whose script only its run shows. */
    const needsRun = (row: Input): boolean =>
      given === undefined &&
      scriptOf(row).length === 0 &&
      (input['jobId'] !== undefined || runOf(row).length > 0)
    return {
      prepare: async (rows) => {
        if (ofScript.length > 0 && rows.some(needsRun)) await run.read()
        for (const join of [run, script, asset]) await join.prepare(rows)
      },
      value: (row, column) => {
        const [prefix = ''] = column.split('.', 1)
        return joins[prefix]?.value(row, column.slice(prefix.length + 1)) ?? undefined
      },
      notes: () => [run, script, asset].flatMap(({ notes }) => notes),
      samples: () => [run, script, asset].flatMap(({ samples }) => samples),
    }
  },
}
