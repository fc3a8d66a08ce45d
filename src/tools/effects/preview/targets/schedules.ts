import { isUtf8 } from 'node:buffer'
import { runOptionWarnings } from '../../../../operations/car/inputs/run-targets.ts'
import { startOf } from '../../../../operations/car/inputs/schedule.ts'
import { isBareId } from '../../../../operations/fields.ts'
import type { Input } from '../../../../operations/operation.ts'
import type { Row } from '../../../../session/answer.ts'
import { counted } from '../../../../shared/format.ts'
import { canonicalJson, objectsIn } from '../../../../shared/json.ts'
import type { Redact } from '../../../../shared/secrets.ts'
import { withoutCredentials } from '../../policy/credential-warnings.ts'
import { type CarTargets, type StoredTargets, storedIdsIn } from '../../targets/car-targets.ts'
import type { Hosts } from '../../targets/hosts.ts'
import type { Target } from '../../targets/lookup.ts'
import {
  blocksOf,
  fieldBelow,
  labelled,
  type PreviewBlock,
  type PreviewField,
  type PreviewLine,
  type PreviewSentence,
  sentenceBelow,
} from '../preview.ts'
import { field, hostRows, tagRows } from './rows.ts'

/** Stored options that change what a run does to its hosts. */
const optionNames = [
  'rebootAfterScriptExecution',
  'rebootDelayInSeconds',
  'executionPolicyBypassEnabled',
  'allTagsForAssetsEnabled',
]

/** Base64 on the wire (release_2_4_1_api.htm); no page shows a stored parameter, so other texts stay as they are. */
function decoded(value: unknown): unknown {
  if (
    typeof value !== 'string' ||
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)
  )
    return value
  const bytes = Buffer.from(value, 'base64')
  const text = bytes.toString('utf8')
  // Plain words can be base64 by chance, of what is no text.
  return isUtf8(bytes) && !/(?![\t\n\r])\p{Cc}/u.test(text) ? text : value
}

/** The parameters that a stored schedule passes to its scripts, without secrets. */
function parameterLines(raw: Row | undefined, redact: Redact): PreviewField[] {
  return objectsIn(raw?.['scripts']).flatMap(({ id, params }) => {
    if (params === undefined || params === null) return []
    const stored = objectsIn(params).map(({ key, value }) => ({ key: decoded(key), value: decoded(value) }))
    const values = stored.map((parameter) => {
      const { key, value } = withoutCredentials(parameter)
      if (value === undefined) return redact(`${String(key)}=(value not shown by Qualys)`)
      return redact(`${String(key)}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    })
    const script = isBareId(id) ? `script ${id}` : 'a script whose id cannot be read'
    return values.length === 0 ? [] : [fieldBelow(`stored parameters of ${script}`, values)]
  })
}

/** A schedule as it is stored, but for the values that are shown with the new ones. */
function storedLines({ id, row, raw }: Target, changes: readonly Change[], redact: Redact): PreviewLine[] {
  if (!row) return [`schedule ${id} could not be looked up`]
  const scripts = storedIdsIn(row['scripts'])
  const shows = (name: string): boolean =>
    row[name] != null && !changes.some((change) => change.name === name)
  return blocksOf<PreviewLine>(
    labelled(`schedule ${id}`, field(row, 'title') ?? 'no title'),
    shows('startTime') && row['startTime'] !== '' && fieldBelow('start', [row['startTime']]),
    shows('activate') && sentenceBelow(row['activate'] === true ? 'active' : 'not active'),
    scripts
      ? shows('scripts') && fieldBelow('scripts', scripts)
      : sentenceBelow('its scripts cannot be read'),
    shows('recurrence') && fieldBelow('recurrence', [row['recurrence']]),
    shows('endDate') && fieldBelow('end', [row['endDate']]),
    optionNames.flatMap((name) => (shows(name) && row[name] !== false ? fieldBelow(name, [row[name]]) : [])),
    parameterLines(raw, redact),
  )
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : canonicalJson(value))

const isOnce = (recurrence: unknown): boolean => recurrence === undefined || recurrence === 'ONCE'

/** The values of a call in the form in which a schedule stores them, without what stays. */
function newValues(args: Input, taken: readonly string[]): Input {
  const { title, description, startDate, startTime, recurrence, interval = 1, endDate, activate } = args
  const once = isOnce(recurrence)
  const start = startOf({ startDate: String(startDate), startTime: String(startTime) })
  const values: Input = {
    title,
    description,
    startTime: Number.isNaN(start) ? undefined : `${new Date(start).toISOString().slice(0, 19)}Z`,
    recurrence: once ? 'none: it runs once' : { frequency: recurrence, interval },
    endDate: once ? 'none' : endDate,
    activate,
    ...Object.fromEntries(optionNames.map((name) => [name, args[name]])),
    scripts: objectsIn(args['scripts']).map(({ id }) => id),
  }
  const stays = (name: string): boolean =>
    taken.includes(name) &&
    !(name === 'startTime' && !taken.includes('startDate')) &&
    !(name === 'recurrence' && !taken.includes('interval'))
  return Object.fromEntries(Object.entries(values).filter(([name]) => !stays(name)))
}

/** A value that a call changes: as stored, and as it will be. */
interface Change {
  readonly name: string
  readonly before: string
  readonly after: string
}

/** What the call changes of what is stored. */
function changesOf({ row }: Target, args: Input, taken: readonly string[]): Change[] {
  if (!row) return []
  const stored: Input = { ...row, scripts: storedIdsIn(row['scripts']) }
  return Object.entries(newValues(args, taken)).flatMap(([name, value]) => {
    const before = stored[name] ?? (name === 'recurrence' ? 'none: it runs once' : undefined)
    if (value === undefined || before === undefined || asText(before) === asText(value)) return []
    // A date of the input is the beginning of a stored time.
    if (name === 'endDate' && asText(before).startsWith(asText(value))) return []
    return [{ name, before: asText(before), after: asText(value) }]
  })
}

/** The arguments whose values stand beside those that are stored. */
export function comparedArguments(
  { named, schedules }: CarTargets,
  args: Input,
  taken: readonly string[],
): string[] {
  if (!named.scripts) return []
  const changes = schedules.flatMap((schedule) => changesOf(schedule, args, taken))
  return changes.flatMap(({ name, after }) =>
    args[name] !== undefined && asText(args[name]) === after ? [name] : [],
  )
}

const without = (targets: readonly Target[], others: readonly Target[]): Target[] =>
  targets.filter(({ id }) => !others.some((other) => other.id === id))

/** The targets that fall and come, for the lists that the call names. */
function targetChanges(
  { named, assets, tags, excludedAssets, stored }: CarTargets,
  hosts: Hosts | undefined,
): PreviewBlock[] {
  if (!stored) return []
  return [
    ...(named.assets ? hostRows('hosts that leave the schedule', without(stored.assets, assets)) : []),
    ...(named.assets ? hostRows('hosts that come to the schedule', without(assets, stored.assets)) : []),
    ...(named.tags ? tagRows('tags that leave the schedule', without(stored.tags, tags), undefined) : []),
    ...(named.tags
      ? tagRows('tags that come to the schedule', without(tags, stored.tags), hosts?.tagCounts)
      : []),
    ...(named.excludedAssets
      ? hostRows('hosts that are no longer excluded', without(stored.excludedAssets, excludedAssets))
      : []),
  ]
}

/** How many hosts a schedule reaches that does not run by this effect. */
function reachLine(stored: StoredTargets | undefined, reach: Hosts | undefined): PreviewSentence {
  if (!stored) return sentenceBelow('its hosts and tags cannot be read')
  if (reach?.count !== undefined) return sentenceBelow(`it reaches ${counted(reach.count, 'host')}`)
  const reason = reach?.unknownReason
  return sentenceBelow(`how many hosts it reaches is not known${reason === undefined ? '' : `: ${reason}`}`)
}

/** What a preview shows of schedules. */
export function scheduleBlocks(
  targets: CarTargets,
  args: Input,
  {
    hosts,
    reach,
    redact,
    taken,
  }: {
    readonly hosts: Hosts | undefined
    readonly reach: Hosts | undefined
    readonly redact: Redact
    readonly taken: readonly string[]
  },
): PreviewBlock[] {
  const { schedules, stored, named } = targets
  return schedules.flatMap((schedule) => {
    const changes = named.scripts ? changesOf(schedule, args, taken) : []
    return [
      ...storedLines(schedule, changes, redact),
      ...(schedule.row && !hosts ? [reachLine(stored, reach)] : []),
      ...changes.flatMap(({ name, before, after }) => fieldBelow(`${name}, stored and new`, [before, after])),
      ...(taken.includes('description') ? [fieldBelow('description', [args['description']])] : []),
      ...(taken.length > 0 ? [sentenceBelow(`sent back as stored: ${taken.join(', ')}`)] : []),
      ...(named.scripts ? targetChanges(targets, hosts) : []),
    ]
  })
}

/** The stored options that take effect when a schedule runs, unless the call names them. */
export function storedOptionWarnings({ schedules }: CarTargets, args: Input): string[] {
  return schedules.flatMap(({ row }) => {
    const kept = (name: string): unknown => (args[name] === undefined ? row?.[name] : undefined)
    const delay = Number(kept('rebootDelayInSeconds') ?? args['rebootDelayInSeconds'])
    return runOptionWarnings({
      rebootAfterScriptExecution: kept('rebootAfterScriptExecution') === true,
      executionPolicyBypassEnabled: kept('executionPolicyBypassEnabled') === true,
      rebootDelayInSeconds: Number.isFinite(delay) ? delay : 0,
    })
  })
}
