import { searchAssets, searchAssetTags } from '../../../operations/car/assets.ts'
import { getSchedule, searchSchedules } from '../../../operations/car/schedules.ts'
import { getScript, searchScripts } from '../../../operations/car/scripts.ts'
import type { Operation, Touched } from '../../../operations/operation.ts'
import type { Row } from '../../../session/answer.ts'
import { InputError, QualysError } from '../../../shared/errors.ts'
import { isObject } from '../../../shared/json.ts'
import { quotation } from '../../../shared/safe-text.ts'
import { redacted } from '../../../shared/secrets.ts'
import type { Running } from '../../tool.ts'

/** One target of an effect, and its row at Qualys; without a row if it could not be looked up. */
export interface Seen {
  readonly id: string
  readonly row?: Row
  /** As Qualys sent it: for comparison, never for display. */
  readonly raw?: Row
}

/** The CAR targets of an effect, looked up. */
export interface Scene {
  readonly scripts: readonly Seen[]
  readonly schedules: readonly Seen[]
  readonly assets: readonly Seen[]
  readonly tags: readonly Seen[]
  readonly excludedAssets: readonly Seen[]
  /** Active schedules that run the changed scripts and so would run the new content; undefined if unknown. */
  readonly through: readonly Seen[] | undefined
}

export type Look = Pick<Running, 'session' | 'signal'>

/** Redacts before anything is quoted or clipped: half a secret is still a secret. */
export function seen({ session }: Look, id: string, row: Row | undefined): Seen {
  return { id, ...(row && { row: redacted(row, session.redact), raw: row }) }
}

/**
 * The result of a lookup, or undefined if it fails: a preview then says "not found". Throws if the call is
 * cancelled.
 */
export async function orNothing<T>(look: Look, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    look.signal.throwIfAborted()
    if (error instanceof QualysError) return undefined
    throw error
  }
}

async function listed(look: Look, list: Operation, ids: readonly string[]): Promise<Seen[]> {
  if (ids.length === 0) return []
  const rows = await orNothing(look, () => look.session.find(list, ids, { signal: look.signal }, true))
  return ids.map((id) => seen(look, id, rows?.get(id)))
}

/**
 * Looks an object up by id (its path is a guess), then in the list. Throws an InputError if neither knows the
 * id.
 */
async function one(look: Look, get: Operation, list: Operation, id: string): Promise<Seen> {
  const [hole = ''] = Object.keys(get.input)
  let denial: InputError | undefined
  try {
    const answer = await look.session.call(get, { [hole]: id }, { signal: look.signal })
    if (answer.kind === 'record' && answersTo(get, id, answer.record)) return seen(look, id, answer.record)
  } catch (error) {
    look.signal.throwIfAborted()
    if (!(error instanceof QualysError)) throw error
    if (error instanceof InputError) denial = error
  }
  const found = await orNothing(look, () => amongRows(look, list, id))
  if (denial && !found?.row) throw denial
  return found ?? { id }
}

/** A record with another id is not accepted for a script: a person must read what will run. */
const answersTo = (get: Operation, id: string, record: Row): boolean =>
  get !== getScript || String(record['id']) === id

/** Always from the list: a cached row may be older than the last change. */
async function amongRows(look: Look, list: Operation, id: string): Promise<Seen> {
  for await (const { rows } of look.session.walk(list, {}, { signal: look.signal })) {
    const row = rows.find((row) => String(row['id']) === id)
    if (row) return seen(look, id, row)
  }
  return { id }
}

/** The current state of a schedule. */
export function scheduleNow(look: Look, id: string): Promise<Seen> {
  return one(look, getSchedule, searchSchedules, id)
}

/**
 * The ids of `[{id, …}]`, the form of a schedule's scripts and targets; undefined if there is no such list.
 */
export function idsIn(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const ids = value.map((part: unknown) => (isObject(part) ? part['id'] : part))
  return ids.every((id) => typeof id === 'string' || typeof id === 'number') ? ids.map(String) : undefined
}

const mostScripts = 20

/** The scripts in the records of schedules, as far as they show them. */
export function scriptsOf(schedules: readonly Seen[]): string[] {
  return [...new Set(schedules.flatMap(({ row }) => idsIn(row?.['scripts']) ?? []))]
}

/**
 * Active schedules that run one of these scripts. Reads every row, since no filter for this is documented.
 */
async function schedulesRunning(look: Look, scripts: readonly string[]): Promise<Seen[] | undefined> {
  return orNothing(look, async () => {
    const found: Seen[] = []
    let count = 0
    let all: number | undefined
    for await (const { rows, total, wall } of look.session.walk(
      searchSchedules,
      {},
      { signal: look.signal },
    )) {
      if (wall !== undefined) return undefined
      count += rows.length
      all = total ?? all
      for (const row of rows) {
        const run = idsIn(row['scripts'])
        if (!run?.length) return undefined
        const active = row['activate'] !== false
        if (active && run.some((id) => scripts.includes(id))) found.push(seen(look, String(row['id']), row))
      }
    }
    // Without a total it is unknown whether these were all rows.
    return all !== undefined && count >= all ? found : undefined
  })
}

/** In every sample of Qualys these ids are numbers. A name would match nothing, or something else. */
function refuseNames(noun: string, ids: readonly string[], list: Operation): void {
  const name = ids.find((id) => !/^\d+$/.test(id))
  if (name === undefined) return
  throw new InputError(
    `${quotation(name)} is no id of a ${noun}.`,
    `Pass the number that ${list.name} shows (its match finds names).`,
  )
}

/** Looks up the CAR targets of an effect. */
export async function survey(touched: Touched, look: Look): Promise<Scene> {
  const { scripts = [], schedules = [], assets = [], tags = [], excludedAssets = [] } = touched
  // Some paths accept a title (clone_scripts.htm), which the operator's lists of script ids would not match.
  refuseNames('script', scripts, searchScripts)
  refuseNames('host', [...assets, ...excludedAssets], searchAssets)
  refuseNames('tag', tags, searchAssetTags)
  const seenSchedules: Seen[] = []
  for (const id of schedules) seenSchedules.push(await scheduleNow(look, id))
  const seenScripts: Seen[] = []
  for (const id of scripts) seenScripts.push(await one(look, getScript, searchScripts, id))
  // For a schedule that is switched on or off, the preview shows what it runs.
  for (const id of touched.scripts ? [] : scriptsOf(seenSchedules).slice(0, mostScripts))
    seenScripts.push((await orNothing(look, () => one(look, getScript, searchScripts, id))) ?? { id })
  return {
    scripts: seenScripts,
    schedules: seenSchedules,
    assets: await listed(look, searchAssets, assets),
    tags: await listed(look, searchAssetTags, tags),
    excludedAssets: await listed(look, searchAssets, excludedAssets),
    through: touched.throughSchedules ? await schedulesRunning(look, scripts) : [],
  }
}
