import { createHash } from 'node:crypto'
import type { Effect, Operation, Touched } from '../../operations/operation.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { oneLine, spelledOut } from '../../session/untrusted.ts'
import type { Hosts } from './hosts.ts'
import { idsIn, type Scene, type Seen } from './scene.ts'

const longestValue = 80
const mostNames = 10
const mostLines = 40
const mostLinesOfRun = 12
const mostPieces = 8
const mostParts = 100
const longestText = 4_000

type Args = Readonly<Record<string, unknown>>

/** Everything a preview is made of. */
export interface Shown {
  readonly operation: Operation
  readonly effect: Effect
  readonly args: Args
  readonly touched: Touched
  readonly scene: Scene
  /** The hosts on which code runs; undefined where none does. */
  readonly hosts: Hosts | undefined
  readonly account: string
}

/** A value on one line, between quotes that it cannot close. Nothing of ours follows it on its line. */
function value(text: unknown): string {
  return `"${oneLine(spelledOut(typeof text === 'string' ? text : JSON.stringify(text)), longestValue).replaceAll('"', "'")}"`
}

const line = (label: string, ...values: readonly unknown[]): string =>
  `${label}: ${values.map(value).join(', ')}`

const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

const field = (row: Row | undefined, ...names: readonly string[]): unknown =>
  names.map((name) => row?.[name]).find((found) => found !== undefined && found !== null && found !== '')

function scriptLines({ id, row, raw }: Seen, runs: boolean): string[] {
  if (!row) return [`script ${id} could not be looked up`]
  const facts = [field(row, 'platform'), field(row, 'severity'), field(row, 'status')]
  const labels = ['platform', 'severity', 'state']
  const { content } = row
  return [
    line(`script ${id}`, field(row, 'title', 'name') ?? 'no title'),
    ...labels.flatMap((label, index) =>
      facts[index] === undefined ? [] : [line(`  ${label}`, String(facts[index]))],
    ),
    // A yes is to this content: what is changed behind the same title is shown anew.
    ...(typeof raw?.['content'] === 'string' ? [`  ${contentFacts(raw['content'])}`] : []),
    ...(runs && typeof content === 'string' ? excerpt(linesOf(content), mostLinesOfRun) : []),
  ]
}

/** What a schedule holds that no argument may name, and that decides what its runs do to a host. */
const switches = ['rebootAfterScriptExecution', 'executionPolicyBypassEnabled', 'allTagsForAssetsEnabled']

function scheduleLines({ id, row }: Seen): string[] {
  if (!row) return [`schedule ${id} could not be looked up`]
  const scripts = idsIn(row['scripts'])
  return [
    line(`schedule ${id}`, field(row, 'title') ?? 'no title'),
    ...(field(row, 'startTime') === undefined ? [] : [line('  start', row['startTime'])]),
    ...(row['activate'] === undefined ? [] : [`  ${row['activate'] === true ? 'active' : 'not active'}`]),
    ...(scripts ? [line('  scripts', ...scripts)] : []),
    ...(row['recurrence'] == null ? [] : [line('  recurrence', row['recurrence'])]),
    ...(row['endDate'] == null ? [] : [line('  end', row['endDate'])]),
    ...switches.filter((name) => row[name] === true).map((name) => `  ! ${name}`),
  ]
}

/** Up to ten by name, and before them how many there are. */
function nameLines(noun: string, all: readonly Seen[]): string[] {
  if (all.length === 0) return []
  const shown = all.slice(0, mostNames)
  const label = all.length > mostNames ? `${noun}s, the first ${mostNames} of ${all.length}` : `${noun}s`
  const found = shown.filter(({ row }) => row)
  const lost = shown.filter(({ row }) => !row).map(({ id }) => id)
  return [
    ...(found.length > 0
      ? [line(label, ...found.map(({ id, row }) => field(row, 'name', 'title') ?? id))]
      : []),
    ...(lost.length > 0 ? [line(`${noun}s that could not be looked up`, ...lost)] : []),
  ]
}

const linesOf = (content: string): string[] => content.replace(/\r?\n$/, '').split(/\r\n|[\n\r]/)

function contentFacts(content: string): string {
  const hash = createHash('sha256').update(content).digest('hex')
  return `content: ${count(linesOf(content).length, 'line')}, ${count(content.length, 'character')}, sha256 ${hash}`
}

/** A long value in several quoted pieces, so that its end is not hidden; what is still left out is counted. */
function pieces(text: string, most: number): string[] {
  const whole = oneLine(spelledOut(text), longestText).replaceAll('"', "'")
  const parts = whole.match(new RegExp(`.{1,${longestValue}}`, 'gu')) ?? ['']
  const rest = text.length - most * longestValue
  return [
    ...parts.slice(0, most).map((part) => `  "${part}"`),
    ...(parts.length > most ? [`  (about ${count(rest, 'more character')} on this line)`] : []),
  ]
}

/** The first lines of a content, and its last ones. */
function excerpt(lines: readonly string[], most: number): string[] {
  const shown = (part: readonly string[]): string[] => part.flatMap((text) => pieces(text, mostPieces))
  if (lines.length <= most) return shown(lines)
  const last = Math.floor(most / 4)
  return [
    ...shown(lines.slice(0, most - last)),
    `  (${count(lines.length - most, 'more line')})`,
    ...shown(lines.slice(-last)),
  ]
}

function contentLines(content: string): string[] {
  return [contentFacts(content), ...excerpt(linesOf(content), mostLines)]
}

/** `path=C:\` for a parameter, `19218` and `19218 path=C:\` for a script with some, JSON for anything else that is no plain value. */
function plain(part: unknown): string[] {
  if (!isObject(part)) return [typeof part === 'string' ? part : JSON.stringify(part)]
  const { id, title, params, key, value: given, secret, ...rest } = part
  if (Object.keys(rest).length > 0) return [JSON.stringify(part)]
  if (typeof key === 'string')
    return [secret === undefined ? `${key}=${String(given)}` : `${key}=(secret ${String(secret)})`]
  const passed = Array.isArray(params) ? params.flatMap(plain) : []
  return [
    String(id),
    ...(title === undefined ? [] : [`${String(id)} title ${String(title)}`]),
    ...passed.map((parameter) => `${String(id)} ${parameter}`),
  ]
}

/** All of an argument: on its line where it is short, on lines of its own where it is not. */
function argumentLines(name: string, given: unknown): string[] {
  if (name === 'content' && typeof given === 'string') return contentLines(given)
  const parts = (Array.isArray(given) ? given : [given]).flatMap(plain)
  const short = parts.length <= mostNames && parts.every((part) => spelledOut(part).length <= longestValue)
  if (short) return [line(name, ...parts)]
  const shown = parts.slice(0, mostParts)
  return [
    `${name} (${count(parts.length, 'value')}):`,
    ...shown.flatMap((part) => pieces(part, mostPieces)),
    ...(parts.length > mostParts ? [`  (${count(parts.length - mostParts, 'more value')})`] : []),
  ]
}

/** Arguments that only name what is shown by its own name: one for each list, so that nothing else is left out. */
function naming({ touched, args }: Shown): ReadonlySet<string | undefined> {
  const { scripts = [], schedules = [], assets = [], tags = [], excludedAssets = [] } = touched
  const names = [scripts, schedules, assets, tags, excludedAssets].map((ids) =>
    Object.keys(args).find((name) => {
      const list = [args[name]].flat()
      return ids.length > 0 && ids.length === list.length && ids.every((id, index) => id === list[index])
    }),
  )
  return new Set(names)
}

function countsOf({ scene, hosts, touched }: Shown): string[] {
  const { scripts, schedules, assets, tags, excludedAssets, through } = scene
  const counts: (readonly [number | undefined, string])[] = [
    [hosts?.count ?? (hosts ? undefined : assets.length), 'host'],
    [tags.length, 'tag'],
    [excludedAssets.length, 'excluded host'],
    [scripts.length, 'script'],
    [schedules.length, 'schedule'],
    [touched.throughSchedules ? through?.length : 0, 'active schedule'],
  ]
  return counts.flatMap(([number, noun]) =>
    number === undefined || number === 0 ? [] : [count(number, noun)],
  )
}

/** A script does nothing useful on a host of another platform. */
function platformWarning({ scene, hosts }: Shown): string[] {
  const own = new Set(scene.scripts.map(({ row }) => field(row, 'platform')))
  const others = (hosts?.members ?? []).filter(({ row }) => {
    const platform = field(row, 'platform')
    return platform !== undefined && !own.has(platform)
  })
  if (own.size === 0 || own.has(undefined) || others.length === 0) return []
  return [`! ${count(others.length, 'host')} of another platform than the script.`]
}

/** What a person reads before saying yes: counts first, then what, on what, and what cannot be undone. */
export function previewOf(shown: Shown): string {
  const { operation, effect, args, scene, hosts, account } = shown
  const counts = countsOf(shown)
  const through = scene.through ?? []
  const named = naming(shown)
  const others = Object.entries(args).filter(([name, given]) => given !== undefined && !named.has(name))
  const members = hosts && hosts.members.length > 0 ? hosts.members : scene.assets
  return [
    `${operation.title} (${effect})${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    ...scene.scripts.flatMap((seen) => scriptLines(seen, hosts !== undefined)),
    ...scene.schedules.flatMap(scheduleLines),
    ...nameLines('host', members),
    ...nameLines('tag', scene.tags),
    ...nameLines('excluded host', scene.excludedAssets),
    ...nameLines('active schedule', through),
    ...others.flatMap(([name, given]) => argumentLines(name, given)),
    ...platformWarning(shown),
    ...(operation.change?.warnings?.(args) ?? []).map((sentence) => `! ${sentence}`),
    line('account', account),
  ].join('\n')
}
