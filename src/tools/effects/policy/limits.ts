import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Settings } from '../../../config/settings.ts'
import { getScript } from '../../../operations/car/scripts.ts'
import type { Effect, Operation, Touched } from '../../../operations/operation.ts'
import { SetupError } from '../../../shared/errors.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import type { Running } from '../../tool.ts'
import { idsIn, type Scene, type Seen, scriptsOf, survey } from '../targets/car-targets.ts'
import { type Hosts, hostsOf, type Targets, tagsOf } from '../targets/hosts.ts'

/** The error for a limit of the operator, which applies in every mode (design 7). */
function refused(why: string, next: string): SetupError {
  return new SetupError(`The operator’s limits forbid it: ${why}.`, next)
}

const askOperator = (setting: string): string =>
  `Choose other targets, or ask the operator to change ${setting}.`

/** Throws if a bulk call names more objects than QUALYS_MAX_BULK. */
export function checkBulk({ bulk = 0 }: Touched, { maxBulk }: Settings): void {
  if (bulk > maxBulk)
    throw refused(
      `this call names ${bulk.toLocaleString('en')} objects, and QUALYS_MAX_BULK is ${maxBulk}`,
      'Pass them in several calls, or ask the operator for a higher limit.',
    )
}

/** The script with its content as sent: a pinned hash covers the byte order mark and the encoding. */
const rawScript: Operation = {
  ...getScript,
  record: z.looseObject({ content: z.string() }),
}

async function contentHash({ session, signal }: Running, scriptId: string): Promise<string> {
  const answer = await session.call(rawScript, { scriptId }, { signal })
  const record = answer.kind === 'record' && String(answer.record['id']) === scriptId ? answer.record : {}
  const { content } = record
  return typeof content === 'string'
    ? createHash('sha256').update(Buffer.from(content, 'base64')).digest('hex')
    : ''
}

/**
 * Throws unless every script is allowed and, if pinned, has the pinned content. Tools cannot change an
 * allowed script.
 */
async function checkScripts(scripts: readonly string[], rewrites: boolean, running: Running): Promise<void> {
  const { allowedScripts } = running.configuration.settings
  if (!allowedScripts) return
  for (const id of scripts) {
    if (rewrites) {
      if (allowedScripts.has(id))
        throw refused(
          `script ${id} is one of QUALYS_ALLOWED_SCRIPTS, which no tool may change`,
          'Clone it and change the copy, or ask the operator.',
        )
      continue
    }
    if (!allowedScripts.has(id))
      throw refused(
        `script ${id} is not one of QUALYS_ALLOWED_SCRIPTS`,
        `Allowed are ${[...allowedScripts.keys()].slice(0, 20).join(', ')}; ask the operator for more.`,
      )
    const pin = allowedScripts.get(id)
    if (pin !== undefined && (await contentHash(running, id)) !== pin)
      throw refused(
        `script ${id} does not have the content that QUALYS_ALLOWED_SCRIPTS pins`,
        'Ask the operator to review the script, and to pin its new content.',
      )
  }
}

interface Tag {
  readonly id: string
  readonly name: string
}

/** Digits in the list are always an id, so a tag with such a name does not match. */
const isAllowed = (list: readonly string[], { id, name }: Tag): boolean =>
  list.some((entry) => entry === (/^\d+$/.test(entry) ? id : name))

/** Blocked names match in any case and spelling. */
const folded = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** Undefined if it cannot be decided: the list has a name and the tag shows only its id, or the reverse. */
function isBlocked(list: readonly string[], { id, name }: Tag): boolean | undefined {
  if (list.includes(id) || (name !== '' && list.map(folded).includes(folded(name)))) return true
  return list.every((entry) => (/^\d+$/.test(entry) ? id : name) !== '') ? false : undefined
}

function checkTags({ tags }: Targets, { members, count }: Hosts, running: Running): void {
  const { allowedTags, blockedTags } = running.configuration.settings
  const named = tags.map(({ id, raw }) => ({ id, name: String(raw?.['name'] ?? '') }))
  const inAllowed = allowedTags && tags.length > 0 && named.every((tag) => isAllowed(allowedTags, tag))
  if (blockedTags) {
    const tag = named.find((tag) => isBlocked(blockedTags, tag))
    if (tag) throw refused(`tag ${tag.id} is one of QUALYS_BLOCKED_TAGS`, askOperator('QUALYS_BLOCKED_TAGS'))
  }
  if (allowedTags && tags.length > 0 && !inAllowed) {
    const tag = named.find((tag) => !isAllowed(allowedTags, tag))
    throw refused(`tag ${tag?.id} is not one of QUALYS_ALLOWED_TAGS`, askOperator('QUALYS_ALLOWED_TAGS'))
  }
  if (blockedTags === undefined && allowedTags === undefined) return
  if (count !== members.length)
    throw refused('the tags of the hosts cannot be read', 'Choose hosts whose tags car_search_assets shows.')
  for (const { id, raw } of members) {
    const own = tagsOf(raw)
    const blocked = blockedTags && own?.map((tag) => isBlocked(blockedTags, tag))
    if (blocked?.includes(true))
      throw refused(`host ${id} has a tag of QUALYS_BLOCKED_TAGS`, askOperator('QUALYS_BLOCKED_TAGS'))
    if (own === undefined || blocked?.includes(undefined))
      throw refused(
        `the tags of host ${id} cannot be read`,
        'Choose hosts whose tags car_search_assets shows.',
      )
    if (allowedTags && !own.some((tag) => isAllowed(allowedTags, tag)))
      throw refused(`host ${id} has no tag of QUALYS_ALLOWED_TAGS`, askOperator('QUALYS_ALLOWED_TAGS'))
  }
}

async function checkTargets(targets: Targets, what: string, running: Running): Promise<Hosts> {
  const most = running.configuration.settings.maxAssetsPerRun
  const hosts = await hostsOf(targets, most, running)
  if (hosts.count === undefined)
    throw refused(
      `${what}: ${oneLine(hosts.unknown ?? 'the number of hosts is unknown')}, and an unknown number counts as more than the ${most} of QUALYS_MAX_ASSETS_PER_RUN`,
      'Name the hosts by assetIds instead of by tag.',
    )
  if (hosts.count > most)
    throw refused(
      `${what} has ${hosts.count.toLocaleString('en')} hosts, and QUALYS_MAX_ASSETS_PER_RUN is ${most}`,
      'Choose fewer hosts, or ask the operator for a higher limit.',
    )
  checkTags(targets, hosts, running)
  return hosts
}

/** The stored targets of a schedule. */
async function storedTargets({ id, row }: Seen, running: Running): Promise<Targets> {
  // Null is an empty list. A missing list may exist under another name.
  const [assets, tags, excludedAssets] = ['assets', 'assetTags', 'excludedAssets'].map((name) =>
    row?.[name] === null ? [] : idsIn(row?.[name]),
  )
  if (assets === undefined || tags === undefined)
    throw refused(
      `the targets of schedule ${id} cannot be read`,
      'Look at it in the Qualys UI, and change it there.',
    )
  const seen = await survey({ assets, tags }, running)
  return { assets: seen.assets, tags: seen.tags, excludedAssets: excludedAssets ?? [] }
}

/** The targets after a change of a schedule: lists that the call does not name stay as stored. */
async function targetsOf(touched: Touched, scene: Scene, running: Running): Promise<Targets> {
  const [schedule] = scene.schedules
  const asked: Targets = { ...scene, excludedAssets: touched.excludedAssets ?? [] }
  if (!schedule || (touched.assets && touched.tags)) return asked
  const stored = await storedTargets(schedule, running)
  return {
    assets: touched.assets ? asked.assets : stored.assets,
    tags: touched.tags ? asked.tags : stored.tags,
    excludedAssets: touched.excludedAssets ?? [],
  }
}

/** The stored scripts of a schedule that is switched on, or changed without naming scripts. */
function storedScripts(touched: Touched, scene: Scene, running: Running): readonly string[] {
  if (touched.scripts || running.configuration.settings.allowedScripts === undefined) return []
  return scene.schedules.flatMap(({ id, row }) => {
    const scripts = idsIn(row?.['scripts'])
    if (scripts) return scripts
    throw refused(`the scripts of schedule ${id} cannot be read`, 'Look at it in the Qualys UI.')
  })
}

/** The hosts on which code will run. Throws if they exceed a limit. */
async function checkRun(touched: Touched, scene: Scene, running: Running): Promise<Hosts> {
  await checkScripts(storedScripts(touched, scene, running), false, running)
  if (scene.through === undefined)
    throw refused(
      'which active schedules run the script cannot be read',
      'Change the script in the Qualys UI.',
    )
  // New content runs wherever an active schedule runs the script.
  if (touched.rewrites && scene.through.length > 0) await checkScripts(touched.scripts ?? [], false, running)
  const reached = new Map<string, Seen>()
  for (const schedule of scene.through) {
    const targets = await storedTargets(schedule, running)
    const { members } = await checkTargets(targets, `schedule ${schedule.id}`, running)
    for (const host of members) reached.set(host.id, host)
  }
  const most = running.configuration.settings.maxAssetsPerRun
  if (touched.rewrites && reached.size > most)
    throw refused(
      `new content would run on ${reached.size.toLocaleString('en')} hosts, and QUALYS_MAX_ASSETS_PER_RUN is ${most}`,
      'Change the script in the Qualys UI, or ask the operator for a higher limit.',
    )
  if (touched.rewrites) return { count: reached.size, members: [...reached.values()] }
  return checkTargets(await targetsOf(touched, scene, running), 'the target', running)
}

/**
 * Checks an effect against the operator's limits. Returns the hosts on which it runs code, if any. Switching
 * a schedule off is always allowed; scripts and hosts that the same call adds are still checked.
 */
export async function checkLimits(
  touched: Touched,
  scene: Scene,
  effect: Effect,
  running: Running,
): Promise<Hosts | undefined> {
  const { scripts = [], assets, tags, schedules, rewrites = false, idle = false } = touched
  const runs = effect === 'execute'
  const kept = idle ? scriptsOf(scene.schedules) : []
  const added = scripts.filter((id) => !kept.includes(id))
  if (runs || rewrites) await checkScripts(added, rewrites, running)
  const rests = idle && (assets ?? tags) === undefined && added.length === 0
  const named = (touched.scripts ?? schedules) !== undefined
  return runs && named && !rests ? checkRun(touched, scene, running) : undefined
}
