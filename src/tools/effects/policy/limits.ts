import type { Settings } from '../../../config/settings.ts'
import { getScript } from '../../../operations/car/scripts.ts'
import type { SaqEffectTargets } from '../../../operations/effect-targets.ts'
import type { Effect } from '../../../operations/operation.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import { SetupError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/format.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import { sha256 } from '../../../shared/sha256.ts'
import type { ToolContext } from '../../tool.ts'
import { type CarTargets, idsIn, lookUpCarTargets, scriptsOf } from '../targets/car-targets.ts'
import { nameTags, tagsOf } from '../targets/host-tags.ts'
import { findHosts, type Hosts, type RunTargets } from '../targets/hosts.ts'
import { readRecord, type Target } from '../targets/lookup.ts'

/** The error for a limit of the operator, which applies in every mode (design 7). */
function limitError(why: string, next: string): SetupError {
  return new SetupError(`The operator’s limits forbid it: ${why}.`, next)
}

/** The error for a tag that a list of the operator excludes. */
function tagError(what: string, list: 'QUALYS_ALLOWED_TAGS' | 'QUALYS_BLOCKED_TAGS'): SetupError {
  return limitError(`${what} ${list}`, `Choose other targets, or ask the operator to change ${list}.`)
}

/** The error for hosts of which no tag can be told. */
function unreadableTagsError(hosts: string): SetupError {
  return limitError(`the tags of ${hosts} cannot be read`, 'Choose hosts whose tags car_search_assets shows.')
}

/** Throws if a bulk call names more objects than QUALYS_MAX_BULK. */
export function checkBulk({ bulkSize = 0 }: SaqEffectTargets, { maxBulk }: Settings): void {
  if (bulkSize > maxBulk)
    throw limitError(
      `this call names ${formatNumber(bulkSize)} objects, and QUALYS_MAX_BULK is ${maxBulk}`,
      'Pass them in several calls, or ask the operator for a higher limit.',
    )
}

/** Undefined if Qualys shows no content of this script. */
async function hashScriptContent(context: ToolContext, scriptId: string): Promise<string | undefined> {
  const record = await readRecord(context, getScript, { scriptId })
  const content = record && String(record['id']) === scriptId ? record['content'] : undefined
  return content instanceof StoredText ? sha256(content.bytes) : undefined
}

/**
 * Throws unless every script is allowed and, if pinned, has the pinned content. Tools cannot change an
 * allowed script.
 */
async function checkScripts(
  scripts: readonly string[],
  changesScript: boolean,
  context: ToolContext,
): Promise<void> {
  const { allowedScripts } = context.configuration.settings
  if (!allowedScripts) return
  for (const id of scripts) {
    if (changesScript) {
      if (allowedScripts.has(id))
        throw limitError(
          `script ${id} is one of QUALYS_ALLOWED_SCRIPTS, which no tool may change`,
          'Clone it and change the copy, or ask the operator.',
        )
      continue
    }
    if (!allowedScripts.has(id))
      throw limitError(
        `script ${id} is not one of QUALYS_ALLOWED_SCRIPTS`,
        `Allowed are ${[...allowedScripts.keys()].slice(0, 20).join(', ')}; ask the operator for more.`,
      )
    const pin = allowedScripts.get(id)
    if (pin !== undefined && (await hashScriptContent(context, id)) !== pin)
      throw limitError(
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
const isTagAllowed = (list: readonly string[], { id, name }: Tag): boolean =>
  list.some((entry) => entry === (/^\d+$/.test(entry) ? id : name))

/** Blocked names match in any case and spelling. */
const normalizeName = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** Undefined if it cannot be decided: the list has a name and the tag shows only its id, or the reverse. */
function isTagBlocked(list: readonly string[], { id, name }: Tag): boolean | undefined {
  if (list.includes(id) || (name !== '' && list.map(normalizeName).includes(normalizeName(name)))) return true
  return list.every((entry) => (/^\d+$/.test(entry) ? id : name) !== '') ? false : undefined
}

async function checkTags(
  { tags }: RunTargets,
  { members, count }: Hosts,
  context: ToolContext,
): Promise<void> {
  const { allowedTags, blockedTags } = context.configuration.settings
  const namedTags = tags.map(({ id, raw }) => ({ id, name: String(raw?.['name'] ?? '') }))
  const blockedTag = blockedTags && namedTags.find((tag) => isTagBlocked(blockedTags, tag))
  if (blockedTag) throw tagError(`tag ${blockedTag.id} is one of`, 'QUALYS_BLOCKED_TAGS')
  const otherTag = allowedTags && namedTags.find((tag) => !isTagAllowed(allowedTags, tag))
  if (otherTag) throw tagError(`tag ${otherTag.id} is not one of`, 'QUALYS_ALLOWED_TAGS')
  if (blockedTags === undefined && allowedTags === undefined) return
  if (count !== members.length) throw unreadableTagsError('the hosts')
  const withName = await nameTags(
    members.flatMap(({ raw }) => tagsOf(raw) ?? []),
    context,
  )
  for (const { id, raw } of members) {
    const hostTags = tagsOf(raw)?.map(withName)
    const blocked = blockedTags && hostTags?.map((tag) => isTagBlocked(blockedTags, tag))
    if (blocked?.includes(true)) throw tagError(`host ${id} has a tag of`, 'QUALYS_BLOCKED_TAGS')
    if (hostTags === undefined || blocked?.includes(undefined)) throw unreadableTagsError(`host ${id}`)
    if (allowedTags && !hostTags.some((tag) => isTagAllowed(allowedTags, tag)))
      throw tagError(`host ${id} has no tag of`, 'QUALYS_ALLOWED_TAGS')
  }
}

async function checkTargets(targets: RunTargets, subject: string, context: ToolContext): Promise<Hosts> {
  const maxHosts = context.configuration.settings.maxAssetsPerRun
  const hosts = await findHosts(targets, maxHosts, context)
  if (hosts.count === undefined)
    throw limitError(
      `${subject}: ${oneLine(hosts.unknownReason ?? 'the number of hosts is unknown')}, and an unknown number counts as more than the ${maxHosts} of QUALYS_MAX_ASSETS_PER_RUN`,
      'Name the hosts by assetIds instead of by tag.',
    )
  if (hosts.count > maxHosts)
    throw limitError(
      `${subject} has ${formatNumber(hosts.count)} hosts, and QUALYS_MAX_ASSETS_PER_RUN is ${maxHosts}`,
      'Choose fewer hosts, or ask the operator for a higher limit.',
    )
  await checkTags(targets, hosts, context)
  return hosts
}

/** The stored targets of a schedule. */
async function storedTargets({ id, row }: Target, context: ToolContext): Promise<RunTargets> {
  // Null is an empty list. A missing list may exist under another name.
  const [assets, tags, excludedAssets] = ['assets', 'assetTags', 'excludedAssets'].map((name) =>
    row?.[name] === null ? [] : idsIn(row?.[name]),
  )
  if (assets === undefined || tags === undefined)
    throw limitError(
      `the targets of schedule ${id} cannot be read`,
      'Look at it in the Qualys UI, and change it there.',
    )
  const carTargets = await lookUpCarTargets({ product: 'car', assets, tags }, context)
  return { assets: carTargets.assets, tags: carTargets.tags, excludedAssets: excludedAssets ?? [] }
}

/** The targets after a change of a schedule: lists that the call does not name stay as stored. */
async function runTargetsOf(targets: CarTargets, context: ToolContext): Promise<RunTargets> {
  const { named, schedules, assets, tags } = targets
  const [schedule] = schedules
  const excludedAssets = named.excludedAssets ?? []
  if (!schedule || (named.assets && named.tags)) return { assets, tags, excludedAssets }
  const stored = await storedTargets(schedule, context)
  return {
    assets: named.assets ? assets : stored.assets,
    tags: named.tags ? tags : stored.tags,
    excludedAssets,
  }
}

/** The stored scripts of a schedule that is switched on, or changed without naming scripts. */
function scriptsOfSchedules({ named, schedules }: CarTargets, context: ToolContext): readonly string[] {
  if (named.scripts || context.configuration.settings.allowedScripts === undefined) return []
  return schedules.flatMap(({ id, row }) => {
    const scripts = idsIn(row?.['scripts'])
    if (scripts) return scripts
    throw limitError(`the scripts of schedule ${id} cannot be read`, 'Look at it in the Qualys UI.')
  })
}

/** The hosts on which code will run. Throws a SetupError if they exceed a limit. */
async function checkRun(targets: CarTargets, context: ToolContext): Promise<Hosts> {
  const { named, activeSchedules } = targets
  await checkScripts(scriptsOfSchedules(targets, context), false, context)
  if (activeSchedules === undefined)
    throw limitError(
      'which active schedules run the script cannot be read',
      'Change the script in the Qualys UI.',
    )
  // New content runs wherever an active schedule runs the script.
  if (named.changesScript && activeSchedules.length > 0)
    await checkScripts(named.scripts ?? [], false, context)
  const reachedHosts = new Map<string, Target>()
  for (const schedule of activeSchedules) {
    const stored = await storedTargets(schedule, context)
    const { members } = await checkTargets(stored, `schedule ${schedule.id}`, context)
    for (const host of members) reachedHosts.set(host.id, host)
  }
  const maxHosts = context.configuration.settings.maxAssetsPerRun
  if (named.changesScript && reachedHosts.size > maxHosts)
    throw limitError(
      `new content would run on ${formatNumber(reachedHosts.size)} hosts, and QUALYS_MAX_ASSETS_PER_RUN is ${maxHosts}`,
      'Change the script in the Qualys UI, or ask the operator for a higher limit.',
    )
  if (named.changesScript) return { count: reachedHosts.size, members: [...reachedHosts.values()] }
  return checkTargets(await runTargetsOf(targets, context), 'the target', context)
}

/**
 * Checks an effect against the operator's limits. Returns the hosts on which it runs code, if any. Switching
 * a schedule off is always allowed; scripts and hosts that the same call adds are still checked.
 */
export async function checkLimits(
  targets: CarTargets,
  effect: Effect,
  context: ToolContext,
): Promise<Hosts | undefined> {
  const { scripts = [], assets, tags, schedules, changesScript = false, isSwitchOff = false } = targets.named
  const runsCode = effect === 'execute'
  const storedScripts = isSwitchOff ? scriptsOf(targets.schedules) : []
  const newScripts = scripts.filter((id) => !storedScripts.includes(id))
  if (runsCode || changesScript) await checkScripts(newScripts, changesScript, context)
  const onlySwitchesOff = isSwitchOff && (assets ?? tags) === undefined && newScripts.length === 0
  const namesTargets = (targets.named.scripts ?? schedules) !== undefined
  return runsCode && namesTargets && !onlySwitchesOff ? checkRun(targets, context) : undefined
}
