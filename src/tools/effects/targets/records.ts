import { searchBlockedCommands } from '../../../operations/car/guardrails.ts'
import { outcomeOf } from '../../../operations/car/outcomes.ts'
import { listReports } from '../../../operations/car/reports.ts'
import { searchAssetJobs } from '../../../operations/car/runs.ts'
import { listScriptLanguages, listScriptTypes } from '../../../operations/car/scripts.ts'
import type { CarEffectTargets } from '../../../operations/effects/effect-targets.ts'
import type { Operation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError } from '../../../shared/errors.ts'
import { isId, isObject } from '../../../shared/json.ts'
import { type LookupContext, readList, type Target, toTarget, tryLookUp } from './lookup.ts'

/** Objects that an effect names by id and that no limit concerns: how they are looked up and shown. */
interface RecordKind {
  readonly noun: string
  readonly list: Operation
  /** The field that holds the id that inputs take. */
  readonly idField: string
  /** What a person tells them by: each with its label. */
  readonly columns: readonly (readonly [label: string, read: (row: Row) => unknown])[]
  /** The filter that asks for ids, if the list is too long to be read. No page documents it. */
  readonly filter?: (ids: readonly string[]) => string
  /** True if it only says what the target is of: the call itself refuses an unknown id. */
  readonly isBeside?: true
}

/** Reads the value at a dotted path. */
const at =
  (path: string) =>
  (row: Row): unknown =>
    path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), row)

const named = [
  ['name', at('name')],
  ['platform', at('platform')],
] as const

/** By the name that operations use for them. */
export const recordKinds = {
  commandSets: {
    noun: 'command set',
    list: searchBlockedCommands,
    idField: 'commandId',
    columns: [
      ['language', at('language')],
      ['platform', at('platform')],
    ],
  },
  reports: {
    noun: 'report',
    list: listReports,
    idField: 'fileUuid',
    columns: [
      ['name', at('reportName')],
      ['state', at('status')],
      ['format', at('fileFormat')],
      ['created', at('createdAt')],
      ['expires', at('expireOn')],
    ],
  },
  assetJobs: {
    noun: 'asset job',
    list: searchAssetJobs,
    idField: 'id',
    filter: (ids) => ids.map((id) => `id:${id}`).join(' OR '),
    columns: [
      ['host', at('asset.name')],
      ['run', at('job.title')],
      ['created', at('created.dateTime')],
      ['end', at('endDate')],
      ['outcome', outcomeOf],
      ['state', at('status')],
      ['code', at('output.code')],
    ],
  },
  languages: { noun: 'language', list: listScriptLanguages, idField: 'id', columns: named, isBeside: true },
  scriptTypes: { noun: 'type', list: listScriptTypes, idField: 'id', columns: named, isBeside: true },
} as const satisfies Partial<Record<keyof CarEffectTargets, RecordKind>>

export type RecordKindName = keyof typeof recordKinds

/** The named objects of one kind, in the order of the call. */
export interface NamedRecords {
  readonly kind: RecordKindName
  readonly targets: readonly Target[]
}

export const kindOf = (name: RecordKindName): RecordKind => recordKinds[name]

/** A list that needs more requests is given up. */
const maxRequests = 20

/** What a list shows of some ids. */
interface Found {
  readonly rows: ReadonlyMap<string, Row>
  /** True if an id that is not in `rows` does not exist. */
  readonly isWhole: boolean
}

/** Reads the list itself, up to the last of the ids: a cached row may be older than the last change. */
async function findByReading(
  context: LookupContext,
  { list, idField, filter }: RecordKind,
  ids: readonly string[],
): Promise<Found> {
  const rows = new Map<string, Row>()
  let requests = 0
  let rowCount = 0
  let isWhole = filter === undefined
  for await (const batch of readList(context, list, filter ? { filter: filter(ids) } : {})) {
    rowCount += batch.rows.length
    for (const row of batch.rows) {
      const id = row[idField]
      if (!isId(id)) isWhole = false
      else if (ids.includes(String(id))) rows.set(String(id), row)
    }
    if (batch.resultLimit !== undefined || (batch.last && rowCount < (batch.total ?? 0))) isWhole = false
    if (rows.size === ids.length) break
    // A filter that Qualys ignores would show everything.
    const isOther = filter && batch.rows.some((row) => !ids.includes(String(row[idField])))
    if (isOther || (++requests >= maxRequests && !batch.last)) return { rows, isWhole: false }
  }
  return { rows, isWhole }
}

/**
 * The objects of one kind with these ids. Throws an InputError for an id that the whole list does not show; without
 * a row if the list cannot be read.
 */
async function lookUpKind(
  context: LookupContext,
  kind: RecordKind,
  ids: readonly string[],
): Promise<readonly Target[]> {
  const found = kind.isBeside
    ? await tryLookUp(context, async () => ({
        rows: await context.session.find(kind.list, ids, { signal: context.signal }),
        isWhole: false,
      }))
    : await tryLookUp(context, () => findByReading(context, kind, ids))
  const unknown = found?.isWhole && ids.find((id) => !found.rows.has(id))
  if (unknown)
    throw new InputError(
      `${kind.list.name} shows no ${kind.noun} ${unknown}.`,
      'Pass ids as that list shows them.',
    )
  return ids.map((id) => toTarget(context, id, found?.rows.get(id)))
}

/** Looks up what an effect names besides scripts, schedules, hosts and tags. */
export async function lookUpRecords(
  named: CarEffectTargets,
  context: LookupContext,
): Promise<readonly NamedRecords[]> {
  const found: NamedRecords[] = []
  for (const kind of Object.keys(recordKinds) as RecordKindName[]) {
    const ids = named[kind]
    if (ids) found.push({ kind, targets: await lookUpKind(context, recordKinds[kind], ids) })
  }
  return found
}
