import { searchAssets, searchAssetTags } from '../../../operations/car/assets.ts'
import { searchBlockedCommands } from '../../../operations/car/guardrails.ts'
import { getSchedule, searchSchedules } from '../../../operations/car/schedules.ts'
import { getScript, searchScripts } from '../../../operations/car/scripts.ts'
import type { CarEffectTargets } from '../../../operations/effects/effect-targets.ts'
import { isBareId } from '../../../operations/fields.ts'
import type { Operation } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError, QualysError } from '../../../shared/errors.ts'
import { isId, isObject } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import type { LookupContext, Target } from './lookup.ts'
import { readList, readRecord, readRows, toTarget, tryLookUp } from './lookup.ts'
import { kindOf, lookUpRecords, type NamedRecords } from './records.ts'

/** The CAR targets of an effect, looked up. */
export interface CarTargets {
  readonly product: 'car'
  /** As the operation names them. */
  readonly named: CarEffectTargets
  readonly scripts: readonly Target[]
  readonly schedules: readonly Target[]
  readonly assets: readonly Target[]
  readonly tags: readonly Target[]
  readonly excludedAssets: readonly Target[]
  /** What the stored schedule reaches; undefined for an effect on no schedule, or if its lists cannot be read. */
  readonly stored: StoredTargets | undefined
  readonly records: readonly NamedRecords[]
  /** Active schedules that run the changed scripts and so would run the new content; undefined if unknown. */
  readonly activeSchedules: readonly Target[] | undefined
}

/** The hosts and tags of a stored schedule. */
export interface StoredTargets {
  readonly assets: readonly Target[]
  readonly tags: readonly Target[]
  readonly excludedAssets: readonly Target[]
}

/** Looks up several lists of ids at once: an id that is not found is a target without a row. */
async function lookUpLists(
  context: LookupContext,
  list: Operation,
  ...lists: readonly (readonly string[])[]
): Promise<Target[][]> {
  const ids = [...new Set(lists.flat())]
  const rows = ids.length === 0 ? undefined : await tryLookUp(context, () => readRows(context, list, ids))
  return lists.map((one) => one.map((id) => toTarget(context, id, rows?.get(id))))
}

/**
 * Looks an object up by id (its path is a guess), then in the list. Throws an InputError if neither knows the
 * id. `checksId`: a record with another id is not accepted.
 */
async function lookUpById(
  context: LookupContext,
  get: Operation,
  list: Operation,
  id: string,
  checksId: boolean,
): Promise<Target> {
  const [idArgument = ''] = Object.keys(get.input)
  let refusal: InputError | undefined
  try {
    const record = await readRecord(context, get, { [idArgument]: id })
    if (record && (!checksId || String(record['id']) === id)) return toTarget(context, id, record)
  } catch (error) {
    context.signal.throwIfAborted()
    if (!(error instanceof QualysError)) throw error
    if (error instanceof InputError) refusal = error
  }
  const found = await tryLookUp(context, () => findInList(context, list, id))
  if (refusal && !found?.row) throw refusal
  return found ?? { id }
}

/** Reads the list itself: a cached row may be older than the last change. */
async function findInList(context: LookupContext, list: Operation, id: string): Promise<Target> {
  for await (const { rows } of readList(context, list)) {
    const row = rows.find((row) => String(row['id']) === id)
    if (row) return toTarget(context, id, row)
  }
  return { id }
}

/** The current state of a schedule. */
export function readSchedule(context: LookupContext, id: string): Promise<Target> {
  return lookUpById(context, getSchedule, searchSchedules, id, false)
}

/** The current state of a script. Its id is checked: a person must read what will run. */
const readScript = (context: LookupContext, id: string): Promise<Target> =>
  lookUpById(context, getScript, searchScripts, id, true)

/**
 * The ids of `[{id, …}]`, the form of a schedule's scripts and targets; undefined if there is no such list. `007` is
 * the id 7, as Qualys reads it.
 */
export function idsIn(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const ids = value.map((part: unknown) => (isObject(part) ? part['id'] : part))
  return ids.every(isId) ? ids.map((id) => String(id).replace(/^0+(?=\d+$)/, '')) : undefined
}

/** The same for what is stored, whose ids our sentences name; undefined if one could not be passed as an input. */
export function storedIdsIn(value: unknown): string[] | undefined {
  const ids = idsIn(value)
  return ids?.every(isBareId) ? ids : undefined
}

/** Maximum number of stored scripts of a schedule whose records are read: as many as one call names. */
const maxScriptsRead = 20

/** The ids in the lists of a stored schedule; null is an empty list, and a missing one is not known. */
export function storedIds(row: Row | undefined) {
  const idsOf = (name: string): string[] | undefined => (row?.[name] === null ? [] : storedIdsIn(row?.[name]))
  const assets = idsOf('assets')
  const tags = idsOf('assetTags')
  return assets && tags && { assets, tags, excludedAssets: idsOf('excludedAssets') ?? [] }
}

/** The ids of the scripts that the records of schedules show. */
export function scriptsOf(schedules: readonly Target[]): string[] {
  return [...new Set(schedules.flatMap(({ row }) => storedIdsIn(row?.['scripts']) ?? []))]
}

/**
 * Active schedules that run one of these scripts. Reads every row, since no filter for this is documented.
 */
async function findSchedulesRunning(
  context: LookupContext,
  scripts: readonly string[],
): Promise<Target[] | undefined> {
  return tryLookUp(context, async () => {
    const found: Target[] = []
    let count = 0
    let expectedCount: number | undefined
    for await (const { rows, total, resultLimit } of readList(context, searchSchedules)) {
      if (resultLimit !== undefined) return undefined
      count += rows.length
      expectedCount = total ?? expectedCount
      for (const row of rows) {
        const scriptIds = storedIdsIn(row['scripts'])
        if (!scriptIds?.length || !isBareId(row['id'])) return undefined
        const isActive = row['activate'] !== false
        if (isActive && scriptIds.some((id) => scripts.includes(id)))
          found.push(toTarget(context, String(row['id']), row))
      }
    }
    // Without a total it is unknown whether these were all rows.
    return expectedCount !== undefined && count >= expectedCount ? found : undefined
  })
}

/**
 * Throws an InputError for an id that is no number. In every sample of Qualys these ids are numbers; a name
 * would match nothing, or something else.
 */
function refuseNames(noun: string, ids: readonly string[], list: Operation): void {
  const name = ids.find((id) => !/^\d+$/.test(id))
  if (name === undefined) return
  throw new InputError(
    `${quotation(name)} is no id of a ${noun}.`,
    `Pass the number that ${list.name} shows (its match finds names).`,
  )
}

/** Looks up the CAR targets of an effect. `known`: its schedules, if they were read already. */
export async function lookUpCarTargets(
  named: CarEffectTargets,
  context: LookupContext,
  known?: readonly Target[],
): Promise<CarTargets> {
  const { scripts = [], schedules = [], assets = [], tags = [], excludedAssets = [] } = named
  // Some paths accept a title (clone_scripts.htm), which the operator's lists of script ids would not match.
  refuseNames('script', scripts, searchScripts)
  refuseNames('host', [...assets, ...excludedAssets], searchAssets)
  refuseNames('tag', tags, searchAssetTags)
  refuseNames('command set', named.commandSets ?? [], searchBlockedCommands)
  const scheduleTargets = [...(known ?? [])]
  for (const id of known ? [] : schedules) scheduleTargets.push(await readSchedule(context, id))
  const scriptTargets: Target[] = []
  // What a schedule has already is shown, and stops nothing if it is gone.
  const keptScripts = named.scripts ? (named.keepsScripts ? scripts : []) : scriptsOf(scheduleTargets)
  for (const id of named.keepsScripts ? [] : scripts) scriptTargets.push(await readScript(context, id))
  for (const id of keptScripts.slice(0, maxScriptsRead))
    scriptTargets.push((await tryLookUp(context, () => readScript(context, id))) ?? { id })
  const stored = storedIds(scheduleTargets[0]?.row)
  const [assetTargets = [], excludedTargets = [], storedAssets = [], storedExcluded = []] = await lookUpLists(
    context,
    searchAssets,
    ...[assets, excludedAssets, stored?.assets ?? [], stored?.excludedAssets ?? []],
  )
  const [tagTargets = [], storedTags = []] = await lookUpLists(
    context,
    searchAssetTags,
    ...[tags, stored?.tags ?? []],
  )
  return {
    product: 'car',
    named,
    scripts: scriptTargets,
    schedules: scheduleTargets,
    assets: assetTargets,
    tags: tagTargets,
    excludedAssets: excludedTargets,
    stored: stored && { assets: storedAssets, tags: storedTags, excludedAssets: storedExcluded },
    records: await lookUpRecords(named, context),
    activeSchedules: named.runsBySchedules ? await findSchedulesRunning(context, scripts) : [],
  }
}

/** The object that the effect changes, if there is only one. */
export function carSubjectOf({ scripts, schedules, records }: CarTargets): Target | undefined {
  const record = records.find(({ kind }) => !kindOf(kind).isBeside)
  // The scripts of a schedule are looked up beside it.
  return schedules[0] ?? scripts[0] ?? record?.targets[0]
}

const idsOf = (targets: readonly Target[]): string[] => targets.map(({ id }) => id).sort()

/** What an approval is bound to besides the preview: every object by id, and what runs or falls. */
export function carFingerprintOf(targets: CarTargets, members: readonly Target[]): unknown {
  const { scripts, schedules, assets, tags, excludedAssets, stored, records, activeSchedules } = targets
  return [
    ...[schedules, assets, tags, excludedAssets, members, activeSchedules ?? []].map(idsOf),
    stored && [stored.assets, stored.tags, stored.excludedAssets].map(idsOf),
    scripts.map(({ id, raw }) => [id, raw?.['content']]),
    [...schedules, ...(activeSchedules ?? [])].map(({ raw }) => [raw?.['scripts'], raw?.['recurrence']]),
    records.map(({ kind, targets }) => [kind, targets.map(({ id, raw }) => [id, raw?.['commands']])]),
  ]
}
