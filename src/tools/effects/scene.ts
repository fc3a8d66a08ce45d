import { searchAssets, searchAssetTags } from '../../operations/car/assets.ts'
import { getSchedule, searchSchedules } from '../../operations/car/schedules.ts'
import { getScript, searchScripts } from '../../operations/car/scripts.ts'
import type { Operation, Touched } from '../../operations/operation.ts'
import { redacted } from '../../secrets.ts'
import { InputError, QualysError } from '../../session/errors.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { quotation } from '../../session/untrusted.ts'
import type { Running } from '../tool.ts'

/** Something an effect touches, with what Qualys shows of it; without a row where it could not be looked up. */
export interface Seen {
  readonly id: string
  readonly row?: Row
  /** As Qualys sent it: for comparing, never for showing. */
  readonly raw?: Row
}

/** Everything an effect touches, looked up. */
export interface Scene {
  readonly scripts: readonly Seen[]
  readonly schedules: readonly Seen[]
  readonly assets: readonly Seen[]
  readonly tags: readonly Seen[]
  readonly excludedAssets: readonly Seen[]
  /** Active schedules that run the touched scripts, where new content would run with them; undefined when unknown. */
  readonly through: readonly Seen[] | undefined
}

export type Look = Pick<Running, 'session' | 'signal'>

/** Redacted before anything is quoted or clipped: half a secret is still one. */
export function seen({ session }: Look, id: string, row: Row | undefined): Seen {
  return { id, ...(row && { row: redacted(row, session.redact), raw: row }) }
}

/** What a look-up finds, or nothing: a preview says "not found", it does not fail. A cancelled call does. */
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

/** By id where that works (its path is a guess), else among the rows of the list. An id that both deny is an input error. */
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

/** Another script's record is none of this one: what a person reads is what runs. */
const answersTo = (get: Operation, id: string, record: Row): boolean =>
  get !== getScript || String(record['id']) === id

/** Fresh from the list: what was seen minutes ago may be what an effect has changed since. */
async function amongRows(look: Look, list: Operation, id: string): Promise<Seen> {
  for await (const { rows } of look.session.walk(list, {}, { signal: look.signal })) {
    const row = rows.find((row) => String(row['id']) === id)
    if (row) return seen(look, id, row)
  }
  return { id }
}

/** A schedule as Qualys holds it now. */
export function scheduleNow(look: Look, id: string): Promise<Seen> {
  return one(look, getSchedule, searchSchedules, id)
}

/** The ids of `[{id, …}]`, as schedules hold scripts and targets; undefined where there is no such list. */
export function idsIn(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined
  const ids = value.map((part: unknown) => (isObject(part) ? part['id'] : part))
  return ids.every((id) => typeof id === 'string' || typeof id === 'number') ? ids.map(String) : undefined
}

const mostScripts = 20

/** The scripts that schedules hold, as far as their records show them. */
export function scriptsOf(schedules: readonly Seen[]): string[] {
  return [...new Set(schedules.flatMap(({ row }) => idsIn(row?.['scripts']) ?? []))]
}

/** Active schedules that run one of these scripts. Every row is looked at, for the token that would filter is not public. */
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
    // Without a number to hold it against, nobody knows whether that was all.
    return all !== undefined && count >= all ? found : undefined
  })
}

/** In every sample of Qualys' these ids are numbers; a name in their place matches nothing, or something else. */
function refuseNames(noun: string, ids: readonly string[], list: Operation): void {
  const name = ids.find((id) => !/^\d+$/.test(id))
  if (name === undefined) return
  throw new InputError(
    `${quotation(name)} is no id of a ${noun}.`,
    `Pass the number that ${list.name} shows (its match finds names).`,
  )
}

/** Looks up what an effect touches. */
export async function survey(touched: Touched, look: Look): Promise<Scene> {
  const { scripts = [], schedules = [], assets = [], tags = [], excludedAssets = [] } = touched
  // Some paths take a title as well (clone_scripts.htm), by which no list of ids knows the script.
  refuseNames('script', scripts, searchScripts)
  refuseNames('host', [...assets, ...excludedAssets], searchAssets)
  refuseNames('tag', tags, searchAssetTags)
  const seenSchedules: Seen[] = []
  for (const id of schedules) seenSchedules.push(await scheduleNow(look, id))
  const seenScripts: Seen[] = []
  for (const id of scripts) seenScripts.push(await one(look, getScript, searchScripts, id))
  // Of a schedule that is switched on or off, a person wants to know what it runs.
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
